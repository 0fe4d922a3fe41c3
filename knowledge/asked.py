"""Read a query against an index: which terms each of its words stands for, and how surely."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

import numpy as np

from knowledge.lexical import EntryIndex
from knowledge.passages import Language
from knowledge.postings import Floats, Ints, Known
from knowledge.similar import term_of
from knowledge.terms import FUNCTION_WEIGHT, IndexWord, grams_of, index_words
from knowledge.text.language import detect
from knowledge.text.sms import expand

MOST_WORDS = 48
"""Words of a query that are looked up: those that say most. Customers rarely write more."""
SURE_OF_LANGUAGE = 0.75
"""How sure a language must be to be read in a FAQ that has nothing in it."""
OTHER_LANGUAGE = 0.9
JOINED = 0.9
CONCEPT = 0.75
_LEAST_SPLIT = 3


@dataclass(frozen=True)
class AskedWord:
    """A distinct word of the query."""

    word: IndexWord
    exact: tuple[int, ...]
    """Term ids of the word itself."""
    near: tuple[tuple[int, float], ...]
    """(term id, how surely it stands for the word), the word itself included."""
    concepts: tuple[int, ...] = ()


class Asked:
    """A query as the index reads it."""

    def __init__(
        self,
        words: Sequence[AskedWord],
        lang: Language,
        terms: Known,
        pairs: Known,
        grams: Known,
    ) -> None:
        self.words = tuple(words)
        self.lang = lang
        self.terms = terms
        """The words as terms of the query's language."""
        self.pairs = pairs
        """Pairs of neighbouring terms."""
        self.grams = grams
        """Letter groups."""

    @cached_property
    def weights(self) -> Floats:
        """How much each word says whatever the FAQ, 0 to 1."""
        return np.array([asked.word.weight for asked in self.words], np.float32)

    @cached_property
    def near_ids(self) -> tuple[Ints, Floats, Ints]:
        """Return (term id, sureness, place of the word), the least sure first."""
        return _flat([asked.near for asked in self.words])

    @cached_property
    def concept_ids(self) -> tuple[Ints, Floats, Ints]:
        """Return the same for concepts."""
        return _flat([[(one, CONCEPT) for one in asked.concepts] for asked in self.words])


def _flat(groups: Sequence[Sequence[tuple[int, float]]]) -> tuple[Ints, Floats, Ints]:
    flat = sorted((sure, one, place) for place, group in enumerate(groups) for one, sure in group)
    return (
        np.array([one for _, one, _ in flat], np.int64),
        np.array([sure for sure, _, _ in flat], np.float32),
        np.array([place for _, _, place in flat], np.int64),
    )


def _known(names: Sequence[str], find: Callable[[str], int | None]) -> Known:
    ids: list[int] = []
    counts: list[int] = []
    unknown: list[int] = []
    for name, count in Counter(names).items():
        place = find(name)
        if place is None:
            unknown.append(count)
        else:
            ids.append(place)
            counts.append(count)
    return Known(ids, counts, unknown)


class QueryReader:
    """Reads queries against one index."""

    def __init__(self, index: EntryIndex) -> None:
        self._index = index
        self._names = list(index.vocabulary.terms)
        self._near = lru_cache(maxsize=20_000)(self._terms_near)

    def language(self, text: str, lang: Language | None) -> Language:
        """Return the language to read `text` in: the one given, the one detected, the FAQ's."""
        known = self._index.languages or (Language.FR,)
        if lang in (Language.FR, Language.EN):
            return lang
        found, sureness = detect(text)
        is_read = found in known or sureness >= SURE_OF_LANGUAGE
        return found if is_read and found is not Language.UNKNOWN else known[0]

    def read(self, text: str, lang: Language | None = None) -> Asked:
        """Return `text` as the index reads it, abbreviations spelled out."""
        reads_as = self.language(text, lang)
        sequence = index_words(expand(text, reads_as.value), reads_as)
        distinct = list({word.key: word for word in sequence}.values())
        if len(distinct) > MOST_WORDS:
            distinct = sorted(distinct, key=lambda word: (-word.weight, -len(word.key)))
            distinct = distinct[:MOST_WORDS]
        concepts = self._concepts(sequence, reads_as)
        joined = self._joined(sequence)
        words = [
            self._asked(word, reads_as, joined.get(word.key, ()), concepts.get(word.key, ()))
            for word in distinct
        ]
        return Asked(words, reads_as, *self._known(sequence, reads_as))

    def _known(self, sequence: Sequence[IndexWord], lang: Language) -> tuple[Known, Known, Known]:
        """Return what the index knows of the query's terms, pairs and letter groups."""
        index = self._index
        names = [term_of(word.stem, lang) for word in sequence]
        terms = [index.vocabulary.terms.get(name) for name in names]
        pairs = {
            f"{left} {right}": index.pairs.find(one, other)
            for (left, one), (right, other) in pairwise(zip(names, terms, strict=True))
        }
        paired = [f"{left} {right}" for left, right in pairwise(names)]
        grams = [gram for word in sequence for gram in grams_of(word.key)]
        return (
            _known(names, index.vocabulary.terms.get),
            _known(paired, pairs.get),
            _known(grams, index.grams.vocabulary.get),
        )

    def _asked(
        self, word: IndexWord, lang: Language, joined: Sequence[int], concepts: Sequence[int]
    ) -> AskedWord:
        exact, near = self._near(word, lang)
        if joined:
            extra = dict.fromkeys(joined, JOINED)
            near = tuple({**extra, **dict(near)}.items())
        return AskedWord(word, exact, near, tuple(concepts))

    def _terms_near(
        self, word: IndexWord, lang: Language
    ) -> tuple[tuple[int, ...], tuple[tuple[int, float], ...]]:
        vocabulary = self._index.vocabulary
        own = vocabulary.terms.get(term_of(word.stem, lang))
        surfaces = vocabulary.by_surface.get(word.key, [])
        same = [one for one in surfaces if self._names[one][:2] == lang.value]
        exact = tuple(dict.fromkeys([*([] if own is None else [own]), *same]))
        near: dict[int, float] = {}
        if word.weight == 1.0:
            near.update(self._by_letters(word))
        foreign = vocabulary.terms.get(term_of(word.stem, _other(lang)))
        if word.weight > FUNCTION_WEIGHT:
            near.update(dict.fromkeys(surfaces, OTHER_LANGUAGE))
            near.update({} if foreign is None else {foreign: OTHER_LANGUAGE})
        near.update(dict.fromkeys(exact, 1.0))
        return exact, tuple(near.items())

    def _by_letters(self, word: IndexWord) -> dict[int, float]:
        """Return terms with nearly the letters of `word`, or that are its two halves."""
        near = dict(self._index.similar.near(word.stem))
        by_surface = self._index.vocabulary.by_surface
        if word.key in by_surface:
            return near
        for cut in range(_LEAST_SPLIT, len(word.key) - _LEAST_SPLIT + 1):
            left, right = by_surface.get(word.key[:cut]), by_surface.get(word.key[cut:])
            if left and right:
                near.update({one: max(JOINED, near.get(one, 0.0)) for one in (*left, *right)})
        return near

    def _joined(self, sequence: Sequence[IndexWord]) -> dict[str, list[int]]:
        """Return key -> terms for two words that the FAQ writes as one ("git hub")."""
        found: dict[str, list[int]] = {}
        for left, right in pairwise(sequence):
            for term in self._index.vocabulary.by_surface.get(left.key + right.key, ()):
                for word in (left, right):
                    found.setdefault(word.key, []).append(term)
        return found

    def _concepts(self, sequence: Sequence[IndexWord], lang: Language) -> dict[str, list[int]]:
        """Return key -> ids of the concepts that a phrase with that word names."""
        names = self._index.vocabulary.concept_names
        concepts = self._index.vocabulary.concepts
        found: dict[str, list[int]] = {}
        terms = [term_of(word.stem, lang) for word in sequence]
        for start in range(len(terms)):
            for end, name in concepts.at(terms, start):
                if name in names:
                    for word in sequence[start:end]:
                        found.setdefault(word.key, []).append(names[name])
        return found


def _other(lang: Language) -> Language:
    return Language.FR if lang is Language.EN else Language.EN
