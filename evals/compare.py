"""Two runs on the same cases: what broke, what was mended, and whether that can be chance."""

from collections.abc import Sequence
from enum import StrEnum

from agent.domain.base import Frozen
from evals.results import CaseRecord, ScoreVerdict
from evals.statistics import Interval, cluster_bootstrap, fewest_broken, holm, mcnemar

ALPHA = 0.05
_TOLD = {ScoreVerdict.PASS, ScoreVerdict.FAIL}


class Change(StrEnum):
    """What may be said of two runs."""

    BETTER = "better"
    WORSE = "worse"
    NOT_DISTINGUISHABLE = "not_distinguishable"


class Part(Frozen):
    """The comparison within one criterion."""

    name: str
    common: int
    broken: int
    fixed: int
    p_value: float
    p_adjusted: float
    """After Holm, for as many criteria as there are."""


class Regression(Frozen):
    """A scorer whose failure must never come back, and did, on a named case."""

    case: str
    scorer: str


class Comparison(Frozen):
    """The new run against the old one, on the cases that both told."""

    common: int
    before: float
    after: float
    """The share that passed."""
    low: float
    high: float
    """95 % interval of the difference of the shares, clusters resampled together."""
    broken: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()
    p_value: float = 1.0
    change: Change = Change.NOT_DISTINGUISHABLE
    only_before: tuple[str, ...] = ()
    only_after: tuple[str, ...] = ()
    regressions: tuple[Regression, ...] = ()
    parts: tuple[Part, ...] = ()

    @property
    def difference(self) -> float:
        """How much the share that passed has changed."""
        return self.after - self.before

    @property
    def interval(self) -> Interval:
        """The interval of the difference."""
        return Interval(self.low, self.high)

    @property
    def sentence(self) -> str:
        """What the figures allow to say, in one sentence."""
        counts = f"{len(self.broken)} broke and {len(self.fixed)} were mended of {self.common}"
        if self.change is not Change.NOT_DISTINGUISHABLE:
            return f"{self.change.value}: {counts} (p = {self.p_value:.3g})"
        return f"not distinguishable: {counts} (p = {self.p_value:.2g}; {self._why_not})"

    @property
    def _why_not(self) -> str:
        """What is missing for a verdict."""
        if self.p_value < ALPHA:
            return "but they are of a few topics only, and the interval by topic holds zero"
        fewer = min(len(self.broken), len(self.fixed))
        verbs = (
            ("broken", "mended") if len(self.broken) >= len(self.fixed) else ("mended", "broken")
        )
        return f"it takes {fewest_broken(fewer)} {verbs[0]} against {fewer} {verbs[1]} to tell"


def compare(before: Sequence[CaseRecord], after: Sequence[CaseRecord]) -> Comparison:
    """Compare two runs case by case; cases that one of them has not, or did not tell, are listed.

    They differ if the exact McNemar test says so and the clustered interval excludes zero: cases
    of one topic fail together, and the test alone would count them as independent.
    """
    old = {record.id: record for record in before if record.verdict in _TOLD}
    new = {record.id: record for record in after if record.verdict in _TOLD}
    pairs = [(old[name], new[name]) for name in old if name in new]
    broken = tuple(then.id for then, now in pairs if _is_broken(then, now))
    fixed = tuple(then.id for then, now in pairs if _is_broken(now, then))
    p_value = mcnemar(len(broken), len(fixed))
    interval = _interval(pairs)
    return Comparison(
        common=len(pairs),
        before=_share([then for then, _ in pairs]),
        after=_share([now for _, now in pairs]),
        low=interval.low,
        high=interval.high,
        broken=broken,
        fixed=fixed,
        p_value=p_value,
        change=_change(p_value, interval),
        only_before=tuple(record.id for record in before if record.id not in new),
        only_after=tuple(record.id for record in after if record.id not in old),
        regressions=tuple(_regressions(pairs)),
        parts=_parts(pairs),
    )


_Pairs = Sequence[tuple[CaseRecord, CaseRecord]]


def _is_broken(then: CaseRecord, now: CaseRecord) -> bool:
    return then.verdict is ScoreVerdict.PASS and now.verdict is ScoreVerdict.FAIL


def _share(records: Sequence[CaseRecord]) -> float:
    return sum(record.share or 0.0 for record in records) / len(records) if records else 0.0


def _interval(pairs: _Pairs) -> Interval:
    if not pairs:
        return Interval(-1.0, 1.0)
    differences = [(now.share or 0.0) - (then.share or 0.0) for then, now in pairs]
    return cluster_bootstrap(differences, [now.cluster for _, now in pairs])


def _change(p_value: float, interval: Interval) -> Change:
    if p_value >= ALPHA or interval.low <= 0 <= interval.high:
        return Change.NOT_DISTINGUISHABLE
    return Change.WORSE if interval.high < 0 else Change.BETTER


def _regressions(pairs: _Pairs) -> list[Regression]:
    return [
        Regression(case=now.id, scorer=scorer)
        for then, now in pairs
        for scorer in now.autofails
        if now.scores.get(scorer) is ScoreVerdict.FAIL
        and then.scores.get(scorer) is ScoreVerdict.PASS
    ]


def _parts(pairs: _Pairs) -> tuple[Part, ...]:
    names = sorted({now.criterion.value for _, now in pairs})
    counted = {}
    for name in names:
        inside = [pair for pair in pairs if pair[1].criterion == name]
        broken = sum(_is_broken(then, now) for then, now in inside)
        fixed = sum(_is_broken(now, then) for then, now in inside)
        counted[name] = (len(inside), broken, fixed, mcnemar(broken, fixed))
    adjusted = holm({name: given[3] for name, given in counted.items()})
    return tuple(
        Part(
            name=name,
            common=common,
            broken=broken,
            fixed=fixed,
            p_value=p_value,
            p_adjusted=adjusted[name],
        )
        for name, (common, broken, fixed, p_value) in counted.items()
    )
