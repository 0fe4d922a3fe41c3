"""Escalations: what was passed to a team, until the team has answered or hands it back."""

from collections.abc import Collection, Mapping

from agent.domain.errors import IncompleteDecision, NotAllowed, StaleItem
from agent.domain.handoffs import (
    Handoff,
    HandoffPage,
    HandoffQuery,
    HandoffStatus,
    TeamLoad,
)
from agent.domain.ids import BrandId, DecisionId, TeamId
from agent.domain.outcome import Outcome
from agent.domain.records import ItemState
from agent.domain.reviews import Decision, DecisionKind, Reviewer, ReviewStatus
from agent.ports import Clock, Store, UnitOfWork
from agent.services.guards import refuse_role


def handoff_of(decision: Decision, state: ItemState, outcome: Outcome) -> Handoff:
    """Return what a decision that names a team passes on, with the deadline of the matrix."""
    return Handoff(
        id=decision.id,
        item_id=state.id,
        brand_id=state.brand_id,
        channel=state.channel,
        round=state.round,
        team=TeamId(str(decision.team)),
        can_return=decision.kind is DecisionKind.ESCALATE,
        opened_at=decision.at,
        due_at=outcome.triage.due_at,
    )


class EscalationService:
    """Each method is one transaction; a change made on an old screen is refused."""

    def __init__(self, store: Store, clock: Clock, *, is_role_required: bool = False) -> None:
        """`is_role_required`: refuse people the store does not know (more than one operator)."""
        self._store = store
        self._clock = clock
        self._is_role_required = is_role_required

    def page(self, query: HandoffQuery) -> HandoffPage:
        """Return one page: overdue ones first.

        Raises:
            NotFound: `query.after` is not a place in this list.
        """
        with self._store.read() as work:
            return work.handoffs.page(query)

    def loads(self, brands: Collection[BrandId]) -> tuple[TeamLoad, ...]:
        """Return what waits for each team."""
        with self._store.read() as work:
            return work.handoffs.loads(brands, self._clock.now())

    def take(self, handoff_id: DecisionId, version: int, by: Reviewer) -> Handoff:
        """Take an escalation: colleagues see who works on it. Another's may be taken over.

        Raises:
            NotFound: there is none.
            NotAllowed: this person may not act for the brand, or the team has answered.
            StaleItem: somebody changed it since it was on screen.
        """
        changes = {"status": HandoffStatus.TAKEN, "owner": by}
        with self._store.write() as work:
            return self._change(work, handoff_id, version, by, "handoff.taken", changes)

    def release(self, handoff_id: DecisionId, version: int, by: Reviewer) -> Handoff:
        """Give an escalation back to the team.

        Raises:
            NotAllowed, NotFound, StaleItem: as in `take`; nobody has it.
        """
        changes = {"status": HandoffStatus.OPEN, "owner": None}
        with self._store.write() as work:
            if work.handoffs.get(handoff_id).owner is None:
                raise NotAllowed("nobody has this escalation: there is nothing to give back")
            return self._change(work, handoff_id, version, by, "handoff.released", changes)

    def finish(self, handoff_id: DecisionId, version: int, by: Reviewer, note: str = "") -> Handoff:
        """Record that the team has answered, with a note for the record.

        Raises:
            NotAllowed, NotFound, StaleItem: as in `take`.
        """
        changes = self._closing(HandoffStatus.DONE, by, note)
        with self._store.write() as work:
            return self._change(work, handoff_id, version, by, "handoff.done", changes)

    def hand_back(self, handoff_id: DecisionId, version: int, by: Reviewer, note: str) -> Handoff:
        """Put the item into the queue again, in a new round, with a note to who decides next.

        Raises:
            IncompleteDecision: there is no note.
            NotAllowed: a reply went out with this escalation; or as in `take`.
            NotFound, StaleItem: as in `take`.
        """
        if not note.strip():
            raise IncompleteDecision(
                "write what the community manager needs to know, then hand it back"
            )
        changes = self._closing(HandoffStatus.RETURNED, by, note)
        with self._store.write() as work:
            before = work.handoffs.get(handoff_id)
            self._refuse_answered(work, before)
            after = self._change(work, handoff_id, version, by, "handoff.returned", changes)
            self._reopen(work, before, by)
            return after

    def _closing(self, status: HandoffStatus, by: Reviewer, note: str) -> dict[str, object]:
        now = self._clock.now()
        return {"status": status, "closed_by": by, "closed_at": now, "note": note.strip()}

    def _refuse_answered(self, work: UnitOfWork, handoff: Handoff) -> None:
        if not handoff.can_return:
            raise NotAllowed(
                "a reply went out with this escalation: mark it as done when the team has answered"
            )
        if work.items.state(handoff.item_id).round != handoff.round:
            raise NotAllowed("the item is in the queue again already: open it there")

    def _change(
        self,
        work: UnitOfWork,
        handoff_id: DecisionId,
        version: int,
        by: Reviewer,
        action: str,
        changes: Mapping[str, object],
    ) -> Handoff:
        before = work.handoffs.get(handoff_id)
        refuse_role(work, by, before.brand_id, is_required=self._is_role_required)
        if before.status.is_closed:
            closer = before.closed_by.name if before.closed_by else "somebody"
            raise NotAllowed(f"{closer} has closed this escalation already")
        if before.version != version:
            raise StaleItem("the escalation changed while it was on screen: read it again")
        after = before.model_copy(update={**changes, "version": version + 1})
        work.handoffs.save(before, after)
        names = {"handoff": handoff_id, "team": before.team, "round": before.round}
        work.audit.add(self._clock.now(), by.id, action, before.item_id, **names)
        return after

    def _reopen(self, work: UnitOfWork, handoff: Handoff, by: Reviewer) -> None:
        now = self._clock.now()
        before = work.items.state(handoff.item_id)
        changes = {
            "status": ReviewStatus.PENDING,
            "version": before.version + 1,
            "round": before.round + 1,
            "stale_because": "",
        }
        work.items.save(before, before.model_copy(update=changes), now)
        work.audit.add(now, by.id, "item.reopened", before.id, round=before.round + 1)
