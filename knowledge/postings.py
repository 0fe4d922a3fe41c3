"""An inverted index over rows of terms: cosine, BM25 and coverage from flat numpy arrays."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Ints = NDArray[np.int64]

K1 = 1.2
B = 0.5
FEW_ROWS = 300
COMMON_SHARE = 0.1
COPIED_WHOLE = 4000
"""Rows from which copying span by span is faster than picking them one by one."""


@dataclass(frozen=True)
class Touched:
    """Rows that hold a term of the query, one after the other, with values aligned to them."""

    rows: Ints
    values: Sequence[Doubles]


@dataclass(frozen=True)
class Known:
    """The terms of a query that a field knows, and how often the query has the others."""

    ids: Ints
    counts: Ints
    unknown: Sequence[int]
    """How often the query has each term that the field does not know."""


def counted(rows: Ints, terms: Ints, shape: tuple[int, int]) -> Any:
    """Return the scipy CSR matrix of how often each row has each term."""
    from scipy.sparse import coo_matrix

    return coo_matrix((np.ones(len(rows)), (rows, terms)), shape=shape).tocsr()


class Postings:
    """Rows of terms, read by term.

    `counts`: rows by terms (scipy sparse). `entry_of` gives each row's entry, in ascending order:
    document frequency counts entries, so that a word repeated in every alias of one entry stays a
    rare word. `weights` multiplies the IDF by term. `without_common` leaves out the rows of terms
    that stand in more than a tenth of them: they cost most of the time and decide nothing.
    """

    def __init__(
        self,
        counts: Any,
        entry_of: Ints,
        weights: Doubles | None = None,
        without_common: bool = False,
    ) -> None:
        by_term = counts.tocsc()
        by_term.sort_indices()
        self.row_count = int(counts.shape[0])
        self.rows: Ints = by_term.indices.astype(np.int64)
        frequency = np.diff(by_term.indptr)
        columns = np.repeat(np.arange(len(frequency)), frequency)
        entries = int(entry_of[-1]) + 1 if len(entry_of) else 0
        self.unseen_idf = math.log1p(2 * entries + 1)
        self.idf = _inverse_frequency(columns, entry_of[self.rows], len(frequency), entries)
        if weights is not None:
            self.idf = (self.idf * weights).astype(np.float32)
        self._score(by_term.data, columns, np.asarray(counts.sum(axis=1)).ravel())
        self._bound(by_term.indptr, frequency, without_common)

    def _score(self, counts: Doubles, columns: Ints, lengths: Doubles) -> None:
        """Compute, for each (term, row), its share of every score."""
        idf = self.idf[columns].astype(np.float64)
        mean = float(lengths.mean()) if lengths.any() else 1.0
        room = K1 * (1 - B + B * lengths[self.rows] / mean)
        self.saturation: Doubles = (counts * (K1 + 1) / (counts + room)).astype(np.float64)
        vector: Doubles = ((1 + np.log(counts)) * idf).astype(np.float64)
        norm = np.sqrt(np.bincount(self.rows, vector**2, self.row_count))
        norm[norm == 0] = 1
        self.cosine: Doubles = (vector / norm[self.rows]).astype(np.float64)
        mass = np.bincount(self.rows, idf, self.row_count) + 1e-6
        self.mass: Doubles = mass.astype(np.float64)
        """IDF mass of the distinct terms of each row."""

    def _bound(self, indptr: Any, frequency: Any, without_common: bool) -> None:
        self.bounds: Ints = indptr.astype(np.int64)
        most = max(FEW_ROWS, int(COMMON_SHARE * self.row_count)) if without_common else None
        is_common = frequency > (self.row_count if most is None else most)
        self._read: Ints = np.where(is_common, 0, frequency).astype(np.int64)
        """How many rows of each term are read."""

    def gather(self, ids: Ints, *columns: Doubles) -> tuple[Ints, list[Doubles], Ints]:
        """Return rows and values of the terms one after the other, and how many each term has."""
        starts, sizes = self.bounds[ids], self._read[ids]
        ends = np.cumsum(sizes)
        total = int(ends[-1]) if len(ends) else 0
        if total > COPIED_WHOLE:
            found = zip(starts.tolist(), sizes.tolist(), strict=True)
            spans = [slice(start, start + size) for start, size in found]
            return (
                np.concatenate([self.rows[span] for span in spans]),
                [np.concatenate([column[span] for span in spans]) for column in columns],
                sizes,
            )
        places = np.arange(total) + np.repeat(starts - ends + sizes, sizes)
        return self.rows[places], [column[places] for column in columns], sizes


def _inverse_frequency(columns: Ints, entry_of: Ints, terms: int, entries: int) -> Floats:
    """Return the IDF of BM25 (never negative) by term; a row's terms are sorted by entry."""
    is_new = np.ones(len(columns), bool)
    is_new[1:] = (columns[1:] != columns[:-1]) | (entry_of[1:] != entry_of[:-1])
    frequency = np.bincount(columns[is_new], minlength=terms)
    return np.log1p((entries - frequency + 0.5) / (frequency + 0.5)).astype(np.float32)
