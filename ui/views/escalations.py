"""The escalations page: what waits for each team, by deadline, and what the team does with it."""

from datetime import datetime
from typing import Any

import streamlit as st

from agent.domain.errors import NotFound
from agent.domain.handoffs import Handoff, HandoffPage, HandoffQuery, HandoffRow, TeamLoad
from agent.domain.ids import BrandId, TeamId
from agent.domain.people import SignedIn
from agent.domain.reviews import ReviewItem
from ui.components import chosen_row, queue_list
from ui.desk import teams
from ui.desk.language import PARAMETER, words
from ui.desk.seen import visible_brands
from ui.desk.session import who
from ui.desk.workspace import pack_of, workspace, zone_of
from ui.locales import Words
from ui.theme.sheets import style_sheet
from ui.widgets.badges import deadline, item_badges
from ui.widgets.markup import badge, esc, row, tag
from ui.widgets.message import author_line, evidence_of, message_html
from ui.widgets.removed import removed_html
from ui.widgets.rows import personal_words, row_data
from ui.widgets.triage import triage_html

_SHOWN = 50
_POLL = "20s"
_SEEN = "escalations_seen"
_STATES = ("open", "closed")
HANDOFF_TONE = {"open": "warn", "taken": "accent", "done": "good", "returned": "violet"}


def escalations_page(person: SignedIn) -> None:
    """Draw the page."""
    style_sheet("measure.css")
    text, now = words(), workspace().clock.now()
    brands = visible_brands(person)
    loads = workspace().escalations.loads(brands)
    left, right = st.columns([0.32, 0.68], gap="small")
    with left, st.container(key="pane_list"):
        _filters(loads, text)
        query = _query(brands)
        page = _page(query)
        chosen = _chosen(page)
        _list(page, chosen, now, text, brands=len(brands))
        _paging(query, page, text)
    with right:
        if chosen is None:
            _nothing(text, is_filtered=bool(loads))
        else:
            with st.container(key="pane_teams"):
                _detail(chosen, person, now, text)
    _write_url(chosen.handoff.id if chosen else None)
    _listen(person)


@st.fragment(run_every=_POLL)
def _listen(person: SignedIn) -> None:
    """Draw the page again when what waits has changed, or a minute has passed."""
    if who() is None:
        st.rerun()
    loads = workspace().escalations.loads(visible_brands(person))
    seen = (loads, workspace().clock.now().replace(second=0, microsecond=0))
    before = st.session_state.get(_SEEN, seen)
    st.session_state[_SEEN] = seen
    if seen != before:
        st.rerun()


def _filters(loads: tuple[TeamLoad, ...], text: Words) -> None:
    asked = st.query_params.get("state", "open")
    st.segmented_control(
        text("escalations.state"),
        _STATES,
        key="escalations_state",
        default=(asked if asked in _STATES else "open")
        if "escalations_state" not in st.session_state
        else None,
        required=True,
        format_func=lambda code: text(f"escalations.{code}"),
        label_visibility="collapsed",
        width="stretch",
        on_change=_restart,
    )
    names = _team_names(loads, text)
    wanted = st.query_params.get("team", "")
    codes = ["", *names]
    st.selectbox(
        text("escalations.team"),
        codes,
        index=codes.index(wanted) if wanted in names else 0,
        key="escalations_team",
        format_func=lambda code: names.get(code, text("escalations.all_teams")),
        label_visibility="collapsed",
        on_change=_restart,
    )


def _team_names(loads: tuple[TeamLoad, ...], text: Words) -> dict[str, str]:
    """Return every team of the brands in sight, with how much waits for it."""
    person = who()
    brands = visible_brands(person) if person else ()
    waits: dict[str, tuple[int, int]] = {}
    for load in loads:
        open_now, late = waits.get(load.team, (0, 0))
        waits[load.team] = (open_now + load.open, late + load.overdue)
    names = {}
    for brand in brands:
        for team in workspace().packs[brand].policy.escalation.teams:
            open_now, late = waits.get(team.id, (0, 0))
            said = f" · {text.number(open_now)}" if open_now else ""
            said += f" ({text('escalations.late', n=text.number(late))})" if late else ""
            names[str(team.id)] = team.name + said
    return names


def _restart() -> None:
    for name in ("after", "handoff"):
        st.query_params.pop(name, None)


def _query(brands: tuple[BrandId, ...]) -> HandoffQuery:
    team = str(st.session_state.get("escalations_team") or "")
    return HandoffQuery(
        brands=brands,
        team=TeamId(team) if team else None,
        is_closed=st.session_state.get("escalations_state") == "closed",
        after=st.query_params.get("after"),
        limit=_SHOWN,
    )


def _page(query: HandoffQuery) -> HandoffPage:
    try:
        return workspace().escalations.page(query)
    except NotFound:
        return workspace().escalations.page(query.model_copy(update={"after": None}))


def _chosen(page: HandoffPage) -> HandoffRow | None:
    wanted = st.query_params.get("handoff")
    rows = {row.handoff.id: row for row in page.rows}
    return next((row for key, row in rows.items() if key == wanted), None) or next(
        iter(page.rows), None
    )


def _open() -> None:
    chosen = chosen_row()
    if chosen:
        st.query_params["handoff"] = chosen


def _list(
    page: HandoffPage, chosen: HandoffRow | None, now: datetime, text: Words, *, brands: int
) -> None:
    if not page.rows:
        st.html(tag("div", esc(text("escalations.none_here")), "pv-hint"))
        return
    lines = [_line(row, now, text, brands=brands) for row in page.rows]
    data: dict[str, Any] = {
        "label": text("escalations.state"),
        "selected": chosen.handoff.id if chosen else "",
        "personal": personal_words(text),
        "rows": lines,
    }
    queue_list(data, _open)


def _line(shown: HandoffRow, now: datetime, text: Words, *, brands: int) -> dict[str, object]:
    handoff = shown.handoff
    base = row_data(shown.item, now, text, brands=brands)
    team = (team_name(handoff.brand_id, handoff.team), "plain")
    badges = [team, _status(handoff, text)]
    if brands > 1:
        badges.append((handoff.brand_id, "quiet"))
    due, tone = _due(handoff, now, text)
    edge = tone if tone in {"danger", "warn"} else "plain"
    return base | {"id": handoff.id, "due": due, "due_tone": tone, "tone": edge, "badges": badges}


def _due(handoff: Handoff, now: datetime, text: Words) -> tuple[str, str]:
    if handoff.closed_at is not None:
        return text.relative(handoff.closed_at, now), "quiet"
    left, tone = deadline(handoff.due_at, now, text)
    return (left, tone) if left else (text("escalations.no_deadline"), "quiet")


def _status(handoff: Handoff, text: Words) -> tuple[str, str]:
    tone = HANDOFF_TONE[handoff.status.value]
    if handoff.owner is not None and not handoff.status.is_closed:
        return text("handoff.taken_by", name=handoff.owner.name), tone
    return text(f"handoff.status.{handoff.status.value}"), tone


def team_name(brand_id: str, team_id: str) -> str:
    """Return how a team is called, or its id: it left the pack since."""
    pack = pack_of(brand_id)
    team = pack.policy.escalation.team(TeamId(team_id)) if pack else None
    return team.name if team else team_id


def _paging(query: HandoffQuery, page: HandoffPage, text: Words) -> None:
    with st.container(horizontal=True, key="escalations_paging"):
        if query.after:
            st.button(text("escalations.first"), key="escalations_first", on_click=_restart)
        if page.next:
            st.button(
                text("escalations.older"), key="escalations_next", on_click=_go, args=(page.next,)
            )


def _go(after: str) -> None:
    _restart()
    st.query_params["after"] = after


def _nothing(text: Words, *, is_filtered: bool) -> None:
    if is_filtered:
        return
    with st.container(key="empty"):
        st.html(
            tag("h2", esc(text("escalations.empty.title")))
            + tag("p", esc(text("escalations.empty.lead")))
            + tag("p", esc(text("escalations.empty.next")), "pv-hint")
        )


def _detail(shown: HandoffRow, person: SignedIn, now: datetime, text: Words) -> None:
    handoff = shown.handoff
    refused = teams.take_refusal()
    if refused:
        said = tag("b", esc(text(f"escalations.refused.{refused}")))
        st.html(tag("div", said, "pv-notice pv-edge-warn", role="alert"))
    item = workspace().review.item(handoff.item_id)
    due, tone = _due(handoff, now, text)
    name, status_tone = _status(handoff, text)
    head = badge(team_name(handoff.brand_id, handoff.team), "strong") + badge(name, status_tone)
    st.html(row([head, badge(due, tone or "quiet")]))
    _asked(shown, text)
    _message(item, now, text)
    if handoff.status.is_closed:
        _closed(handoff, text)
    elif person.may_decide(handoff.brand_id):
        _actions(handoff, person, text)
    else:
        st.html(tag("p", esc(text("escalations.read_only")), "pv-hint"))
    link = f"archive?item={handoff.item_id}"
    st.html(tag("a", esc(text("escalations.open_trail")), href=link, target="_self"))


def _asked(shown: HandoffRow, text: Words) -> None:
    when = text.moment(shown.handoff.opened_at, zone_of(shown.handoff.brand_id))
    who_asked = tag("div", esc(text("handoff.asked", name=shown.asked_by, when=when)), "pv-who")
    note = esc(shown.asked) if shown.asked.strip() else esc(text("handoff.no_note"))
    st.html(tag("div", who_asked + tag("div", note, "pv-text"), "pv-said"))


def _message(item: ReviewItem, now: datetime, text: Words) -> None:
    outcome = item.outcome
    body = author_line(item, text, now, original=False) + message_html(
        outcome.redaction, evidence_of(outcome.triage), text, original=False
    )
    body += removed_html(outcome.purged.message_at, text)
    blur = " pv-blur" if outcome.triage.is_toxic else ""
    st.html(row([item_badges(item, pack_of(item.brand_id), now, text)]))
    st.html(tag("div", body, "pv-bubble pv-theirs" + blur))
    st.html(triage_html(outcome.triage, text))


def _closed(handoff: Handoff, text: Words) -> None:
    closer = handoff.closed_by.name if handoff.closed_by else ""
    when = text.moment(handoff.closed_at or handoff.opened_at, zone_of(handoff.brand_id))
    head = tag("div", esc(text("handoff.closed", name=closer, when=when)), "pv-who")
    st.html(tag("div", head + tag("div", esc(handoff.note), "pv-text"), "pv-card"))


def _actions(handoff: Handoff, person: SignedIn, text: Words) -> None:
    shown = teams.OnScreen.of(handoff)
    is_mine = handoff.owner is not None and handoff.owner.id == person.person.id
    st.text_area(
        text("escalations.note"),
        key=shown.note_key,
        placeholder=text("escalations.note_help"),
        height=110,
    )
    with st.container(horizontal=True, key=f"handoff_{handoff.id}_{handoff.version}"):
        buttons = [
            ("release", teams.release, "secondary")
            if is_mine
            else ("take_over" if handoff.owner else "take", teams.take, "secondary"),
            ("done", teams.finish, "primary"),
        ]
        if handoff.can_return:
            buttons.append(("hand_back", teams.hand_back, "secondary"))
        for name, act, kind in buttons:
            st.button(
                text(f"escalations.{name}"),
                key=f"{name}_{handoff.id}_{handoff.version}",
                type=kind,  # type: ignore[arg-type]
                on_click=act,
                args=(shown,),
            )
    help_key = "hand_back_help" if handoff.can_return else "answered"
    st.html(tag("p", esc(text(f"escalations.{help_key}")), "pv-hint"))


def _write_url(handoff: str | None) -> None:
    named = {
        "state": str(st.session_state.get("escalations_state") or "open"),
        "team": str(st.session_state.get("escalations_team") or ""),
        "handoff": handoff or "",
        "after": st.query_params.get("after", ""),
        PARAMETER: st.query_params.get(PARAMETER, ""),
    }
    wanted = {k: v for k, v in named.items() if v and (k, v) != ("state", "open")}
    if dict(st.query_params) != wanted:
        st.query_params.from_dict(wanted)
