"""The queue page: the list, the item and what stands behind its draft, in three panes."""

from contextlib import suppress
from datetime import datetime, timedelta

import streamlit as st

from agent.domain.errors import AlreadyDecided, ClaimedByOther, NotFound
from agent.domain.ids import ItemId
from agent.domain.people import SignedIn
from agent.domain.reviews import QueuePage, QueueQuery, ReviewItem, ReviewStatus
from ui.components import chosen_row, keyboard_guard, queue_list
from ui.desk import actions, state
from ui.desk.language import PARAMETER, words
from ui.desk.query import MOST, PAGE, Filters, View
from ui.desk.seen import (
    COUNTED,
    SeenCounts,
    seen_counts,
    visible_brands,
    visible_page,
    visible_size,
)
from ui.desk.session import who
from ui.desk.workspace import workspace
from ui.locales import Words
from ui.views.action_bar import DECISION_KEYS
from ui.views.bulk import bulk_button, bulk_kind, bulk_page
from ui.views.dialogs import open_dialog_if_any
from ui.views.editor import SELECTOR
from ui.views.evidence import evidence_pane
from ui.views.filters import filter_panel
from ui.views.help import key_rows
from ui.views.item import item_pane
from ui.views.saved import open_default_view
from ui.views.undo_bar import undo_bar
from ui.widgets.markup import esc, tag
from ui.widgets.rows import list_data

_LIMIT = "desk_limit"
_COUNTS = "desk_counts"
_JUST_DRAWN = "desk_just_drawn"
POLL = "10s"
RENEW_BEFORE = timedelta(minutes=3)
"""A claim of ours that ends sooner is renewed while the item is on screen."""


def queue_page(person: SignedIn) -> None:
    """Draw the page."""
    open_default_view(person)
    text, now = words(), workspace().clock.now()
    filters = Filters.from_url(st.query_params)
    kind = bulk_kind()
    if kind is not None:
        bulk_page(filters, kind, person, text)
        _finish(text)
        return
    counts = st.session_state[_COUNTS] = seen_counts(person)
    query, page = _page(filters, person, now)
    st.session_state[state.ROWS] = [row.id for row in page.rows]
    st.session_state[state.HELD] = {
        row.id for row in page.rows if row.claimed_by not in {None, person.person.name}
    }
    item = _item_to_show(page, person)
    left, middle, right = st.columns([0.25, 0.44, 0.31], gap="small")
    with left:
        _list_pane(filters, query, page, counts, item, person, text)
    if item is None:
        with middle:
            _nothing_to_show(filters, text)
    else:
        _show(item, person, now, text, (middle, right))
    _finish(text)
    _write_url(filters, item)
    st.session_state[_JUST_DRAWN] = True
    _listen(person)


def _page(filters: Filters, person: SignedIn, now: datetime) -> tuple[QueueQuery, QueuePage]:
    """Return the list to show; it grows when its last item is reached, so that a walk goes on."""
    query = filters.to_query(person.person.id, _limit(), now)
    page = visible_page(query, person)
    if page.next and _limit() < MOST and page.rows[-1].id == state.selected():
        _show_more()
        return _page(filters, person, now)
    return query, page


def _finish(text: Words) -> None:
    """Draw what every form of the page has: the last decision to undo, and the keys."""
    undo_bar(text)
    sheet = {"title": text("help.keys"), "close": text("help.close"), "rows": key_rows(text)}
    keyboard_guard(DECISION_KEYS, SELECTOR, sheet)


@st.fragment(run_every=POLL)
def _listen(person: SignedIn) -> None:
    """Draw the page again when the queue has changed meanwhile; never under an open dialog."""
    if st.session_state.pop(_JUST_DRAWN, False):
        return
    counts = None if who() is None else seen_counts(person)
    before = st.session_state.get(_COUNTS, counts)
    st.session_state[_COUNTS] = counts
    if counts != before and state.dialog() is None:
        st.rerun()


def _show(
    item: ReviewItem,
    person: SignedIn,
    now: datetime,
    text: Words,
    places: tuple[st.delta_generator.DeltaGenerator, st.delta_generator.DeltaGenerator],
) -> None:
    may_decide = person.may_decide(item.brand_id)
    with places[0]:
        screen = item_pane(item, person, now, text, may_decide=may_decide)
    with places[1]:
        is_mine = item.lease is not None and item.lease.by.id == person.person.id
        if item.status.is_open:
            evidence_pane(item, screen, text, is_enabled=may_decide and is_mine)
    open_dialog_if_any(item, screen, now, text)


def _limit() -> int:
    return int(st.session_state.get(_LIMIT, PAGE))


def _item_to_show(page: QueuePage, person: SignedIn) -> ReviewItem | None:
    """Return the chosen item, else the one of the URL, else the first; claimed if it can be."""
    asked = st.query_params.get(state.ITEM_PARAMETER)
    wanted = state.selected() or (ItemId(asked) if asked else None)
    wanted = wanted or (page.rows[0].id if page.rows else None)
    if wanted is None:
        return None
    try:
        item = workspace().review.item(wanted)
    except NotFound:
        state.select(None)
        return None
    if person.role_for(item.brand_id) is None:
        state.select(None)
        return None
    state.select(item.id)
    return _claimed(item, person)


def _claimed(item: ReviewItem, person: SignedIn) -> ReviewItem:
    """Take the item so that nobody else works on it; whoever has it is shown instead."""
    is_shelved = item.status is ReviewStatus.SNOOZED or not item.status.is_open
    if is_shelved or not person.may_decide(item.brand_id):
        return item
    lease, soon = item.lease, workspace().clock.now() + RENEW_BEFORE
    if lease and lease.by.id == person.person.id and lease.until > soon:
        return item
    # Refused, the item is shown as it is: the page says who has it or what was decided.
    with suppress(ClaimedByOther, AlreadyDecided):
        workspace().review.claim(item.id, person.person)
    return workspace().review.item(item.id)


def _list_pane(
    filters: Filters,
    query: QueueQuery,
    page: QueuePage,
    counts: SeenCounts,
    item: ReviewItem | None,
    person: SignedIn,
    text: Words,
) -> None:
    with st.container(key="pane_list"):
        filter_panel(filters, counts, person, text)
        with st.container(key="list_head", horizontal=True, vertical_alignment="center"):
            st.html(tag("span", esc(_how_many(query, page, person, text)), "pv-hint"))
            bulk_button(person, text)
        if not page.rows:
            st.html(tag("div", esc(text("queue.none_here")), "pv-hint"))
        else:
            data = list_data(
                page.rows,
                item.id if item else None,
                workspace().clock.now(),
                text,
                brands=len(visible_brands(person)),
                me=person.person.name,
            )
            queue_list(data, _open_chosen)
        if page.next and _limit() < MOST:
            st.button(text("queue.more"), key="more", width="stretch", on_click=_show_more)


def _how_many(query: QueueQuery, page: QueuePage, person: SignedIn, text: Words) -> str:
    # The page may be longer than the first: what is beyond it was counted from the start.
    count = visible_size(query.model_copy(update={"after": None}), page, person)
    if count >= COUNTED:
        return text("queue.many", n=text.number(COUNTED))
    return text.count("queue.count", count)


def _open_chosen() -> None:
    chosen = chosen_row()
    if chosen and state.dialog() is None:
        actions.open_item(ItemId(chosen))


def _show_more() -> None:
    st.session_state[_LIMIT] = min(MOST, _limit() * 2)


def _nothing_to_show(filters: Filters, text: Words) -> None:
    kind = "filtered" if filters.narrowing or filters.q or filters.view != View.OPEN else "done"
    with st.container(key="empty"):
        st.html(
            tag("h2", esc(text(f"empty.{kind}.title")))
            + tag("p", esc(text(f"empty.{kind}.lead")))
            + tag("p", esc(text(f"empty.{kind}.next")), "pv-hint"),
        )


def _write_url(filters: Filters, item: ReviewItem | None) -> None:
    wanted = filters.to_url() | ({state.ITEM_PARAMETER: item.id} if item else {})
    lang = st.query_params.get(PARAMETER)
    kept = {PARAMETER: lang} if lang else {}
    if dict(st.query_params) != wanted | kept:
        st.query_params.from_dict(wanted | kept)
