"""Which chart draws which figure."""

from collections.abc import Callable, Sequence
from typing import Any

from agent.domain.measures import Count, Part, PeriodReport, Spread
from ui.locales import Words
from ui.reporting.tables import OTHERS, Table, grouped, leading
from ui.reporting.wording import bucket_label, share, span
from ui.widgets.charts import bar_chart, line_chart, stacked_chart

Rows = list[dict[str, Any]]
_HOUR = 3600


def _labels(report: PeriodReport, text: Words) -> list[str]:
    return [bucket_label(bucket, report.step, text) for bucket in report.buckets]


def _volume(report: PeriodReport, table: Table, text: Words) -> Any:
    names = table.headers[1:]
    rows: Rows = []
    for at, (label, point) in enumerate(zip(_labels(report, text), report.points, strict=True)):
        numbers = (point.received, point.decided, point.answered)
        rows += [
            {"at": at, "label": label, "series": name, "value": n, "said": text.number(n)}
            for name, n in zip(names, numbers, strict=True)
        ]
    return line_chart(rows, names, "", text.lang)


def _times(report: PeriodReport, table: Table, text: Words) -> Any:
    # The medians only: four lines would hide each other, and the table has the slow end.
    names = (table.headers[1], table.headers[3])
    rows: Rows = []
    for at, (label, point) in enumerate(zip(_labels(report, text), report.points, strict=True)):
        seconds = (_median(point.decision), _median(point.post))
        rows += [
            {"at": at, "label": label, "series": name, "value": n / _HOUR, "said": span(n, text)}
            for name, n in zip(names, seconds, strict=True)
            if n is not None
        ]
    return line_chart(rows, names, text("measure.hours"), text.lang) if rows else None


def _median(spread: Spread | None) -> int | None:
    return spread.p50 if spread else None


def _promises(report: PeriodReport, table: Table, text: Words) -> Any:
    names = (text("measure.kept"), text("measure.late"))
    rows: Rows = []
    for at, (label, point) in enumerate(zip(_labels(report, text), report.points, strict=True)):
        for rank, (name, n) in enumerate(
            zip(names, (point.kept, point.due - point.kept), strict=True)
        ):
            said = f"{text.number(n)} ({share(n, point.due, text)})"
            row = {"at": at, "label": label, "series": name, "value": n, "said": said, "rank": rank}
            rows.append(row)
    return stacked_chart(rows, names, "", text.lang, is_share=False)


def _stacked(
    parts: str, counts: str, words_of: str, *, is_share: bool
) -> Callable[[PeriodReport, Table, Words], Any]:
    def draw(report: PeriodReport, table: Table, text: Words) -> Any:
        known = leading(getattr(report, parts))
        rows, names = _shares(report, getattr(report, counts), known, words_of, text)
        return stacked_chart(rows, names, "", text.lang, is_share=is_share)

    return draw


def _shares(
    report: PeriodReport, counts: Sequence[Count], known: tuple[str, ...], key: str, text: Words
) -> tuple[Rows, list[str]]:
    summed = grouped(counts, known)
    values = [*known, *([OTHERS] if any(value == OTHERS for _, value in summed) else [])]
    names = {v: text("measure.others") if v == OTHERS else text(f"{key}.{v}") for v in values}
    totals = [sum(summed.get((at, v), 0) for v in values) for at in range(len(report.buckets))]
    rows: Rows = []
    for at, label in enumerate(_labels(report, text)):
        for rank, value in enumerate(values):
            n = summed.get((at, value), 0)
            said = f"{text.number(n)} ({share(n, totals[at], text)})"
            named = {"series": names[value], "value": n, "said": said, "rank": rank}
            rows.append({"at": at, "label": label, **named})
    return rows, [names[value] for value in values]


def _bars(name: str) -> Callable[[PeriodReport, Table, Words], Any]:
    def draw(report: PeriodReport, table: Table, text: Words) -> Any:
        parts: tuple[Part, ...] = getattr(report, name)
        rows = [
            {"label": row[0], "value": part.n, "said": row[1]}
            for row, part in zip(table.rows, parts, strict=True)
        ]
        return bar_chart(rows, "", text.lang)

    return draw


CHARTS: dict[str, Callable[[PeriodReport, Table, Words], Any]] = {
    "volume": _volume,
    "times": _times,
    "promises": _promises,
    "topics": _stacked("topics", "topic_counts", "category", is_share=False),
    "sentiments": _stacked("sentiments", "sentiment_counts", "sentiment", is_share=True),
    "decisions": _bars("decisions"),
    "rejections": _bars("rejections"),
    "gaps": _bars("gaps"),
    "entries": _bars("entries"),
}
"""A chart, or None: nothing to draw yet.

Figures that are not here are tables only: their numbers are few, and names matter.
"""
