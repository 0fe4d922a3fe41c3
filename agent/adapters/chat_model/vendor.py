"""One call of one model through LangChain: the only file that knows it."""

import json
import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from agent.adapters.chat_model.failures import CallFailed, failure_of
from agent.domain.errors import ConfigurationError
from agent.domain.models import ChatModelSettings, ModelRequest, ModelRole, Structured
from knowledge.addresses import without_credentials

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

OPENAI = "openai"
_REFUSED = frozenset({"content_filter", "refusal"})
_TOLD = "\n\nAnswer with one JSON object of this schema and nothing else:\n{schema}"
_NO_KEY = "none"
"""Local servers take any key; OpenAI's client wants one."""
_TELL_ADDRESSES = ("httpx", "httpx2")
"""Loggers of the HTTP clients: they write down each address they call, password included."""


class Words(NamedTuple):
    """What a model said, before it is read."""

    text: str
    is_refused: bool
    model: str
    prompt_tokens: int
    completion_tokens: int


class Vendor:
    """Calls one model once. Safe to share between threads."""

    def __init__(self, role: ModelRole, given: ChatModelSettings) -> None:
        """Build the client; nothing is sent.

        Raises:
            ConfigurationError: the provider is unknown, its package or the key is missing.
        """
        self._structured = given.structured
        self._provider = given.provider
        self._model = _client(role, given)

    def call(self, request: ModelRequest) -> Words:
        """Return what the model says.

        Raises:
            CallFailed: in our words; whether another try may help.
        """
        # Tracing would send what customers wrote to a third party, whatever the environment says.
        from langsmith import tracing_context

        try:
            with tracing_context(enabled=False):
                message = self._invoke(request)
        except Exception as error:
            raise failure_of(error, datetime.now(UTC)) from None
        return _words(message)

    def _invoke(self, request: ModelRequest) -> Any:
        if self._structured is Structured.JSON_SCHEMA and self._provider != OPENAI:
            asked = self._model.with_structured_output(request.answer_schema, include_raw=True)
            answer: Any = asked.invoke([("system", request.system), ("human", request.user)])
            return answer["raw"]
        system, form = request.system, _form(self._structured, request.answer_schema)
        if self._structured is not Structured.JSON_SCHEMA:
            system += _TOLD.format(schema=json.dumps(request.answer_schema))
        # In the body as it is: the client's own parser would raise on an answer that is cut short.
        more: dict[str, Any] = {"extra_body": {"response_format": form}} if form else {}
        return self._model.invoke([("system", system), ("human", request.user)], **more)


def _form(structured: Structured, schema: dict[str, Any]) -> dict[str, Any] | None:
    """Return `response_format`, https://platform.openai.com/docs/guides/structured-outputs."""
    if structured is Structured.TEXT:
        return None
    if structured is Structured.JSON_OBJECT:
        return {"type": "json_object"}
    name = str(schema.get("title", "answer"))
    return {"type": "json_schema", "json_schema": {"name": name, "schema": schema, "strict": True}}


def _words(message: Any) -> Words:
    if not hasattr(message, "content"):
        raise CallFailed("an answer that could not be read", is_transient=True)
    told = message.response_metadata
    usage = message.usage_metadata or {}
    finish = told.get("finish_reason") or told.get("stop_reason")
    return Words(
        text=_text_of(message),
        is_refused=bool(message.additional_kwargs.get("refusal")) or finish in _REFUSED,
        model=str(told.get("model_name") or told.get("model") or ""),
        prompt_tokens=int(usage.get("input_tokens", 0)),
        completion_tokens=int(usage.get("output_tokens", 0)),
    )


def _text_of(message: Any) -> str:
    """Return the words of a message; a provider that answers by a tool call says them there."""
    if message.tool_calls:
        return json.dumps(message.tool_calls[0]["args"])
    return str(message.text)


def _starred(record: logging.LogRecord) -> bool:
    record.msg, record.args = without_credentials(record.getMessage()), ()
    return True


def _client(role: ModelRole, given: ChatModelSettings) -> "BaseChatModel":
    from langchain.chat_models import init_chat_model

    for name in _TELL_ADDRESSES:
        logging.getLogger(name).addFilter(_starred)
    options: dict[str, Any] = {"timeout": given.timeout_seconds, "max_tokens": given.max_tokens}
    if given.temperature is not None:
        options["temperature"] = given.temperature
    if given.base_url:
        options["base_url"] = given.base_url
    key = given.api_key.get_secret_value() or (_NO_KEY if given.base_url else "")
    if key:
        options["api_key"] = key
    try:
        client: BaseChatModel = init_chat_model(
            given.model, model_provider=given.provider, max_retries=0, **options
        )
    except ImportError as error:
        raise ConfigurationError(
            f"models.{role.value}: provider {given.provider!r} needs a package that is not here "
            f"({error.name or 'see LangChain'}); install it, or use the provider's "
            'OpenAI-compatible address with provider = "openai"'
        ) from None
    except Exception as error:
        # The vendor's own words may hold the key: only the kind of failure is told.
        raise ConfigurationError(
            f"models.{role.value}: {given.provider!r} and {given.model!r} give no client "
            f"({type(error).__name__}); check provider, model, base_url and api_key"
        ) from None
    return client
