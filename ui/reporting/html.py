"""The period report: one HTML file, printable, that asks nothing of any network."""

from functools import partial
from importlib.resources import files
from zoneinfo import ZoneInfo

from agent.domain.measures import PeriodReport
from ui.locales import Words
from ui.reporting.drawing import bars_svg, lines_svg
from ui.reporting.tables import Names, Table, tables_of
from ui.reporting.tiles import Tile, tiles_of
from ui.reporting.wording import bucket_label, period, tick
from ui.widgets.markup import Html, esc, tag

_LONG = 16
"""Rows beyond which a section may be cut by a page break."""
_BY_NUMBER = {"decisions", "rejections", "topics", "sentiments", "gaps", "entries"}


def report_html(
    report: PeriodReport, words: Words, names: Names, title: str, zone: ZoneInfo
) -> str:
    """Return the whole file; `title` names the brands."""
    head = tag("h1", esc(words("measure.report.title", brands=title))) + tag(
        "p", esc(_lead(report, words)), "lead"
    )
    tiles = tag("ul", "".join(_tile(tile, words) for tile in tiles_of(report, words)), "tiles")
    sections = "".join(
        _section(table, report, words) for table in tables_of(report, words, names).values()
    )
    local = report.at.astimezone(zone)
    made = words("measure.report.made", at=f"{local:%Y-%m-%d %H:%M}", zone=zone.key)
    foot = tag("footer", tag("p", esc(words("measure.method"))) + tag("p", esc(made)))
    css = (files("ui.reporting") / "page.css").read_text("utf-8")
    return (
        f'<!doctype html><html lang="{words.lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{esc(words('measure.report.title', brands=title))}</title>"
        f"<style>{css}</style></head><body>{head}{tiles}{sections}{foot}</body></html>\n"
    )


def _lead(report: PeriodReport, words: Words) -> str:
    query = report.query
    channel = query.channel
    parts = [period(query.first, query.last, words)]
    if channel:
        parts.append(words.get(f"channel.{channel}", channel))
    if report.is_partial:
        parts.append(words("measure.partial"))
    return " · ".join(parts)


def _tile(tile: Tile, words: Words) -> Html:
    versus = words("measure.versus", change=tile.versus) if tile.versus else ""
    lines = (words(f"measure.tile.{tile.key}"), tile.detail, versus)
    said = "".join(tag("span", esc(line)) for line in lines if line)
    return tag("li", tag("b", esc(tile.value)) + said)


def _section(table: Table, report: PeriodReport, words: Words) -> Html:
    title = words(f"measure.figure.{table.key}")
    body = tag("h2", esc(title)) + tag("p", esc(words(f"measure.help.{table.key}")), "help")
    if not table.rows:
        return tag("section", body + tag("p", esc(words("measure.none")), "lead"))
    chart = _chart(table, report, words, title)
    return tag(
        "section", body + chart + table_html(table), "long" if len(table.rows) > _LONG else ""
    )


def table_html(table: Table, css: str = "") -> Html:
    """Return a table with its headings marked as such."""
    head = "".join(tag("th", esc(cell), scope="col") for cell in table.headers)
    lines = "".join(
        tag("tr", tag("th", esc(row[0]), scope="row") + "".join(tag("td", esc(c)) for c in row[1:]))
        for row in table.rows
    )
    return tag("table", tag("thead", tag("tr", head)) + tag("tbody", lines), css)


def _chart(table: Table, report: PeriodReport, words: Words, title: str) -> Html:
    labels = [bucket_label(bucket, report.step, words) for bucket in report.buckets]
    said = partial(tick, words=words)
    if table.key == "volume":
        names = table.headers[1:]
        numbers = ([p.received, p.decided, p.answered] for p in report.points)
        columns = zip(*numbers, strict=True)
        series = [(n, list(c)) for n, c in zip(names, columns, strict=True)]
        return lines_svg(labels, series, title, said)
    if table.key == "times":
        hours = [(p.decision.p50 / 3600 if p.decision else None) for p in report.points]
        slow = [(p.decision.p90 / 3600 if p.decision else None) for p in report.points]
        unit = words("measure.hours")
        named = [(f"{table.headers[1]} ({unit})", hours), (f"{table.headers[2]} ({unit})", slow)]
        return lines_svg(labels, named, title, said)
    if table.key in _BY_NUMBER:
        parts = getattr(report, table.key)
        pairs = zip(table.rows, parts, strict=True)
        return bars_svg([(row[0], part.n, row[1]) for row, part in pairs], title)
    return ""
