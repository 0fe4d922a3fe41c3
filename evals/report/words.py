"""What every form of a report says the same way: percentages, intervals, verdicts."""

from evals.report.model import CasePage, Report
from evals.results import Rate, ScoreVerdict
from evals.statistics import Interval


def percent(share: float | None) -> str:
    """Return « 97.5 % »; a dash where nothing was told."""
    return "–" if share is None else f"{share * 100:.1f} %"


def interval(low: float, high: float) -> str:
    """Return « 94.2–99.1 % »: read the same in both languages."""
    return f"{low * 100:.1f}–{high * 100:.1f} %"


def points(difference: float, bounds: Interval) -> str:
    """Return « +1.2 points (-0.4 to +2.8) »."""
    low, high = bounds
    return f"{difference * 100:+.1f} points ({low * 100:+.1f} to {high * 100:+.1f})"


def told(rate: Rate) -> str:
    """Return « 39 of 40 »."""
    return f"{rate.passed} of {rate.total}"


def failing(report: Report) -> list[CasePage]:
    """Return the cases that fail or could not be told, gate cases first."""
    bad = {ScoreVerdict.FAIL, ScoreVerdict.ERROR}
    found = [page for page in report.cases if page.record.verdict in bad]
    return sorted(found, key=lambda page: (not page.record.is_gate, page.record.id))


def reasons(page: CasePage) -> list[str]:
    """Return why the case does not pass, scorer by scorer, each reason once."""
    bad = {ScoreVerdict.FAIL, ScoreVerdict.ERROR}
    found = [
        f"{score.scorer}: {score.reason}" if score.reason else score.scorer
        for one in page.scores
        for score in one.scores
        if score.verdict in bad and not score.is_advisory
    ]
    return list(dict.fromkeys(found))


def one_line(text: str, most: int = 160) -> str:
    """Return `text` without line ends, cut to `most` characters."""
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1] + "…"
