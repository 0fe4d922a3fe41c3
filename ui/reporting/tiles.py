"""The figures at the top of a report: a number, and how it compares with the period before."""

from dataclasses import dataclass

from agent.domain.measures import PeriodReport, Spread, Totals
from ui.locales import Words
from ui.reporting.wording import NOTHING, change, points, share, span


@dataclass(frozen=True)
class Tile:
    """One number; `key` names its title and help in the locale files."""

    key: str
    value: str
    versus: str
    """The difference from the period before, empty where there is none."""
    detail: str = ""


def tiles_of(report: PeriodReport, words: Words) -> tuple[Tile, ...]:
    """Return the tiles, in the order in which they are read."""
    now, before = report.totals, report.before
    return (
        _count("received", now.received, before.received, words),
        _count("answered", now.answered, before.answered, words),
        _time("draft", now.draft, before.draft, words),
        _time("decision", now.decision, before.decision, words),
        _time("post", now.post, before.post, words),
        _share("in_time_decision", *_decided_in_time(now), *_decided_in_time(before), words),
        _share("in_time_answer", *_answered_in_time(now), *_answered_in_time(before), words),
        _share("unedited", *_unedited(now), *_unedited(before), words),
        _edited(now.edited, before.edited, words),
        _share("gap", now.gaps, now.received, before.gaps, before.received, words),
    )


def _count(key: str, now: int, before: int, words: Words) -> Tile:
    return Tile(key, words.number(now), change(now, before, words))


def _time(key: str, now: Spread | None, before: Spread | None, words: Words) -> Tile:
    if now is None:
        return Tile(key, NOTHING, "")
    versus = change(now.p50, before.p50, words) if before else ""
    return Tile(key, span(now.p50, words), versus, words("measure.p90", span=span(now.p90, words)))


def _share(
    key: str, part: int, whole: int, part_before: int, whole_before: int, words: Words
) -> Tile:
    versus = ""
    if whole and whole_before:
        versus = points(part / whole, part_before / whole_before, words)
    detail = (
        words("measure.of", part=words.number(part), whole=words.number(whole)) if whole else ""
    )
    return Tile(key, share(part, whole, words), versus, detail)


def _edited(now: Spread | None, before: Spread | None, words: Words) -> Tile:
    if now is None:
        return Tile("edited", NOTHING, "")
    versus = points(now.p50 / 1000, before.p50 / 1000, words) if before else ""
    detail = words("measure.p90_share", span=words.percent(now.p90 / 1000))
    return Tile("edited", words.percent(now.p50 / 1000), versus, detail)


def _decided_in_time(totals: Totals) -> tuple[int, int]:
    return totals.promises.decided, totals.promises.due


def _answered_in_time(totals: Totals) -> tuple[int, int]:
    return totals.promises.answered, totals.promises.replies


def _unedited(totals: Totals) -> tuple[int, int]:
    return totals.edits.unedited, totals.edits.approved
