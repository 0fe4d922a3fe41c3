"""Two people on one text: the first approval waits, the second one lets the text out."""

from agent.domain.errors import SecondApproverNeeded
from agent.domain.records import DecisionRecord, ItemState
from agent.domain.reviews import Decision, ReviewStatus
from agent.ports import UnitOfWork


def first_approval(work: UnitOfWork, state: ItemState, decision: Decision) -> Decision | None:
    """Return another person's approval of the same text of this draft, or None: there is none.

    Raises:
        SecondApproverNeeded: only this person has approved that text so far.
    """
    of_now = (state.round, state.draft_revision)
    same = [
        record.decision
        for record in work.approvals.of(state.id)
        if (record.round, record.draft_revision) == of_now
        and record.decision.text_sha256 == decision.text_sha256
    ]
    others = [one for one in same if one.by.id != decision.by.id]
    if same and not others:
        raise SecondApproverNeeded
    return others[-1] if others else None


def store_first(work: UnitOfWork, state: ItemState, record: DecisionRecord) -> Decision:
    """Store a first approval; the item stays open, for another person."""
    decision = record.decision.model_copy(update={"is_first_of_two": True})
    work.approvals.add(record.model_copy(update={"decision": decision}))
    waits = {
        "status": ReviewStatus.PENDING,
        "version": state.version + 1,
        "lease": None,
        "snoozed_until": None,
        "first_approver": decision.by,
    }
    work.items.save(state, state.model_copy(update=waits), decision.at)
    work.audit.add(
        decision.at,
        decision.by.id,
        "item.approved_first",
        state.id,
        approval=decision.id,
        kind=decision.kind.value,
        round=state.round,
        draft_revision=state.draft_revision,
        text_sha256=decision.text_sha256,
    )
    return decision
