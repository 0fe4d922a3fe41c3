"""The picker of the measure page: period, brand, network; every choice goes to the URL."""

from datetime import date

import streamlit as st

from agent.domain.ids import BrandId
from agent.domain.measures import MeasureQuery
from ui.desk.periods import CUSTOM, PRESETS, Period
from ui.desk.workspace import workspace
from ui.locales import Words

_FORMAT = "DD/MM/YYYY"


def period_filters(
    chosen: Period, query: MeasureQuery, brands: tuple[BrandId, ...], text: Words
) -> None:
    """Draw the picker."""
    with st.container(key="measure_filters", horizontal=True, vertical_alignment="bottom"):
        st.segmented_control(
            text("measure.period"),
            [*PRESETS, CUSTOM],
            key="measure_days",
            default=chosen.days if "measure_days" not in st.session_state else None,
            required=True,
            format_func=lambda days: text(f"measure.days.d{days}"),
            on_change=_changed,
            args=("days", query.first, query.last),
        )
        if chosen.days == CUSTOM:
            _ends(query, text)
        if len(brands) > 1:
            names = {str(b): workspace().packs[b].policy.brand.name for b in brands}
            _choice("brand", chosen.brand, names, text)
        networks = {n: text.get(f"channel.{n}", n) for n in _networks(brands)}
        if len(networks) > 1:
            _choice("channel", chosen.channel, networks, text)


def _networks(brands: tuple[BrandId, ...]) -> list[str]:
    review = workspace().review
    counted = (review.counts(brand).by_channel for brand in brands)
    found = {network for by_channel in counted for network in by_channel}
    return sorted(found | set(workspace().archive.channels(brands)))


def _ends(query: MeasureQuery, text: Words) -> None:
    today = workspace().measuring.today(query.brands[0] if query.brands else None)
    for name, value in (("first", query.first), ("last", query.last)):
        st.date_input(
            text(f"measure.{name}"),
            value=value,
            max_value=today,
            format=_FORMAT,
            key=f"measure_{name}",
            width=150,
            on_change=_moved,
        )


def _choice(name: str, current: str, names: dict[str, str], text: Words) -> None:
    codes = ["", *names]
    st.selectbox(
        text(f"filter.{name}"),
        codes,
        index=codes.index(current) if current in names else 0,
        key=f"measure_{name}",
        format_func=lambda code: names.get(code, text("filter.any")),
        width=220,
        on_change=_changed,
        args=(name,),
    )


def _changed(name: str, first: date | None = None, last: date | None = None) -> None:
    value = str(st.session_state.get(f"measure_{name}") or "")
    period = Period.from_url(st.query_params).having(**{name: value})
    if name == "days" and value == CUSTOM and first and last:
        # A custom period begins as the one on screen.
        period = period.having(first=first.isoformat(), last=last.isoformat())
    _write(period)


def _moved() -> None:
    ends = {n: st.session_state.get(f"measure_{n}") for n in ("first", "last")}
    chosen = {n: day.isoformat() for n, day in ends.items() if isinstance(day, date)}
    _write(Period.from_url(st.query_params).having(days=CUSTOM, **chosen))


def _write(period: Period) -> None:
    lang = st.query_params.get("lang")
    st.query_params.from_dict(period.to_url() | ({"lang": lang} if lang else {}))
