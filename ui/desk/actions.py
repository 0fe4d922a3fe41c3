"""What keys and buttons do: each names the screen it was pressed on, and reads the text then.

The arguments a callback gets are those of the run that drew its button: they may say *which*
screen it was, never *what* was written on it. The texts are read from the session at call time,
and an action on a screen that has changed since is refused.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec

import streamlit as st

from agent.domain.channels import ModerationAction
from agent.domain.errors import (
    AlreadyDecided,
    BlockedByChecks,
    ClaimedByOther,
    IncompleteDecision,
    NotAllowed,
    NotFound,
    PortevoixError,
    SecondApproverNeeded,
    StaleItem,
    TextMismatch,
)
from agent.domain.ids import ItemId, TeamId
from agent.domain.reviews import (
    Decide,
    DecisionKind,
    RejectionReason,
    Reviewer,
    ReviewItem,
    ReviewStatus,
)
from ui.desk import posts, state, undo
from ui.desk.checking import is_blocked, live_reports
from ui.desk.language import words
from ui.desk.session import require_reviewer
from ui.desk.state import Dialog, Notice, Screen
from ui.desk.workspace import workspace

P = ParamSpec("P")
PLACEHOLDER_RULES = frozenset({"redaction.placeholder", "text.control_characters"})
"""Rules that no reason overrides: the text itself must be mended."""


def on_screen(
    action: Callable[Concatenate[Screen, P], None],
) -> Callable[Concatenate[Screen, P], None]:
    """Run an action only on the screen it was pressed on, and turn its errors into notices."""

    @wraps(action)
    def guarded(screen: Screen, /, *args: P.args, **kwargs: P.kwargs) -> None:
        state.clear_notice()
        if not screen.is_current:
            state.notify(Notice("changed_under_key"))
            return
        try:
            action(screen, *args, **kwargs)
        except PortevoixError as error:
            state.notify(_notice(error))

    return guarded


def _notice(error: PortevoixError) -> Notice:
    match error:
        case AlreadyDecided():
            decision = words().get(f"decision.{error.decision}", error.decision)
            return Notice("already_decided", f"{error.by} · {decision}")
        case ClaimedByOther():
            return Notice("claimed", error.by)
        case TextMismatch():
            return Notice("mismatch", tone="danger")
        case StaleItem():
            return Notice("stale", can_redraft=True)
        case BlockedByChecks():
            kind = "placeholder" if PLACEHOLDER_RULES & set(error.rules) else "blocked"
            return Notice(kind, tone="danger")
        case IncompleteDecision():
            return Notice("incomplete")
        case SecondApproverNeeded():
            return Notice("second_needed")
        case NotAllowed():
            return Notice("not_allowed", tone="danger")
        case NotFound():
            return Notice("not_found", tone="danger")
    return Notice("failed", str(error), tone="danger")


def _reviewer(item: ReviewItem) -> Reviewer:
    return require_reviewer(item.brand_id).person


@on_screen
def approve(screen: Screen) -> None:
    """Approve the texts on screen; a blocking check asks for a reason first."""
    if state.dialog() is not None:
        return
    if screen.public is None and screen.private is None:
        state.notify(Notice("nothing_to_approve"))
        return
    if is_blocked(live_reports(screen)):
        state.open_dialog(Dialog.OVERRIDE)
        return
    _approve(screen, "")


@on_screen
def approve_despite(screen: Screen, reason_key: str) -> None:
    """Approve against a blocking check; without a reason nothing happens."""
    reason = _written(reason_key)
    if not reason:
        st.session_state[state.REASON_MISSING] = True
        return
    _approve(screen, reason)


def _approve(screen: Screen, override_reason: str) -> None:
    item = workspace().review.item(screen.item_id)
    edited = state.is_edited(screen, item.outcome.draft)
    _decide(
        screen,
        DecisionKind.EDIT if edited else DecisionKind.APPROVE,
        public=screen.public,
        private=screen.private,
        shown_sha256=screen.sha256,
        override_reason=override_reason,
    )


@on_screen
def reject(screen: Screen, reason_key: str, note_key: str) -> None:
    """Reject the draft for the reason chosen in the dialog."""
    reason = RejectionReason(st.session_state[reason_key])
    _decide(screen, DecisionKind.REJECT, reason=reason, note=_written(note_key))


@on_screen
def escalate(screen: Screen, team_key: str, note_key: str) -> None:
    """Hand the message to the team chosen in the dialog."""
    team = TeamId(st.session_state[team_key])
    _decide(screen, DecisionKind.ESCALATE, team=team, note=_written(note_key))


@on_screen
def moderate(screen: Screen, rule_key: str, action_key: str, note_key: str) -> None:
    """Moderate under the charter rule chosen in the dialog."""
    _decide(
        screen,
        DecisionKind.MODERATE,
        charter_rule=str(st.session_state[rule_key]),
        moderation=ModerationAction(st.session_state[action_key]),
        note=_written(note_key),
    )


@on_screen
def no_reply(screen: Screen, note_key: str = "") -> None:
    """Close the message without an answer."""
    _decide(screen, DecisionKind.NO_REPLY, note=_written(note_key) if note_key else "")


@on_screen
def snooze(screen: Screen, until: datetime) -> None:
    """Put the message aside until `until`."""
    item = workspace().review.item(screen.item_id)
    following = _following(screen.item_id)
    workspace().review.snooze(screen.item_id, _reviewer(item), until)
    state.say(words()("toast.snoozed"))
    state.select(following)


@on_screen
def assign(screen: Screen, person_key: str) -> None:
    """Give the message to the person chosen in the dialog, or to nobody in particular."""
    review = workspace().review
    item = review.item(screen.item_id)
    chosen = str(st.session_state[person_key])
    to = next((one for one in review.deciders(item.brand_id) if one.id == chosen), None)
    by = _reviewer(item)
    review.assign(screen.item_id, by, to)
    state.close_dialog()
    state.say(words()("toast.assigned", name=to.name) if to else words()("toast.unassigned"))
    if to is not None and to.id != by.id:
        state.select(_following(screen.item_id))


@on_screen
def ask(screen: Screen, dialog: Dialog) -> None:
    """Open a dialog about this screen."""
    if state.dialog() is None:
        state.open_dialog(dialog)


@on_screen
def recompose(screen: Screen, passage_id: str) -> None:
    """Replace the texts by the draft made from one passage; the first draft stays one key away."""
    if state.dialog() is None:
        draft = workspace().review.recompose(screen.item_id, passage_id)
        state.replace_texts(screen.item_id, draft.public, draft.private)


@on_screen
def restore(screen: Screen) -> None:
    """Put the agent's own draft back on screen."""
    if state.dialog() is None:
        draft = workspace().review.item(screen.item_id).outcome.draft
        state.replace_texts(screen.item_id, draft.public, draft.private)


@on_screen
def redraft(screen: Screen) -> None:
    """Draft a stale item again, from the message and guideline as they are now."""
    item = workspace().review.item(screen.item_id)
    state.forget_texts(screen.item_id)
    workspace().intake.redraft(screen.item_id, _reviewer(item))
    state.say(words()("toast.redrafted"))


@on_screen
def apply_fix(screen: Screen, public: str | None, private: str | None) -> None:
    """Put mended texts on screen."""
    if state.dialog() is None:
        state.replace_texts(screen.item_id, public, private)


def _decide(screen: Screen, kind: DecisionKind, **given: object) -> None:
    review = workspace().review
    item = review.item(screen.item_id)
    # A reply to post by hand stays on screen: its text is to be copied there.
    stays = kind.status is ReviewStatus.APPROVED and posts.is_manual(item)
    following = screen.item_id if stays else _following(screen.item_id)
    command = {"item_id": screen.item_id, "version": screen.version, "kind": kind, **given}
    made = review.decide(Decide.model_validate({**command, "by": _reviewer(item)}))
    state.close_dialog()
    state.forget_texts(screen.item_id)
    state.say(words()("toast.approved_first" if made.is_first_of_two else f"toast.{kind.value}"))
    undo.remember(made)
    state.select(following)


def _following(item_id: ItemId) -> ItemId | None:
    """Return the next item that no colleague has, else the one before; held ones come last."""
    ids: list[ItemId] = list(st.session_state.get(state.ROWS, ()))
    held: set[ItemId] = st.session_state.get(state.HELD, set())
    at = ids.index(item_id) if item_id in ids else -1
    in_turn = ids[at + 1 :] + ids[: max(at, 0)][::-1]
    return min(in_turn, key=lambda one: one in held, default=None)


def move(step: int) -> None:
    """Show the next (1) or the previous (-1) item of the list on screen."""
    ids: list[ItemId] = list(st.session_state.get(state.ROWS, ()))
    if state.dialog() is not None or not ids:
        return
    current = state.selected()
    at = ids.index(current) + step if current in ids else 0
    if 0 <= at < len(ids):
        open_item(ids[at])


def open_item(item_id: ItemId | None) -> None:
    """Show an item and let go of the one before."""
    release_current()
    state.clear_notice()
    state.select(item_id)


def release_current() -> None:
    """Give back the claim on the item on screen, if it is ours."""
    current = state.selected()
    if current is None:
        return
    try:
        item = workspace().review.item(current)
        if item.lease is not None and item.status.is_open:
            workspace().review.release(current, _reviewer(item))
    except PortevoixError:
        # Somebody else has it or has decided: there is nothing of ours to give back.
        return


def _written(key: str) -> str:
    return str(st.session_state.get(key) or "").strip()
