"""What is measured: the events that are counted, and the figures of a period."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Self

from pydantic import AwareDatetime, model_validator

from agent.domain.base import Frozen
from agent.domain.ids import BrandId

LONGEST = timedelta(days=3660)


class Event(StrEnum):
    """What happens to a message; each counts on the day it happened."""

    RECEIVED = "received"
    DRAFTED = "drafted"
    """Its first draft."""
    DECIDED = "decided"
    """Its first decision."""
    ANSWERED = "answered"
    """Its first post."""
    DECISION = "decision"
    """Any decision, whatever the round."""
    HANDED_OVER = "handed_over"
    """Passed to a team."""


class Window(Frozen):
    """A stretch of time of one brand; several brands share a key, each with its own clock."""

    key: int
    brand_id: BrandId
    start: AwareDatetime
    end: AwareDatetime
    """Exclusive."""


class Cut(Frozen):
    """What the store is asked about."""

    windows: tuple[Window, ...]
    channel: str | None = None


class Count(Frozen):
    """How many events of one window carry one value (empty: all of them)."""

    key: int
    value: str
    n: int


class Spread(Frozen):
    """How a whole number is spread over the events of one window; percentiles by nearest rank.

    The nearest rank is the smallest number that at least that share of all numbers does not
    exceed: always one that occurred, and the same on every database.
    """

    key: int
    value: str
    n: int
    p50: int
    p90: int


class Promises(Frozen):
    """First deadlines that fell in one window, and what was there in time.

    What is still waiting after its deadline counts as late, not as missing.
    """

    key: int
    due: int = 0
    drafted: int = 0
    decided: int = 0
    replies: int = 0
    """Those that are to be answered: approved, or not decided yet."""
    answered: int = 0


class Edits(Frozen):
    """Decisions of one window: how many let a text out, and how much of it was the draft's."""

    key: int
    decisions: int = 0
    approved: int = 0
    unedited: int = 0
    overridden: int = 0
    """Approved against a check, with a reason."""


class HandoffPromises(Frozen):
    """Deadlines of one team that fell in one window, and those kept."""

    key: int
    team: str
    due: int
    kept: int


class Fact(Frozen):
    """One item in figures, for exports: no word of anybody, no name."""

    item_id: str
    brand_id: str
    channel: str
    lang: str
    category: str
    sentiment: str
    gap: str | None
    entry: str | None
    received_at: AwareDatetime
    due_at: AwareDatetime | None
    drafted_at: AwareDatetime
    decided_at: AwareDatetime | None
    answered_at: AwareDatetime | None
    decision: str | None
    reason: str | None
    edit_ratio: float | None
    seconds_on_item: int | None
    reviewer: str | None


class Step(StrEnum):
    """How wide one bar of a chart is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class MeasureQuery(Frozen):
    """A period in local days of each brand, both ends included."""

    brands: tuple[BrandId, ...]
    first: date
    last: date
    channel: str | None = None

    @model_validator(mode="after")
    def _runs_forward(self) -> Self:
        if not timedelta() <= self.last - self.first <= LONGEST:
            raise ValueError("the period ends before it starts, or is longer than ten years")
        return self

    @property
    def days(self) -> int:
        """How many days the period has."""
        return (self.last - self.first).days + 1


class Bucket(Frozen):
    """One bar: local days, both ends included."""

    first: date
    last: date
    is_partial: bool
    """Whether it is still running."""


class Totals(Frozen):
    """A whole period. None: nothing to measure."""

    received: int = 0
    decided: int = 0
    answered: int = 0
    gaps: int = 0
    draft: Spread | None = None
    """Seconds from the customer's writing to the first draft."""
    decision: Spread | None = None
    post: Spread | None = None
    promises: Promises
    edits: Edits
    edited: Spread | None = None
    """Thousandths of the draft changed, over approved texts that were edited."""


class Point(Frozen):
    """One bar of the time charts."""

    received: int = 0
    decided: int = 0
    answered: int = 0
    decision: Spread | None = None
    post: Spread | None = None
    due: int = 0
    kept: int = 0
    """Decided in time."""


class Part(Frozen):
    """How often one value occurred, in the period and in the one before."""

    value: str
    n: int
    before: int = 0


class TeamFigures(Frozen):
    """What was passed to one team, and the deadlines it kept."""

    team: str
    handed_over: int
    due: int
    kept: int


class ReviewerFigures(Frozen):
    """One person's decisions; seconds from opening the item, where that is known."""

    person: str
    decisions: int
    seconds: Spread | None = None


class LanguageFigures(Frozen):
    """Moderation in one language: the share should not depend on it."""

    lang: str
    received: int
    moderated: int
    low: float
    high: float
    """Wilson's 95 % interval of the share."""


class PeriodReport(Frozen):
    """The figures of a period, of the brands and the channel asked for."""

    query: MeasureQuery
    at: AwareDatetime
    is_partial: bool
    """Whether the last day is still running."""
    step: Step
    buckets: tuple[Bucket, ...]
    totals: Totals
    before: Totals
    """The stretch of the same length just before; a running day is compared with as much of it."""
    points: tuple[Point, ...]
    """One a bucket."""
    topics: tuple[Part, ...]
    topic_counts: tuple[Count, ...]
    """By bucket: `key` is the place in `buckets`."""
    sentiments: tuple[Part, ...]
    sentiment_counts: tuple[Count, ...]
    gaps: tuple[Part, ...]
    entries: tuple[Part, ...]
    """FAQ entries that drafts cite first: what people ask."""
    decisions: tuple[Part, ...]
    rejections: tuple[Part, ...]
    teams: tuple[TeamFigures, ...]
    reviewers: tuple[ReviewerFigures, ...]
    languages: tuple[LanguageFigures, ...]
