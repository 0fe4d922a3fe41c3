"""The queue's search box, piles and filters; every choice goes to the URL."""

from collections.abc import Callable, Iterable, Mapping

import streamlit as st

from agent.domain.decisions import Category, Route
from agent.domain.people import SignedIn
from knowledge.passages import Language
from ui.desk import actions
from ui.desk.query import AWAITED, KEPT, ME, NOBODY, STATUSES, Due, Filters, View
from ui.desk.seen import SeenCounts, deciders, visible_brands
from ui.desk.workspace import workspace
from ui.locales import Words
from ui.views.saved import saved_views

_PANEL = (
    "due",
    "owner",
    "second",
    "brand",
    "channel",
    "category",
    "route",
    "team",
    "language",
)


def kept_parameters() -> dict[str, str]:
    """Return the URL's parameters that are no filters and stay."""
    return {name: st.query_params[name] for name in KEPT if name in st.query_params}


def filter_panel(filters: Filters, counts: SeenCounts, person: SignedIn, words: Words) -> None:
    """Draw the search box, the piles with their counts, and the panel of filters."""
    with st.container(key="search", horizontal=True, gap="xsmall"):
        st.text_input(
            words("filter.search"),
            value=filters.q,
            key="filter_q",
            type="search",
            placeholder=words("filter.search"),
            label_visibility="collapsed",
            on_change=_changed,
            args=("q",),
        )
        set_count = f" · {filters.narrowing}" if filters.narrowing else ""
        label = words("filter.title") + set_count
        panel = st.popover(label, key="filters_open", on_change="rerun")
        # Nine closed lists cost a quarter of the page: they are drawn for who opens them.
        if panel.open:
            with panel:
                _panel(filters, counts, person, words)
        saved_views(filters, person, words, _show_filters)
    _piles(filters, counts, words)


def _panel(filters: Filters, counts: SeenCounts, person: SignedIn, words: Words) -> None:
    for name in _PANEL:
        _choice(name, filters, _names(name, counts, person, words), words)
    if filters.narrowing:
        st.button(words("filter.clear"), key="filter_clear", on_click=_clear)


def _piles(filters: Filters, counts: SeenCounts, words: Words) -> None:
    totals = {view: sum(counts.by_status[s] for s in STATUSES[view]) for view in View}

    def label(view: str) -> str:
        if view == View.MINE:
            return words("view.mine")
        return f"{words(f'view.{view}')} · {words.number(totals[View(view)])}"

    st.segmented_control(
        words("view.label"),
        [view.value for view in View],
        key="filter_view",
        default=filters.view if "filter_view" not in st.session_state else None,
        required=True,
        format_func=label,
        label_visibility="collapsed",
        width="stretch",
        on_change=_changed,
        args=("view",),
    )


def _choice(name: str, filters: Filters, names: Mapping[str, str], words: Words) -> None:
    if len(names) < (1 if name == "second" else 2):
        return
    codes = ["", *names]
    current = getattr(filters, name)
    st.selectbox(
        words(f"filter.{name}"),
        codes,
        index=codes.index(current) if current in names else 0,
        key=f"filter_{name}",
        format_func=lambda code: names.get(code, words("filter.any")),
        on_change=_changed,
        args=(name,),
    )


def _names(name: str, counts: SeenCounts, person: SignedIn, words: Words) -> Mapping[str, str]:
    """Return the codes a filter may take, with their names."""
    packs = {brand: workspace().packs[brand] for brand in visible_brands(person)}
    readers: dict[str, Callable[[], Iterable[tuple[str, str]]]] = {
        "brand": lambda: ((str(b), pack.policy.brand.name) for b, pack in packs.items()),
        "channel": lambda: ((c, words.get(f"channel.{c}", c)) for c in counts.networks),
        "category": lambda: ((c.value, words(f"category.{c.value}")) for c in Category),
        "route": lambda: ((r.value, words(f"route.{r.value}")) for r in Route),
        "team": lambda: (
            (str(team.id), team.name)
            for pack in packs.values()
            for team in pack.policy.escalation.teams
        ),
        "language": lambda: ((lang.value, words(f"language.{lang.value}")) for lang in Language),
        "due": lambda: ((due.value, words(f"due.{due.value}")) for due in Due),
        "owner": lambda: _owners(person, words),
        "second": lambda: ((AWAITED, words("filter.second_awaited")),),
    }
    return dict(readers[name]())


def _owners(person: SignedIn, words: Words) -> Iterable[tuple[str, str]]:
    yield NOBODY, words("filter.nobody")
    yield ME, words("filter.me")
    for colleague in deciders(visible_brands(person)):
        if colleague.id != person.person.id:
            yield str(colleague.id), colleague.name


def _changed(name: str) -> None:
    value = str(st.session_state.get(f"filter_{name}") or "")
    _apply(Filters.from_url(st.query_params).having(**{name: value}))


def _clear() -> None:
    current = Filters.from_url(st.query_params)
    _show_filters(Filters(view=current.view, q=current.q))


def _show_filters(filters: Filters) -> None:
    """Show these filters; the widgets take their values from the URL afresh."""
    for name in (*_PANEL, "view", "q"):
        st.session_state.pop(f"filter_{name}", None)
    _apply(filters)


def _apply(filters: Filters) -> None:
    actions.open_item(None)
    st.query_params.from_dict(filters.to_url() | kept_parameters())
