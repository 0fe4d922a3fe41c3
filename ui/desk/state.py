"""The screen's state: which item, which text, which dialog; and what is true of the text on screen.

A decision is about one `Screen`: an item, its version and the revision of the texts shown. Every
change of the texts that the person did not type makes a new revision, so that a key pressed on
an old screen can never decide a text that had not been read.
"""

from dataclasses import dataclass
from enum import StrEnum

import streamlit as st

from agent.domain.base import nfc
from agent.domain.drafts import Draft, text_sha256
from agent.domain.ids import ItemId
from agent.domain.messages import Surface
from agent.domain.reviews import ReviewItem

ITEM = "desk_item"
ITEM_PARAMETER = "item"
"""The item on screen, in the page's address."""
DIALOG = "desk_dialog"
REASON_MISSING = "desk_reason_missing"
NOTICE = "desk_notice"
ROWS = "desk_rows"
HELD = "desk_held"
"""The items of the list on screen that a colleague has."""
_REVISION = "desk_revision"
_BASE = "desk_base"
_KEPT = "desk_kept"
_SAID = "desk_said"


class Dialog(StrEnum):
    """The dialogs of the desk; while one is open no other key acts."""

    REJECT = "reject"
    ESCALATE = "escalate"
    MODERATE = "moderate"
    SNOOZE = "snooze"
    OVERRIDE = "override"
    REWRITE = "rewrite"
    INSERT = "insert"
    ASSIGN = "assign"
    BULK = "bulk"


@dataclass(frozen=True)
class Screen:
    """What a person was looking at when they pressed a key."""

    item_id: ItemId
    version: int
    revision: int

    def text_key(self, surface: Surface) -> str:
        """Return the session key of the editor of one surface."""
        return f"text_{surface.value}_{self.item_id}_{self.revision}"

    def text(self, surface: Surface) -> str | None:
        """Return the text on screen, or None: there is none on this surface."""
        text = nfc(str(st.session_state.get(self.text_key(surface)) or ""))
        return text if text.strip() else None

    @property
    def public(self) -> str | None:
        return self.text(Surface.PUBLIC)

    @property
    def private(self) -> str | None:
        return self.text(Surface.PRIVATE)

    @property
    def sha256(self) -> str:
        """The hash of the texts on screen."""
        return text_sha256(self.public, self.private)

    @property
    def is_filled(self) -> bool:
        """Whether the session still holds the texts of this screen, be they empty."""
        return all(self.text_key(s) in st.session_state for s in (Surface.PUBLIC, Surface.PRIVATE))

    @property
    def is_current(self) -> bool:
        """Whether nothing but the person's typing has changed the texts since."""
        return st.session_state.get(ITEM) == self.item_id and self.revision == _revision()


@dataclass(frozen=True)
class Notice:
    """A message to the person, over the item; `kind` is a locale key under `notice.`."""

    kind: str
    about: str = ""
    tone: str = "warn"
    can_redraft: bool = False


def selected() -> ItemId | None:
    """Return the item on screen."""
    return st.session_state.get(ITEM)


def select(item_id: ItemId | None) -> None:
    """Show another item; what was written on this one is kept for when the person returns."""
    if item_id != st.session_state.get(ITEM):
        _keep_texts()
        st.session_state[ITEM] = item_id
        st.session_state.pop(_BASE, None)
        if item_id is None:
            # Else the page would open again what its address names.
            st.query_params.pop(ITEM_PARAMETER, None)
        close_dialog()


def open_screen(item: ReviewItem) -> Screen:
    """Return the screen of `item`, its editors filled at the first sight of this draft."""
    texts = proposed_texts(item)
    base = (item.id, text_sha256(*texts))
    screen = Screen(item.id, item.version, _revision())
    if st.session_state.get(_BASE) != base or not screen.is_filled:
        st.session_state[_BASE] = base
        replace_texts(item.id, *_kept().get(base, texts))
        screen = Screen(item.id, item.version, _revision())
    # An editor that another page does not draw loses its text: it is found here again.
    _kept()[base] = (screen.public, screen.private)
    return screen


def proposed_texts(item: ReviewItem) -> tuple[str | None, str | None]:
    """Return the texts to begin with: what a first person approved, else the agent's draft."""
    proposed = item.first_approval or item.outcome.draft
    return proposed.public, proposed.private


def replace_texts(item_id: ItemId, public: str | None, private: str | None) -> None:
    """Put other texts on screen, as a new revision."""
    st.session_state[_REVISION] = _revision() + 1
    screen = Screen(item_id, 0, _revision())
    st.session_state[screen.text_key(Surface.PUBLIC)] = public or ""
    st.session_state[screen.text_key(Surface.PRIVATE)] = private or ""


def is_edited(screen: Screen, draft: Draft) -> bool:
    """Whether the texts on screen are not the draft's."""
    return screen.sha256 != text_sha256(draft.public, draft.private)


def open_dialog(dialog: Dialog) -> None:
    """Open a dialog at the next run."""
    st.session_state[DIALOG] = dialog


def close_dialog() -> None:
    """Close the dialog, if any."""
    st.session_state.pop(DIALOG, None)
    st.session_state.pop(REASON_MISSING, None)


def dialog() -> Dialog | None:
    """Return the open dialog."""
    return st.session_state.get(DIALOG)


def notify(notice: Notice) -> None:
    """Show a notice over the item until the next action."""
    st.session_state[NOTICE] = notice


def say(text: str) -> None:
    """Say something in passing at the next run: a callback of a fragment may not draw itself."""
    st.session_state[_SAID] = text


def take_said() -> str | None:
    """Return what is to be said, once."""
    said: str | None = st.session_state.pop(_SAID, None)
    return said


def take_notice() -> Notice | None:
    """Return the notice to show, if any."""
    return st.session_state.get(NOTICE)


def clear_notice() -> None:
    """Forget the notice."""
    st.session_state.pop(NOTICE, None)


def _revision() -> int:
    return int(st.session_state.get(_REVISION, 0))


def _kept() -> dict[tuple[ItemId, str], tuple[str | None, str | None]]:
    kept: dict[tuple[ItemId, str], tuple[str | None, str | None]]
    kept = st.session_state.setdefault(_KEPT, {})
    return kept


def keep_decided_texts(item: ReviewItem, public: str | None, private: str | None) -> None:
    """Put the texts of a decision that was taken back on screen when its item is shown."""
    base = (item.id, text_sha256(*proposed_texts(item)))
    _kept()[base] = (public, private)
    if st.session_state.get(_BASE) == base:
        st.session_state.pop(_BASE)


def _keep_texts() -> None:
    base = st.session_state.get(_BASE)
    if base is not None:
        screen = Screen(base[0], 0, _revision())
        _kept()[base] = (screen.public, screen.private)


def forget_texts(item_id: ItemId) -> None:
    """Drop what was written on an item: it is decided, or its draft is to be seen again."""
    st.session_state[_KEPT] = {b: t for b, t in _kept().items() if b[0] != item_id}
    if (st.session_state.get(_BASE) or ("",))[0] == item_id:
        st.session_state.pop(_BASE)
