"""The pipeline over many messages: in one process or one a core, in threads where a model is
waited for, in input order."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agent.adapters.clock import SystemClock
from agent.bootstrap import build_chat_model, build_pipeline, hold_loaded, load_brand
from agent.cli.records import draft_record, triage_record
from agent.domain.messages import InboundMessage
from agent.domain.models import ModelRole
from agent.pipeline import Pipeline
from agent.ports import Clock
from agent.settings import ModelsSettings, Settings

_FEW = 400
"""Below this many messages a second process costs more to start than it saves."""
_FEW_WITH_MODEL = 64
_CHUNK = 25

Record = dict[str, Any]
Step = Callable[[Pipeline, InboundMessage], Record]


@dataclass(frozen=True)
class Plan:
    """How a batch is run."""

    brand: Path
    now: datetime | None = None
    workers: int = 0
    """Processes; 0: one for few messages, else one a core."""
    settings: Settings | None = None
    """Whose drafter writes; None: approved text only."""

    @property
    def in_flight(self) -> int:
        """Messages at once, over all processes."""
        models = self.settings.models if self.settings else ModelsSettings()
        return max((m.in_flight for m in (models.drafter, models.classifier) if m), default=0)

    @property
    def _has_budget(self) -> bool:
        models = self.settings.models if self.settings else ModelsSettings()
        given = [m for m in (models.drafter, models.classifier) if m]
        return any(m.daily_tokens is not None or m.daily_cost is not None for m in given)

    def processes(self, messages: int) -> int:
        """Return how many processes this many messages are worth.

        With a budget it is one: each process would count for itself and spend it again.
        """
        if self._has_budget:
            return 1
        few = _FEW_WITH_MODEL if self.in_flight else _FEW
        return self.workers or (1 if messages < few else os.cpu_count() or 1)


class _StoppedClock:
    """The time given by `--now`."""

    def __init__(self, now: datetime) -> None:
        self._now = now if now.tzinfo else now.replace(tzinfo=UTC)

    def now(self) -> datetime:
        return self._now


def draft_lines(plan: Plan, messages: Sequence[InboundMessage]) -> Iterator[Record]:
    """Yield a `draft` record for each message, in order."""
    return _run(_draft, plan, messages)


def triage_lines(plan: Plan, messages: Sequence[InboundMessage]) -> Iterator[Record]:
    """Yield a `triage` record for each message, in order."""
    return _run(_triage, replace(plan, settings=None), messages)


def _draft(pipeline: Pipeline, message: InboundMessage) -> Record:
    return draft_record(pipeline.run(message))


def _triage(pipeline: Pipeline, message: InboundMessage) -> Record:
    return triage_record(str(message.id), pipeline.run(message).triage)


def _run(step: Step, plan: Plan, messages: Sequence[InboundMessage]) -> Iterator[Record]:
    count = plan.processes(len(messages))
    if count == 1:
        yield from _in_threads(step, _pipeline(plan), messages, plan.in_flight)
        return
    # Threads are kept busy over one long share: after each chunk they would wait for the last one.
    chunk = -(-len(messages) // count) if plan.in_flight else _CHUNK
    parts = [messages[at : at + chunk] for at in range(0, len(messages), chunk)]
    with ProcessPoolExecutor(count, initializer=_start_worker, initargs=(plan, count)) as pool:
        for records in pool.map(_work, [step] * len(parts), parts):
            yield from records


def _in_threads(
    step: Step, pipeline: Pipeline, messages: Sequence[InboundMessage], at_once: int
) -> Iterator[Record]:
    if at_once < 2:
        yield from (step(pipeline, message) for message in messages)
        return
    with ThreadPoolExecutor(at_once) as pool:
        yield from pool.map(lambda message: step(pipeline, message), messages)


_worker: list[tuple[Pipeline, int]] = []


def _start_worker(plan: Plan, count: int) -> None:
    _worker.append((_pipeline(plan), -(-plan.in_flight // count)))


def _work(step: Step, messages: Sequence[InboundMessage]) -> list[Record]:
    pipeline, at_once = _worker[0]
    return list(_in_threads(step, pipeline, messages, at_once))


def _pipeline(plan: Plan) -> Pipeline:
    pipeline = _built(plan)
    hold_loaded()
    return pipeline


def _built(plan: Plan) -> Pipeline:
    clock: Clock = _StoppedClock(plan.now) if plan.now else SystemClock()
    if plan.settings is None:
        return build_pipeline(load_brand(plan.brand), clock)
    # The budget's day and the breaker's pause are real ones, whatever time is worked at.
    drafter, classifier = (
        build_chat_model(plan.settings, role, SystemClock())
        for role in (ModelRole.DRAFTER, ModelRole.CLASSIFIER)
    )
    return build_pipeline(load_brand(plan.brand), clock, drafter=drafter, classifier=classifier)
