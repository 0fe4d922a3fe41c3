"""What the bulk page does: it names each item, version and text as they were drawn."""

from dataclasses import dataclass

import streamlit as st

from agent.domain.bulk import (
    BulkCandidate,
    BulkChoice,
    BulkCommand,
    BulkKind,
    BulkRefusal,
    BulkResult,
)
from agent.domain.errors import NotFound
from agent.domain.ids import ItemId
from agent.domain.reviews import Reviewer
from ui.desk import state, undo
from ui.desk.language import words
from ui.desk.query import BULK
from ui.desk.session import who
from ui.desk.state import Dialog, Notice
from ui.desk.workspace import workspace

_OUTCOME = "desk_bulk_outcome"
ASSIGNEE = "bulk_assignee"


@dataclass(frozen=True)
class Outcome:
    """What came of the last act, with the words by which each message is known."""

    kind: BulkKind
    results: tuple[BulkResult, ...]
    excerpts: dict[ItemId, str]

    @property
    def done(self) -> list[ItemId]:
        """The items that were taken."""
        return [result.item_id for result in self.results if result.refusal is None]


def box_key(candidate: BulkCandidate, kind: BulkKind) -> str:
    """Return the key of a candidate's tick box: another version or text is another box."""
    choice = candidate.choice
    return f"bulk_{kind.value}_{choice.item_id}_{choice.version}_{choice.shown_sha256[:16]}"


def is_ticked(candidate: BulkCandidate, kind: BulkKind) -> bool:
    """Whether the person ticked this candidate as it is now."""
    return bool(st.session_state.get(box_key(candidate, kind)))


def tick(keys: tuple[str, ...], *, is_on: bool) -> None:
    """Tick or untick boxes."""
    for key in keys:
        st.session_state[key] = is_on


def open_as(kind: BulkKind | None) -> None:
    """Show the page of several at once for one kind, or (None) the queue again."""
    if state.dialog() is not None:
        return
    forget_outcome()
    if kind is None:
        st.query_params.pop(BULK, None)
    else:
        st.query_params[BULK] = kind.value


def ask() -> None:
    """Open the dialog that shows every chosen text once more."""
    if state.dialog() is None:
        forget_outcome()
        state.open_dialog(Dialog.BULK)


def carry_out(kind: BulkKind, choices: tuple[BulkChoice, ...], excerpts: dict[ItemId, str]) -> None:
    """Do it with what the dialog showed, and keep what came of each."""
    state.close_dialog()
    person = who()
    if person is None:
        state.notify(Notice("not_allowed", tone="danger"))
        return
    allowed = tuple(c for c in choices if _may_decide(c.item_id))
    to = _assignee(allowed) if kind is BulkKind.ASSIGN else None
    command = BulkCommand(kind=kind, by=person.person, choices=allowed, to=to)
    results = workspace().bulk.carry_out(command)
    barred = (c.item_id for c in choices if c not in allowed)
    results += tuple(
        BulkResult(item_id=item_id, refusal=BulkRefusal.NOT_ALLOWED) for item_id in barred
    )
    st.session_state[_OUTCOME] = Outcome(kind, results, excerpts)
    if kind is not BulkKind.ASSIGN:
        _remember(results)


def outcome() -> Outcome | None:
    """Return what came of the last act."""
    found: Outcome | None = st.session_state.get(_OUTCOME)
    return found


def forget_outcome() -> None:
    """Stop showing what came of the last act."""
    st.session_state.pop(_OUTCOME, None)


def take_all_back(items: tuple[ItemId, ...]) -> None:
    """Undo every decision of the last act that can still be undone, and say how many."""
    forget_outcome()
    undone = undo.take_back_all(items)
    state.say(words().count("bulk.undone", undone))


def _may_decide(item_id: ItemId) -> bool:
    person = who()
    try:
        brand_id = workspace().review.item(item_id).brand_id
    except NotFound:
        # The service says so, item by item.
        return True
    return person is not None and person.may_decide(brand_id)


def _assignee(choices: tuple[BulkChoice, ...]) -> Reviewer | None:
    chosen = str(st.session_state.get(ASSIGNEE) or "")
    review = workspace().review
    brands = {review.item(choice.item_id).brand_id for choice in choices}
    people = {one.id: one for brand in brands for one in review.deciders(brand)}
    return next((one for person_id, one in people.items() if person_id == chosen), None)


def _remember(results: tuple[BulkResult, ...]) -> None:
    for result in results:
        if result.refusal is None:
            decision = workspace().review.item(result.item_id).decision
            if decision is not None:
                undo.remember(decision)
