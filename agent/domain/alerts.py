"""Alerts: what somebody must look at, kept until its cause ends, and the notices that say so."""

from datetime import timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, Field

from agent.domain.base import Frozen, Text
from agent.domain.decisions import Category, Urgency
from agent.domain.ids import BrandId, ItemId, TeamId
from knowledge.passages import Language


class AlertKind(StrEnum):
    """What can be the matter."""

    PROPOSED = "proposed"
    """A message the brand's matrix escalates or holds waits for a person's decision."""
    PASSED = "passed"
    """A person passed a message to a team."""
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    CLAIM_OVER = "claim_over"
    """Somebody took a message and let the claim run out."""
    SNOOZE_OVER = "snooze_over"
    POST_UNKNOWN = "post_unknown"
    """Nobody knows whether a reply went out."""
    POST_RETURNED = "post_returned"
    """A reply could not leave and is back in review."""
    JOB_DEAD = "job_dead"
    CHANNEL_OPEN = "channel_open"
    """A channel failed so often that it is left alone."""
    CHANNEL_DOWN = "channel_down"
    """Nothing worked on a channel for an hour."""
    CHANNEL_REFUSED = "channel_refused"
    """A network refuses our credentials."""
    WORKER_SILENT = "worker_silent"
    FROZEN = "frozen"
    NOTICE_DEAD = "notice_dead"
    """Notifications to one address were given up."""

    @property
    def is_routine(self) -> bool:
        """Whether it happens all day long: in the desk, and in no message unless asked for."""
        return self in {AlertKind.CLAIM_OVER, AlertKind.SNOOZE_OVER}


NEVER_WAITS = frozenset({Category.SELF_HARM_THREAT_MINOR, Category.INJURY_SAFETY})
"""Never held back for a digest or for opening hours, whatever their urgency."""
_SOFT = frozenset({AlertKind.PASSED, AlertKind.PROPOSED, AlertKind.DUE_SOON})
_SLOW = frozenset({Urgency.LOW, Urgency.NORMAL})


class Weight(StrEnum):
    """How a notice travels."""

    URGENT = "urgent"
    """At once, whatever the hour and however much was sent."""
    NORMAL = "normal"
    """At any hour; many are told in one message."""
    LOW = "low"
    """In the team's opening hours, if it has any."""


class Alert(Frozen):
    """Something to look at. Two alerts of one kind and subject are the same alert."""

    kind: AlertKind
    subject: str
    """Id of the item, escalation, post, job, channel, worker or scope."""
    times: int = Field(default=1, ge=1)
    """How often its cause began; each time is told once."""
    brand_id: BrandId | None = None
    """None: every brand."""
    team: TeamId | None = None
    item_id: ItemId | None = None
    category: Category | None = None
    urgency: Urgency | None = None
    due_at: AwareDatetime | None = None
    detail: str = ""
    """What failed, in our words; never a customer's."""
    raised_at: AwareDatetime
    resolved_at: AwareDatetime | None = None

    @property
    def key(self) -> tuple[AlertKind, str]:
        """What makes it this alert and no other."""
        return self.kind, self.subject

    @property
    def weight(self) -> Weight:
        """How its notices travel."""
        if self.category in NEVER_WAITS or self.urgency is Urgency.CRITICAL:
            return Weight.URGENT
        is_slow = self.urgency in _SLOW and self.kind in _SOFT
        return Weight.LOW if self.kind.is_routine or is_slow else Weight.NORMAL


class NoticeStatus(StrEnum):
    """Life of a notice."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    DEAD = "dead"
    """Given up: an alert says so."""
    VOID = "void"
    """Its cause ended before it left."""


class Notice(Frozen):
    """One occurrence of an alert on its way to one address."""

    alert: Alert
    address: str
    """A destination's name, or `NAME:TARGET`."""
    status: NoticeStatus = NoticeStatus.PENDING
    batch: str = ""
    """The message that carries it; kept over every try."""
    attempts: int = 0
    not_before: AwareDatetime
    lease_until: AwareDatetime | None = None


class Line(Frozen):
    """One alert as a message tells it: no personal data but what a setting asks for."""

    alert: Alert
    brand: str = ""
    team: str = ""
    zone: str = "UTC"
    link: str = ""
    text: Text = ""
    """The customer's words, redacted; empty unless the destination asks for them."""

    @property
    def time_zone(self) -> ZoneInfo:
        """The zone in which its times are told."""
        return ZoneInfo(self.zone)


class Bulletin(Frozen):
    """One message to one address."""

    key: str
    target: str = ""
    """Channel or address within the destination; empty: the destination's own."""
    language: Language
    lines: tuple[Line, ...] = Field(min_length=1)
    at: AwareDatetime
    desk_url: str
    is_test: bool = False
    """Whether it only shows that messages arrive."""


LEASE = timedelta(seconds=120)
"""How long one message may take to send before another worker sends it again."""
NEAR = timedelta(minutes=30)
"""How long before its end a deadline is near."""
SETTLING = timedelta(minutes=5)
"""What is younger than this is not near its end, and an unknown outcome may still be found."""
DOWN = timedelta(hours=1)
