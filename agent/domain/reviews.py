"""Review: what a person sees, decides and leaves behind."""

from datetime import UTC, datetime
from enum import StrEnum

from pydantic import AwareDatetime, Field

from agent.domain.base import Frozen, Text, sha256_of
from agent.domain.channels import ModerationAction, PostStatus
from agent.domain.checks import CheckReport
from agent.domain.decisions import SENSITIVE, Category, Route, Urgency
from agent.domain.ids import BrandId, DecisionId, ItemId, PersonId, TeamId
from agent.domain.messages import Surface
from agent.domain.outcome import Outcome
from agent.domain.reports import AuditHead
from knowledge.passages import Language


class ReviewStatus(StrEnum):
    """`pending -> claimed -> approved|rejected|escalated|moderated|no_reply`, or aside."""

    PENDING = "pending"
    CLAIMED = "claimed"
    APPROVED = "approved"
    REJECTED = "rejected"
    ESCALATED = "escalated"
    MODERATED = "moderated"
    NO_REPLY = "no_reply"
    SNOOZED = "snoozed"
    STALE = "stale"
    """The thread, a cited passage or the guideline changed since drafting: redraft."""

    @property
    def is_open(self) -> bool:
        """Whether a person still has to decide."""
        return self in {
            ReviewStatus.PENDING,
            ReviewStatus.CLAIMED,
            ReviewStatus.SNOOZED,
            ReviewStatus.STALE,
        }


class DecisionKind(StrEnum):
    """What a person may decide. Only `APPROVE` and `EDIT` let a text out."""

    APPROVE = "approve"
    EDIT = "edit"
    """Approve a text the person changed."""
    REJECT = "reject"
    ESCALATE = "escalate"
    MODERATE = "moderate"
    NO_REPLY = "no_reply"

    @property
    def status(self) -> ReviewStatus:
        """The status an item takes with this decision."""
        return {
            DecisionKind.APPROVE: ReviewStatus.APPROVED,
            DecisionKind.EDIT: ReviewStatus.APPROVED,
            DecisionKind.REJECT: ReviewStatus.REJECTED,
            DecisionKind.ESCALATE: ReviewStatus.ESCALATED,
            DecisionKind.MODERATE: ReviewStatus.MODERATED,
            DecisionKind.NO_REPLY: ReviewStatus.NO_REPLY,
        }[self]


class RejectionReason(StrEnum):
    """Why a draft was not good enough; each may become an eval case."""

    WRONG_ANSWER = "wrong_answer"
    OUTDATED = "outdated"
    INCOMPLETE = "incomplete"
    WRONG_TONE = "wrong_tone"
    OFF_BRAND = "off_brand"
    WRONG_LANGUAGE = "wrong_language"
    PERSONAL_DATA = "personal_data"
    SHOULD_ESCALATE = "should_escalate"
    SHOULD_NOT_REPLY = "should_not_reply"
    OTHER = "other"


class Reviewer(Frozen):
    """The person at the desk."""

    id: PersonId
    name: Text


class Lease(Frozen):
    """A claim on an item: nobody else decides until it expires or is released."""

    by: Reviewer
    until: AwareDatetime


class Decide(Frozen):
    """The command of one decision: everything the person saw and chose."""

    item_id: ItemId
    version: int
    """The item's version on screen; another version on disk means somebody was faster."""
    kind: DecisionKind
    by: Reviewer
    public: Text | None = None
    private: Text | None = None
    shown_sha256: str = ""
    """`text_sha256` of what was on screen; required with `APPROVE` and `EDIT`."""
    reason: RejectionReason | None = None
    note: Text = ""
    override_reason: Text = ""
    """Why a blocking check is set aside. Never empty when one is."""
    team: TeamId | None = None
    charter_rule: str | None = None
    moderation: ModerationAction | None = None


class Decision(Frozen):
    """A decision as stored: it is never changed and never deleted."""

    id: DecisionId
    item_id: ItemId
    kind: DecisionKind
    by: Reviewer
    at: AwareDatetime
    public: Text | None = None
    private: Text | None = None
    text_sha256: str
    reason: RejectionReason | None = None
    note: Text = ""
    override_reason: Text = ""
    team: TeamId | None = None
    charter_rule: str | None = None
    moderation: ModerationAction | None = None
    guideline_version: str = ""
    edit_ratio: float = 0.0
    """0: the draft untouched, 1: nothing of it left (normalised Levenshtein distance)."""
    report: CheckReport = CheckReport()
    """The checks on the decided text."""
    approved_first_by: Reviewer | None = None
    """Who approved the same text before, where the brand asks for two people."""
    is_first_of_two: bool = False
    """An approval that lets nothing out yet: another person must approve the same text."""
    purged_at: AwareDatetime | None = None
    """When its texts and notes were removed, their retention having passed."""


class PostView(Frozen):
    """A post of an item, as shown."""

    id: str
    surface: Surface
    text: Text
    status: PostStatus
    remote_id: str | None = None
    url: str = ""
    updated_at: AwareDatetime
    problem: str = ""
    purged_at: AwareDatetime | None = None
    """When the text was removed here; the network may show it still."""


class HandBack(Frozen):
    """Why an item is in the queue again, in the words of the team it had been passed to."""

    team: TeamId
    by: str
    at: AwareDatetime
    note: Text


class ReviewItem(Frozen):
    """All that the desk shows of one message."""

    id: ItemId
    brand_id: BrandId
    version: int = Field(ge=1)
    status: ReviewStatus
    outcome: Outcome
    lease: Lease | None = None
    assignee: Reviewer | None = None
    snoozed_until: AwareDatetime | None = None
    stale_because: str = ""
    received_at: AwareDatetime
    drafted_at: AwareDatetime
    approvers_needed: int = 1
    """How many people must approve the same text before it leaves: 1 or 2."""
    first_approval: Decision | None = None
    """What the first of two people approved, while a second one is awaited."""
    decision: Decision | None = None
    posts: tuple[PostView, ...] = ()
    hand_back: HandBack | None = None
    channel_instance: str = ""
    """The name of the channel in this workspace; `outcome.message.channel` is the network."""

    @property
    def is_sensitive(self) -> bool:
        """Whether the item may never be decided in bulk."""
        return bool(self.outcome.triage.categories() & SENSITIVE)


class QueueQuery(Frozen):
    """Filters of the queue; None or empty: no filter."""

    brand_id: BrandId | None = None
    brands: tuple[BrandId, ...] = ()
    """Only these brands, as one queue; `brand_id`, when given, comes first."""
    statuses: tuple[ReviewStatus, ...] = (ReviewStatus.PENDING, ReviewStatus.CLAIMED)
    channel: str | None = None
    category: Category | None = None
    route: Route | None = None
    team: TeamId | None = None
    lang: Language | None = None
    assignee: PersonId | None = None
    is_unassigned: bool = False
    """Only items that nobody in particular has been given."""
    awaits_second: bool = False
    """Only items that one of two people has approved."""
    due_before: AwareDatetime | None = None
    """Only items whose first deadline is at this time or earlier."""
    text: str = ""
    after: str | None = None
    """Keyset cursor from the previous page."""
    limit: int = Field(default=25, ge=1, le=200)


class QueueRow(Frozen):
    """One line of the queue."""

    id: ItemId
    brand_id: BrandId
    version: int
    status: ReviewStatus
    channel: str
    surface: Surface
    author: str | None
    excerpt: str
    """The first 160 characters of the redacted text."""
    category: Category
    route: Route
    urgency: Urgency
    lang: Language
    team: TeamId | None
    is_toxic: bool
    due_at: AwareDatetime | None
    """The first promise to keep: `Triage.next_deadline`."""
    received_at: AwareDatetime
    claimed_by: str | None = None
    assignee: str | None = None
    first_approver: str | None = None
    """Who approved it first, while another person is awaited."""
    purged_at: AwareDatetime | None = None
    """When the message's words were removed: then there is no excerpt and no author."""


class QueuePage(Frozen):
    rows: tuple[QueueRow, ...]
    next: str | None = None


class QueueCounts(Frozen):
    """How many items there are. All but `by_status` count only pending and claimed items."""

    open: int = 0
    by_status: dict[ReviewStatus, int] = Field(default_factory=dict)
    by_urgency: dict[Urgency, int] = Field(default_factory=dict)
    by_category: dict[Category, int] = Field(default_factory=dict)
    by_channel: dict[str, int] = Field(default_factory=dict)


class AuditEntry(Frozen):
    """One link of the audit chain: `hash` covers the entry and the previous hash."""

    seq: int
    at: AwareDatetime
    actor: str
    action: str
    subject: str
    detail: dict[str, object]
    previous_hash: str
    hash: str

    @classmethod
    def chained(
        cls,
        head: AuditHead,
        at: datetime,
        actor: str,
        action: str,
        subject: str,
        detail: dict[str, object],
    ) -> "AuditEntry":
        """Return the entry that follows `head`, sealed."""
        open_entry = cls(
            seq=head.seq + 1,
            # In UTC: the seal is over the time as the database gives it back.
            at=at.astimezone(UTC),
            actor=actor,
            action=action,
            subject=subject,
            detail=detail,
            previous_hash=head.hash,
            hash="",
        )
        return open_entry.model_copy(update={"hash": open_entry.seal()})

    def seal(self) -> str:
        """Return what `hash` must be: the hash of every other field as canonical JSON."""
        return sha256_of(self.model_dump(mode="json", exclude={"hash"}))


GENESIS = "0" * 64
"""The previous hash of the first audit entry."""
