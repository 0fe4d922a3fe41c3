"""Two dialogs about the text: ask for another draft, and put in an approved or a saved text."""

from dataclasses import dataclass
from datetime import date, datetime

import streamlit as st

from agent.domain.brand import Statement
from agent.domain.desk import SavedReply
from agent.domain.messages import Surface
from agent.domain.reviews import Reviewer, ReviewItem
from knowledge.passages import Language
from ui.desk import editing, state
from ui.desk.session import who
from ui.desk.state import Dialog, Screen
from ui.desk.workspace import pack_of, workspace, zone_of
from ui.locales import Words
from ui.views.saved_replies import change_reply, keep_reply
from ui.widgets.markup import esc, label_text, plain, tag

LABEL = 52
"""Characters of a text shown as its name in the list."""
FEW, LIST_HEIGHT = 4, 250
"""A longer list scrolls in its own frame, this many pixels high: the buttons stay in view."""
STATEMENTS, SAVED = "statements", "saved"


@dataclass(frozen=True)
class Choice:
    """One text that may be put in."""

    name: str
    about: str
    text: str
    reply: SavedReply | None = None


def writing_buttons(screen: Screen, words: Words, *, is_free: bool) -> None:
    """Draw the two buttons that open the dialogs."""
    for name, key, dialog in (("rewrite", "g", Dialog.REWRITE), ("insert", "i", Dialog.INSERT)):
        st.button(
            words(f"action.{name}"),
            key=f"{name}_{screen.item_id}_{screen.revision}",
            help=words(f"action_help.{name}"),
            type="tertiary",
            shortcut=key if is_free else None,
            disabled=not is_free,
            on_click=editing.ask,
            args=(screen, dialog),
        )


def rewrite_dialog(item: ReviewItem, screen: Screen, now: datetime, words: Words) -> None:
    """Ask for another draft in one's own words."""
    drafter = workspace().settings.models.drafter
    kind = "model" if drafter else "embedded"
    st.html(tag("p", esc(words(f"dialog.rewrite.{kind}")), "pv-hint"))
    if state.is_edited(screen, item.outcome.draft):
        st.html(tag("div", esc(words("dialog.rewrite.replaces")), "pv-note"))
    st.text_area(
        words("dialog.rewrite.note"),
        key="rewrite_note",
        height=96,
        max_chars=500,
        placeholder=words("dialog.rewrite.note_hint"),
        on_change="ignore",
    )
    _problem()
    with _buttons(words):
        done = _confirm("rewrite", words)
    if done:
        with st.spinner(words("dialog.rewrite.working")):
            editing.rewrite(screen, "rewrite_note")
        # A dialog is a fragment: the page behind it must be drawn again as well.
        st.rerun(scope="fragment" if editing.problem() else "app")


def insert_dialog(item: ReviewItem, screen: Screen, now: datetime, words: Words) -> None:
    """Choose an approved statement or a saved reply, and where it goes."""
    st.html(tag("p", esc(words("dialog.insert.lead")), "pv-hint"))
    kind = st.segmented_control(
        words("dialog.insert.kind"),
        [STATEMENTS, SAVED],
        key="insert_kind",
        default=STATEMENTS,
        required=True,
        format_func=lambda name: words(f"dialog.insert.{name}"),
        label_visibility="collapsed",
    )
    person = who()
    choices = (
        _statements(item, now.astimezone(zone_of(item.brand_id)).date(), words)
        if kind == STATEMENTS
        else _saved(item, words)
    )
    chosen = _chosen(choices, str(kind), words)
    if chosen is not None:
        st.html(tag("div", plain(chosen.text), "pv-card"))
        _put_in(item, screen, chosen, words)
    if kind == SAVED and person is not None:
        _manage(item, screen, chosen, person.person, words)
    _problem()


def _chosen(choices: list[Choice], kind: str, words: Words) -> Choice | None:
    if not choices:
        st.html(tag("p", esc(words(f"dialog.insert.no_{kind}")), "pv-note"))
        return None
    with st.container(height=LIST_HEIGHT if len(choices) > FEW else "content", key="insert_list"):
        at = st.radio(
            words("dialog.insert.text"),
            range(len(choices)),
            key=f"insert_choice_{kind}",
            format_func=lambda index: label_text(choices[index].name),
            captions=[label_text(choice.about) for choice in choices],
            label_visibility="collapsed",
        )
    return choices[at] if at < len(choices) else choices[0]


def _put_in(item: ReviewItem, screen: Screen, chosen: Choice, words: Words) -> None:
    surfaces = [Surface.PUBLIC, Surface.PRIVATE]
    own = item.outcome.message.surface
    where = st.segmented_control(
        words("dialog.insert.where"),
        [surface.value for surface in surfaces],
        key="insert_where",
        default=(own if own in surfaces else Surface.PUBLIC).value,
        required=True,
        format_func=lambda value: words(f"editor.{value}"),
    )
    surface = Surface(str(where))
    with _buttons(words):
        at_end = _confirm("insert", words)
        instead = st.button(words("dialog.insert.replace"), key="insert_replace")
    if at_end or instead:
        editing.insert(screen, chosen.text, surface, replaces=bool(instead))
        st.rerun()


def _statements(item: ReviewItem, day: date, words: Words) -> list[Choice]:
    """Return the statements in force today in the message's language, those for it first."""
    pack = pack_of(item.brand_id)
    triage = item.outcome.triage
    usable = [s for s in pack.statements if s.is_in_force(day)] if pack else []
    if triage.language is not Language.UNKNOWN:
        usable = [s for s in usable if s.lang is triage.language]
    usable.sort(key=lambda s: not set(s.categories) & triage.categories())
    return [Choice(_shortened(s.text), _about(s, words), s.text.strip()) for s in usable]


def _about(statement: Statement, words: Words) -> str:
    until = statement.valid_until
    valid = words("sources.until", day=words.day(until)) if until else words("sources.always")
    return f"{words(f'statement.{statement.kind.value}')} · {statement.approver} · {valid}"


def _saved(item: ReviewItem, words: Words) -> list[Choice]:
    kept = workspace().saved_replies.of(item.brand_id)
    lang = item.outcome.triage.language
    usable = [r for r in kept if lang is Language.UNKNOWN or r.lang is lang]
    return [
        Choice(reply.title, words("dialog.insert.owner", name=reply.owner.name), reply.body, reply)
        for reply in usable
    ]


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LABEL else line[: LABEL - 1].rstrip() + "…"


def _manage(
    item: ReviewItem, screen: Screen, chosen: Choice | None, me: Reviewer, words: Words
) -> None:
    if chosen is not None and chosen.reply is not None:
        change_reply(screen, chosen.reply, me, words)
    keep_reply(item, screen, words)


def _problem() -> None:
    if editing.problem():
        st.html(tag("div", esc(editing.problem()), "pv-note pv-edge-danger", role="alert"))


def _buttons(words: Words) -> st.delta_generator.DeltaGenerator:
    place = st.container(key="dialog_buttons", horizontal=True, horizontal_alignment="right")
    with place:
        left = st.button(words("dialog.cancel"), key="dialog_cancel", on_click=state.close_dialog)
    if left:
        st.rerun()
    return place


def _confirm(name: str, words: Words) -> bool:
    return st.button(
        words(f"dialog.{name}.confirm"), key="dialog_confirm", type="primary", shortcut="ctrl+enter"
    )
