"""A linear classifier fitted to one FAQ when its entries have many wordings each.

Softmax regression over the wordings (words, pairs, letter groups). It is fitted when the index is
built, knows only this FAQ, and is one feature of the ranker among others.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.asked import Asked
from knowledge.lexical import EntryIndex, Field
from knowledge.postings import Doubles, Floats, Known, Postings

LEAST_WORDINGS = 2.0
"""Mean wordings an entry from which the classifier is worth its time."""
MOST_WEIGHTS = 3_000_000
"""Features times entries that are fitted; beyond, nearest wordings alone decide."""
MOST_DENSE_ROWS = 3000
PENALTY = 0.05
SHARES = (1.0, 1.0, 1.0, 1.0)
"""How much words, pairs, letter groups and concepts weigh in a row of unit vectors."""
_WORDS, _CONCEPTS = 0, 3
STEPS = 25
LEAST_LOG = -12.0


@dataclass(frozen=True)
class IntentScores:
    """What the classifier says of one query."""

    by_entry: Floats
    """Linear scores; their softmax is the probability of each entry."""
    usual: float
    """What the FAQ's own wordings score for their entries, on average."""

    def log_probabilities(self, allowed: NDArray[np.bool_] | None = None) -> Floats:
        """Return the log-probability of each entry, at least `LEAST_LOG`, among the allowed."""
        scores = self.by_entry
        kept = scores if allowed is None else np.where(allowed, scores, np.float32(-1e6))
        highest = float(kept.max())
        total = math.log(float(np.exp(kept - highest).sum()))
        clipped: Floats = np.maximum(kept - np.float32(highest + total), np.float32(LEAST_LOG))
        return clipped


@dataclass(frozen=True)
class IntentModel:
    """Weights by feature (words, pairs, letter groups, concepts) and entry."""

    index: EntryIndex
    kept: NDArray[np.int64]
    """Feature -> row of `weights`, or -1 if the feature is too rare."""
    weights: Floats
    rarities: tuple[tuple[Floats, float], ...]
    """Per kind of feature: rarity by term, and of an unseen term."""
    usual: float
    """What the FAQ's own wordings score for their entries, on average."""

    def scores(self, asked: Asked) -> IntentScores:
        """Return what the query scores for each entry."""
        places, values = self._query_vector(asked)
        rows = self.kept[places]
        known = rows >= 0
        return IntentScores(values[known] @ self.weights[rows[known]], self.usual)

    def _query_vector(self, asked: Asked) -> tuple[NDArray[np.int64], Floats]:
        """Return the features of the query and their values, scaled as the rows were."""
        places: list[NDArray[np.int64]] = []
        values: list[Floats] = []
        offset = 0
        norms: list[float] = []
        kinds = (asked.terms, asked.pairs, asked.grams, _concepts(asked))
        for known, (rarity, unseen), share in zip(kinds, self.rarities, SHARES, strict=True):
            vector = rarity[known.ids]
            norms.append(math.sqrt(float(vector @ vector) + len(known.unknown) * unseen**2) or 1.0)
            norm = norms[_WORDS if len(norms) > _CONCEPTS else -1]
            places.append(known.ids + offset)
            values.append(vector * (share / norm))
            offset += len(rarity)
        return np.concatenate(places), np.concatenate(values)


def fit_intents(index: EntryIndex) -> IntentModel | None:
    """Return the classifier of this FAQ, or None if its entries have too few wordings."""
    field = index.wordings
    entries = len(index.entries)
    if entries < 2 or field.row_count < LEAST_WORDINGS * entries:
        return None
    import scipy.sparse as sparse

    matrix = sparse.hstack(_blocks(field)).tocsr().astype(np.float32)
    kept = _kept_features(matrix, entries)
    if kept is None:
        return None
    matrix = matrix[:, np.flatnonzero(kept >= 0)]
    weights = _fit(matrix, field.entry_of, entries)
    own = (matrix @ weights)[np.arange(field.row_count), field.entry_of]
    rarities = tuple(_rarity(postings) for postings in _postings(field))
    return IntentModel(index, kept, weights, rarities, max(float(own.mean()), 1e-3))


def _postings(field: Field) -> tuple[Postings, ...]:
    return field.words, field.pairs, field.grams, field.concepts


def _concepts(asked: Asked) -> Known:
    """Return the concepts that the query names."""
    ids = np.unique(asked.concept_ids[0])
    return Known(ids, np.ones(len(ids), np.int64), ())


def _rarity(postings: Postings) -> tuple[Floats, float]:
    """Return log((1 + rows) / (1 + rows with the term)) + 1 by term, and for an unseen term.

    Function words keep their say here: "how" and "when" tell intents apart.
    """
    frequency = np.diff(postings.bounds)
    most = math.log(1 + postings.row_count) + 1
    return (most - np.log(1 + frequency)).astype(np.float32), most


def _blocks(field: Field) -> list[Any]:
    """Return rows by features, kind by kind, each scaled to its share.

    Words, pairs and letter groups have unit length each. A concept is scaled by the length of the
    row's words: a question of elsewhere often names one known concept among many unknown words,
    and must not look like a wording that says nothing else.
    """
    import scipy.sparse as sparse

    blocks: list[Any] = []
    norms: list[Doubles] = []
    for postings, share in zip(_postings(field), SHARES, strict=True):
        rarity, _ = _rarity(postings)
        values = np.repeat(rarity, np.diff(postings.bounds))
        norms.append(np.sqrt(np.bincount(postings.rows, values**2, postings.row_count)))
        norm = norms[_WORDS if len(norms) > _CONCEPTS else -1]
        scaled = share * values / np.maximum(norm[postings.rows], 1e-6)
        shape = (postings.row_count, len(rarity))
        blocks.append(sparse.csc_matrix((scaled, postings.rows, postings.bounds), shape=shape))
    return blocks


def _kept_features(matrix: Any, entries: int) -> NDArray[np.int64] | None:
    """Drop the rarest features until the weights fit in memory."""
    frequency = np.bincount(matrix.indices, minlength=matrix.shape[1])
    for least in (1, 2, 3, 4, 6, 8):
        chosen = frequency >= least
        if chosen.sum() * entries <= MOST_WEIGHTS:
            kept: NDArray[np.int64] = np.where(chosen, np.cumsum(chosen) - 1, -1)
            return kept
    return None


def _fit(matrix: Any, labels: NDArray[np.int64], entries: int) -> Floats:
    """Return the weights by feature and entry.

    With fewer rows than features the same problem is solved in the space of the rows: K = X X'
    = L L', the rows of L stand for the rows of X, and W = X' inv(L') V. Much faster, same result.
    """
    from scipy.linalg import cholesky, solve_triangular
    from threadpoolctl import threadpool_limits

    rows = matrix.shape[0]
    # On one thread the weights do not depend on the machine's cores, and on a busy machine the
    # threads of such small products wait for each other ten times longer than they work.
    with threadpool_limits(1, "blas"):
        if rows > MOST_DENSE_ROWS or rows >= matrix.shape[1]:
            return _minimise(matrix, labels, entries)
        kernel = (matrix @ matrix.T).toarray().astype(np.float64)
        lower = cholesky(kernel + 1e-4 * np.eye(rows), lower=True)
        found = _minimise(lower.astype(np.float32), labels, entries)
        solved = solve_triangular(lower.T, found, lower=False).astype(np.float32)
    weights: Floats = matrix.T @ solved
    return weights


def _minimise(matrix: Any, labels: NDArray[np.int64], entries: int) -> Floats:
    """Minimise cross-entropy plus `PENALTY`/2 times the squared weights, by L-BFGS."""
    from scipy.optimize import minimize

    shape = (matrix.shape[1], entries)
    turned = matrix.T.tocsr() if hasattr(matrix, "tocsr") else np.ascontiguousarray(matrix.T)
    own = (np.arange(len(labels)), labels)

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights = flat.reshape(shape).astype(np.float32)
        scores = matrix @ weights
        scores -= scores.max(axis=1, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(axis=1, keepdims=True)
        fit = -float(np.log(scores[own] + 1e-12).sum())
        scores[own] -= 1
        gradient = turned @ scores + PENALTY * weights
        size = 0.5 * PENALTY * float((weights * weights).sum())
        return fit + size, gradient.ravel().astype(np.float64)

    start = np.zeros(shape[0] * shape[1])
    options = {"maxiter": STEPS, "maxcor": 5}
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options=options)
    weights: Floats = found.x.reshape(shape).astype(np.float32)
    return weights
