"""Everything one query touches in one field: (row, values) lists, gathered once."""

import math
from dataclasses import dataclass

import numpy as np

from knowledge.asked import Asked
from knowledge.lexical import Field
from knowledge.postings import Doubles, Floats, Ints, Known, Postings, Touched


class Scope:
    """The rows of a field that are scored: all of them, or those of some entries."""

    def __init__(self, field: Field, entries: Ints | None = None) -> None:
        self.field = field
        self.is_all = entries is None
        if entries is None:
            self.bounds, self.row_count = field.bounds, field.row_count
            return
        sizes = field.bounds[entries + 1] - field.bounds[entries]
        self.bounds = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
        self.row_count = int(self.bounds[-1])
        shift = np.repeat(field.bounds[entries] - self.bounds[:-1], sizes)
        self._rows: Ints = np.arange(self.row_count) + shift
        self._place = np.full(field.row_count, -1)
        self._place[self._rows] = np.arange(self.row_count)

    def within(self, touched: Touched) -> Touched:
        """Return what lies in this scope, rows renumbered."""
        if self.is_all:
            return touched
        places = self._place[touched.rows]
        inside = np.flatnonzero(places >= 0)
        return Touched(places[inside], [values[inside] for values in touched.values])

    def summed(self, rows: Ints, values: Doubles) -> Doubles:
        """Return the sum of `values` by row."""
        return np.bincount(rows, values, self.row_count).astype(np.float64, copy=False)

    def of(self, by_row: Doubles) -> Doubles:
        """Return the values of the rows in this scope."""
        return by_row if self.is_all else by_row[self._rows]

    def pooled(self, stacked: Floats) -> Floats:
        """Return the best row of each entry: (arrays, rows) to (arrays, entries)."""
        if len(self.bounds) - 1 == self.row_count:
            return stacked
        if self.is_all:
            return self.field.pooled(stacked)
        found: Floats = np.maximum.reduceat(stacked, self.bounds[:-1], axis=1)
        return found


@dataclass(frozen=True)
class FoundWords:
    """The words of a query in a field: rows and, aligned to them, what each row's word is worth."""

    rows: Ints
    cosine: Doubles
    saturation: Doubles
    sureness: Doubles
    places: Doubles
    """Which word of the query it stands for."""
    exact: Doubles
    """IDF, if it is the word itself."""
    own: Doubles
    """IDF times sureness; a word of the FAQ counts once, as what it stands for most surely."""


class Lookup:
    """One query in one field."""

    def __init__(self, field: Field, asked: Asked, with_grams: bool) -> None:
        self.field, self.asked = field, asked
        self.idf = _word_idf(field.words, asked)
        self.total = float(self.idf.sum()) + 1e-6
        self.norm = math.sqrt(float(self.idf @ self.idf)) or 1.0
        self.near = self._near()
        """As `FoundWords`, the least sure first."""
        self.concepts = self._concepts() if len(asked.concept_ids[0]) else None
        """Values: sureness, BM25 saturation and word."""
        self.grams = _cosine(field.grams, asked.grams) if with_grams else None
        """Values: cosine and IDF of letter groups."""

    def _near(self) -> Touched:
        words, (ids, by_term) = self.field.words, self.asked.near_words
        idf = words.idf[ids].astype(np.float64)
        rows, found, sizes = words.gather(ids, words.cosine, words.saturation)
        sure, places, is_exact, is_surest = by_term
        worth = np.array([sure, places, is_exact * idf, is_surest * sure * idf])
        return Touched(rows, [*found, *np.repeat(worth, sizes, axis=1)])

    def _concepts(self) -> Touched:
        terms, sure, places = self.asked.concept_ids
        concepts = self.field.concepts
        rows, found, sizes = concepts.gather(terms, concepts.saturation)
        return Touched(rows, [np.repeat(sure, sizes), *found, np.repeat(places, sizes)])

    def quick(self) -> Doubles:
        """Return by row a rough score, good enough to choose candidates."""
        scope = Scope(self.field)
        near = FoundWords(self.near.rows, *self.near.values)
        worth = near.sureness * self.idf[near.places.astype(np.int64)] + near.exact
        score = scope.summed(near.rows, near.saturation * worth)
        if self.concepts is not None:
            sureness, saturation, places = self.concepts.values
            worth = sureness * saturation * self.idf[places.astype(np.int64)]
            score += scope.summed(self.concepts.rows, worth)
        score /= self.total
        if self.grams is not None:
            score += scope.summed(self.grams.rows, self.grams.values[0])
        return score


def _word_idf(words: Postings, asked: Asked) -> Floats:
    """Return the IDF of each word; one that the FAQ does not hold is as rare as can be."""
    ids = [word.exact[0] if word.exact else -1 for word in asked.words]
    idf: Floats = words.idf[ids] if ids else np.zeros(0, np.float32)
    for place, word in enumerate(asked.words):
        if len(word.exact) > 1:
            idf[place] = words.idf[list(word.exact)].max()
        elif not word.exact:
            idf[place] = words.unseen_idf * word.word.weight
    return idf


def _cosine(postings: Postings, known: Known) -> Touched:
    """Return the cosine's terms with a query, and the IDF of what is shared."""
    idf = postings.idf[known.ids].astype(np.float64)
    vector = (1 + np.log(known.counts)) * idf
    lost = sum(((1 + math.log(count)) * postings.unseen_idf) ** 2 for count in known.unknown)
    norm = math.sqrt(float(vector @ vector) + lost) or 1.0
    rows, (cosine,), sizes = postings.gather(known.ids, postings.cosine)
    return Touched(rows, [cosine * np.repeat(vector / norm, sizes), np.repeat(idf, sizes)])


def pairs_cosine(field: Field, asked: Asked) -> Touched:
    """Return the same for pairs of words."""
    return _cosine(field.pairs, asked.pairs)


def pairs_bm25(field: Field, asked: Asked) -> Touched:
    """Return BM25 and the share of the query's IDF mass, for pairs of words."""
    postings, known = field.pairs, asked.pairs
    idf = postings.idf[known.ids].astype(np.float64)
    total = float(idf.sum()) + postings.unseen_idf * len(known.unknown) + 1e-6
    rows, (saturation,), sizes = postings.gather(known.ids, postings.saturation)
    each = np.repeat(idf / total, sizes)
    return Touched(rows, [saturation * each, each])
