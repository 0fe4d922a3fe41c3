"""What a person does with an escalation: one transaction each, refused in words they can act on."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from agent.domain.errors import IncompleteDecision, NotAllowed, NotFound, StaleItem, StoreError
from agent.domain.handoffs import Handoff
from agent.domain.ids import BrandId, DecisionId
from agent.domain.reviews import Reviewer
from ui.desk import state
from ui.desk.language import words
from ui.desk.session import require_reviewer
from ui.desk.workspace import workspace

_REFUSED = "escalation_refused"
_REASONS = (
    (StaleItem, "stale"),
    (StoreError, "stale"),
    (IncompleteDecision, "note"),
    (NotAllowed, "closed"),
    (NotFound, "gone"),
)


@dataclass(frozen=True)
class OnScreen:
    """The escalation a button belongs to, as it was when the button was drawn."""

    id: DecisionId
    version: int
    brand_id: BrandId

    @classmethod
    def of(cls, handoff: Handoff) -> "OnScreen":
        """Return what is on screen."""
        return cls(handoff.id, handoff.version, handoff.brand_id)

    @property
    def note_key(self) -> str:
        """The session key of the note."""
        return f"handoff_note_{self.id}"


def take(shown: OnScreen) -> None:
    """Take it."""
    _do(shown, "taken", lambda by: workspace().escalations.take(shown.id, shown.version, by))


def release(shown: OnScreen) -> None:
    """Leave it to the team."""
    _do(shown, "released", lambda by: workspace().escalations.release(shown.id, shown.version, by))


def finish(shown: OnScreen) -> None:
    """Record that the team has answered."""
    note = str(st.session_state.get(shown.note_key) or "")
    service = workspace().escalations
    _do(shown, "done", lambda by: service.finish(shown.id, shown.version, by, note))


def hand_back(shown: OnScreen) -> None:
    """Put the message into the queue again."""
    note = str(st.session_state.get(shown.note_key) or "")
    service = workspace().escalations
    _do(shown, "returned", lambda by: service.hand_back(shown.id, shown.version, by, note))


def take_refusal() -> str | None:
    """Return why the last action changed nothing, once: the end of a locale key."""
    refused: str | None = st.session_state.pop(_REFUSED, None)
    return refused


def _do(shown: OnScreen, said: str, change: Callable[[Reviewer], Handoff]) -> None:
    try:
        change(require_reviewer(shown.brand_id).person)
    except tuple(kind for kind, _ in _REASONS) as error:
        st.session_state[_REFUSED] = next(n for kind, n in _REASONS if isinstance(error, kind))
        return
    state.say(words()(f"escalations.said.{said}"))
