"""Order the entries of an index for one query: a linear score, then near-duplicates moved down."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.features import FEATURES, Evidence
from knowledge.intents import IntentScores
from knowledge.lexical import EntryIndex
from knowledge.model import Model, RankerWeights
from knowledge.postings import Floats, Ints
from knowledge.signals import CANDIDATES

MOST_COMPARED = 20
"""Entries among which near-duplicates are looked for, if no more are asked for."""
EXCLUDED = np.float32(-1e6)
SORTED_WHOLE = 300
"""Entries up to which sorting all is faster than looking for the best."""
COMPARED_WHOLE = 500
"""Entries up to which all are compared with all when the index is built."""


@dataclass(frozen=True)
class Ranking:
    """Scored entries for one query, best first. Places count the scored entries from 0."""

    order: Ints
    """Places of the entries among which the first was chosen, at most `CANDIDATES`."""
    scores: Floats
    """Scores by place; `EXCLUDED` for entries that may not be found."""
    intents: Floats | None
    """Log-probabilities of the FAQ's classifier, by place."""
    entries: Ints
    """The entry of the index at each place."""
    heights: Floats | None = None
    """The classifier's scores by place, 1 being what the FAQ's own wordings score."""


def weight_vector(weights: RankerWeights) -> Floats:
    """Return the weights in the order of `FEATURES`."""
    return np.array([weights.features.get(name, 0.0) for name in FEATURES], np.float32)


class Ranker:
    """Scores evidence with one model."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._plain = weight_vector(model.plain)
        self._intents = weight_vector(model.intents)

    def rank(
        self,
        evidence: Evidence,
        intents: IntentScores | None = None,
        allowed: NDArray[np.bool_] | None = None,
        dense: Floats | None = None,
    ) -> Ranking:
        """Return the entries by score.

        `intents`: what the FAQ's classifier says; `allowed`: entries that may be found; `dense`:
        cosines of embeddings; all by entry of the index.
        """
        places = evidence.entries
        if allowed is not None and allowed.all():
            allowed = None
        chances = None if intents is None else intents.log_probabilities(allowed)[places]
        weights = self._plain if chances is None else self._intents
        scores: Floats = weights @ evidence.features
        if chances is not None:
            scores = scores + np.float32(self.model.intents.intent) * chances
        if dense is not None:
            scores = scores + np.float32(self.model.dense) * dense[places]
        if allowed is not None:
            scores[~allowed[places]] = EXCLUDED
        heights = None if intents is None else intents.by_entry[places] / intents.usual
        return Ranking(best_first(scores, CANDIDATES), scores, chances, places, heights)


def best_first(scores: Floats, most: int) -> Ints:
    """Return the places of the highest scores; equal scores keep the order of the FAQ."""
    if len(scores) <= SORTED_WHOLE:
        ordered: Ints = np.argsort(-scores, kind="stable")[:most]
        return (
            ordered
            if scores[ordered[-1:]].sum() > EXCLUDED
            else ordered[scores[ordered] > EXCLUDED]
        )
    found = np.flatnonzero(scores > EXCLUDED)
    if len(found) > most:
        cut = np.partition(scores[found], len(found) - most)[len(found) - most]
        found = found[scores[found] >= cut]
    order: Ints = found[np.argsort(-scores[found], kind="stable")][:most]
    return order


class Diversity:
    """Moves entries down that say nearly what an entry above them says.

    The reader of five candidates gains nothing from five wordings of one answer.
    """

    def __init__(self, index: EntryIndex, strength: float) -> None:
        self._strength = strength
        words = index.wordings.words
        order = np.argsort(words.rows, kind="stable")
        terms = np.repeat(np.arange(len(words.idf)), np.diff(words.bounds))
        self._terms: Ints = terms[order]
        self._values = words.cosine[order]
        bounds = np.searchsorted(words.rows[order], np.arange(words.row_count + 1))
        self._spans = [
            (int(bounds[row]), int(bounds[row + 1])) for row in index.wordings.bounds[:-1]
        ]
        count = len(index.entries)
        is_small = 0 < count <= COMPARED_WHOLE
        self._known = (
            self._similarity(np.arange(count)) * np.float32(strength) if is_small else None
        )

    def _penalties(self, entries: Ints) -> Floats:
        """Return what each entry takes off each other once it is listed."""
        if self._known is None:
            return self._similarity(entries) * np.float32(self._strength)
        found: Floats = self._known[entries[:, None], entries]
        return found

    def _similarity(self, entries: Ints) -> Floats:
        """Return the cosines of the entries' questions, pair by pair."""
        spans = [self._spans[entry] for entry in entries]
        terms = np.concatenate([self._terms[low:high] for low, high in spans])
        values = np.concatenate([self._values[low:high] for low, high in spans])
        names, columns = np.unique(terms, return_inverse=True)
        vectors = np.zeros((len(entries), len(names)), np.float32)
        sizes = [high - low for low, high in spans]
        vectors[np.repeat(np.arange(len(entries)), sizes), columns] = values
        found: Floats = vectors @ vectors.T
        return found

    def apply(self, ranking: Ranking, top: int) -> list[tuple[int, float]]:
        """Return at most `top` (entry, score); scores never rise. The first entry stays first."""
        order = ranking.order[: max(2 * top, MOST_COMPARED) if top > 1 else 1]
        if not len(order):
            return []
        entries, left = ranking.entries[order], ranking.scores[order]
        similar = self._penalties(entries)
        listed: list[tuple[int, float]] = []
        while len(listed) < min(top, len(entries)):
            best = int(left.argmax())
            listed.append((int(entries[best]), float(left[best])))
            left -= similar[best]
            left[best] = -np.inf
        return listed
