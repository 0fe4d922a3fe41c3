"""What is done to the text on screen from a dialog: drafted again, or an approved text put in.

As in `ui.desk.actions`: an action names the screen it was asked on, and reads the rest then.
"""

from collections.abc import Callable
from typing import Concatenate, ParamSpec

import streamlit as st

from agent.domain.desk import SavedReply
from agent.domain.errors import PortevoixError
from agent.domain.ids import ReplyId
from agent.domain.messages import Surface
from agent.domain.reviews import ReviewItem
from knowledge.passages import Language
from ui.desk import actions, state
from ui.desk.language import words
from ui.desk.session import require_reviewer
from ui.desk.state import Screen
from ui.desk.workspace import pack_of, workspace

P = ParamSpec("P")
PROBLEM = "desk_editing_problem"
"""What keeps the open dialog from doing what was asked."""


def problem() -> str:
    """Return what went wrong in the open dialog, or ""."""
    return str(st.session_state.get(PROBLEM) or "")


def forget_problem() -> None:
    """Forget what went wrong in a dialog that is opened anew."""
    st.session_state.pop(PROBLEM, None)


def _in_dialog(
    action: Callable[Concatenate[Screen, P], None],
) -> Callable[Concatenate[Screen, P], None]:
    """Run an action on its own screen only; an error stays in the dialog, with what was written."""

    def guarded(screen: Screen, /, *args: P.args, **kwargs: P.kwargs) -> None:
        forget_problem()
        if not screen.is_current:
            st.session_state[PROBLEM] = words()("notice.changed_under_key.mend")
            return
        try:
            action(screen, *args, **kwargs)
        except PortevoixError as error:
            st.session_state[PROBLEM] = _told(error)

    return guarded


def _told(error: PortevoixError) -> str:
    """Return the desk's words for an error, its own where there are none."""
    return words().get(f"editing.{type(error).__name__}", str(error))


@_in_dialog
def rewrite(screen: Screen, note_key: str) -> None:
    """Have the draft made again as the note in the dialog asks."""
    note = _written(note_key)
    if not note:
        st.session_state[PROBLEM] = words()("dialog.rewrite.missing")
        return
    before = workspace().review.item(screen.item_id)
    by = require_reviewer(before.brand_id).person
    after = workspace().rewriting.rewrite(screen.item_id, note, (screen.public, screen.private), by)
    state.close_dialog()
    is_same = _texts(before) == _texts(after)
    state.say(words()("toast.rewritten_not" if is_same else "toast.rewritten"))
    if not is_same:
        state.forget_texts(screen.item_id)


def _texts(item: ReviewItem) -> tuple[str | None, str | None]:
    return item.outcome.draft.public, item.outcome.draft.private


@_in_dialog
def insert(screen: Screen, text: str, surface: Surface, *, replaces: bool) -> None:
    """Put an approved text into one of the texts on screen, before the sign-off, or alone."""
    item = workspace().review.item(screen.item_id)
    texts = {s: screen.text(s) for s in (Surface.PUBLIC, Surface.PRIVATE)}
    before = texts[surface]
    joined = text if replaces or before is None else joined_text(before, text, _sign_offs(item))
    texts[surface] = joined
    state.close_dialog()
    state.replace_texts(screen.item_id, texts[Surface.PUBLIC], texts[Surface.PRIVATE])
    state.say(words()("toast.inserted"))


def joined_text(before: str, added: str, sign_offs: tuple[str, ...]) -> str:
    """Return `before` with `added` at its end; a sign-off stays last."""
    body = before.rstrip()
    for sign_off in sign_offs:
        if sign_off and body.endswith(sign_off):
            head = body.removesuffix(sign_off)
            gap = head[len(head.rstrip()) :]
            return f"{head.rstrip()}\n\n{added}{gap or chr(10)}{sign_off}"
    return f"{body}\n\n{added}"


def _sign_offs(item: ReviewItem) -> tuple[str, ...]:
    pack = pack_of(item.brand_id)
    if pack is None:
        return ()
    return pack.policy.mechanics.sign_offs.get(item.outcome.triage.language, ())


@_in_dialog
def keep(screen: Screen, title_key: str, body_key: str, lang: Language) -> None:
    """Keep a text under a title, for everybody of the brand."""
    item = workspace().review.item(screen.item_id)
    by = require_reviewer(item.brand_id).person
    workspace().saved_replies.add(item.brand_id, lang, _written(title_key), _written(body_key), by)
    st.session_state.pop(title_key, None)


@_in_dialog
def mend(screen: Screen, reply: SavedReply, title_key: str, body_key: str) -> None:
    """Change a saved reply."""
    by = require_reviewer(reply.brand_id).person
    workspace().saved_replies.change(reply.id, _written(title_key), _written(body_key), by)


@_in_dialog
def discard(screen: Screen, reply_id: ReplyId, brand_id: str) -> None:
    """Delete a saved reply."""
    workspace().saved_replies.remove(reply_id, require_reviewer(brand_id).person)


def ask(screen: Screen, dialog: state.Dialog) -> None:
    """Open one of these dialogs."""
    forget_problem()
    actions.ask(screen, dialog)


def _written(key: str) -> str:
    return str(st.session_state.get(key) or "").strip()
