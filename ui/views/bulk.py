"""Several at once: every text in full, a tick for each, and what came of each."""

import streamlit as st

from agent.domain.bulk import BulkCandidate, BulkKind
from agent.domain.people import SignedIn
from ui.desk import bulk, state
from ui.desk.query import BULK, Filters
from ui.desk.seen import deciders, seen_counts, visible_brands
from ui.desk.workspace import workspace
from ui.locales import Words
from ui.views.bulk_result import outcome_panel
from ui.views.filters import filter_panel
from ui.widgets.badges import deadline
from ui.widgets.markup import Html, badge, esc, label_text, plain, row, tag

MOST = 50


def bulk_kind() -> BulkKind | None:
    """Return what the URL asks to do with several items, if anything."""
    asked = st.query_params.get(BULK)
    return BulkKind(asked) if asked in {kind.value for kind in BulkKind} else None


def bulk_button(person: SignedIn, words: Words) -> None:
    """Draw the way in, for people who decide."""
    if not any(person.may_decide(brand) for brand in visible_brands(person)):
        return
    is_free = state.dialog() is None
    st.button(
        words("bulk.open"),
        key="bulk_open",
        type="tertiary",
        help=words("bulk.open_help"),
        shortcut="b" if is_free else None,
        disabled=not is_free,
        on_click=bulk.open_as,
        args=(BulkKind.APPROVE,),
    )


def bulk_page(filters: Filters, kind: BulkKind, person: SignedIn, words: Words) -> None:
    """Draw the page over the same filters as the queue."""
    left, right = st.columns([0.25, 0.75], gap="small")
    with left, st.container(key="pane_list"):
        filter_panel(filters, seen_counts(person), person, words)
        st.html(tag("p", esc(words("bulk.lead")), "pv-hint"))
        st.html(tag("p", esc(words("bulk.most", n=MOST)), "pv-hint"))
    with right, st.container(key="pane_bulk"):
        _head(kind, words)
        outcome_panel(words)
        found = _candidates(filters, kind, person)
        offered = [one for one in found if one.refusal is None]
        _act(offered, kind, person, words)
        for candidate in offered:
            _offer(candidate, kind, words)
        _left_out([one for one in found if one.refusal is not None], words)


def _candidates(filters: Filters, kind: BulkKind, person: SignedIn) -> list[BulkCandidate]:
    brands = tuple(b for b in visible_brands(person) if person.may_decide(b))
    if filters.brand and filters.brand not in brands:
        return []
    space = workspace()
    query = filters.to_query(person.person.id, MOST, space.clock.now())
    query = query.model_copy(update={"brands": brands})
    return list(space.bulk.candidates(query, kind, person.person)) if brands else []


def _head(kind: BulkKind, words: Words) -> None:
    is_free = state.dialog() is None
    with st.container(key="bulk_head", horizontal=True, vertical_alignment="center"):
        st.segmented_control(
            words("bulk.title"),
            [one.value for one in BulkKind],
            key="bulk_kind",
            default=kind.value if "bulk_kind" not in st.session_state else None,
            required=True,
            format_func=lambda one: words(f"bulk.kind.{one}"),
            label_visibility="collapsed",
            disabled=not is_free,
            on_change=_change_kind,
        )
        st.button(
            words("bulk.close"),
            key="bulk_close",
            type="tertiary",
            shortcut="b" if is_free else None,
            disabled=not is_free,
            on_click=bulk.open_as,
            args=(None,),
        )


def _change_kind() -> None:
    bulk.open_as(BulkKind(st.session_state["bulk_kind"]))


def _act(offered: list[BulkCandidate], kind: BulkKind, person: SignedIn, words: Words) -> None:
    if not offered:
        st.html(tag("p", esc(words("bulk.none")), "pv-note"))
        return
    chosen = [one for one in offered if bulk.is_ticked(one, kind)]
    keys = tuple(bulk.box_key(one, kind) for one in offered)
    is_all = len(chosen) == len(offered)
    with st.container(key="bulk_act", horizontal=True, vertical_alignment="center"):
        st.button(
            words("bulk.untick" if is_all else "bulk.tick"),
            key="bulk_tick",
            on_click=bulk.tick,
            args=(keys,),
            kwargs={"is_on": not is_all},
        )
        if kind is BulkKind.ASSIGN:
            _people(person, words)
        st.button(
            words.count(f"bulk.do.{kind.value}", len(chosen)),
            key="bulk_do",
            type="primary",
            disabled=not chosen or state.dialog() is not None,
            on_click=bulk.ask,
        )
    if state.dialog() is state.Dialog.BULK:
        _confirm(chosen, kind, words)


def _people(person: SignedIn, words: Words) -> None:
    names = {str(one.id): one.name for one in deciders(visible_brands(person))}
    st.selectbox(
        words("dialog.assign.person"),
        list(names),
        key=bulk.ASSIGNEE,
        format_func=lambda person_id: names[person_id],
        label_visibility="collapsed",
    )


def _offer(candidate: BulkCandidate, kind: BulkKind, words: Words) -> None:
    item = candidate.item
    with st.container(key=f"bulk_row_{item.id}", horizontal=True, gap="small"):
        st.checkbox(
            words("bulk.choose"),
            key=bulk.box_key(candidate, kind),
            label_visibility="collapsed",
            disabled=state.dialog() is not None,
        )
        st.html(_told_html(candidate, words) + _texts_html(candidate, kind, words))


def _told_html(candidate: BulkCandidate, words: Words) -> Html:
    item = candidate.item
    triage = item.outcome.triage
    left, tone = deadline(triage.next_deadline, workspace().clock.now(), words)
    channel = item.outcome.message.channel
    badges = [
        badge(words(f"category.{triage.category.value}"), "plain"),
        badge(words.get(f"channel.{channel}", channel), "quiet"),
        badge(triage.language.value.upper(), "quiet"),
    ]
    if left:
        badges.append(badge(left, tone))
    return row(badges) + tag("div", plain(item.outcome.redaction.text), "pv-bulk-message")


def _texts_html(candidate: BulkCandidate, kind: BulkKind, words: Words) -> Html:
    if kind is not BulkKind.APPROVE:
        return ""
    draft = candidate.item.outcome.draft
    texts = (("public", draft.public), ("private", draft.private))
    return "".join(
        tag("div", badge(words(f"editor.{name}"), "strong") + plain(text), "pv-bulk-reply")
        for name, text in texts
        if text
    )


def _confirm(chosen: list[BulkCandidate], kind: BulkKind, words: Words) -> None:
    def body() -> None:
        st.html(tag("p", esc(words(f"bulk.sure.{kind.value}")), "pv-hint"))
        shown = "".join(
            tag(
                "li",
                tag("div", esc(_excerpt(one)), "pv-hint") + _texts_html(one, kind, words),
            )
            for one in chosen
        )
        st.html(tag("ol", shown, "pv-bulk-list"))
        choices = tuple(one.choice for one in chosen)
        excerpts = {one.item.id: _excerpt(one) for one in chosen}
        with st.container(key="dialog_buttons", horizontal=True, horizontal_alignment="right"):
            left = st.button(
                words("dialog.cancel"), key="dialog_cancel", on_click=state.close_dialog
            )
            done = st.button(
                words.count(f"bulk.do.{kind.value}", len(chosen)),
                key="dialog_confirm",
                type="primary",
                shortcut="ctrl+enter",
                on_click=bulk.carry_out,
                args=(kind, choices, excerpts),
            )
        if left or done:
            st.rerun()

    title = words.count(f"bulk.do.{kind.value}", len(chosen))
    st.dialog(title, width="large", on_dismiss=state.close_dialog)(body)()


def _excerpt(candidate: BulkCandidate) -> str:
    text = " ".join(candidate.item.outcome.redaction.text.split())
    return text if len(text) <= 120 else text[:119] + "…"


def _left_out(candidates: list[BulkCandidate], words: Words) -> None:
    if not candidates:
        return
    title = words.count("bulk.left_out", len(candidates))
    with st.expander(label_text(title), key="bulk_left_out"):
        lines = "".join(
            tag(
                "li",
                badge(words(f"bulk.refusal.{one.refusal.value}"), "warn")
                + " "
                + esc(_excerpt(one)),
            )
            for one in candidates
            if one.refusal is not None
        )
        st.html(tag("ul", lines, "pv-bulk-left"))
