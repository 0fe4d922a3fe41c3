"""Undo: a decision taken back before anything of it has left; the decision itself stays stored."""

from datetime import datetime, timedelta

from agent.domain.channels import PostStatus
from agent.domain.errors import NotAllowed
from agent.domain.ids import ItemId
from agent.domain.records import ItemState, UndoRecord
from agent.domain.reviews import Decision, DecisionKind, Reviewer, ReviewItem, ReviewStatus
from agent.ports import Clock, Store, UnitOfWork
from agent.services.approval import is_release
from agent.services.guards import refuse_role
from agent.services.postbook import Postbook

_TOO_LATE = "it is too late to undo this decision: decide on what follows from it instead"


class Undoing:
    """Opens a new round of the item, as a post that came back does."""

    def __init__(
        self, store: Store, clock: Clock, grace: timedelta, *, is_role_required: bool
    ) -> None:
        self._store = store
        self._clock = clock
        self._grace = grace
        self._is_role_required = is_role_required
        self._book = Postbook(store, clock)

    def until(self, item: ReviewItem) -> datetime | None:
        """Return until when the decision of an item can surely be undone, or None: no more.

        A reply may wait longer than that, as one posted by hand does, and can then still be
        taken back.
        """
        decision = item.decision
        if decision is None or item.status.is_open:
            return None
        until = decision.at + self._grace
        is_waiting = any(post.status is PostStatus.READY for post in item.posts)
        if is_release(decision.kind) and not is_waiting:
            return None
        return until if until > self._clock.now() else None

    def undo(self, item_id: ItemId, by: Reviewer) -> None:
        """Take a decision back; the item is open to decide again.

        An approval: its posts that still wait are cancelled, however long they wait. Anything
        else: within the grace delay, and before the network was asked to moderate.

        Raises:
            NotFound: there is no such item.
            NotAllowed: nothing is decided, it is too late, or this person may not decide.
        """
        now = self._clock.now()
        with self._store.write() as work:
            state = work.items.state(item_id)
            refuse_role(work, by, state.brand_id, is_required=self._is_role_required)
            decision = _decision_of(work, state)
            if is_release(decision.kind):
                self._book.cancel_in(work, item_id, by)
            else:
                self._take_back(work, state, decision, by)
            work.audit.add(now, by.id, "item.undone", item_id, decision=decision.id)

    def _take_back(
        self, work: UnitOfWork, state: ItemState, decision: Decision, by: Reviewer
    ) -> None:
        now = self._clock.now()
        if now > decision.at + self._grace:
            raise NotAllowed(_TOO_LATE)
        if decision.kind is DecisionKind.MODERATE and not work.moderation.cancel(decision.id, now):
            raise NotAllowed("the network was already asked to moderate: undo it there")
        work.approvals.undo(
            UndoRecord(decision_id=decision.id, item_id=state.id, round=state.round, by=by, at=now)
        )
        anew = {
            "status": ReviewStatus.PENDING,
            "version": state.version + 1,
            "round": state.round + 1,
        }
        work.items.save(state, state.model_copy(update=anew), now)


def _decision_of(work: UnitOfWork, state: ItemState) -> Decision:
    made = [r.decision for r in work.outbox.decisions(state.id) if r.round == state.round]
    if state.status.is_open or not made:
        raise NotAllowed("nothing is decided on this item: there is nothing to undo")
    return made[-1]
