"""An inverted index over rows of terms: cosine, BM25 and coverage from flat numpy arrays."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

K1 = 1.2
B = 0.5


class TermCounts:
    """How often each term stands in each row, against a vocabulary that several fields share."""

    def __init__(self, rows: Iterable[Sequence[str]], vocabulary: dict[str, int]) -> None:
        columns: list[int] = []
        row_ids: list[int] = []
        counts: list[int] = []
        lengths: list[int] = []
        for row, terms in enumerate(rows):
            counted = Counter(terms)
            columns += [vocabulary.setdefault(term, len(vocabulary)) for term in counted]
            row_ids += [row] * len(counted)
            counts += counted.values()
            lengths.append(len(terms))
        self.columns: Ints = np.array(columns, np.int64)
        self.rows: Ints = np.array(row_ids, np.int64)
        self.counts: Floats = np.array(counts, np.float32)
        self.lengths: Floats = np.array(lengths, np.float32)


class Postings:
    """Rows of terms, read by term.

    `entry_of` gives each row's entry: document frequency counts entries, so that a word repeated
    in every alias of one entry stays a rare word. `weights` multiplies the IDF by term.
    """

    def __init__(
        self,
        counts: TermCounts,
        vocabulary: dict[str, int],
        entry_of: Ints,
        weights: Callable[[str], float] | None = None,
    ) -> None:
        self.vocabulary = vocabulary
        self.row_count = len(counts.lengths)
        entries = int(entry_of.max()) + 1 if len(entry_of) else 0
        self.unseen_idf = math.log1p(2 * entries + 1)
        self.idf = self._inverse_frequency(counts, entry_of, entries, weights)
        self._arrange(counts)

    def _inverse_frequency(
        self,
        counts: TermCounts,
        entry_of: Ints,
        entries: int,
        weights: Callable[[str], float] | None,
    ) -> Floats:
        """Return the IDF of BM25 (never negative) times the weight, by term."""
        base = max(entries, 1)
        seen = np.unique(counts.columns * base + entry_of[counts.rows])
        frequency = np.bincount(seen // base, minlength=len(self.vocabulary))
        idf = np.log1p((entries - frequency + 0.5) / (frequency + 0.5))
        if weights is not None:
            idf = idf * np.array([weights(term) for term in self.vocabulary])
        return idf.astype(np.float32)

    def _arrange(self, source: TermCounts) -> None:
        """Sort by term and compute, for each (term, row), its share of every score."""
        order = np.argsort(source.columns, kind="stable")
        columns, counts = source.columns[order], source.counts[order]
        self.rows: Ints = source.rows[order]
        ends = np.searchsorted(columns, np.arange(len(self.vocabulary) + 1))
        self.bounds: list[int] = ends.tolist()
        idf, lengths = self.idf[columns], source.lengths
        mean = float(lengths.mean()) if lengths.any() else 1.0
        room = K1 * (1 - B + B * lengths[self.rows] / mean)
        self.saturation: Floats = (counts * (K1 + 1) / (counts + room)).astype(np.float32)
        vector = (1 + np.log(counts)) * idf
        norm = np.sqrt(np.bincount(self.rows, vector**2, self.row_count))
        norm[norm == 0] = 1
        self.cosine: Floats = (vector / norm[self.rows]).astype(np.float32)
        self.mass: Floats = np.bincount(self.rows, idf, self.row_count).astype(np.float32)
        """IDF mass of the distinct terms of each row."""

    def gather(self, ids: Sequence[int], *columns: Floats) -> tuple[Ints, list[Floats], list[int]]:
        """Return rows and values of the terms one after the other, and how many each term has."""
        spans = [slice(self.bounds[one], self.bounds[one + 1]) for one in ids]
        sizes = [span.stop - span.start for span in spans]
        if not spans:
            return self.rows[:0], [column[:0] for column in columns], sizes
        rows = np.concatenate([self.rows[span] for span in spans])
        values = [np.concatenate([column[span] for span in spans]) for column in columns]
        return rows, values, sizes

    def summed(self, rows: Any, values: Any) -> Floats:
        """Return the sum of `values` by row."""
        return np.bincount(rows, values, self.row_count).astype(np.float32)

    def known(self, terms: Iterable[str]) -> tuple[list[int], list[int], list[int]]:
        """Return ids and counts of the known terms, and the counts of the unknown ones."""
        ids: list[int] = []
        counts: list[int] = []
        unknown: list[int] = []
        find = self.vocabulary.get
        for term, count in Counter(terms).items():
            place = find(term)
            if place is None:
                unknown.append(count)
            else:
                ids.append(place)
                counts.append(count)
        return ids, counts, unknown

    def cosine_to(self, known: tuple[list[int], list[int], list[int]]) -> tuple[Floats, Floats]:
        """Return, by row, the cosine with a query and the share of the row's mass it covers.

        `known`: the query's terms as `known` returns them.
        """
        ids, counts, unknown = known
        idf = self.idf[ids]
        vector = (1 + np.log(np.array(counts, np.float32))) * idf
        lost = sum(((1 + math.log(count)) * self.unseen_idf) ** 2 for count in unknown)
        norm = math.sqrt(float(vector @ vector) + lost) or 1.0
        rows, (cosine,), sizes = self.gather(ids, self.cosine)
        cosines = self.summed(rows, cosine * np.repeat(vector / norm, sizes))
        held = self.summed(rows, np.repeat(idf, sizes))
        return cosines, held / (self.mass + 1e-6)
