"""What is asked of a chat model and what comes back: redacted words only, JSON only."""

from enum import StrEnum
from typing import Any

from pydantic import Field, SecretStr, field_validator

from agent.domain.base import Frozen, sha256_of


class ModelRole(StrEnum):
    """What a model is used for; each role may have a model of its own."""

    DRAFTER = "drafter"
    CLASSIFIER = "classifier"
    JUDGE = "judge"
    EMBEDDER = "embedder"


class PromptRef(Frozen):
    """Which prompt was used: what a person needs to find it again a year later."""

    id: str
    """`<step>/<name>`."""
    version: str
    sha256: str
    """Of the template with its partials, before anything is filled in."""

    @classmethod
    def of(cls, prompt: object) -> "PromptRef":
        """Return the reference of a prompt of the library."""
        return cls.model_validate(prompt, from_attributes=True)


class ModelRequest(Frozen):
    """One call. The same request gives the same cached answer; `epoch` asks for a fresh one."""

    role: ModelRole
    brand: str
    """The brand's id: whose budget pays."""
    prompt: PromptRef
    system: str
    user: str
    """Redacted; whatever a customer wrote stands between data delimiters."""
    answer_schema: dict[str, Any]
    """JSON Schema of the answer, an object."""
    epoch: int = 0
    """Repeats of an eval count from 0; each has its own answer."""

    def cache_key(self, model: str) -> str:
        """Return the content hash under which an answer of `model` is kept."""
        return sha256_of({"model": model, **self.model_dump(mode="json", exclude={"brand"})})


class ModelUsage(Frozen):
    """What one answer took. Retries are included."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: float = 0.0
    """In the currency of `models.<role>.price_*`; 0 where no price is set."""
    attempts: int = 1
    is_cached: bool = False
    elapsed_ms: float = 0.0

    def __add__(self, other: "ModelUsage") -> "ModelUsage":
        """Return both together: a draft with a repair is two calls."""
        return ModelUsage(
            prompt_tokens=self.prompt_tokens + other.prompt_tokens,
            completion_tokens=self.completion_tokens + other.completion_tokens,
            cost=self.cost + other.cost,
            attempts=self.attempts + other.attempts,
            is_cached=self.is_cached and other.is_cached,
            elapsed_ms=self.elapsed_ms + other.elapsed_ms,
        )


class Spent(Frozen):
    """What a brand spent on models in a day."""

    calls: int = 0
    tokens: int = 0
    cost: float = 0.0

    def __add__(self, usage: ModelUsage) -> "Spent":
        """Return this and one more call."""
        return Spent(
            calls=self.calls + 1,
            tokens=self.tokens + usage.prompt_tokens + usage.completion_tokens,
            cost=self.cost + usage.cost,
        )


class ModelAnswer(Frozen):
    """A JSON object that is valid against the request's schema."""

    content: dict[str, Any]
    model: str
    """The model that answered, as the server names it."""
    usage: ModelUsage = ModelUsage()


class Structured(StrEnum):
    """How a server is made to answer in JSON."""

    JSON_SCHEMA = "json_schema"
    """The server holds the answer to the schema: OpenAI, vLLM, llama.cpp, Ollama, Mistral."""
    JSON_OBJECT = "json_object"
    """The server promises JSON of any shape; the schema is told in the prompt."""
    TEXT = "text"
    """The server promises nothing; the schema is told in the prompt, and JSON is looked for."""


class ChatModelSettings(Frozen):
    """One chat model: `[models.drafter]`, `[models.classifier]`, `[models.judge]`."""

    model: str
    provider: str = "openai"
    """As LangChain's `init_chat_model` names it; `openai` serves any compatible server."""
    base_url: str = ""
    """Empty: the provider's own address. Up to `/v1`, without the endpoint's own path."""
    api_key: SecretStr = SecretStr("")
    structured: Structured = Structured.JSON_SCHEMA
    temperature: float | None = Field(default=0.0, ge=0, le=2)
    """None (written "none"): the server's own, for models that refuse the setting."""
    max_tokens: int = Field(default=1200, ge=64)
    """Of one answer."""
    timeout_seconds: float = Field(default=30.0, gt=0, le=600)
    retries: int = Field(default=3, ge=0, le=10)
    """After the first try, on 429, 5xx, time-outs and lost connections."""
    retry_seconds: float = Field(default=0.5, gt=0, le=60)
    """The first wait; it doubles, with jitter. A `Retry-After` is obeyed instead."""
    patience_seconds: float = Field(default=90.0, gt=0, le=3600)
    """All tries of one call together."""
    in_flight: int = Field(default=8, ge=1, le=512)
    """Calls at once, from one process."""
    breaker_failures: int = Field(default=5, ge=1)
    """Calls failed in a row after which none is made for `breaker_seconds`."""
    breaker_seconds: float = Field(default=30.0, gt=0)
    price_prompt: float = Field(default=0.0, ge=0)
    """Per million tokens, in your currency."""
    price_completion: float = Field(default=0.0, ge=0)
    daily_tokens: int | None = Field(default=None, ge=1)
    """A brand's tokens a day (UTC), prompt and answer; None: no limit."""
    daily_cost: float | None = Field(default=None, gt=0)
    """A brand's cost a day (UTC); needs the prices."""

    @field_validator("temperature", mode="before")
    @classmethod
    def _none_in_words(cls, value: object) -> object:
        """TOML and the environment have no null."""
        return None if value == "none" else value
