"""One contract for chat models: the shipped fake, and LangChain's client on a loopback server."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from agent.adapters.chat_model import MemoryCache, MemoryUsageBook, build_model
from agent.adapters.clock import SystemClock
from agent.domain.errors import (
    ConfigurationError,
    ModelAnswerInvalid,
    ModelError,
    ModelRefused,
    ModelUnavailable,
)
from agent.domain.models import ChatModelSettings, ModelRequest, ModelRole, PromptRef, Structured
from agent.ports import ChatModel
from agent.steps.draft.modelled.answer import SCHEMA, ModelReply
from agent.testing import ScriptedChatModel
from agent.testing.model_server import ModelFault, ModelServer

HONEST = {
    "public": [{"text": "La livraison coûte 4,90 €.", "passage": "P1"}],
    "private": [],
    "route": "reply",
    "reason": "",
    "open_questions": [],
}
_FAILURES: dict[ModelFault, ModelError] = {
    ModelFault.SERVER_ERROR: ModelUnavailable("drafter", "the server answered 500"),
    ModelFault.REFUSAL: ModelRefused("drafter", "declined"),
    ModelFault.NOT_JSON: ModelAnswerInvalid("drafter", "not JSON"),
}
MakeServer = Callable[..., ModelServer]
MakeModel = Callable[..., ChatModel]


def request(**changed: Any) -> ModelRequest:
    given: dict[str, Any] = {
        "role": ModelRole.DRAFTER,
        "brand": "verjolaine",
        "prompt": PromptRef(id="draft/reply", version="1.0.0", sha256="0" * 64),
        "system": "Write in French.",
        "user": '<passage id="P1">\nCombien ?\nLa livraison coûte 4,90 €.\n</passage>',
        "answer_schema": SCHEMA,
    }
    return ModelRequest(**given | changed)


@pytest.fixture
def serve() -> Iterator[MakeServer]:
    with ExitStack() as stack:

        def start(*faults: ModelFault, **more: Any) -> ModelServer:
            return stack.enter_context(ModelServer(faults or (ModelFault.NONE,), **more))

        yield start


def client(server: ModelServer, **given: Any) -> ChatModel:
    fast: dict[str, Any] = {"retries": 2, "retry_seconds": 0.01, "timeout_seconds": 5.0}
    fast["base_url"] = server.base_url
    settings = ChatModelSettings(model="loopback", **fast | given)
    return build_model(ModelRole.DRAFTER, settings, MemoryUsageBook(), SystemClock(), MemoryCache())


@pytest.fixture(params=["scripted", "langchain"])
def make(request: pytest.FixtureRequest, serve: MakeServer) -> MakeModel:
    def build(fault: ModelFault = ModelFault.NONE) -> ChatModel:
        if request.param == "langchain":
            return client(serve(fault))
        return ScriptedChatModel([_FAILURES.get(fault, HONEST)], name="loopback")  # type: ignore[list-item]

    return build


# The contract


def test_an_answer_fits_the_schema_and_says_what_it_took(make: MakeModel) -> None:
    model = make()
    answer = model.complete(request())
    assert model.name == answer.model == "loopback"
    assert ModelReply.model_validate(answer.content).public[0].text == "La livraison coûte 4,90 €."
    assert answer.usage.prompt_tokens > 0
    assert answer.usage.completion_tokens > 0


@pytest.mark.parametrize("fault", list(_FAILURES))
def test_each_failure_has_its_error(make: MakeModel, fault: ModelFault) -> None:
    with pytest.raises(type(_FAILURES[fault])):
        make(fault).complete(request())


# The client alone


@pytest.mark.parametrize(
    "fault",
    [ModelFault.RATE_LIMIT, ModelFault.SERVER_ERROR, ModelFault.DROPPED],
)
def test_what_passes_is_tried_again(serve: MakeServer, fault: ModelFault) -> None:
    server = serve(fault)
    with pytest.raises(ModelUnavailable):
        client(server).complete(request())
    assert server.calls == 3
    server.faults = [ModelFault.NONE]
    assert client(server).complete(request()).usage.attempts == 1


def test_a_slow_server_is_not_waited_for(serve: MakeServer) -> None:
    server = serve(ModelFault.TIME_OUT, stall_seconds=20.0)
    started = time.perf_counter()
    with pytest.raises(ModelUnavailable, match="no answer in time"):
        client(server, retries=0, timeout_seconds=0.2).complete(request())
    assert time.perf_counter() - started < 15.0


@pytest.mark.parametrize("fault", [ModelFault.CUT_SHORT, ModelFault.WRONG_SCHEMA])
def test_an_answer_that_does_not_fit_is_not_passed_on(serve: MakeServer, fault: ModelFault) -> None:
    with pytest.raises(ModelAnswerInvalid):
        client(serve(fault)).complete(request())


@pytest.mark.parametrize(
    ("fault", "said"),
    [(ModelFault.BAD_KEY, "api_key"), (ModelFault.NO_JSON_SCHEMA, "json_object")],
)
def test_what_only_a_person_can_mend_is_said_at_once(
    serve: MakeServer, fault: ModelFault, said: str
) -> None:
    server = serve(fault)
    with pytest.raises(ModelUnavailable, match=said):
        client(server).complete(request())
    assert server.calls == 1


@pytest.mark.parametrize("structured", [Structured.JSON_OBJECT, Structured.TEXT])
def test_a_server_without_schemas_is_told_the_schema_in_words(
    serve: MakeServer, structured: Structured
) -> None:
    server = serve(ModelFault.NO_JSON_SCHEMA)
    answer = client(server, structured=structured).complete(request())
    assert answer.content["route"] == "reply"
    assert "open_questions" in server.bodies[0]["messages"][0]["content"]


def test_an_unreachable_server_says_what_to_check() -> None:
    settings = ChatModelSettings(
        model="m", base_url="http://127.0.0.1:9/v1", retries=0, timeout_seconds=1.0
    )
    model = build_model(
        ModelRole.DRAFTER, settings, MemoryUsageBook(), SystemClock(), MemoryCache()
    )
    with pytest.raises(ModelUnavailable, match="base_url"):
        model.complete(request())


def test_the_same_question_is_paid_for_once_and_another_epoch_again(serve: MakeServer) -> None:
    server = serve()
    model = client(server)
    first = model.complete(request())
    again = model.complete(request())
    assert again.content == first.content
    assert again.usage.is_cached
    assert again.usage.prompt_tokens == 0
    model.complete(request(epoch=1))
    assert server.calls == 2


def test_a_spent_budget_makes_no_call(serve: MakeServer) -> None:
    server = serve()
    model = client(server, daily_tokens=1)
    model.complete(request())
    with pytest.raises(ModelUnavailable, match="today's 1 tokens"):
        model.complete(request(user="another question"))
    assert server.calls == 1


def test_an_open_breaker_makes_no_call(serve: MakeServer) -> None:
    server = serve(ModelFault.SERVER_ERROR)
    model = client(server, retries=0, breaker_failures=1)
    for _ in range(3):
        with pytest.raises(ModelUnavailable, match="the server answered 500"):
            model.complete(request())
    assert server.calls == 1


def test_no_more_calls_are_in_flight_than_set(serve: MakeServer) -> None:
    from concurrent.futures import ThreadPoolExecutor

    server = serve(delay_seconds=0.05)
    model = client(server, in_flight=2)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda at: model.complete(request(user=f"question {at}")), range(8)))
    assert server.most_in_flight == 2
    assert server.calls == 8


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"provider": "anthropic", "api_key": "sk-secret"}, "needs a package"),
        ({"provider": "no-such-provider"}, "give no client"),
        ({}, "api_key"),
    ],
)
def test_a_client_that_cannot_be_made_is_told_without_the_key(
    given: dict[str, Any], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    settings = ChatModelSettings(model="m", **given)
    with pytest.raises(ConfigurationError) as raised:
        build_model(ModelRole.DRAFTER, settings, MemoryUsageBook(), SystemClock(), MemoryCache())
    assert said in str(raised.value)
    assert "models.drafter" in str(raised.value)
    assert "sk-secret" not in str(raised.value)


def test_nothing_is_traced_elsewhere_whatever_the_environment_says(
    serve: MakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    spy = serve()
    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    monkeypatch.setenv("LANGCHAIN_TRACING_V2", "true")
    monkeypatch.setenv("LANGSMITH_API_KEY", "k")
    monkeypatch.setenv("LANGSMITH_ENDPOINT", spy.base_url)
    client(serve()).complete(request())
    time.sleep(0.5)
    assert spy.calls == 0


@pytest.mark.parametrize("fault", [ModelFault.NONE, ModelFault.SERVER_ERROR])
def test_a_password_in_the_address_reaches_the_server_and_no_log(
    serve: MakeServer, caplog: pytest.LogCaptureFixture, fault: ModelFault
) -> None:
    server = serve(fault)
    url = server.base_url.replace("//", "//ana:mot-de-passe@")
    told = ""
    with caplog.at_level(logging.DEBUG):
        try:
            client(server, base_url=url, retries=0).complete(request())
        except ModelError as error:
            told = str(error)
    assert server.calls == 1
    assert any("***@127.0.0.1" in line for line in caplog.messages)
    assert "mot-de-passe" not in caplog.text + told
