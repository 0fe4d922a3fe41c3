"""How far a judge agrees with people: what must be known before its verdict may stop anything.

A judge that always passes agrees 90 % of the time with people who pass 90 % of the replies, and
has learned nothing: raw agreement is told with Cohen's kappa, the base rate and both error rates.
"""

import math
from collections.abc import Iterable, Sequence
from enum import StrEnum
from statistics import NormalDist
from typing import NamedTuple

from agent.domain.base import Frozen
from evals.statistics import Interval, wilson

KAPPA_FLOOR = 0.6
"""From this kappa on a judge may gate: "substantial" on the scale of Landis and Koch (1977)."""
KAPPA_LOW_FLOOR = 0.4
"""And the lower bound of its interval must be above this: the labels must be enough to know."""
FEWEST_LABELS = 30
"""Labels of each verdict without which no error rate is worth telling."""
LEAST_POWER = 0.5
"""Sensitivity + specificity - 1 below which a corrected rate is noise (Rogan and Gladen 1978)."""


class Label(StrEnum):
    """What a person, or a judge, says of one reply."""

    PASS = "pass"  # noqa: S105 - a verdict, not a secret
    FAIL = "fail"
    NA = "na"
    """The question does not arise."""


class Pair(NamedTuple):
    """One reply, told by a person and by a judge (or by two people)."""

    truth: Label
    told: Label


class Confusion(Frozen):
    """The 2 by 2 table of `pass` and `fail`; the positive is `pass`."""

    true_pass: int = 0
    false_pass: int = 0
    """The judge passes what people fail: what a lenient judge does."""
    true_fail: int = 0
    false_fail: int = 0

    @classmethod
    def of(cls, pairs: Iterable[Pair]) -> "Confusion":
        """Count `pairs`; a pair with an `na` on either side is left out."""
        found = list(pairs)

        def count(truth: Label, told: Label) -> int:
            return found.count(Pair(truth, told))

        return cls(
            true_pass=count(Label.PASS, Label.PASS),
            false_pass=count(Label.FAIL, Label.PASS),
            true_fail=count(Label.FAIL, Label.FAIL),
            false_fail=count(Label.PASS, Label.FAIL),
        )

    @property
    def cells(self) -> tuple[int, int, int, int]:
        """True passes, false passes, true failures, false failures."""
        return self.true_pass, self.false_pass, self.true_fail, self.false_fail

    @property
    def total(self) -> int:
        """The pairs counted."""
        return sum(self.cells)


class Agreement(Frozen):
    """A judge against people, on one question and one language (or all)."""

    lang: str
    confusion: Confusion
    total: int
    """Pairs, `na` included."""
    agreement: float | None
    """Share of pairs told alike, `na` included."""
    kappa: float | None
    """Cohen's, over `pass`, `fail` and `na`."""
    kappa_low: float = -1.0
    kappa_high: float = 1.0
    base_rate: float | None
    """Share of `pass` among people's `pass` and `fail`."""
    sensitivity: float | None
    """TPR: of what people pass, the share that the judge passes."""
    sensitivity_interval: Interval
    specificity: float | None
    """TNR: of what people fail, the share that the judge fails."""
    specificity_interval: Interval

    @property
    def corrected(self) -> float | None:
        """The share of `pass` in the labelled set as corrected; None: refused."""
        told = self.confusion.true_pass + self.confusion.false_pass
        return self.correct(told / self.confusion.total) if self.confusion.total else None

    def correct(self, observed: float) -> float | None:
        """Return a pass rate told by this judge, corrected for its errors; None: it is too poor."""
        if self.sensitivity is None or self.specificity is None:
            return None
        return rogan_gladen(observed, self.sensitivity, self.specificity)

    @property
    def is_enough(self) -> bool:
        """Whether people gave enough labels of each verdict."""
        failed = self.confusion.false_pass + self.confusion.true_fail
        passed = self.confusion.true_pass + self.confusion.false_fail
        return min(failed, passed) >= FEWEST_LABELS

    def may_gate(self, floor: float = KAPPA_FLOOR, low_floor: float = KAPPA_LOW_FLOOR) -> bool:
        """Whether the judge agrees with people well enough, and surely enough, to stop a run."""
        if self.kappa is None or not self.is_enough:
            return False
        return self.kappa >= floor and self.kappa_low >= low_floor


def agreement(pairs: Sequence[Pair], lang: str = "all", confidence: float = 0.95) -> Agreement:
    """Return how far `told` agrees with `truth`."""
    table = Confusion.of(pairs)
    passed, failed = table.true_pass + table.false_fail, table.true_fail + table.false_pass
    kappa = cohen_kappa(pairs)
    interval = kappa_interval(pairs, confidence)
    return Agreement(
        lang=lang,
        confusion=table,
        total=len(pairs),
        agreement=_share(sum(pair.truth is pair.told for pair in pairs), len(pairs)),
        kappa=kappa,
        kappa_low=interval.low,
        kappa_high=interval.high,
        base_rate=_share(passed, passed + failed),
        sensitivity=_share(table.true_pass, passed),
        sensitivity_interval=wilson(table.true_pass, passed, confidence),
        specificity=_share(table.true_fail, failed),
        specificity_interval=wilson(table.true_fail, failed, confidence),
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def cohen_kappa(pairs: Sequence[Pair]) -> float | None:
    """Return Cohen's kappa (1960): agreement beyond chance. None without pairs.

    If both always say the same one thing, chance explains everything and kappa is undefined (0/0);
    0 is returned, as a judge that never had to choose has shown nothing.
    """
    if not pairs:
        return None
    observed, by_chance = _observed_and_chance(pairs)
    return 0.0 if by_chance == 1 else (observed - by_chance) / (1 - by_chance)


def kappa_interval(pairs: Sequence[Pair], confidence: float = 0.95) -> Interval:
    """Return the interval of kappa by its large-sample error (Fleiss, Cohen and Everitt 1969)."""
    kappa = cohen_kappa(pairs)
    if kappa is None:
        return Interval(-1.0, 1.0)
    error = math.sqrt(_kappa_variance(pairs, kappa))
    reach = NormalDist().inv_cdf((1 + confidence) / 2) * error
    return Interval(max(-1.0, kappa - reach), min(1.0, kappa + reach))


def _kappa_variance(pairs: Sequence[Pair], kappa: float) -> float:
    total = len(pairs)
    _, by_chance = _observed_and_chance(pairs)
    if by_chance == 1:
        return 1.0
    truth = {label: _part(pairs, 0, label) for label in Label}
    told = {label: _part(pairs, 1, label) for label in Label}
    joint = {
        (one, other): pairs.count(Pair(one, other)) / total for one in Label for other in Label
    }
    on = sum(
        joint[label, label] * (1 - (truth[label] + told[label]) * (1 - kappa)) ** 2
        for label in Label
    )
    off = (1 - kappa) ** 2 * sum(
        joint[one, other] * (told[one] + truth[other]) ** 2
        for one in Label
        for other in Label
        if one is not other
    )
    left = (kappa - by_chance * (1 - kappa)) ** 2
    return max(0.0, (on + off - left) / (total * (1 - by_chance) ** 2))


def _observed_and_chance(pairs: Sequence[Pair]) -> tuple[float, float]:
    observed = sum(pair.truth is pair.told for pair in pairs) / len(pairs)
    by_chance = sum(_part(pairs, 0, label) * _part(pairs, 1, label) for label in Label)
    return observed, by_chance


def _part(pairs: Sequence[Pair], side: int, label: Label) -> float:
    return sum(pair[side] is label for pair in pairs) / len(pairs)


def rogan_gladen(observed: float, sensitivity: float, specificity: float) -> float | None:
    """Return the true rate behind one observed by an imperfect judge (Rogan and Gladen 1978).

    None when the judge tells hardly more than a coin: its correction would be noise.
    """
    power = sensitivity + specificity - 1
    if power < LEAST_POWER:
        return None
    return min(1.0, max(0.0, (observed + specificity - 1) / power))


def rogan_gladen_interval(
    observed: float, total: int, judge: Agreement, confidence: float = 0.95
) -> Interval | None:
    """Return the interval of a corrected rate of `total` replies; None where it is refused.

    The errors of the rate and of the judge's two rates are joined by the delta method (Rogan and
    Gladen 1978, section 4).
    """
    rate, negatives, positives = judge.correct(observed), *_labelled(judge.confusion)
    if rate is None or not (total and negatives and positives):
        return None
    sensitivity, specificity = judge.sensitivity or 0.0, judge.specificity or 0.0
    power = sensitivity + specificity - 1
    variance = (
        observed * (1 - observed) / total
        + rate**2 * sensitivity * (1 - sensitivity) / positives
        + (1 - rate) ** 2 * specificity * (1 - specificity) / negatives
    ) / power**2
    reach = NormalDist().inv_cdf((1 + confidence) / 2) * math.sqrt(variance)
    return Interval(max(0.0, rate - reach), min(1.0, rate + reach))


def _labelled(table: Confusion) -> tuple[int, int]:
    return table.true_fail + table.false_pass, table.true_pass + table.false_fail
