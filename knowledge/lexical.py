"""The fielded index: wordings (question, aliases, both languages) and answers, never mixed."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from knowledge.passages import Language
from knowledge.postings import Floats, Ints, Postings, counted
from knowledge.similar import Concepts, SimilarWords, shipped_concepts
from knowledge.terms import grams_of
from knowledge.vocabulary import PairVocabulary, Vocabulary

MOST_WAVES = 16
"""Wordings an entry up to which pooling goes wording by wording, which is then the fastest."""


class Text(NamedTuple):
    """A text and the language it is stemmed in."""

    text: str
    lang: Language


@dataclass(frozen=True)
class Entry:
    """What can be found: one FAQ entry with all its wordings and answers, in any language."""

    id: str
    wordings: tuple[Text, ...]
    answers: tuple[Text, ...] = ()


class Rows:
    """The texts of one field as rows of tokens, each row with its entry.

    An entry without text still has one empty row, so that every entry has a place.
    """

    def __init__(self, texts: Sequence[Sequence[Text]], vocabulary: Vocabulary) -> None:
        sizes = [max(1, len(group)) for group in texts]
        self.entry_of: Ints = np.repeat(np.arange(len(texts)), sizes)
        self.bounds: Ints = np.cumsum([0, *sizes])
        read = [vocabulary.read(*row) for group in texts for row in (group or (_NOTHING,))]
        self.count = len(read)
        self.tokens: Ints = np.array([token for row in read for token in row], np.int64)
        self.row_of: Ints = np.repeat(np.arange(len(read)), [len(row) for row in read])

    def find_concepts(self, vocabulary: Vocabulary) -> None:
        """Find the concepts named in the rows: (row, concept) of each."""
        terms = vocabulary.terms_of(self.tokens)
        self.concepts = vocabulary.concepts_in(terms, self.row_of)

    def pair_codes(self, terms: Ints, term_count: int) -> tuple[Ints, Ints]:
        """Return (row, code) of each pair of neighbouring terms of one row."""
        inside = self.row_of[1:] == self.row_of[:-1]
        codes = terms[:-1] * term_count + terms[1:]
        return self.row_of[1:][inside], codes[inside]


_NOTHING = Text("", Language.FR)


class Field:
    """The rows of one kind of text, to be looked up by words, pairs, concepts and letter groups."""

    def __init__(
        self,
        rows: Rows,
        vocabulary: Vocabulary,
        pairs: PairVocabulary,
        grams: "Grams | None" = None,
    ) -> None:
        self.bounds, self.entry_of = rows.bounds, rows.entry_of
        self.row_count = rows.count
        self.has_one_row_each = rows.count == len(rows.bounds) - 1
        terms = vocabulary.terms_of(rows.tokens)
        weights = vocabulary.weights
        count = (rows.count, len(vocabulary.terms))
        self.words = Postings(counted(rows.row_of, terms, count), rows.entry_of, weights)
        pair_rows, codes = rows.pair_codes(terms, len(vocabulary.terms))
        shape = (rows.count, len(pairs.codes))
        pair_counts = counted(pair_rows, pairs.ids(codes), shape)
        self.pairs = Postings(pair_counts, rows.entry_of, pairs.weights(weights))
        shape = (rows.count, len(vocabulary.concept_names))
        self.concepts = Postings(counted(*rows.concepts, shape), rows.entry_of)
        if grams is not None:
            surfaces = vocabulary.surfaces_of(rows.tokens)
            shape = (rows.count, len(vocabulary.surfaces))
            gram_counts = counted(rows.row_of, surfaces, shape) @ grams.by_surface
            self.grams = Postings(gram_counts, rows.entry_of, without_common=True)
        self._waves = self._pooling_waves()

    def _pooling_waves(self) -> tuple[Ints, list[int], Ints] | None:
        """Return the rows by place in their entry, the largest entries first, how many there are
        at each place, and where the entries then stand; None if entries have too many rows."""
        sizes = np.diff(self.bounds)
        if not len(sizes) or sizes.max() > MOST_WAVES:
            return None
        order = np.argsort(-sizes, kind="stable")
        longest = int(sizes.max())
        rows = [self.bounds[order[sizes[order] > place]] + place for place in range(longest)]
        return np.concatenate(rows), [len(one) for one in rows], np.argsort(order)

    def pooled(self, stacked: Floats) -> Floats:
        """Return the best row of each entry for each array: (arrays, rows) to (arrays, entries)."""
        if self.has_one_row_each:
            return stacked
        if self._waves is None:
            best: Floats = np.maximum.reduceat(stacked, self.bounds[:-1], axis=1)
            return best
        rows, counts, places = self._waves
        ordered = stacked.take(rows, axis=1)
        start = counts[0]
        best = ordered[:, :start]
        for count in counts[1:]:
            wave = ordered[:, start : start + count]
            np.maximum(best[:, :count], wave, out=best[:, :count])
            start += count
        return best.take(places, axis=1)


class Grams:
    """The letter groups of the surface forms of a FAQ."""

    def __init__(self, surfaces: Sequence[str]) -> None:
        self.vocabulary: dict[str, int] = {}
        places: list[int] = []
        found: list[int] = []
        for place, surface in enumerate(surfaces):
            groups = grams_of(surface) if surface else ()
            places += [place] * len(groups)
            found += [self.vocabulary.setdefault(one, len(self.vocabulary)) for one in groups]
        shape = (len(surfaces), len(self.vocabulary))
        self.by_surface: Any = counted(np.array(places, np.int64), np.array(found, np.int64), shape)


class EntryIndex:
    """Everything that is looked up to find entries."""

    def __init__(self, entries: Sequence[Entry], concepts: Concepts | None = None) -> None:
        self.entries = tuple(entries)
        self.vocabulary = Vocabulary(concepts or shipped_concepts())
        wordings = Rows([entry.wordings for entry in entries], self.vocabulary)
        # Only wordings are looked up by letters: answers would cost much and add little.
        surfaces = list(self.vocabulary.surfaces)
        answers = Rows([entry.answers for entry in entries], self.vocabulary)
        grown = self.vocabulary.surfaces.keys() - set(surfaces)
        self.grams = Grams([*surfaces, *([""] * len(grown))])
        rows = [wordings, answers] if len(answers.tokens) else [wordings]
        for one in rows:
            one.find_concepts(self.vocabulary)
        self.pairs = self._pairs(rows)
        self.wordings = Field(wordings, self.vocabulary, self.pairs, self.grams)
        self.answers = Field(answers, self.vocabulary, self.pairs) if len(answers.tokens) else None

    def _pairs(self, rows: Sequence[Rows]) -> PairVocabulary:
        count = len(self.vocabulary.terms)
        codes = [one.pair_codes(self.vocabulary.terms_of(one.tokens), count)[1] for one in rows]
        return PairVocabulary(np.concatenate(codes), count)

    @cached_property
    def languages(self) -> tuple[Language, ...]:
        """The languages of the texts, the most frequent first."""
        count: dict[Language, int] = {}
        for entry in self.entries:
            for text in (*entry.wordings, *entry.answers):
                count[text.lang] = count.get(text.lang, 0) + 1
        return tuple(sorted(count, key=lambda lang: (-count[lang], lang.value)))

    @cached_property
    def similar(self) -> SimilarWords:
        """The words that say something, to be found by their letters."""
        weights = self.vocabulary.weights
        return SimilarWords(
            {
                place: term[3:]
                for term, place in self.vocabulary.terms.items()
                if len(term) > 5 and weights[place] == 1.0
            }
        )
