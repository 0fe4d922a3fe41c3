"""The two fits: a listwise linear ranker and a logistic regression, both by L-BFGS."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.training.evidence import Lists

Doubles = NDArray[np.float64]
RANKER_PENALTY = 1e-3
LOGISTIC_PENALTY = 3e-3
NEWTON_STEPS = 30
NEWTON_ENOUGH = 1e-6


def fit_ranker(lists: Sequence[tuple[Lists, float]], intent_column: bool) -> Doubles:
    """Return non-negative weights that make right entries likely among their candidates.

    Minimises the mean of -log(softmax mass of the right entries) over each weighted FAQ (ListNet
    with binary relevance), plus `RANKER_PENALTY` times the squared weights. Non-negative: a
    larger share or cosine never speaks against an entry, which is what keeps weights learned on
    one FAQ harmless on another.
    """
    from scipy.optimize import minimize

    kept = [(one.at(np.asarray(one.right.any(axis=1))), weight) for one, weight in lists]
    count = kept[0][0].features.shape[2]

    def loss(weights: Doubles) -> tuple[float, Doubles]:
        total = RANKER_PENALTY * float(weights @ weights)
        gradient = 2 * RANKER_PENALTY * weights
        for one, weight in kept:
            value, slope = _list_loss(one, weights)
            total += weight * value
            gradient += weight * slope
        return total, gradient

    bounds = [(0.0, None)] * (count - 1) + [(0.0, None if intent_column else 0.0)]
    start = np.full(count, 1.0)
    start[-1] = 1.0 if intent_column else 0.0
    options = {"maxiter": 300}
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options=options)
    weights: Doubles = found.x
    return weights


def _list_loss(lists: Lists, weights: Doubles) -> tuple[float, Doubles]:
    scores = lists.features @ weights
    scores -= scores.max(axis=1, keepdims=True)
    shares = np.exp(scores)
    shares /= shares.sum(axis=1, keepdims=True)
    right = shares * lists.right
    mass = right.sum(axis=1)
    pull = shares - right / np.maximum(mass, 1e-12)[:, None]
    slope = np.einsum("qc,qcf->f", pull, lists.features) / len(mass)
    return float(-np.log(np.maximum(mass, 1e-12)).mean()), slope


def fit_logistic(rows: Doubles, right: Doubles, weights: Doubles) -> tuple[float, Doubles]:
    """Return bias and weights of a logistic regression on raw signals, by Newton's method.

    Signals are standardised for the fit, so that the penalty treats them alike, and the result
    is written back for raw values.
    """
    mean, scale = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    scaled = np.column_stack([np.ones(len(rows)), (rows - mean) / scale])
    share = weights / weights.sum()
    penalty = np.full(scaled.shape[1], 2 * LOGISTIC_PENALTY)
    penalty[0] = 1e-9
    flat = np.zeros(scaled.shape[1])
    for _ in range(NEWTON_STEPS):
        chance = 1 / (1 + np.exp(-scaled @ flat))
        slope = scaled.T @ (share * (chance - right)) + penalty * flat
        curve = (scaled * (share * chance * (1 - chance))[:, None]).T @ scaled
        step = np.linalg.solve(curve + np.diag(penalty), slope)
        flat -= step
        if np.abs(step).max() < NEWTON_ENOUGH:
            break
    raw: Doubles = flat[1:] / scale
    return float(flat[0] - raw @ mean), raw
