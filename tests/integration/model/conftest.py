"""The sample brand with a chat model behind a loopback server."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from agent.adapters.clock import SystemClock
from agent.bootstrap import build_chat_model, build_redactor, limits_for, load_brand
from agent.domain.brand import BrandPack
from agent.domain.models import ChatModelSettings, ModelRole
from agent.pipeline import Pipeline
from agent.ports import Redactor, Retriever, UsageBook
from agent.settings import ModelsSettings, Settings
from agent.steps.draft import ModelDrafter
from agent.testing.model_server import ModelFault, ModelServer
from knowledge.retriever import build_retriever
from prompts.library import shipped

BRAND = Path(__file__).parents[3] / "knowledge" / "brands" / "verjolaine"

Serve = Callable[..., ModelServer]


@pytest.fixture(scope="session")
def pack() -> BrandPack:
    return _parts()[0]


@pytest.fixture
def serve() -> Iterator[Serve]:
    with ExitStack() as stack:

        def start(*faults: ModelFault, **more: Any) -> ModelServer:
            return stack.enter_context(ModelServer(faults or (ModelFault.NONE,), **more))

        yield start


def settings_for(server: ModelServer, **given: Any) -> Settings:
    """Settings whose drafter is `server`, quick to give up."""
    quick: dict[str, Any] = {"retries": 1, "retry_seconds": 0.01, "timeout_seconds": 20.0}
    # The breaker would hide faults from a test that means to see every one of them.
    quick |= {"breaker_failures": 10_000}
    drafter = ChatModelSettings(model="loopback", base_url=server.base_url, **quick | given)
    return Settings(models=ModelsSettings(drafter=drafter))


@cache
def _parts() -> tuple[BrandPack, Redactor, Retriever]:
    """The costly parts, built once: only the drafter differs between tests."""
    pack = load_brand(BRAND)
    return pack, build_redactor(pack), build_retriever(pack.passages)


def pipeline_for(server: ModelServer, book: UsageBook | None = None, **given: Any) -> Pipeline:
    """The sample brand's pipeline with `server` as its drafter."""
    clock = SystemClock()
    model = build_chat_model(settings_for(server, **given), ModelRole.DRAFTER, clock, book)
    assert model is not None
    pack, redactor, retriever = _parts()
    drafter = ModelDrafter(pack, model, shipped())
    return Pipeline(pack, redactor, retriever, clock, limits_for, drafter)
