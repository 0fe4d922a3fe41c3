"""The middle pane: one message, why it is here, the texts proposed, and the decisions."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

import streamlit as st

from agent.domain.brand import BrandPack
from agent.domain.messages import Surface
from agent.domain.people import SignedIn
from agent.domain.reviews import Reviewer, ReviewItem
from ui.components import linked_words
from ui.desk import state
from ui.desk.checking import live_reports
from ui.desk.masking import masked
from ui.desk.state import Notice, Screen
from ui.desk.workspace import pack_of, workspace, zone_of
from ui.locales import Words
from ui.views.action_bar import action_bar, walk_buttons
from ui.views.decided import decided_panel
from ui.views.editor import editors, shown_surfaces
from ui.views.notices import notice_bar, seconding_bar
from ui.views.preview import under_editors
from ui.widgets.attachments import attachments_html
from ui.widgets.author import author_html
from ui.widgets.badges import item_badges
from ui.widgets.draft_marks import editor_marks
from ui.widgets.hand_back import hand_back_html
from ui.widgets.markup import row, tag
from ui.widgets.message import author_line, evidence_of, message_html, thread_html
from ui.widgets.removed import removed_html
from ui.widgets.triage import notes_html, triage_html

ORIGINAL, REVEALED = "desk_original", "desk_revealed"


def item_pane(
    item: ReviewItem, person: SignedIn, now: datetime, words: Words, *, may_decide: bool
) -> Screen:
    """Draw the item; return the screen that every action on it names."""
    screen = state.open_screen(item)
    pack = pack_of(item.brand_id)
    with st.container(key="pane_item"):
        blocked = _standing(item, person.person, screen, now, words)
        with st.container(key="item_head", horizontal=True, vertical_alignment="center"):
            st.html(row([item_badges(item, pack, now, words)]))
            walk_buttons(screen, words)
        returned = hand_back_html(item, pack, words, zone_of(item.brand_id))
        if returned:
            st.html(returned)
        _message(item, pack, now, words)
        st.html(triage_html(item.outcome.triage, words, is_hidden=is_blurred(item)))
        notes = notes_html(item.outcome.draft, words)
        if notes:
            st.html(notes)
        if not item.status.is_open:
            linked_words(())
            decided_panel(item, person, words)
            return screen
        can_decide = may_decide and not blocked
        editors(item, screen, words, is_enabled=can_decide)
        surfaces = shown_surfaces(item, screen)
        under_editors(item, screen, surfaces, words, is_blurred=is_blurred(item))
        linked_words(_marks(screen, surfaces))
    with st.container(key="pane_actions"):
        action_bar(screen, words, is_enabled=can_decide)
    return screen


def _standing(item: ReviewItem, me: Reviewer, screen: Screen, now: datetime, words: Words) -> bool:
    """Say what stands in the way of deciding; return whether something does."""
    pending = state.take_notice()
    if pending:
        notice_bar(pending, screen, words)
    if not item.status.is_open:
        decided = item.decision
        by = decided.by.name if decided else ""
        what = words(f"decision.{decided.kind.value}") if decided else ""
        if not pending:
            notice_bar(Notice("closed", f"{by} · {what}", "plain"), screen, words)
        return True
    if item.lease and item.lease.by.id != me.id and item.lease.until > now:
        until = item.lease.until.astimezone(zone_of(item.brand_id))
        held = Notice("held", f"{item.lease.by.name} ({until:%H:%M})", "accent")
        notice_bar(held, screen, words)
        return True
    seconding_bar(item, me, screen, words)
    if item.stale_because and not (pending and pending.can_redraft):
        because = words.get(f"stale.{item.stale_because}", item.stale_because)
        notice_bar(Notice("stale_because", because, can_redraft=True), screen, words)
    return bool(item.stale_because)


def is_blurred(item: ReviewItem) -> bool:
    """Whether the message is abusive and the person has not asked to read it."""
    return item.outcome.triage.is_toxic and st.session_state.get(REVEALED) != item.id


def _marks(screen: Screen, surfaces: Sequence[Surface]) -> list[dict[str, Any]]:
    reports = dict(zip((Surface.PUBLIC, Surface.PRIVATE), live_reports(screen), strict=True))
    return [editor_marks(screen.text_key(s), screen.text(s) or "", s, reports[s]) for s in surfaces]


def _message(item: ReviewItem, pack: BrandPack | None, now: datetime, words: Words) -> None:
    outcome = item.outcome
    original = st.session_state.get(ORIGINAL) == item.id
    if outcome.message.thread:
        names = _brand_names(pack)
        zone = zone_of(item.brand_id)
        mask = None if original else partial(masked, item.brand_id)
        st.html(thread_html(outcome.message.thread, names, words, zone, mask=mask))
    body = author_line(item, words, now, original=original) + message_html(
        outcome.redaction,
        evidence_of(outcome.triage),
        words,
        original=original,
    )
    body += removed_html(outcome.purged.message_at, words)
    body += attachments_html(
        outcome.message.attachments,
        words,
        original=original,
        links=_may_link(pack, outcome.message.channel),
    )
    is_hidden = is_blurred(item)
    with st.container(key="message"):
        st.html(tag("div", body, "pv-bubble pv-theirs" + (" pv-blur" if is_hidden else "")))
        _view_buttons(item, words, original=original, is_hidden=is_hidden)
    history = workspace().history.of_author(item.id)
    name = outcome.message.author if original else None
    wrote = author_html(history, words, now, name=name)
    if wrote:
        st.html(wrote)


def _may_link(pack: BrandPack | None, channel: str) -> bool:
    policy = pack.policy.channels.get(channel) if pack else None
    return policy is not None and policy.attachment_links


def _brand_names(pack: BrandPack | None) -> frozenset[str]:
    if pack is None:
        return frozenset()
    identity = pack.policy.brand
    return frozenset(n.casefold() for n in (identity.id, identity.name, *identity.also_known_as))


def _view_buttons(item: ReviewItem, words: Words, *, original: bool, is_hidden: bool) -> None:
    is_free = state.dialog() is None
    with st.container(key="message_tools", horizontal=True, gap="small"):
        if is_hidden:
            st.button(
                words("message.reveal"),
                key="reveal",
                help=words("message.reveal_help"),
                on_click=_remember,
                args=(REVEALED, item.id),
            )
        st.button(
            words("message.show_redacted" if original else "message.show_original"),
            key="original",
            type="tertiary",
            shortcut="v" if is_free else None,
            on_click=_remember,
            args=(ORIGINAL, None if original else item.id),
        )


def _remember(key: str, value: str | None) -> None:
    st.session_state[key] = value
