"""Read a query against an index: which terms each of its words stands for, and how surely."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain, pairwise

import numpy as np

from knowledge.lexical import EntryIndex
from knowledge.passages import Language
from knowledge.postings import Doubles, Floats, Ints, Known
from knowledge.similar import term_of
from knowledge.terms import FUNCTION_WEIGHT, IndexWord, grams_of
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
    def near_words(self) -> tuple[Ints, Doubles]:
        """Return term ids, the least sure first, and by term four rows.

        How surely it stands for a word, the place of that word, 1 if it is the word itself, 1 if
        the term stands for no word more surely.
        """
        flat = sorted(
            (sure, one, place, one in asked.exact)
            for place, asked in enumerate(self.words)
            for one, sure in asked.near
        )
        surest = {one: at for at, (_, one, _, _) in enumerate(flat)}
        rows = [(sure, place, same, surest[one] == at)
                for at, (sure, one, place, same) in enumerate(flat)]  # fmt: skip
        ids = np.array([one for _, one, _, _ in flat], np.int64)
        return ids, np.array(rows, np.float64).reshape(-1, 4).T

    @cached_property
    def concept_ids(self) -> tuple[Ints, Doubles, Ints]:
        """Return concept ids, how surely each stands for a word, and the place of that word."""
        flat = sorted((one, place) for place, asked in enumerate(self.words)
                      for one in asked.concepts)  # fmt: skip
        ids = np.array([one for one, _ in flat], np.int64)
        places = np.array([place for _, place in flat], np.int64)
        return ids, np.full(len(flat), CONCEPT), places


def _known(ids: Iterable[int], unknown: Iterable[str]) -> Known:
    found = Counter(ids)
    return Known(
        np.array(list(found), np.int64),
        np.array(list(found.values()), np.int64),
        tuple(Counter(unknown).values()),
    )


class QueryReader:
    """Reads queries against one index."""

    def __init__(self, index: EntryIndex) -> None:
        self._index = index
        self._names = list(index.vocabulary.terms)
        self._near = lru_cache(maxsize=2048)(self._terms_near)
        self._grams = lru_cache(maxsize=2048)(self._grams_of)

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
        sequence = self._index.vocabulary.words(expand(text, reads_as.value), reads_as)
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
        terms = [index.vocabulary.terms.get(name, -1) for name in names]
        pairs = index.pairs.find(terms[:-1], terms[1:])
        paired = zip(pairs, pairwise(names), strict=True)
        grams = [self._grams(word.key) for word in sequence]
        return (
            _known(
                (one for one in terms if one >= 0),
                (name for name, one in zip(names, terms, strict=True) if one < 0),
            ),
            _known(
                (one for one in pairs if one >= 0),
                (f"{left} {right}" for one, (left, right) in paired if one < 0),
            ),
            _known(
                chain.from_iterable(ids for ids, _ in grams),
                chain.from_iterable(unknown for _, unknown in grams),
            ),
        )

    def _grams_of(self, key: str) -> tuple[tuple[int, ...], tuple[str, ...]]:
        """Return the letter groups of a word: the known ones by number, the others by name."""
        known = self._index.grams.vocabulary
        found = grams_of(key)
        ids = tuple(known[one] for one in found if one in known)
        return ids, tuple(one for one in found if one not in known)

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
