"""The statistics of small suites: intervals, paired tests and repeats, without assuming much.

Rates carry Wilson intervals, two runs are compared on the same cases, and cases of one topic are
resampled together, for they are not independent.
"""

import math
from collections.abc import Mapping, Sequence
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

RESAMPLES = 4000
SEED = 20261120


class Interval(NamedTuple):
    """The bounds of a value, at the confidence asked for."""

    low: float
    high: float


def wilson(successes: int, total: int, confidence: float = 0.95) -> Interval:
    """Return Wilson's score interval of a rate (Wilson 1927; Newcombe 1998, method 3).

    Without cases nothing is known: (0, 1).

    Raises:
        ValueError: there are more successes than cases, or fewer than none.
    """
    if not 0 <= successes <= total:
        raise ValueError(f"{successes} of {total} is no rate")
    if total == 0:
        return Interval(0.0, 1.0)
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    rate, z2n = successes / total, z * z / total
    centre = (rate + z2n / 2) / (1 + z2n)
    half = z * math.sqrt(rate * (1 - rate) / total + z2n / (4 * total)) / (1 + z2n)
    # The bound is exact at the ends, where rounding would leave a trace.
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    return Interval(low, 1.0 if successes == total else min(1.0, centre + half))


def mcnemar(broken: int, fixed: int) -> float:
    """Return the two-sided exact p-value of McNemar's test on the discordant pairs.

    Under the null hypothesis a case that changed is as likely fixed as broken: Binomial(n, 1/2).
    """
    changed = broken + fixed
    if changed == 0:
        return 1.0
    tail = sum(math.comb(changed, k) for k in range(min(broken, fixed) + 1))
    return min(1.0, 2.0 * float(tail) / 2.0**changed)


def fewest_broken(fixed: int, alpha: float = 0.05) -> int:
    """Return how many cases must break, against `fixed` mended, for `mcnemar` to be below alpha."""
    broken = fixed + 1
    while mcnemar(broken, fixed) >= alpha:
        broken += 1
    return broken


def cluster_bootstrap(
    values: Sequence[float],
    clusters: Sequence[str],
    confidence: float = 0.95,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Interval:
    """Return the percentile interval of the mean of `values`, whole clusters resampled together.

    For paired differences, give the difference of each case. Deterministic for one seed.

    Raises:
        ValueError: the two lists are not equally long, or empty.
    """
    if len(values) != len(clusters) or not values:
        raise ValueError("give one cluster for each value, and at least one value")
    sums, sizes = _by_cluster(values, clusters)
    count = len(sums)
    drawn = np.random.default_rng(seed).integers(0, count, size=(resamples, count))
    means = sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    tail = (1 - confidence) / 2
    low, high = np.quantile(means, [tail, 1 - tail])
    return Interval(float(low), float(high))


def _by_cluster(
    values: Sequence[float], clusters: Sequence[str]
) -> tuple[
    "np.ndarray[tuple[int], np.dtype[np.float64]]", "np.ndarray[tuple[int], np.dtype[np.float64]]"
]:
    """Return the sum and the size of each cluster, clusters in alphabetical order."""
    names = {name: index for index, name in enumerate(sorted(set(clusters)))}
    sums, sizes = np.zeros(len(names)), np.zeros(len(names))
    for value, name in zip(values, clusters, strict=True):
        sums[names[name]] += value
        sizes[names[name]] += 1
    return sums, sizes


def clustered_error(values: Sequence[float], clusters: Sequence[str]) -> float:
    """Return the cluster-robust standard error of the mean (Miller 2024, equation 4).

    With one case a cluster it is the ordinary standard error of the mean, without the small-sample
    correction.
    """
    mean = sum(values) / len(values)
    residues: dict[str, float] = {}
    for value, name in zip(values, clusters, strict=True):
        residues[name] = residues.get(name, 0.0) + value - mean
    return math.sqrt(sum(residue**2 for residue in residues.values())) / len(values)


def pass_hat(passed: int, total: int, k: int) -> float:
    """Return pass^k of one case: the chance that k of its repeats, drawn without return, all pass.

    C(passed, k) / C(total, k), as tau-bench (Yao et al. 2024) estimates it.

    Raises:
        ValueError: there are fewer repeats than k.
    """
    if not 1 <= k <= total or not 0 <= passed <= total:
        raise ValueError(f"pass^{k} of {passed} in {total} repeats cannot be told")
    return math.comb(passed, k) / math.comb(total, k)


def holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """Return the p-values adjusted for how many there are (Holm 1979), under their names."""
    adjusted: dict[str, float] = {}
    highest = 0.0
    for rank, name in enumerate(sorted(p_values, key=lambda name: (p_values[name], name))):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[name]))
        adjusted[name] = highest
    return {name: adjusted[name] for name in p_values}


def is_non_inferior(difference: Interval, margin: float) -> bool:
    """Whether the new run is surely not worse by `margin` or more: the interval is above it."""
    return difference.low > -margin
