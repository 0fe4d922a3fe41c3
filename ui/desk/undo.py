"""What this person has just decided and can still take back; the last decision first."""

from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from agent.domain.channels import PostStatus
from agent.domain.errors import PortevoixError
from agent.domain.ids import ItemId
from agent.domain.reviews import Decision, DecisionKind, ReviewItem
from ui.desk import state
from ui.desk.language import words
from ui.desk.session import require_reviewer
from ui.desk.state import Notice
from ui.desk.workspace import workspace

_MADE = "desk_undoable"
_MOST = 20


@dataclass(frozen=True)
class Undoable:
    """A decision that can still be taken back, and until when."""

    item_id: ItemId
    kind: DecisionKind
    until: datetime


def remember(decision: Decision) -> None:
    """Offer a decision to be undone; a first approval of two lets nothing out and is not one."""
    if decision.is_first_of_two:
        return
    item = workspace().review.item(decision.item_id)
    until = workspace().review.undoable_until(item)
    if until is not None:
        made = Undoable(decision.item_id, decision.kind, until)
        st.session_state[_MADE] = [*_made(), made][-_MOST:]


def last() -> Undoable | None:
    """Return the last decision that can still be undone, if any."""
    now = workspace().clock.now()
    live = [one for one in _made() if one.until > now]
    st.session_state[_MADE] = live
    return live[-1] if live else None


def can_be_undone(item: ReviewItem) -> bool:
    """Whether the decision of an item can be taken back now: nothing of it has left."""
    is_waiting = any(post.status is PostStatus.READY for post in item.posts)
    return is_waiting or workspace().review.undoable_until(item) is not None


def undo_last(item_id: ItemId) -> None:
    """Take back the decision that was offered; a key pressed on an older offer does nothing."""
    offered = _made()[-1:] if state.dialog() is None else []
    if [one.item_id for one in offered] == [item_id]:
        take_back(item_id)


def take_back(item_id: ItemId) -> None:
    """Take an item's decision back and show the item with the texts that were decided."""
    state.clear_notice()
    if state.dialog() is not None:
        return
    _forget(item_id)
    try:
        item = workspace().review.item(item_id)
        workspace().review.undo(item_id, require_reviewer(item.brand_id).person)
    except PortevoixError:
        state.notify(Notice("undo_refused"))
        return
    _show_again(item)


def _show_again(decided: ReviewItem) -> None:
    decision = decided.decision
    if decision is not None and (decision.public or decision.private):
        reopened = workspace().review.item(decided.id)
        state.keep_decided_texts(reopened, decision.public, decision.private)
    state.say(words()("toast.undone"))
    state.select(decided.id)


def _made() -> list[Undoable]:
    made: list[Undoable] = st.session_state.get(_MADE, [])
    return made


def _forget(item_id: ItemId) -> None:
    st.session_state[_MADE] = [one for one in _made() if one.item_id != item_id]


def take_back_all(items: tuple[ItemId, ...]) -> int:
    """Take several decisions back; return how many could be."""
    undone = 0
    for item_id in items:
        _forget(item_id)
        try:
            brand_id = workspace().review.item(item_id).brand_id
            workspace().review.undo(item_id, require_reviewer(brand_id).person)
        except PortevoixError:
            # It has left: it is counted as not undone, and its item says so.
            continue
        undone += 1
    return undone
