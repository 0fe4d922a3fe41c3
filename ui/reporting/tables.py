"""Each figure of a report as a table: what stands beside a chart, on the page and on paper."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from agent.domain.measures import Count, Part, PeriodReport, Point
from ui.locales import Words
from ui.reporting.wording import NOTHING, bucket_label, change, share, span

OTHERS = "others"
_MOST_TOPICS = 5
Row = tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """One figure; `key` names its title and help in the locale files."""

    key: str
    headers: Row
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Names:
    """How teams and people are called for this reader."""

    teams: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    """Only those the reader may know by name; the others are numbered."""


def tables_of(report: PeriodReport, words: Words, names: Names) -> dict[str, Table]:
    """Return every table of the report, in the order in which they are read."""
    built = (
        _over_time(report, words),
        _times(report, words),
        _promises(report, words),
        _parts("decisions", report.decisions, words, lambda v: words(f"decision.{v}")),
        _parts("rejections", report.rejections, words, lambda v: words(f"rejection.{v}")),
        _parts("topics", report.topics, words, lambda v: words(f"category.{v}")),
        _parts("sentiments", report.sentiments, words, lambda v: words(f"sentiment.{v}")),
        _parts("gaps", report.gaps, words, lambda v: words(f"measure.gap.{v}")),
        _parts("entries", report.entries, words, str),
        _teams(report, words, names),
        _reviewers(report, words, names),
        _languages(report, words),
    )
    return {table.key: table for table in built}


def _headers(words: Words, *keys: str) -> Row:
    return tuple(words(f"measure.column.{key}") for key in keys)


def _bars(report: PeriodReport, words: Words) -> Iterable[tuple[str, Point]]:
    labels = (bucket_label(bucket, report.step, words) for bucket in report.buckets)
    return zip(labels, report.points, strict=True)


def _over_time(report: PeriodReport, words: Words) -> Table:
    rows = tuple(
        (label, *(words.number(n) for n in (p.received, p.decided, p.answered)))
        for label, p in _bars(report, words)
    )
    return Table("volume", _headers(words, "when", "received", "decided", "answered"), rows)


def _times(report: PeriodReport, words: Words) -> Table:
    def row(label: str, point: Point) -> Row:
        spreads = (point.decision, point.post)
        return (
            label,
            *(span(n, words) for s in spreads for n in ((s.p50, s.p90) if s else (None, None))),
        )

    rows = tuple(row(label, point) for label, point in _bars(report, words))
    names = ("when", "decision_p50", "decision_p90", "post_p50", "post_p90")
    return Table("times", _headers(words, *names), rows)


def _promises(report: PeriodReport, words: Words) -> Table:
    rows = tuple(
        (label, words.number(p.due), words.number(p.kept), share(p.kept, p.due, words))
        for label, p in _bars(report, words)
        if any(point.due for point in report.points)
    )
    return Table("promises", _headers(words, "when", "due", "kept", "share"), rows)


def _parts(key: str, parts: tuple[Part, ...], words: Words, name: Callable[[str], str]) -> Table:
    total = sum(part.n for part in parts)
    rows = tuple(
        (
            name(part.value),
            words.number(part.n),
            share(part.n, total, words),
            words.number(part.before),
            change(part.n, part.before, words) or NOTHING,
        )
        for part in parts
    )
    return Table(key, _headers(words, key, "number", "share", "before", "change"), rows)


def _teams(report: PeriodReport, words: Words, names: Names) -> Table:
    rows = tuple(
        (
            names.teams.get(one.team, one.team),
            words.number(one.handed_over),
            words.number(one.due),
            words.number(one.kept),
            share(one.kept, one.due, words),
        )
        for one in report.teams
    )
    return Table("teams", _headers(words, "team", "handed_over", "due", "kept", "share"), rows)


def _reviewers(report: PeriodReport, words: Words, names: Names) -> Table:
    rows = tuple(
        (
            reviewer_name(one.person, at, words, names),
            words.number(one.decisions),
            span(one.seconds.p50 if one.seconds else None, words),
            span(one.seconds.p90 if one.seconds else None, words),
        )
        for at, one in enumerate(report.reviewers, start=1)
    )
    return Table(
        "reviewers", _headers(words, "person", "decisions_made", "sitting_p50", "sitting_p90"), rows
    )


def reviewer_name(person: str, number: int, words: Words, names: Names) -> str:
    """Return a person's name, or a number where this reader may not know who it is."""
    return names.people.get(person) or words("measure.colleague", n=number)


def _languages(report: PeriodReport, words: Words) -> Table:
    rows = tuple(
        (
            words(f"language.{one.lang}"),
            words.number(one.received),
            words.number(one.moderated),
            share(one.moderated, one.received, words),
            words("measure.interval", low=words.percent(one.low), high=words.percent(one.high)),
        )
        for one in report.languages
    )
    headers = _headers(words, "language", "received", "moderated", "share", "interval")
    return Table("languages", headers, rows)


def leading(parts: tuple[Part, ...]) -> tuple[str, ...]:
    """Return the values that have a colour of their own; the rest are others."""
    return tuple(part.value for part in parts if part.n)[:_MOST_TOPICS]


def grouped(counts: Iterable[Count], known: tuple[str, ...]) -> dict[tuple[int, str], int]:
    """Return how many there are by bucket and value, the values without a colour together."""
    summed: dict[tuple[int, str], int] = {}
    for one in counts:
        value = one.value if one.value in known else OTHERS
        summed[one.key, value] = summed.get((one.key, value), 0) + one.n
    return summed
