"""The words of one FAQ as numbers, read once: terms, surface forms, weights and concepts."""

from collections.abc import Sequence

import numpy as np

from knowledge.passages import Language
from knowledge.postings import Doubles, Ints
from knowledge.similar import Concepts, term_of
from knowledge.terms import IndexWord, runs_of, words_of_run


class Vocabulary:
    """Every distinct word of a FAQ is a token; a token has a term (its stem) and a surface form."""

    def __init__(self, concepts: Concepts) -> None:
        self.concepts = concepts
        self.terms: dict[str, int] = {}
        self.surfaces: dict[str, int] = {}
        self.concept_names: dict[str, int] = {}
        self.by_surface: dict[str, list[int]] = {}
        """Folded surface form -> term ids: finds "livré" for a query that says "livre"."""
        self._tokens: dict[tuple[IndexWord, Language], int] = {}
        self._read: dict[tuple[str, Language], tuple[int, ...]] = {}
        self._words: list[IndexWord] = []
        self._term_of: list[int] = []
        self._surface_of: list[int] = []
        self._weights: list[float] = []

    def read(self, text: str, lang: Language) -> list[int]:
        """Return the tokens of `text`, in order."""
        known = self._read
        found: list[int] = []
        for run in runs_of(text):
            tokens = known.get((run, lang))
            if tokens is None:
                tokens = tuple(self._token(word, lang) for word in words_of_run(run, lang))
                known[run, lang] = tokens
            found += tokens
        return found

    def words(self, text: str, lang: Language) -> list[IndexWord]:
        """Return the words of a query as `index_words` does, without stemming the FAQ's again."""
        found: list[IndexWord] = []
        for run in runs_of(text):
            tokens = self._read.get((run, lang))
            if tokens is None:
                found += words_of_run(run, lang)
            else:
                found += [self._words[token] for token in tokens]
        return found

    def _token(self, word: IndexWord, lang: Language) -> int:
        token = self._tokens.setdefault((word, lang), len(self._tokens))
        if token < len(self._term_of):
            return token
        term = self.terms.setdefault(term_of(word.stem, lang), len(self.terms))
        if term == len(self._weights):
            self._weights.append(word.weight)
        self._weights[term] = min(word.weight, self._weights[term])
        known = self.by_surface.setdefault(word.key, [])
        if term not in known:
            known.append(term)
        self._words.append(word)
        self._term_of.append(term)
        self._surface_of.append(self.surfaces.setdefault(word.key, len(self.surfaces)))
        return token

    def terms_of(self, tokens: Ints) -> Ints:
        """Return the term of each token."""
        return np.array(self._term_of, np.int64)[tokens]

    def surfaces_of(self, tokens: Ints) -> Ints:
        """Return the surface form of each token."""
        return np.array(self._surface_of, np.int64)[tokens]

    @property
    def weights(self) -> Doubles:
        """How much each term says, 0 to 1."""
        return np.array(self._weights, np.float64)

    def concepts_in(self, terms: Ints, rows: Ints) -> tuple[Ints, Ints]:
        """Return (row, concept) for each phrase of a concept among the terms of all rows."""
        names = list(self.terms)
        starts = self.concepts.starts
        is_start = np.array([name in starts for name in names], bool)
        found_rows: list[int] = []
        found: list[int] = []
        for place in np.flatnonzero(is_start[terms]).tolist() if len(terms) else ():
            row = rows[place]
            text = [names[one] for one in terms[place : place + 6][rows[place : place + 6] == row]]
            for _, name in self.concepts.at(text, 0):
                found_rows.append(int(row))
                found.append(self.concept_names.setdefault(name, len(self.concept_names)))
        return np.array(found_rows, np.int64), np.array(found, np.int64)


class PairVocabulary:
    """Pairs of neighbouring terms, as sorted codes: left term times the number of terms + right."""

    def __init__(self, codes: Ints, terms: int) -> None:
        self.codes: Ints = np.unique(codes)
        self._terms = terms

    def ids(self, codes: Ints) -> Ints:
        """Return the ids of known codes."""
        return np.searchsorted(self.codes, codes)

    def find(self, left: Sequence[int], right: Sequence[int]) -> list[int]:
        """Return the id of each pair of terms, or -1 if the FAQ never has it (or a term is -1)."""
        if not len(self.codes):
            return [-1] * len(left)
        lefts, rights = np.array(left, np.int64), np.array(right, np.int64)
        codes = np.where((lefts < 0) | (rights < 0), -1, lefts * self._terms + rights)
        places = np.minimum(np.searchsorted(self.codes, codes), len(self.codes) - 1)
        found: list[int] = np.where(self.codes[places] == codes, places, -1).tolist()
        return found

    def weights(self, term_weights: Doubles) -> Doubles:
        """Return how much each pair says: as much as its word that says more."""
        left, right = self.codes // max(self._terms, 1), self.codes % max(self._terms, 1)
        found: Doubles = np.maximum(term_weights[left], term_weights[right])
        return found
