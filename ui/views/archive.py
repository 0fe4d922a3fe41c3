"""The archive: what was decided, with the complete trail of each reply."""

import json
from datetime import datetime

import streamlit as st

from agent.domain.errors import NotFound
from agent.domain.ids import ItemId
from agent.domain.messages import Surface
from agent.domain.people import SignedIn
from agent.domain.reviews import QueueQuery, QueueRow, ReviewItem, ReviewStatus
from ui.components import chosen_row, linked_words, queue_list
from ui.desk import state
from ui.desk.language import words
from ui.desk.seen import visible_page
from ui.desk.workspace import pack_of, workspace, zone_of
from ui.locales import Words
from ui.views.decided import decided_panel
from ui.widgets.ledger import ledger_html, linked, source_numbers
from ui.widgets.markup import esc, row, tag
from ui.widgets.message import author_line, evidence_of, message_html
from ui.widgets.rows import list_data
from ui.widgets.sources import citable, sources_html
from ui.widgets.timeline import timeline_html
from ui.widgets.triage import triage_html

DECIDED = (
    ReviewStatus.APPROVED,
    ReviewStatus.ESCALATED,
    ReviewStatus.REJECTED,
    ReviewStatus.MODERATED,
    ReviewStatus.NO_REPLY,
)
_CHOSEN = "archive_item"
_SHOWN = 100


def archive_page(person: SignedIn) -> None:
    """Draw the page."""
    text, now = words(), workspace().clock.now()
    left, right = st.columns([0.3, 0.7], gap="small")
    with left, st.container(key="pane_list"):
        rows = _rows(person, text)
        item = _chosen(rows, person)
        if rows:
            brands = len(workspace().packs)
            queue_list(list_data(rows, item.id if item else None, now, text, brands=brands), _open)
        else:
            st.html(tag("div", esc(text("archive.none")), "pv-hint"))
    with right:
        if item is None:
            _nothing(text)
        else:
            with st.container(key="pane_archive"):
                _detail(item, person, now, text)


def _rows(person: SignedIn, text: Words) -> list[QueueRow]:
    st.text_input(
        text("filter.search"),
        key="archive_q",
        type="search",
        placeholder=text("filter.search"),
        label_visibility="collapsed",
    )
    chosen = st.pills(
        text("archive.decision"),
        [status.value for status in DECIDED],
        key="archive_status",
        format_func=lambda status: text(f"status.{status}"),
        label_visibility="collapsed",
    )
    query = QueueQuery(
        statuses=(ReviewStatus(chosen),) if chosen else DECIDED,
        text=str(st.session_state.get("archive_q") or ""),
        limit=_SHOWN,
    )
    return sorted(visible_page(query, person).rows, key=lambda row: row.received_at, reverse=True)


def _chosen(rows: list[QueueRow], person: SignedIn) -> ReviewItem | None:
    wanted = st.session_state.get(_CHOSEN) or st.query_params.get("item")
    wanted = wanted or (rows[0].id if rows else None)
    if wanted is None:
        return None
    try:
        item = workspace().review.item(ItemId(wanted))
    except NotFound:
        return None
    return item if person.role_for(item.brand_id) is not None else None


def _open() -> None:
    st.session_state[_CHOSEN] = chosen_row()


def _nothing(text: Words) -> None:
    with st.container(key="empty"):
        st.html(
            tag("h2", esc(text("archive.empty.title")))
            + tag("p", esc(text("archive.empty.lead")))
            + tag("p", esc(text("archive.empty.next")), "pv-hint")
        )


def _detail(item: ReviewItem, person: SignedIn, now: datetime, text: Words) -> None:
    notice = state.take_notice()
    if notice:
        body = tag("b", esc(text(f"notice.{notice.kind}.title", about=notice.about)))
        mend = tag("span", esc(text(f"notice.{notice.kind}.mend")))
        st.html(tag("div", body + mend, f"pv-notice pv-edge-{notice.tone}", role="alert"))
    outcome = item.outcome
    body = author_line(item, text, now, original=False) + message_html(
        outcome.redaction, evidence_of(outcome.triage), text, original=False
    )
    blur = " pv-blur" if outcome.triage.is_toxic else ""
    st.html(tag("div", body, "pv-bubble pv-theirs" + blur))
    st.html(triage_html(outcome.triage, text, is_hidden=outcome.triage.is_toxic))
    decided_panel(item, person, text)
    _sources(item, text)
    _record(item, text)


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


def _record(item: ReviewItem, text: Words) -> None:
    names = {str(person.id): person.name for person, _ in workspace().sessions.people()}
    entries = workspace().review.history(item.id)
    title = tag("h3", esc(text("archive.record")))
    st.html(
        row([title], "pv-section") + timeline_html(entries, names, text, zone_of(item.brand_id))
    )
    st.download_button(
        text("archive.download"),
        data=lambda: json.dumps(workspace().trail.trail(item.id), ensure_ascii=False, indent=2),
        file_name=f"{item.id}.json",
        mime="application/json",
        on_click="ignore",
        key="download_trail",
    )
