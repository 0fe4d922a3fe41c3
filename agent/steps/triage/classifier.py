"""The small classifier beside the rules: words and concepts in, one probability a head out."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from agent.domain.decisions import SENSITIVE, Category
from agent.domain.errors import ConfigurationError
from agent.steps.triage.concepts import Concepts, Mention
from agent.steps.triage.features import letters_of, neuter, plain_words, signs_of, words_of
from agent.steps.triage.reading import Reading
from agent.steps.triage.rules import data_folder

_GROUPS = "protected"
_DEAF_TO_GROUPS = frozenset({"toxic", "troll_hate"})
"""Words alone cannot tell hate from counter-speech: where groups are named, hate.yaml decides."""
GENERAL = "must_escalate"
"""The head that says only that a person must see the message."""
INJECTION = "injection"
GRAVE = frozenset({*SENSITIVE, Category.WANTS_HUMAN, GENERAL, INJECTION})
_NEAR = 0.4
"""Share of its own threshold from which a category may be named where only GENERAL is sure."""
_SHARE_OF_PAIR = 0.5
"""A pair of words speaks for each of its two words."""
_MOST_REMEMBERED = 2048
_STOPS = frozenset(".?")
WEIGHTS_FILE = "weights.npz"


class Weights(NamedTuple):
    """A trained classifier, as stored: readable with `numpy.load`."""

    names: tuple[str, ...]
    idf: npt.NDArray[np.float32]
    """Of the words and letters; 1 for the signs."""
    matrix: npt.NDArray[np.float32]
    """One row a feature, one column a head."""
    bias: npt.NDArray[np.float32]
    heads: tuple[str, ...]
    thresholds: npt.NDArray[np.float32]
    """Probability from which a head speaks; above 1: never."""


class Opinion(NamedTuple):
    """What the classifier thinks of one message."""

    scores: Mapping[str, float]
    """Head -> probability, 0 to 1."""
    telling: Mapping[str, tuple[int, int] | None]
    """Head at or above its threshold -> source offsets of the words that say most for it."""


class Classifier:
    """Linear heads over words and concepts."""

    def __init__(self, weights: Weights, concepts: Concepts | None = None) -> None:
        self._weights = weights
        self._concepts = concepts or Concepts()
        self._rows = {name: row for row, name in enumerate(weights.names)}
        self._named = [
            head for head, name in enumerate(weights.heads) if name in GRAVE - {GENERAL, INJECTION}
        ]
        self._letters: dict[str, tuple[int, ...]] = {}

    def judge(self, reading: Reading) -> Opinion:
        """Return the probability of every head, and what speaks for those above threshold.

        Grave heads also look at the start of the message up to the end of each sentence: words
        that follow may add to what was seen, and never hide it (rubric section 2.7).
        """
        mentions = self._concepts.find(reading)
        whole, *starts = (
            self._judge(part, [one for one in mentions if one.end < len(part.joined)])
            for part in reading.beginnings()
        )
        scores = dict(whole.scores)
        telling = {head: whole.where(head) for head in whole.speaking}
        for start in starts:
            for head in GRAVE:
                scores[head] = max(scores[head], start.scores[head])
                if head in start.speaking and head not in telling:
                    telling[head] = start.where(head)
        return Opinion(scores, telling)

    def _judge(self, reading: Reading, mentions: Sequence[Mention]) -> "_Judgement":
        rows, values = self._vector(reading, mentions)
        parts = self._weights.matrix[rows] * values[:, None]
        scores = 1.0 / (1.0 + np.exp(-(parts.sum(axis=0) + self._weights.bias)))
        is_deaf = any(self._concepts.names[mention.concept] == _GROUPS for mention in mentions)
        speaking = {
            self._weights.heads[head]: head
            for head in self._speaking(scores)
            if not (is_deaf and self._weights.heads[head] in _DEAF_TO_GROUPS)
        }
        named = dict(zip(self._weights.heads, scores.tolist(), strict=True))
        return _Judgement(self, reading, mentions, rows, parts, named, speaking)

    def _speaking(self, scores: npt.NDArray[np.float32]) -> list[int]:
        """Return the places of the heads above threshold, in order.

        Where only the general head is sure, the category nearest to its own threshold is named,
        if it is near enough.
        """
        nearness = scores / self._weights.thresholds
        speaking = set(np.flatnonzero(nearness >= 1.0).tolist())
        names = {self._weights.heads[head] for head in speaking}
        if GENERAL in names and INJECTION not in names:
            nearest = max(self._named, key=lambda head: nearness[head])
            if nearness[nearest] >= _NEAR:
                speaking.add(nearest)
        return sorted(speaking)

    def _vector(
        self, reading: Reading, mentions: Iterable[Mention]
    ) -> tuple[list[int], npt.NDArray[np.float32]]:
        """Return the rows of the known features and their values, words and letters scaled.

        Rows are in order: a sum of floats must not depend on the order of a set.
        """
        words = sorted(self._known(words_of(reading)))
        letters = sorted(set().union(*map(self._letters_of, map(neuter, reading.words))))
        given = signs_of(reading, mentions, self._concepts)
        signs = {self._rows[name]: value for name, value in given.items() if name in self._rows}
        values = np.concatenate(
            (
                _unit(self._weights.idf[words]),
                _unit(self._weights.idf[letters]),
                np.array([signs[row] for row in sorted(signs)], dtype=np.float32),
            )
        )
        return [*words, *letters, *sorted(signs)], values

    def _known(self, names: Iterable[str]) -> list[int]:
        return [row for name in names if (row := self._rows.get(name)) is not None]

    def _letters_of(self, word: str) -> tuple[int, ...]:
        """Return the rows of a word's letters, remembered: words come back."""
        rows = self._letters.get(word)
        if rows is None:
            if len(self._letters) > _MOST_REMEMBERED:
                self._letters.clear()
            rows = self._letters[word] = tuple(self._known(letters_of(word)))
        return rows

    def traces(
        self, reading: Reading, mentions: Iterable[Mention], rows: Sequence[int]
    ) -> "_Traces":
        """Return where in `rows` the features of each word of the message are."""
        at = {row: place for place, row in enumerate(rows)}

        def place_of(name: str) -> int:
            return at.get(self._rows.get(name, -1), _ABSENT)

        words = plain_words(reading)
        own = [(place_of(f"w:{w}"), [at[row] for row in self._letters_of(w)]) for w in words]
        pairs = [place_of(f"w:{one} {other}") for one, other in pairwise(words)]
        named = [
            (place_of(f"c:{self._concepts.names[one.concept]}"), reading.places(one.start, one.end))
            for one in mentions
        ]
        return _Traces(words, own, pairs, named)


_ABSENT = -1
"""The place, in a column closed by a zero, of a feature that the classifier does not know."""


class _Traces(NamedTuple):
    """Where the features of a message are in the column of a head, word by word."""

    words: Sequence[str]
    own: Sequence[tuple[int, Sequence[int]]]
    """Of each word: itself, and its letters."""
    pairs: Sequence[int]
    """Of each word with the next."""
    mentions: Sequence[tuple[int, range]]
    """Of each concept, with the words that name it."""

    def loudest_run(self, column: Sequence[float]) -> tuple[int, int] | None:
        """Return first and last place of the words that say most in `column`, if any do."""
        said = column.__getitem__
        shares = [column[word] + sum(map(said, letters)) for word, letters in self.own]
        for place, pair in enumerate(self.pairs):
            if pair != _ABSENT:
                share = _SHARE_OF_PAIR * column[pair]
                shares[place] += share
                shares[place + 1] += share
        for concept, places in self.mentions:
            for place in places:
                shares[place] += column[concept]
        return _loudest_run(self.words, shares)


@dataclass(frozen=True)
class _Judgement:
    """The word of every head on one message or its beginning; where it lies is asked for."""

    classifier: Classifier
    reading: Reading
    mentions: Sequence[Mention]
    rows: Sequence[int]
    parts: npt.NDArray[np.float32]
    """One row a feature of the message, one column a head."""
    scores: Mapping[str, float]
    speaking: Mapping[str, int]
    """Head above threshold -> its column."""

    @cached_property
    def _traces(self) -> _Traces:
        return self.classifier.traces(self.reading, self.mentions, self.rows)

    def where(self, head: str) -> tuple[int, int] | None:
        """Return the source offsets of the run of words that says most, if any does."""
        run = self._traces.loudest_run([*self.parts[:, self.speaking[head]].tolist(), 0.0])
        tokens = self.reading.tokens
        return (tokens[run[0]].start, tokens[run[1]].end) if run else None


def _unit(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    return values / (math.sqrt(float(values @ values)) or 1.0)


def _loudest_run(words: Sequence[str], shares: Sequence[float]) -> tuple[int, int] | None:
    """Return first and last place of the run of largest sum in one sentence (Kadane 1984)."""
    best, run, total, start = 0.0, None, 0.0, 0
    for place, (word, share) in enumerate(zip(words, shares, strict=True)):
        if total <= 0 or word in _STOPS:
            total, start = 0.0, place
        if word in _STOPS:
            start = place + 1
            continue
        total += share
        if total > best:
            best, run = total, (start, place)
    return run


@lru_cache(maxsize=1)
def load_weights() -> Weights | None:
    """Return the shipped weights, or None where none are shipped: the rules then work alone.

    Raises:
        ConfigurationError: the file is there and cannot be read.
    """
    source = data_folder().joinpath(WEIGHTS_FILE)
    if not source.is_file():
        return None
    try:
        with source.open("rb") as opened, np.load(opened) as stored:
            return Weights(
                names=tuple(str(stored["names"]).split("\n")),
                idf=stored["idf"].astype(np.float32),
                matrix=stored["matrix"].astype(np.float32),
                bias=stored["bias"].astype(np.float32),
                heads=tuple(str(stored["heads"]).split("\n")),
                thresholds=stored["thresholds"].astype(np.float32),
            )
    except (KeyError, OSError, ValueError) as error:
        raise ConfigurationError(
            f"{WEIGHTS_FILE} of the triage step cannot be read; train it again with "
            "`python benchmarks/triage.py --train`"
        ) from error


def save_weights(weights: Weights, out: str) -> None:
    """Write `weights` to the file `out`, 16-bit numbers, names as lines of text."""
    np.savez_compressed(
        out,
        names=np.array("\n".join(weights.names)),
        idf=weights.idf.astype(np.float16),
        matrix=weights.matrix.astype(np.float16),
        bias=weights.bias.astype(np.float32),
        heads=np.array("\n".join(weights.heads)),
        thresholds=weights.thresholds.astype(np.float32),
    )
