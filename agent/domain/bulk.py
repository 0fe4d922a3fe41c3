"""Several decisions at once: what may be chosen, what was chosen, and what came of each."""

from enum import StrEnum

from agent.domain.base import Frozen, Text
from agent.domain.decisions import LOW_RISK, UNANSWERED_AT_ONCE, Route, Urgency
from agent.domain.drafts import text_sha256
from agent.domain.ids import ItemId
from agent.domain.reviews import Reviewer, ReviewItem, ReviewStatus


class BulkKind(StrEnum):
    """What may be done with several items at once."""

    APPROVE = "approve"
    NO_REPLY = "no_reply"
    ASSIGN = "assign"


class BulkRefusal(StrEnum):
    """Why an item is not taken along. Each has its words in the desk."""

    SENSITIVE = "sensitive"
    NOT_LOW_RISK = "not_low_risk"
    """Its category, urgency, tone or route asks for a person's eyes on it alone."""
    SECOND_APPROVER = "second_approver"
    NO_DRAFT = "no_draft"
    """There is no text by default: a person chooses among candidates, or writes."""
    BLOCKED = "blocked"
    """A check blocks its text."""
    STALE = "stale"
    CLAIMED = "claimed"
    DECIDED = "decided"
    CHANGED = "changed"
    """The text or the item is not the one that was shown."""
    NOT_ALLOWED = "not_allowed"
    NOT_FOUND = "not_found"
    FAILED = "failed"


class BulkChoice(Frozen):
    """One item as the person saw it."""

    item_id: ItemId
    version: int
    shown_sha256: str
    """`text_sha256` of the texts that were shown."""


class BulkCommand(Frozen):
    """One act on several items."""

    kind: BulkKind
    by: Reviewer
    choices: tuple[BulkChoice, ...]
    to: Reviewer | None = None
    """With `ASSIGN`: who gets them."""


class BulkCandidate(Frozen):
    """An item as it is offered, or why it is not."""

    item: ReviewItem
    refusal: BulkRefusal | None = None

    @property
    def choice(self) -> BulkChoice:
        """What choosing it says: this version, these texts."""
        return BulkChoice(
            item_id=self.item.id,
            version=self.item.version,
            shown_sha256=draft_sha256(self.item),
        )


class BulkResult(Frozen):
    """What came of one item."""

    item_id: ItemId
    refusal: BulkRefusal | None = None
    about: Text = ""
    """Who has it, or who decided; empty where nobody did."""


def draft_sha256(item: ReviewItem) -> str:
    """Return the hash of the texts the agent drafted."""
    return text_sha256(item.outcome.draft.public, item.outcome.draft.private)


def refusal_of(item: ReviewItem, kind: BulkKind) -> BulkRefusal | None:
    """Return why an item may not be decided together with others, or None: it may.

    Nothing here asks who is asking: claims and roles are the services' to refuse.
    """
    if not item.status.is_open:
        return BulkRefusal.DECIDED
    if item.is_sensitive:
        return BulkRefusal.SENSITIVE
    if item.approvers_needed > 1:
        return BulkRefusal.SECOND_APPROVER
    if not _is_low_risk(item, kind):
        return BulkRefusal.NOT_LOW_RISK
    if item.status is ReviewStatus.STALE or item.stale_because:
        return BulkRefusal.STALE
    return _text_refusal(item) if kind is BulkKind.APPROVE else None


def _is_low_risk(item: ReviewItem, kind: BulkKind) -> bool:
    triage = item.outcome.triage
    allowed = LOW_RISK if kind is BulkKind.APPROVE else UNANSWERED_AT_ONCE
    is_calm = not (triage.is_toxic or triage.is_injection or triage.wants_human)
    is_routine = triage.urgency in {Urgency.LOW, Urgency.NORMAL}
    is_answered_here = kind is not BulkKind.APPROVE or triage.route is Route.REPLY
    is_certain = not item.outcome.failures
    return (
        triage.categories() <= allowed
        and is_calm
        and is_routine
        and is_answered_here
        and is_certain
    )


def _text_refusal(item: ReviewItem) -> BulkRefusal | None:
    outcome = item.outcome
    if not (outcome.draft.public or outcome.draft.private):
        return BulkRefusal.NO_DRAFT
    reports = (outcome.public_report, outcome.private_report)
    if any(r.blockers or r.doubts or r.ledger.unsupported for r in reports):
        return BulkRefusal.BLOCKED
    return None
