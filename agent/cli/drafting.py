"""The pipeline over many messages, in one process or one a core, in input order."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agent.adapters.clock import SystemClock
from agent.bootstrap import build_pipeline, load_brand
from agent.cli.records import draft_record, triage_record
from agent.domain.messages import InboundMessage
from agent.pipeline import Pipeline
from agent.ports import Clock

_FEW = 400
"""Below this many messages a second process costs more to start than it saves."""

Record = dict[str, Any]


class _StoppedClock:
    """The time given by `--now`."""

    def __init__(self, now: datetime) -> None:
        self._now = now if now.tzinfo else now.replace(tzinfo=UTC)

    def now(self) -> datetime:
        return self._now


def draft_lines(
    brand: Path, messages: Sequence[InboundMessage], now: datetime | None, workers: int
) -> Iterator[Record]:
    """Yield a `draft` record for each message, in order."""
    return _run(_draft, brand, messages, now, workers)


def triage_lines(
    brand: Path, messages: Sequence[InboundMessage], now: datetime | None, workers: int
) -> Iterator[Record]:
    """Yield a `triage` record for each message, in order."""
    return _run(_triage, brand, messages, now, workers)


def _draft(pipeline: Pipeline, message: InboundMessage) -> Record:
    return draft_record(pipeline.run(message))


def _triage(pipeline: Pipeline, message: InboundMessage) -> Record:
    return triage_record(str(message.id), pipeline.run(message).triage)


def _run(
    step: Callable[[Pipeline, InboundMessage], Record],
    brand: Path,
    messages: Sequence[InboundMessage],
    now: datetime | None,
    workers: int,
) -> Iterator[Record]:
    count = workers or (1 if len(messages) < _FEW else os.cpu_count() or 1)
    if count == 1:
        pipeline = _pipeline(brand, now)
        yield from (step(pipeline, message) for message in messages)
        return
    with ProcessPoolExecutor(count, initializer=_start_worker, initargs=(brand, now)) as pool:
        yield from pool.map(_work, [step] * len(messages), messages, chunksize=25)


_worker: list[Pipeline] = []


def _start_worker(brand: Path, now: datetime | None) -> None:
    _worker.append(_pipeline(brand, now))


def _work(step: Callable[[Pipeline, InboundMessage], Record], message: InboundMessage) -> Record:
    return step(_worker[0], message)


def _pipeline(brand: Path, now: datetime | None) -> Pipeline:
    clock: Clock = _StoppedClock(now) if now else SystemClock()
    return build_pipeline(load_brand(brand), clock)
