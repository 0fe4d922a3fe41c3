"""Read a query against an index: which terms each of its words stands for, and how surely."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

import numpy as np

from knowledge.lexical import EntryIndex
from knowledge.passages import Language
from knowledge.postings import Floats, Ints, Postings
from knowledge.similar import term_of
from knowledge.terms import IndexWord, grams_of, index_words, pairs
from knowledge.text.language import detect
from knowledge.text.sms import expand

MOST_WORDS = 48
"""Words of a query that are looked up: those that say most. Customers rarely write more."""
SURE_OF_LANGUAGE = 0.75
"""How sure a language must be to be read in a FAQ that has nothing in it."""
OTHER_LANGUAGE = 0.9
JOINED = 0.9
CONCEPT = 0.6
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
        self, words: Sequence[AskedWord], sequence: Sequence[IndexWord], lang: Language
    ) -> None:
        self.words = tuple(words)
        self.lang = lang
        self._sequence = sequence
        self._known: dict[str, tuple[list[int], list[int], list[int]]] = {}

    def known(self, kind: str, postings: Postings) -> tuple[list[int], list[int], list[int]]:
        """Return what `postings` (kind: words, pairs or grams) knows of the query; read once."""
        if kind not in self._known:
            terms = {"words": self.terms, "pairs": self.pairs, "grams": self.grams}[kind]
            self._known[kind] = postings.known(terms)
        return self._known[kind]

    @cached_property
    def grams(self) -> list[str]:
        """Letter groups of the query."""
        return [gram for word in self._sequence for gram in grams_of(word.key)]

    @cached_property
    def terms(self) -> list[str]:
        """Terms of the query, in its own language."""
        return [term_of(word.stem, self.lang) for word in self._sequence]

    @cached_property
    def pairs(self) -> list[str]:
        """Pairs of neighbouring terms of the query."""
        return pairs(self.terms)

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


class QueryReader:
    """Reads queries against one index."""

    def __init__(self, index: EntryIndex) -> None:
        self._index = index
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
        return Asked(words, sequence, reads_as)

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
        vocabulary = self._index.shared.words
        own = term_of(word.stem, lang)
        surfaces = self._index.shared.by_surface.get(word.key, [])
        same = [term for term in surfaces if term[:2] == own[:2]]
        exact = [vocabulary[term] for term in dict.fromkeys([own, *same]) if term in vocabulary]
        near: dict[int, float] = {}
        if word.weight == 1.0:
            near.update(self._by_letters(word))
        foreign = term_of(word.stem, _other(lang))
        for term in (foreign, *surfaces):
            if term in vocabulary and word.weight > 0.1:
                near[vocabulary[term]] = OTHER_LANGUAGE
        near.update(dict.fromkeys(exact, 1.0))
        return tuple(exact), tuple(near.items())

    def _by_letters(self, word: IndexWord) -> dict[int, float]:
        """Return terms with nearly the letters of `word`, or that are its two halves."""
        near = dict(self._index.similar.near(word.stem))
        if word.key in self._index.shared.by_surface:
            return near
        for cut in range(_LEAST_SPLIT, len(word.key) - _LEAST_SPLIT + 1):
            left = self._index.shared.by_surface.get(word.key[:cut])
            right = self._index.shared.by_surface.get(word.key[cut:])
            if left and right:
                terms = [self._index.shared.words[term] for term in (*left, *right)]
                near.update({one: max(JOINED, near.get(one, 0.0)) for one in terms})
        return near

    def _joined(self, sequence: Sequence[IndexWord]) -> dict[str, list[int]]:
        """Return key -> terms for two words that the FAQ writes as one ("git hub")."""
        found: dict[str, list[int]] = {}
        for left, right in pairwise(sequence):
            terms = self._index.shared.by_surface.get(left.key + right.key, ())
            for term in terms:
                for word in (left, right):
                    found.setdefault(word.key, []).append(self._index.shared.words[term])
        return found

    def _concepts(self, sequence: Sequence[IndexWord], lang: Language) -> dict[str, list[int]]:
        """Return key -> ids of the concepts that a phrase with that word names."""
        names = self._index.shared.concept_names
        found: dict[str, list[int]] = {}
        terms = [term_of(word.stem, lang) for word in sequence]
        for start, end, name in self._index.shared.phrases_of(terms):
            if name in names:
                for word in sequence[start:end]:
                    found.setdefault(word.key, []).append(names[name])
        return found


def _other(lang: Language) -> Language:
    return Language.FR if lang is Language.EN else Language.EN
