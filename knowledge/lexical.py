"""The fielded index: wordings (question, aliases, both languages) and answers, never mixed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from knowledge.passages import Language
from knowledge.postings import Ints, Postings, TermCounts
from knowledge.similar import Concepts, SimilarWords, shipped_concepts, term_of
from knowledge.terms import IndexWord, grams, index_words, pairs


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


class Field:
    """The rows of one kind of text: words and pairs of words, by entry."""

    def __init__(
        self,
        texts: Sequence[Sequence[Text]],
        shared: "SharedVocabularies",
        has_grams: bool = False,
    ) -> None:
        # An entry without text still has one empty row, so that every entry has a place.
        rows = [text for group in texts for text in (group or (Text("", Language.FR),))]
        sizes = [max(1, len(group)) for group in texts]
        self.entry_of: Ints = np.repeat(np.arange(len(texts)), sizes)
        self.starts: Ints = np.cumsum([0, *sizes[:-1]]) if sizes else np.zeros(0, np.int64)
        self.ends: Ints = np.cumsum(sizes)
        read = [index_words(row.text, row.lang) for row in rows]
        terms = [_terms(words, row.lang) for words, row in zip(read, rows, strict=True)]
        self._words = TermCounts(terms, shared.words)
        self._pairs = TermCounts((pairs(row) for row in terms), shared.pairs)
        self._grams = TermCounts(map(grams, read), shared.grams) if has_grams else None
        self._concepts = TermCounts(map(shared.concepts_of, terms), shared.concept_names)
        shared.note(read, terms)

    def arrange(self, shared: "SharedVocabularies") -> None:
        """Build the postings, once the vocabularies hold the terms of every field."""
        self.words = Postings(self._words, shared.words, self.entry_of, shared.weight_of)
        self.pairs = Postings(self._pairs, shared.pairs, self.entry_of, shared.weight_of_pair)
        self.concepts = Postings(self._concepts, shared.concept_names, self.entry_of)
        if self._grams is not None:
            self.grams = Postings(self._grams, shared.grams, self.entry_of)
        del self._words, self._pairs, self._concepts, self._grams

    @property
    def has_one_row_each(self) -> bool:
        """Whether rows are entries, so that there is nothing to pool."""
        return len(self.starts) == len(self.entry_of)


class SharedVocabularies:
    """Term ids shared by the fields, and what the words were before they were stemmed."""

    def __init__(self, concepts: Concepts) -> None:
        self.words: dict[str, int] = {}
        self.pairs: dict[str, int] = {}
        self.grams: dict[str, int] = {}
        self.concept_names: dict[str, int] = {}
        self.by_surface: dict[str, list[str]] = {}
        """Folded surface form -> terms: finds "livré" for a query that says "livre"."""
        self._weights: dict[str, float] = {}
        self._concepts = concepts

    def note(self, read: Iterable[list[IndexWord]], terms: Iterable[list[str]]) -> None:
        """Remember surface forms and weights of the words of some rows."""
        for words, row in zip(read, terms, strict=True):
            for word, term in zip(words, row, strict=True):
                self._weights[term] = min(word.weight, self._weights.get(term, 1.0))
                known = self.by_surface.setdefault(word.key, [])
                if term not in known:
                    known.append(term)

    def concepts_of(self, terms: Sequence[str]) -> list[str]:
        """Return the concepts that the terms of a text name."""
        return [name for _, _, name in self._concepts.of(terms)]

    def phrases_of(self, terms: Sequence[str]) -> list[tuple[int, int, str]]:
        """Return (start, end, concept) for the phrases among the terms."""
        return self._concepts.of(terms)

    def weight_of(self, term: str) -> float:
        """Return how much a term says, 0 to 1."""
        return self._weights.get(term, 1.0)

    def weight_of_pair(self, pair: str) -> float:
        """A pair says as much as the word that says more."""
        left, right = pair.split(" ", 1)
        return max(self.weight_of(left), self.weight_of(right))


def _terms(words: Iterable[IndexWord], lang: Language) -> list[str]:
    return [term_of(word.stem, lang) for word in words]


class EntryIndex:
    """Everything that is looked up to find entries."""

    def __init__(self, entries: Sequence[Entry], concepts: Concepts | None = None) -> None:
        self.entries = tuple(entries)
        self.shared = SharedVocabularies(concepts or shipped_concepts())
        self.wordings = Field([entry.wordings for entry in entries], self.shared, has_grams=True)
        has_answers = any(answer.text for entry in entries for answer in entry.answers)
        self.answers = (
            Field([entry.answers for entry in entries], self.shared) if has_answers else None
        )
        for field in self.fields:
            field.arrange(self.shared)

    @property
    def fields(self) -> list[Field]:
        """The fields that hold something: wordings, then answers."""
        return [self.wordings] + ([self.answers] if self.answers else [])

    @cached_property
    def languages(self) -> tuple[Language, ...]:
        """The languages of the wordings, the most frequent first."""
        counted: dict[Language, int] = {}
        for entry in self.entries:
            for wording in entry.wordings:
                counted[wording.lang] = counted.get(wording.lang, 0) + 1
        return tuple(sorted(counted, key=lambda lang: (-counted[lang], lang.value)))

    @cached_property
    def similar(self) -> SimilarWords:
        """The words that say something, to be found by their letters."""
        return SimilarWords(
            {
                place: term[3:]
                for term, place in self.shared.words.items()
                if len(term) > 5 and self.shared.weight_of(term) == 1.0
            }
        )
