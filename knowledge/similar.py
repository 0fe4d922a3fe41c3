"""Find the words of a FAQ that a query word may stand for: typos, derived forms, synonyms."""

import json
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files

import numpy as np

from knowledge.passages import Language
from knowledge.postings import Floats, Ints
from knowledge.terms import index_words

LEAST_SIMILARITY = 0.45
MOST_SIMILAR = 6
SHORTEST = 3
_SIZES = (2, 3, 4)


def _letter_groups(word: str) -> set[str]:
    edged = f"^{word}$"
    return {
        edged[start : start + size] for size in _SIZES for start in range(len(edged) - size + 1)
    }


class SimilarWords:
    """Words close in letters, by the cosine of their letter groups of 2 to 4."""

    def __init__(self, words: Mapping[int, str]) -> None:
        self._ids: Ints = np.array(list(words), np.int64)
        groups: dict[str, list[int]] = {}
        sizes = []
        for place, word in enumerate(words.values()):
            found = _letter_groups(word)
            sizes.append(len(found))
            for group in found:
                groups.setdefault(group, []).append(place)
        self._groups = {group: np.array(places) for group, places in groups.items()}
        self._norms: Floats = np.sqrt(np.array(sizes, np.float32))

    def near(self, word: str) -> list[tuple[int, float]]:
        """Return (term id, similarity) of at most `MOST_SIMILAR` words, the nearest first."""
        asked = _letter_groups(word)
        shared = [self._groups[group] for group in asked if group in self._groups]
        if not shared or len(word) < SHORTEST:
            return []
        common = np.bincount(np.concatenate(shared), minlength=len(self._ids))
        places = np.flatnonzero(common >= LEAST_SIMILARITY * math.sqrt(len(asked)))
        closeness = common[places] / (self._norms[places] * math.sqrt(len(asked)))
        best = np.lexsort((places, -closeness))[:MOST_SIMILAR]
        return [
            (int(self._ids[places[one]]), float(closeness[one]))
            for one in best
            if closeness[one] >= LEAST_SIMILARITY
        ]


class Concepts:
    """Groups of words and phrases that ask for the same thing, in both languages.

    From data/concepts.json: name -> {"fr": [...], "en": [...]}.
    """

    def __init__(self, groups: Mapping[str, Mapping[str, Sequence[str]]]) -> None:
        self._by_start: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for name, wordings in groups.items():
            for lang, phrases in wordings.items():
                for phrase in phrases:
                    self._add(phrase, Language(lang), f"#{name}")

    def _add(self, phrase: str, lang: Language, name: str) -> None:
        stems = tuple(_namespaced(phrase, lang))
        entries = self._by_start.setdefault(stems[0], [])
        if (stems, name) not in entries:
            entries.append((stems, name))

    @property
    def starts(self) -> Collection[str]:
        """Terms with which a phrase starts."""
        return self._by_start.keys()

    def at(self, terms: Sequence[str], start: int) -> list[tuple[int, str]]:
        """Return (end, concept) for the phrases that start at a place of a text's terms."""
        found = []
        for stems, name in self._by_start.get(terms[start], ()):
            end = start + len(stems)
            if tuple(terms[start:end]) == stems:
                found.append((end, name))
        return found


def _namespaced(phrase: str, lang: Language) -> Iterable[str]:
    return (term_of(word.stem, lang) for word in index_words(phrase, lang))


def term_of(stem: str, lang: Language) -> str:
    """Return the vocabulary term of a stem: languages are kept apart ("chat" is not "chat")."""
    return f"{'en' if lang is Language.EN else 'fr'}:{stem}"


@cache
def shipped_concepts() -> Concepts:
    """Return the concepts that ship with the project."""
    source = files("knowledge").joinpath("data/concepts.json")
    return Concepts(json.loads(source.read_text(encoding="utf-8")))
