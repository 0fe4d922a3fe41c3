"""Durable work: the engine that runs jobs, and what the store keeps about work."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Protocol

from agent.domain.vitals import JobCounts
from agent.domain.work import (
    Breaker,
    DeadLetter,
    Direction,
    FailedJob,
    Freeze,
    Job,
    JobKind,
    LetterStatus,
    Worker,
)


class WorkEngine(Protocol):
    """Runs jobs durably: at least once each, by any of the workers that share it.

    It knows jobs by kind and subject only. What was drafted and what was posted is the store's to
    say; losing all that the engine knows loses no work.
    """

    def start(self) -> None:
        """Start taking jobs."""
        ...

    def enqueue(self, jobs: Iterable[Job]) -> int:
        """Add those that are neither waiting nor running, and return how many."""
        ...

    def failed(self) -> tuple[FailedJob, ...]:
        """Return some of the jobs that failed at every try."""
        ...

    def forget(self, keys: Collection[str]) -> None:
        """Forget these jobs, so that they may be added again."""
        ...

    def holders(self) -> frozenset[str]:
        """Return the executors that hold jobs, alive or not."""
        ...

    def held(self, executor_id: str) -> tuple[FailedJob, ...]:
        """Return the jobs that an executor began and has not ended."""
        ...

    def resume(self, keys: Collection[str]) -> None:
        """Let another executor take these jobs."""
        ...

    def purge(self, before: datetime) -> int:
        """Forget jobs that ended well before a time, and return how many."""
        ...

    def count(self) -> JobCounts:
        """Return how many jobs there are that have not ended well."""
        ...

    def stop(self, seconds: float) -> None:
        """Stop taking jobs; those under way have `seconds` to end, the others stay for others."""
        ...


class Freezes(Protocol):
    """Which brands may not post now."""

    def get(self, scope: str) -> Freeze | None:
        """Return the last change of a scope, if there was one."""
        ...

    def on(self) -> tuple[Freeze, ...]:
        """Return those that hold, every brand's first."""
        ...

    def put(self, freeze: Freeze) -> None:
        """Freeze a scope, or let it go."""
        ...


class Breakers(Protocol):
    """The channels' failures in a row."""

    def get(self, channel: str, direction: Direction) -> Breaker | None:
        """Return one; in a write nobody else changes it until the end."""
        ...

    def all(self) -> tuple[Breaker, ...]:
        """Return each that has been written, closed ones too."""
        ...

    def put(self, breaker: Breaker) -> None:
        """Write one."""
        ...


class Workers(Protocol):
    """Worker processes, by their heartbeats."""

    def beat(self, worker: Worker) -> None:
        """Say that a worker is alive at `worker.beat_at`."""
        ...

    def all(self) -> tuple[Worker, ...]:
        """Return them, the oldest first."""
        ...

    def take_dead(self, before: datetime, by: str, at: datetime) -> str | None:
        """Return a worker without a beat since `before` that nobody else took since then."""
        ...

    def remove(self, executor_id: str) -> None:
        """Forget a worker."""
        ...

    def resumed(self, key: str, at: datetime) -> int:
        """Count that a job's worker was taken for dead, and return how often that was."""
        ...

    def forget_resumed(self, before: datetime) -> None:
        """Drop the counts of jobs whose worker did not die since."""
        ...


class Letters(Protocol):
    """Jobs that were given up."""

    def get(self, kind: JobKind, subject: str) -> DeadLetter | None:
        """Return one; in a write nobody else changes it until the end."""
        ...

    def put(self, letter: DeadLetter) -> None:
        """Write one."""
        ...

    def of(self, status: LetterStatus, limit: int = 1000) -> tuple[DeadLetter, ...]:
        """Return those of a status, the oldest first."""
        ...

    def count(self, status: LetterStatus) -> int:
        """Return how many there are of a status."""
        ...
