"""The archive's search box and filters; every choice goes to the URL."""

from collections.abc import Mapping
from datetime import date

import streamlit as st

from agent.domain.people import SignedIn
from agent.domain.reviews import DecisionKind
from ui.desk.language import PARAMETER
from ui.desk.searches import Search, read_day
from ui.desk.seen import visible_brands
from ui.desk.workspace import workspace
from ui.locales import Words

_PANEL = ("decision", "brand", "channel", "person")
_ENDS = ("since", "until")
_FORMAT = "DD/MM/YYYY"


def archive_filters(search: Search, person: SignedIn, text: Words) -> None:
    """Draw the search box and the panel."""
    with st.container(key="search", horizontal=True, gap="xsmall"):
        st.text_input(
            text("filter.search"),
            value=search.q,
            key="archive_q",
            type="search",
            placeholder=text("filter.search"),
            label_visibility="collapsed",
            on_change=_changed,
            args=("q",),
        )
        set_count = f" · {search.narrowing}" if search.narrowing else ""
        with st.popover(text("archive.filters") + set_count, key="archive_open"):
            for name, names in _choices(person, text).items():
                if len(names) > 1 or getattr(search, name):
                    _choice(name, getattr(search, name), names, text)
            for name in _ENDS:
                st.date_input(
                    text(f"archive.{name}"),
                    value=read_day(getattr(search, name)),
                    format=_FORMAT,
                    key=f"archive_{name}",
                    on_change=_changed,
                    args=(name,),
                )
            if search.narrowing:
                st.button(text("filter.clear"), key="archive_clear", on_click=_clear)


def _choices(person: SignedIn, text: Words) -> dict[str, Mapping[str, str]]:
    space, brands = workspace(), visible_brands(person)
    networks = space.archive.channels(brands)
    colleagues = (
        one
        for one, roles in space.sessions.people()
        if {"*", *map(str, brands)} & set(roles) or one.id == person.person.id
    )
    return {
        "decision": {k.value: text(f"decision.{k.value}") for k in DecisionKind},
        "brand": {str(b): space.packs[b].policy.brand.name for b in brands},
        "channel": {n: text.get(f"channel.{n}", n) for n in networks},
        "person": {str(one.id): one.name for one in colleagues},
    }


def _choice(name: str, current: str, names: Mapping[str, str], text: Words) -> None:
    codes = ["", *names]
    label = {"decision": "archive.decision", "person": "archive.person"}.get(name, f"filter.{name}")
    st.selectbox(
        text(label),
        codes,
        index=codes.index(current) if current in names else 0,
        key=f"archive_{name}",
        format_func=lambda code: names.get(code, text("filter.any")),
        on_change=_changed,
        args=(name,),
    )


def _changed(name: str) -> None:
    value = st.session_state.get(f"archive_{name}")
    written = value.isoformat() if isinstance(value, date) else str(value or "")
    show(Search.from_url(st.query_params).having(**{name: written}))


def _clear() -> None:
    for name in (*_PANEL, *_ENDS):
        st.session_state.pop(f"archive_{name}", None)
    show(Search(q=Search.from_url(st.query_params).q))


def show(search: Search) -> None:
    """Go to another search."""
    lang = st.query_params.get(PARAMETER)
    st.query_params.from_dict(search.to_url() | ({PARAMETER: lang} if lang else {}))
