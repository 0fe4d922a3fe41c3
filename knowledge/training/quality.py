"""Figures: hits and reciprocal rank, AUROC, calibration error, coverage against error."""

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]


def ranks_of(scores: Doubles, right: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return by question the place, from 0, of the first right candidate; 999 if none is."""
    order = np.argsort(-scores, axis=1, kind="stable")
    found = np.take_along_axis(right, order, axis=1)
    ranks: NDArray[np.int64] = np.where(found.any(axis=1), found.argmax(axis=1), 999)
    return ranks


def hit_at(ranks: NDArray[np.int64], most: int) -> float:
    """Return the share of questions whose right entry is among the first `most`."""
    return float((ranks < most).mean())


def reciprocal_rank(ranks: NDArray[np.int64], most: int = 10) -> float:
    """Return the mean of 1/rank, 0 beyond `most`."""
    return float(np.where(ranks < most, 1 / (ranks + 1), 0.0).mean())


def auroc(chances: Doubles, right: Doubles) -> float:
    """Return the chance that a right one has a higher value than a wrong one (ties count half)."""
    order = np.argsort(chances, kind="stable")
    values = chances[order]
    ranks = np.empty(len(values))
    starts = np.flatnonzero(np.r_[True, values[1:] != values[:-1]])
    ends = np.r_[starts[1:], len(values)]
    for low, high in zip(starts, ends, strict=True):
        ranks[order[low:high]] = (low + high + 1) / 2
    ones = right.sum()
    zeros = len(right) - ones
    if not ones or not zeros:
        return float("nan")
    return float((ranks[right > 0].sum() - ones * (ones + 1) / 2) / (ones * zeros))


def reliability(
    chances: Doubles, right: Doubles, weights: Doubles | None = None, bins: int = 10
) -> list[tuple[float, float, float]]:
    """Return by bin: mean probability, share of right ones, share of the weight."""
    weights = np.ones(len(chances)) if weights is None else weights
    places = np.minimum((chances * bins).astype(int), bins - 1)
    rows = []
    for one in range(bins):
        inside = places == one
        mass = weights[inside].sum()
        if mass:
            mean = float((weights * chances)[inside].sum() / mass)
            share = float((weights * right)[inside].sum() / mass)
            rows.append((mean, share, float(mass / weights.sum())))
    return rows


def calibration_error(chances: Doubles, right: Doubles, weights: Doubles | None = None) -> float:
    """Return the expected calibration error over ten equal bins."""
    rows = reliability(chances, right, weights)
    return float(sum(mass * abs(mean - share) for mean, share, mass in rows))


@dataclass(frozen=True)
class Answered:
    """What is answered from a threshold on."""

    threshold: float
    coverage: float
    """Share of the answerable questions that are answered rightly."""
    error: float


def answered_from(
    threshold: float,
    chances: Doubles,
    right: Doubles,
    answerable: Doubles,
    weights: Doubles | None = None,
) -> Answered:
    """Return coverage and error if everything from `threshold` on is answered."""
    weights = np.ones(len(chances)) if weights is None else weights
    taken = chances >= threshold
    mass = float(weights[taken].sum())
    good = float((weights * right)[taken].sum())
    total = float((weights * answerable).sum())
    return Answered(threshold, good / max(total, 1e-9), 1 - good / mass if mass else 0.0)


def interval(
    values: Doubles, groups: Sequence[str], figure: Callable[[Doubles], float], rounds: int = 400
) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of `figure`, groups resampled whole, seed fixed."""
    names = sorted(set(groups))
    places = [np.flatnonzero(np.array(groups) == one) for one in names]
    choose = np.random.default_rng(7)
    found = []
    for _ in range(rounds):
        drawn = choose.integers(0, len(names), len(names))
        found.append(figure(values[np.concatenate([places[one] for one in drawn])]))
    low, high = np.percentile(found, [2.5, 97.5])
    return float(low), float(high)


def fold_of(topic: str, folds: int = 5) -> int:
    """Return the fold of a topic: the same on every machine and run."""
    return zlib.crc32(topic.encode()) % folds
