"""The measure page: whether customers get faster and better answers."""

from collections.abc import Callable

import streamlit as st

from agent.domain.ids import BrandId
from agent.domain.measures import MeasureQuery, PeriodReport
from agent.domain.people import Role, SignedIn
from ui.desk.language import PARAMETER, words
from ui.desk.periods import Period
from ui.desk.seen import visible_brands
from ui.desk.workspace import workspace, zone_of
from ui.locales import Words
from ui.reporting.exports import csv_bytes, parquet_bytes
from ui.reporting.html import report_html, table_html
from ui.reporting.tables import Names, Table, tables_of
from ui.reporting.tiles import Tile, tiles_of
from ui.reporting.wording import period
from ui.theme.sheets import style_sheet
from ui.views.measure_charts import CHARTS
from ui.views.measure_filters import period_filters
from ui.widgets.markup import Html, esc, tag

_NAMES_FOR = frozenset({Role.LEAD, Role.ADMIN})
_FRESH_FOR = 10
"""Seconds for which figures may be shown again without asking the database."""
_WIDE = ("volume", "times")


def measure_page(person: SignedIn) -> None:
    """Draw the page."""
    style_sheet("measure.css")
    text, brands = words(), visible_brands(person)
    chosen = Period.from_url(st.query_params)
    query = chosen.to_query(brands, workspace().measuring.today(_first(chosen, brands)))
    _keep_in_url(chosen)
    with st.container(key="measure"):
        period_filters(chosen, query, brands, text)
        report = _report(query.model_dump_json())
        names = names_for(person, query)
        st.html(_heading(report, text))
        if not _has_anything(report):
            st.html(_nothing(text))
            return
        st.html(_tiles(report, text))
        _figures(report, names, text)
        _exports(report, query, names, text)
        st.html(tag("p", esc(text("measure.method")), "pv-hint"))


@st.cache_data(ttl=_FRESH_FOR, show_spinner=False, max_entries=64)
def _report(query: str) -> PeriodReport:
    return workspace().measuring.report(MeasureQuery.model_validate_json(query))


def _first(chosen: Period, brands: tuple[BrandId, ...]) -> BrandId | None:
    return next((brand for brand in brands if chosen.brand in {"", brand}), None)


def _keep_in_url(chosen: Period) -> None:
    lang = st.query_params.get(PARAMETER)
    wanted = chosen.to_url() | ({PARAMETER: lang} if lang else {})
    if dict(st.query_params) != wanted:
        st.query_params.from_dict(wanted)


def names_for(person: SignedIn, query: MeasureQuery) -> Names:
    """Return the names this person may read: colleagues' only for who leads every brand shown."""
    space = workspace()
    teams = {
        str(team.id): team.name
        for brand in query.brands
        for team in space.packs[brand].policy.escalation.teams
    }
    people = {str(person.person.id): person.person.name}
    if query.brands and all(person.role_for(brand) in _NAMES_FOR for brand in query.brands):
        people = {str(one.id): one.name for one, _ in space.sessions.people()} | people
    return Names(teams=teams, people=people)


def _has_anything(report: PeriodReport) -> bool:
    totals = report.totals
    return bool(totals.received or totals.decided or totals.answered or report.teams)


def _heading(report: PeriodReport, text: Words) -> Html:
    query = report.query
    said = period(query.first, query.last, text)
    if report.is_partial:
        said += " · " + text("measure.partial")
    if not report.before.received:
        said += " · " + text("measure.no_before")
    return tag("h2", esc(text("measure.title"))) + tag("p", esc(said), "pv-hint")


def _nothing(text: Words) -> Html:
    title = tag("h2", esc(text("measure.empty.title")))
    return tag("div", title + tag("p", esc(text("measure.empty.next"))), "pv-card")


def _tiles(report: PeriodReport, text: Words) -> Html:
    tiles = "".join(_tile(tile, text) for tile in tiles_of(report, text))
    return tag("dl", tiles, "pv-tiles")


def _tile(tile: Tile, text: Words) -> Html:
    versus = text("measure.versus", change=tile.versus) if tile.versus else ""
    said = "".join(tag("span", esc(line)) for line in (tile.detail, versus) if line)
    name = tag("dt", esc(text(f"measure.tile.{tile.key}")))
    value = tag("dd", tag("b", esc(tile.value), data_tile=tile.key) + said)
    return tag("div", name + value, title=text(f"measure.tile_help.{tile.key}"))


def _figures(report: PeriodReport, names: Names, text: Words) -> None:
    tables = tables_of(report, text, names)
    wide = [tables[key] for key in _WIDE]
    rest = [table for key, table in tables.items() if key not in _WIDE]
    pairs = [wide, *(rest[at : at + 2] for at in range(0, len(rest), 2))]
    for pair in pairs:
        for column, table in zip(st.columns(2, gap="medium"), pair, strict=False):
            with column, st.container(key=f"figure_{table.key}", border=True):
                _figure(table, report, text)


def _figure(table: Table, report: PeriodReport, text: Words) -> None:
    title = tag("h3", esc(text(f"measure.figure.{table.key}")))
    st.html(title + tag("p", esc(text(f"measure.help.{table.key}")), "pv-hint"))
    draw = CHARTS.get(table.key)
    chart = draw(report, table, text) if draw and table.rows else None
    if not table.rows or (draw and chart is None):
        st.html(tag("p", esc(text("measure.none")), "pv-hint"))
    elif chart is None:
        st.html(table_html(table, "pv-table"))
    else:
        st.altair_chart(chart, key=f"chart_{table.key}", width="stretch")
        summary = tag("summary", esc(text("measure.show_table")))
        st.html(tag("details", summary + table_html(table, "pv-table"), "pv-fold"))


def _exports(report: PeriodReport, query: MeasureQuery, names: Names, text: Words) -> None:
    stem = f"portevoix-{query.first}-{query.last}"
    title = ", ".join(workspace().packs[brand].policy.brand.name for brand in query.brands)
    zone = zone_of(query.brands[0]) if query.brands else zone_of("")
    makers: tuple[tuple[str, str, Callable[[], str | bytes]], ...] = (
        ("html", "text/html", lambda: report_html(report, text, names, title, zone)),
        ("csv", "text/csv", lambda: csv_bytes(workspace().measuring.facts(query))),
        (
            "parquet",
            "application/vnd.apache.parquet",
            lambda: parquet_bytes(workspace().measuring.facts(query)),
        ),
    )
    with st.container(key="measure_exports", horizontal=True, gap="small"):
        for suffix, mime, make in makers:
            st.download_button(
                text(f"measure.export.{suffix}"),
                data=make,
                file_name=f"{stem}.{suffix}",
                mime=mime,
                on_click="ignore",
                key=f"export_{suffix}",
            )
        st.html(tag("p", esc(text("measure.export.note")), "pv-hint"))
