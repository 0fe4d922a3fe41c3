"""The small classifier beside the rules: words and concepts in, one probability a head out."""

import math
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import combinations, pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from agent.domain.errors import ConfigurationError
from agent.steps.triage.concepts import Concepts, Mention
from agent.steps.triage.reading import Reading
from agent.steps.triage.rules import data_folder
from agent.steps.triage.spelling import word_set

CONCEPT_WEIGHT = 0.6
PAIR_WEIGHT = 0.3
_MOST_COUNTED = 2
_GROUPS = "protected"
_DEAF_TO_GROUPS = frozenset({"toxic", "troll_hate"})
"""Words alone cannot tell hate from counter-speech: where groups are named, hate.yaml decides."""
_SHORT, _LONG = 6, 25
_MOST_TRIED = 5
_PEOPLE = {
    "me": word_set("je i mon ma mes my me moi nous we our notre nos"),
    "you": word_set("vous votre vos you your tu ton ta tes"),
    "no": word_set("pas plus jamais not never no rien aucun aucune"),
    "them": word_set("he she il elle they ils elles on"),
}
WEIGHTS_FILE = "weights.npz"


class Features(NamedTuple):
    """What the classifier sees of a message."""

    words: frozenset[str]
    """`w:word` and `w:two words`."""
    signs: Mapping[str, float]
    """`c:concept`, `p:concept+concept`, `x:shape`, each with its value."""


def features_of(reading: Reading, mentions: Iterable[Mention], concepts: Concepts) -> Features:
    """Return the features of a message."""
    words = [token.word for token in reading.tokens]
    grams = {f"w:{word}" for word in words} | {f"w:{a} {b}" for a, b in pairwise([".", *words])}
    return Features(frozenset(grams), {**_shape(reading), **_concept_signs(mentions, concepts)})


def _concept_signs(mentions: Iterable[Mention], concepts: Concepts) -> dict[str, float]:
    places: dict[str, set[int]] = {}
    for mention in mentions:
        places.setdefault(concepts.names[mention.concept], set()).add(mention.start)
    signs = {
        f"c:{name}": CONCEPT_WEIGHT * min(len(starts), _MOST_COUNTED)
        for name, starts in places.items()
    }
    pairs = combinations(sorted(places), 2)
    return signs | {f"p:{one}+{other}": PAIR_WEIGHT for one, other in pairs}


def _shape(reading: Reading) -> dict[str, float]:
    length = len(reading.tokens)
    shape = {
        "x:asks": "?" in reading.words,
        "x:ends asking": reading.joined.endswith(" ? "),
        "x:short": length < _SHORT,
        "x:long": length > _LONG,
        **{f"x:{name}": not words.isdisjoint(reading.words) for name, words in _PEOPLE.items()},
    }
    return {name: 1.0 for name, is_so in shape.items() if is_so}


class Weights(NamedTuple):
    """A trained classifier, as stored: readable with `numpy.load`."""

    names: tuple[str, ...]
    idf: npt.NDArray[np.float32]
    """Of the words; 1 for the signs."""
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

    def judge(self, reading: Reading) -> Opinion:
        """Return the probability of every head, and what speaks for those above threshold."""
        mentions = self._concepts.find(reading)
        rows, values = self._vector(features_of(reading, mentions, self._concepts))
        parts = self._weights.matrix[rows] * values[:, None]
        scores = 1.0 / (1.0 + np.exp(-(parts.sum(axis=0) + self._weights.bias)))
        heads = self._weights.heads
        is_about_groups = any(
            self._concepts.names[mention.concept] == _GROUPS for mention in mentions
        )
        telling = {
            heads[head]: self._where(reading, mentions, rows, parts[:, head])
            for head in np.flatnonzero(scores >= self._weights.thresholds)
            if not (is_about_groups and heads[head] in _DEAF_TO_GROUPS)
        }
        return Opinion(dict(zip(heads, map(float, scores), strict=True)), telling)

    def _vector(self, features: Features) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float32]]:
        """Return the rows of the known features and their values, words at unit length."""
        # Sorted, so that sums and ties do not follow the order of a set, which differs by process.
        words = sorted(row for name in features.words if (row := self._rows.get(name)) is not None)
        weights = self._weights.idf[words]
        length = math.sqrt(float((weights**2).sum())) or 1.0
        signs = sorted(
            (row, value)
            for name, value in features.signs.items()
            if (row := self._rows.get(name)) is not None
        )
        rows = np.array([*words, *(row for row, _ in signs)], dtype=np.intp)
        values = np.array([*(weights / length), *(value for _, value in signs)], dtype=np.float32)
        return rows, values

    def _where(
        self,
        reading: Reading,
        mentions: Iterable[Mention],
        rows: npt.NDArray[np.intp],
        parts: npt.NDArray[np.float32],
    ) -> tuple[int, int] | None:
        """Return the source offsets of the words that weigh most, if any has a place."""
        for place in (-parts).argsort(kind="stable")[:_MOST_TRIED]:
            kind, _, name = self._weights.names[rows[place]].partition(":")
            if kind == "w":
                start = reading.joined.find(f" {name} ") + 1
                return reading.span(start, start + len(name))
            wanted = name.split("+")
            for mention in mentions:
                if self._concepts.names[mention.concept] in wanted:
                    return reading.span(mention.start, mention.end)
        return None


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
