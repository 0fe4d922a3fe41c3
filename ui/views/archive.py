"""The archive: what was decided, found by its words, with the complete trail of each reply."""

import json

import streamlit as st

from agent.domain.archives import ArchivePage, ArchiveRow
from agent.domain.errors import NotFound
from agent.domain.ids import ItemId
from agent.domain.messages import Surface
from agent.domain.people import SignedIn
from agent.domain.reviews import ReviewItem
from ui.components import chosen_row, linked_words, queue_list
from ui.desk import state
from ui.desk.language import PARAMETER, words
from ui.desk.searches import Search
from ui.desk.seen import visible_brands
from ui.desk.workspace import pack_of, workspace, zone_of
from ui.locales import Words
from ui.theme.sheets import style_sheet
from ui.views.archive_filters import archive_filters, show
from ui.views.decided import decided_panel
from ui.widgets.attachments import attachments_html
from ui.widgets.badges import STATUS_TONE
from ui.widgets.ledger import ledger_html, linked, source_numbers
from ui.widgets.markup import esc, row, tag
from ui.widgets.message import author_line, evidence_of, message_html
from ui.widgets.removed import removed_html
from ui.widgets.rows import list_data, row_data
from ui.widgets.sources import citable, sources_html
from ui.widgets.timeline import timeline_html
from ui.widgets.trail import chain_html, trail_html
from ui.widgets.triage import triage_html

ITEM_PARAMETER = "item"


def archive_page(person: SignedIn) -> None:
    """Draw the page."""
    style_sheet("measure.css")
    text = words()
    search = Search.from_url(st.query_params)
    page = _page(search, person)
    asked = st.query_params.get(ITEM_PARAMETER)
    item = _item(asked, person) if asked else _first(page, person)
    left, right = st.columns([0.3, 0.7], gap="small")
    with left, st.container(key="pane_list"):
        archive_filters(search, person, text)
        _list(page, item, text, brands=len(visible_brands(person)))
        _paging(search, page, text)
    with right:
        if item is not None:
            with st.container(key="pane_archive"):
                _detail(item, person, text)
        else:
            _nothing(text, is_asked=bool(asked), is_filtered=bool(search.to_url()))
    _write_url(search, item.id if item else asked)


def _page(search: Search, person: SignedIn) -> ArchivePage:
    brands = visible_brands(person)
    zone = zone_of(search.brand or next(iter(brands), ""))
    return workspace().archive.page(search.to_query(brands, zone))


def _first(page: ArchivePage, person: SignedIn) -> ReviewItem | None:
    return _item(page.rows[0].item.id, person) if page.rows else None


def _item(item_id: str, person: SignedIn) -> ReviewItem | None:
    """Return an item the person may see, whatever the list shows."""
    try:
        item = workspace().review.item(ItemId(item_id))
    except NotFound:
        return None
    return item if person.role_for(item.brand_id) is not None else None


def _list(page: ArchivePage, item: ReviewItem | None, text: Words, *, brands: int) -> None:
    if not page.rows:
        st.html(tag("div", esc(text("archive.none_found")), "pv-hint"))
        return
    now = workspace().clock.now()
    data = list_data([], item.id if item else None, now, text, brands=brands)
    queue_list(data | {"rows": [_line(one, text, brands=brands) for one in page.rows]}, _open)


def _line(one: ArchiveRow, text: Words, *, brands: int) -> dict[str, object]:
    now = workspace().clock.now()
    base = row_data(one.item, now, text, brands=brands)
    tone = STATUS_TONE.get(one.kind.status, "plain")
    network = text.get(f"channel.{one.item.channel}", one.item.channel)
    badges = [(network, "quiet"), (text(f"decision.{one.kind.value}"), tone)]
    if one.item.status is not one.kind.status:
        badges.append((text(f"status.{one.item.status.value}"), "warn"))
    if brands > 1:
        badges.append((one.item.brand_id, "plain"))
    badges.append((one.by, "quiet"))
    when = text.relative(one.decided_at, now)
    return base | {"due": when, "due_tone": "quiet", "badges": badges, "tone": "plain"}


def _paging(search: Search, page: ArchivePage, text: Words) -> None:
    with st.container(horizontal=True, key="archive_paging"):
        if search.after:
            st.button(
                text("archive.first"), key="archive_first", on_click=show, args=(search.having(),)
            )
        if page.next is not None:
            following = search.having(after=str(page.next))
            st.button(text("archive.older"), key="archive_next", on_click=show, args=(following,))


def _open() -> None:
    chosen = chosen_row()
    if chosen:
        st.query_params[ITEM_PARAMETER] = chosen


def _nothing(text: Words, *, is_asked: bool, is_filtered: bool) -> None:
    with st.container(key="empty"):
        if is_asked:
            st.html(tag("p", esc(text("archive.forbidden"))))
        elif not is_filtered:
            st.html(
                tag("h2", esc(text("archive.empty.title")))
                + tag("p", esc(text("archive.empty.lead")))
                + tag("p", esc(text("archive.empty.next")), "pv-hint")
            )


def _write_url(search: Search, item: str | None) -> None:
    lang = st.query_params.get(PARAMETER)
    wanted = search.to_url() | ({ITEM_PARAMETER: item} if item else {})
    wanted |= {PARAMETER: lang} if lang else {}
    if dict(st.query_params) != wanted:
        st.query_params.from_dict(wanted)


def _detail(item: ReviewItem, person: SignedIn, text: Words) -> None:
    notice = state.take_notice()
    if notice:
        body = tag("b", esc(text(f"notice.{notice.kind}.title", about=notice.about)))
        mend = tag("span", esc(text(f"notice.{notice.kind}.mend")))
        st.html(tag("div", body + mend, f"pv-notice pv-edge-{notice.tone}", role="alert"))
    outcome = item.outcome
    body = author_line(item, text, workspace().clock.now(), original=False) + message_html(
        outcome.redaction, evidence_of(outcome.triage), text, original=False
    )
    body += removed_html(outcome.purged.message_at, text)
    body += attachments_html(outcome.message.attachments, text, original=False)
    blur = " pv-blur" if outcome.triage.is_toxic else ""
    st.html(tag("div", body, "pv-bubble pv-theirs" + blur))
    st.html(triage_html(outcome.triage, text, is_hidden=outcome.triage.is_toxic))
    decided_panel(item, person, text)
    _sources(item, text)
    _trail(item, text)


def _sources(item: ReviewItem, text: Words) -> None:
    report = item.decision.report if item.decision else None
    if report is None or not report.ledger.lines:
        return
    numbers = source_numbers(report.ledger)
    title = tag("div", tag("h3", esc(text("sources.title"))), "pv-section")
    passages = citable(item.outcome, pack_of(item.brand_id), text)
    cards = sources_html(passages, linked(report.ledger, Surface.PUBLIC), numbers, text)
    st.html(title + ledger_html(report.ledger, numbers, text) + cards)
    linked_words(())


def _trail(item: ReviewItem, text: Words) -> None:
    zone = zone_of(item.brand_id)
    trail = workspace().trail.trail(item.id)
    st.html(row([tag("h3", esc(text("trail.title")))], "pv-section"))
    st.html(trail_html(trail, text, zone))
    names = {str(person.id): person.name for person, _ in workspace().sessions.people()}
    entries = workspace().review.history(item.id)
    title = row([tag("h3", esc(text("archive.record")))], "pv-section")
    chain = chain_html(workspace().archive.verify(item.id), text)
    st.html(title + chain + timeline_html(entries, names, text, zone))
    with st.container(horizontal=True, key="trail_tools"):
        st.download_button(
            text("archive.download"),
            data=lambda: json.dumps(workspace().trail.trail(item.id), ensure_ascii=False, indent=2),
            file_name=f"{item.id}.json",
            mime="application/json",
            on_click="ignore",
            key="download_trail",
        )
        with st.popover(text("archive.share"), key="share"):
            st.html(tag("p", esc(text("archive.share_help")), "pv-hint"))
            place = str(st.context.url or "").split("?")[0]
            st.code(f"{place}?{ITEM_PARAMETER}={item.id}", language=None, wrap_lines=True)
