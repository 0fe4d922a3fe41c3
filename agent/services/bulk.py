"""Several items decided at once: each in its own transaction, each refused by itself."""

from agent.domain.bulk import (
    BulkCandidate,
    BulkChoice,
    BulkCommand,
    BulkKind,
    BulkRefusal,
    BulkResult,
    draft_sha256,
    refusal_of,
)
from agent.domain.errors import (
    AlreadyDecided,
    BlockedByChecks,
    ClaimedByOther,
    IncompleteDecision,
    NotAllowed,
    NotFound,
    PortevoixError,
    StaleItem,
    TextMismatch,
)
from agent.domain.reviews import Decide, DecisionKind, QueueQuery, Reviewer, ReviewItem
from agent.ports import Clock
from agent.services.review import ReviewService

_REFUSALS: tuple[tuple[type[PortevoixError], BulkRefusal], ...] = (
    (AlreadyDecided, BulkRefusal.DECIDED),
    (ClaimedByOther, BulkRefusal.CLAIMED),
    (BlockedByChecks, BulkRefusal.BLOCKED),
    (TextMismatch, BulkRefusal.CHANGED),
    (StaleItem, BulkRefusal.STALE),
    (NotAllowed, BulkRefusal.NOT_ALLOWED),
    (NotFound, BulkRefusal.NOT_FOUND),
    (IncompleteDecision, BulkRefusal.NO_DRAFT),
)


class BulkService:
    """Low-risk items only; whatever is doubtful is left to a person, and told."""

    def __init__(self, review: ReviewService, clock: Clock) -> None:
        self._review = review
        self._clock = clock

    def candidates(
        self, query: QueueQuery, kind: BulkKind, by: Reviewer
    ) -> tuple[BulkCandidate, ...]:
        """Return the items of one page of the queue, each with why it may not be chosen."""
        rows = self._review.queue(query).rows
        return tuple(self._candidate(self._review.item(row.id), kind, by) for row in rows)

    def _candidate(self, item: ReviewItem, kind: BulkKind, by: Reviewer) -> BulkCandidate:
        lease = item.lease
        is_held = lease is not None and lease.by.id != by.id and lease.until > self._clock.now()
        refusal = BulkRefusal.CLAIMED if is_held else refusal_of(item, kind)
        return BulkCandidate(item=item, refusal=refusal)

    def carry_out(self, command: BulkCommand) -> tuple[BulkResult, ...]:
        """Do what was asked with each item that is still as it was seen; tell of every other.

        Nothing is raised for one item: its result says why it was not taken.
        """
        return tuple(self._one(choice, command) for choice in command.choices)

    def _one(self, choice: BulkChoice, command: BulkCommand) -> BulkResult:
        try:
            refusal = self._try(choice, command)
        except (AlreadyDecided, ClaimedByOther) as error:
            return BulkResult(item_id=choice.item_id, refusal=_refusal(error), about=error.by)
        except PortevoixError as error:
            return BulkResult(item_id=choice.item_id, refusal=_refusal(error))
        return BulkResult(item_id=choice.item_id, refusal=refusal)

    def _try(self, choice: BulkChoice, command: BulkCommand) -> BulkRefusal | None:
        item = self._review.item(choice.item_id)
        is_as_seen = choice.version == item.version and choice.shown_sha256 == draft_sha256(item)
        # Somebody who decided meanwhile is named by the decision itself, further down.
        if item.status.is_open:
            refusal = refusal_of(item, command.kind) if is_as_seen else BulkRefusal.CHANGED
            if refusal is not None:
                return refusal
        if command.kind is BulkKind.ASSIGN:
            self._review.assign(item.id, command.by, command.to)
        else:
            self._review.decide(_decide(item, choice, command))
        return None


def _decide(item: ReviewItem, choice: BulkChoice, command: BulkCommand) -> Decide:
    is_approval = command.kind is BulkKind.APPROVE
    draft = item.outcome.draft
    return Decide(
        item_id=item.id,
        version=choice.version,
        kind=DecisionKind.APPROVE if is_approval else DecisionKind.NO_REPLY,
        by=command.by,
        public=draft.public if is_approval else None,
        private=draft.private if is_approval else None,
        shown_sha256=choice.shown_sha256,
    )


def _refusal(error: PortevoixError) -> BulkRefusal:
    return next((r for kind, r in _REFUSALS if isinstance(error, kind)), BulkRefusal.FAILED)
