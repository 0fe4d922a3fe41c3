"""Durable work: its jobs, the workers that do them, what was given up, and what stops posting."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum

from pydantic import AwareDatetime

from agent.domain.base import Frozen
from agent.domain.ids import BrandId, ItemId
from agent.domain.people import EVERY_BRAND
from agent.domain.reviews import Reviewer


class JobKind(StrEnum):
    """What a worker does. Each may be done twice, by two workers at once, without harm."""

    FETCH = "fetch"
    """Read a channel; the subject is the channel instance."""
    DRAFT = "draft"
    """Draft one message; the subject is its id."""
    POST = "post"
    """Do what the outbox says one post needs; the subject is its id."""
    MODERATE = "moderate"
    """Carry out one decision to moderate; the subject is its id."""
    PURGE = "purge"
    """Forget the engine's finished jobs (`history`), or texts past their retention."""
    WATCH = "watch"
    """Raise and resolve alerts."""
    NOTIFY = "notify"
    """Send what waits for one address; the subject is the address."""


class Job(Frozen):
    """Something due. Two jobs with one key are the same job."""

    kind: JobKind
    subject: str
    lane: str = ""
    """The channel instance whose pace it keeps to; empty: none."""
    spacing_seconds: float = 0.0
    """How long after its end it may be done again."""
    is_retry: bool = False
    """A person asked for it again after it had been given up."""

    @property
    def key(self) -> str:
        """What the engine knows it by."""
        return f"{self.kind.value}:{self.subject}"


class FailedJob(Frozen):
    """A job that failed at every try."""

    kind: JobKind
    subject: str
    problem: str = ""

    @property
    def key(self) -> str:
        """What the engine knows it by."""
        return f"{self.kind.value}:{self.subject}"


class LetterStatus(StrEnum):
    """Life of a dead letter."""

    DEAD = "dead"
    RETRYING = "retrying"
    """A person asked for it again; a worker has not done it yet."""
    CLOSED = "closed"


class DeadLetter(Frozen):
    """A job that was given up. Its item is in the review queue: a person decides what follows."""

    kind: JobKind
    subject: str
    brand_id: BrandId
    item_id: ItemId | None = None
    problem: str = ""
    """What failed; never a customer's words."""
    deaths: int = 1
    """How often it was given up."""
    status: LetterStatus = LetterStatus.DEAD
    died_at: AwareDatetime
    updated_at: AwareDatetime

    @property
    def id(self) -> str:
        """As the commands name it."""
        return f"{self.kind.value}:{self.subject}"


class Freeze(Frozen):
    """Posting stopped, or let go on again, on one brand or on every one."""

    scope: str = EVERY_BRAND
    """The brand's id, or `*`."""
    is_on: bool
    reason: str = ""
    by: Reviewer
    at: AwareDatetime


class Direction(StrEnum):
    """Which way a channel failed: one may be readable while it refuses replies."""

    READ = "read"
    WRITE = "write"


BREAKER_LIMIT = 5
"""Failures in a row after which a channel is left alone."""
BREAKER_PAUSE = timedelta(minutes=1)
BREAKER_PAUSE_MAX = timedelta(minutes=10)


class Breaker(Frozen):
    """The failures of a channel in a row. Open: left alone until one trial is let through."""

    channel_instance: str
    direction: Direction
    failures: int = 0
    retry_at: AwareDatetime | None = None
    """While open: when one call is let through to see."""
    problem: str = ""
    since: AwareDatetime | None = None
    """When the first of these failures was."""
    is_refused: bool = False
    """Whether the network refused the credentials, the last time."""
    updated_at: AwareDatetime

    @property
    def has_tripped(self) -> bool:
        """Whether it has failed so often that it is left alone."""
        return self.failures >= BREAKER_LIMIT

    def admits(self, now: datetime) -> bool:
        """Whether a call may pass now."""
        return not self.has_tripped or self.retry_at is None or now >= self.retry_at

    def failed(self, problem: str, now: datetime, *, is_refused: bool = False) -> "Breaker":
        """Return it after one more failure; the pause doubles with each failed trial."""
        failures = self.failures + 1
        trials = max(0, min(failures - BREAKER_LIMIT, 8))
        pause = min(BREAKER_PAUSE * 2**trials, BREAKER_PAUSE_MAX)
        changes = {"failures": failures, "problem": problem, "updated_at": now}
        changes |= {"since": self.since or now, "is_refused": is_refused}
        after = self.model_copy(update=changes)
        return after.model_copy(update={"retry_at": now + pause if after.has_tripped else None})

    def on_trial(self, now: datetime) -> "Breaker":
        """Return it with one call let through: others wait until that one has ended."""
        return self.model_copy(update={"retry_at": now + BREAKER_PAUSE, "updated_at": now})

    def worked(self, now: datetime) -> "Breaker":
        """Return it closed."""
        changes = {"failures": 0, "retry_at": None, "problem": "", "updated_at": now}
        changes |= {"since": None, "is_refused": False}
        return self.model_copy(update=changes)


LEFT = datetime(1970, 1, 1, tzinfo=UTC)
"""The last beat of a worker that stopped by itself: long ago, so that its jobs are taken."""


class Worker(Frozen):
    """A worker process, by its heartbeat."""

    executor_id: str
    place: str
    """Machine and process."""
    started_at: AwareDatetime
    beat_at: AwareDatetime

    @property
    def has_left(self) -> bool:
        """Whether it stopped by itself: nobody need look for it."""
        return self.beat_at <= LEFT

    @property
    def machine(self) -> str:
        """The machine's name."""
        return self.place.rpartition(":")[0]
