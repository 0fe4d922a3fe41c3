"""The figures of a run: rates with their intervals, by criterion, language and scorer."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from pydantic import Field

from agent.domain.base import Frozen
from evals.results import CaseRecord, CaseScores, Rate, ScoreVerdict
from evals.statistics import Interval, cluster_bootstrap, pass_hat

RELIABILITY_K = 3
"""pass^k is told for k up to this many, where a run has as many repeats."""


class Summary(Frozen):
    """What a run comes to."""

    overall: Rate
    low: float = 0.0
    high: float = 1.0
    """95 % interval of the overall share with clusters resampled together."""
    clusters: int = 0
    by_criterion: tuple[Rate, ...] = ()
    by_language: tuple[Rate, ...] = ()
    by_scorer: tuple[Rate, ...] = ()
    advisory: tuple[Rate, ...] = ()
    """Judges not yet calibrated: shown, of no weight."""
    pass_hat: dict[int, float] = Field(default_factory=dict)
    """k -> the chance that k repeats of a case all pass; empty without repeats."""


def summary_of(records: Sequence[CaseRecord], scored: Iterable[CaseScores]) -> Summary:
    """Count the cases (each once, its repeats put together) and the scores (each repeat once)."""
    counted: dict[str, list[ScoreVerdict]] = defaultdict(list)
    advised: dict[str, list[ScoreVerdict]] = defaultdict(list)
    for one in scored:
        for given in () if one.known_wrong else one.scores:
            (advised if given.is_advisory else counted)[given.scorer].append(given.verdict)
    interval = _clustered(records)
    return Summary(
        overall=Rate.of("all", (record.verdict for record in records)),
        low=interval.low,
        high=interval.high,
        clusters=len({record.cluster for record in records}),
        by_criterion=_grouped((record.criterion.value, record.verdict) for record in records),
        by_language=_grouped((record.lang, record.verdict) for record in records),
        by_scorer=_rates(counted),
        advisory=_rates(advised),
        pass_hat=reliability(records),
    )


def _clustered(records: Sequence[CaseRecord]) -> Interval:
    told = [record for record in records if record.share is not None]
    if not told:
        return Interval(0.0, 1.0)
    values = [record.share or 0.0 for record in told]
    return cluster_bootstrap(values, [record.cluster for record in told])


def _grouped(pairs: Iterable[tuple[str, ScoreVerdict]]) -> tuple[Rate, ...]:
    groups: dict[str, list[ScoreVerdict]] = defaultdict(list)
    for name, verdict in pairs:
        groups[name].append(verdict)
    return _rates(groups)


def _rates(groups: dict[str, list[ScoreVerdict]]) -> tuple[Rate, ...]:
    return tuple(Rate.of(name, groups[name]) for name in sorted(groups))


def reliability(records: Sequence[CaseRecord]) -> dict[int, float]:
    """Return pass^k averaged over the cases, for each k that every told case has repeats for."""
    told = [record for record in records if record.repeats]
    fewest = min((record.repeats for record in told), default=0)
    if fewest < 2:
        return {}
    return {
        k: sum(pass_hat(record.passed, record.repeats, k) for record in told) / len(told)
        for k in range(1, min(fewest, RELIABILITY_K) + 1)
    }
