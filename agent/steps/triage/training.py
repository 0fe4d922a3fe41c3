"""Trains the classifier: the project's labelled messages, the training lines, the rules' examples.

scikit-learn is imported here only, inside the functions: nothing at run time needs it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from agent.steps.triage.classifier import GRAVE, Weights, save_weights
from agent.steps.triage.concepts import Concepts
from agent.steps.triage.examples import ALWAYS_ESCALATED, HEADS, Example, own_examples
from agent.steps.triage.features import Features, features_of
from agent.steps.triage.reading import Reading
from agent.steps.triage.scanner import Scanner
from knowledge.text.language import detect

_FOLDS = 5
_STRENGTH = 4.0
"""Inverse regularisation; chosen by cross-validation, flat between 4 and 16."""
_LEAST_DOCUMENTS = 2
_LEAST_WITH_LETTERS = 4
"""Messages in which a group of letters must be to count: fewer cost size and gain nothing."""
_MOST_FALSE_ALARMS = 0.02
"""Share of other messages in which a head may speak, out of fold."""
_MOST_FALSE_FLAGS = 0.01
"""The same for heads that accuse the author."""
_ACCUSING = frozenset({"toxic", "troll_hate", "spam_scam", "injection"})
_MOST_CALM_ESCALATED = 0.06
"""Share of calm messages in which the general head may speak, out of fold."""
_MOST_CALM_NAMED = 0.006
"""Share of calm messages in which one escalating head may speak, out of fold."""
_MOST_CALM_ALARMED = 0.01
"""The same for the heads whose messages must never be missed."""
_NEVER_MISSED = frozenset({"injury_safety", "self_harm_threat_minor"})
_MOST_PUBLIC_FALSE_ALARMS = 0.01
"""Share of a public set's other messages in which a head may speak, out of fold."""
_NEVER = 2.0
_LEAST_THRESHOLD = 0.3
_LEAST_SEVERE = 0.5
"""The same for heads that escalate: below, the general head decides."""
_GENERAL = "must_escalate"


class TrainingRecord(NamedTuple):
    """What was trained on what, with the out-of-fold figures of the labelled messages."""

    examples: int
    labelled: int
    features: int
    positives: Mapping[str, int]
    thresholds: Mapping[str, float]
    recall: Mapping[str, float]
    false_alarms: Mapping[str, float]


def train(data_dir: Path, out: Path, more: Iterable[Example] = ()) -> TrainingRecord:
    """Train on the `dev` messages of `data_dir/*.jsonl` and write the weights to `out`.

    `more` are examples of other sets, each for the heads that it names.

    Raises:
        InputLineError: a line of the labelled messages cannot be read.
    """
    examples = [*own_examples(data_dir), *more]
    reader = _Reader()
    features = [reader.features(reader.read(one.text)) for one in examples]
    names, idf = _vocabulary(features)
    matrix = _matrix(features, names, idf)
    owners, starts = _starts(examples, reader)
    targets = np.array([[head in one.labels for head in HEADS] for one in examples])
    taught = np.array([[head in one.heads for head in HEADS] for one in examples])
    folds = _Folds(matrix, _matrix(starts, names, idf), owners)
    scores = _out_of_fold(folds, targets, taught, examples)
    thresholds = _thresholds(scores, targets, examples)
    coefficients, bias = _fit_all(matrix, targets, taught)
    weights = Weights(names, idf, coefficients, bias, HEADS, thresholds)
    save_weights(weights, str(out))
    return _record(examples, weights, scores, targets)


class _Reader:
    """Reads texts and their features as triage does."""

    def __init__(self) -> None:
        self._scanner, self._concepts = Scanner(), Concepts()

    def read(self, text: str) -> Reading:
        return self._scanner.read(text, *detect(text))

    def features(self, reading: Reading) -> Features:
        return features_of(reading, self._concepts.find(reading), self._concepts)


class _Folds(NamedTuple):
    """The messages, and the beginnings of the labelled ones with the places of their owners."""

    matrix: Any
    starts: Any
    owners: npt.NDArray[np.intp]


def _starts(
    examples: Sequence[Example], reader: _Reader
) -> tuple[npt.NDArray[np.intp], list[Features]]:
    """Return the beginnings that grave heads also judge, each with its message's place."""
    found = [
        (place, reader.features(part))
        for place, one in enumerate(examples)
        if one.is_labelled
        for part in islice(reader.read(one.text).beginnings(), 1, None)
    ]
    return np.array([place for place, _ in found], dtype=np.intp), [one for _, one in found]


def _vocabulary(
    features: Sequence[Features],
) -> tuple[tuple[str, ...], npt.NDArray[np.float32]]:
    """Return the names of common words and letters and of every sign, and their idf."""
    words = _common((one.words for one in features), _LEAST_DOCUMENTS)
    letters = _common((one.letters for one in features), _LEAST_WITH_LETTERS)
    signs = sorted({sign for one in features for sign in one.signs})
    total = len(features)
    idf = [np.log((1 + total) / (1 + count)) + 1 for _, count in (*words, *letters)]
    names = (*(word for word, _ in words), *(group for group, _ in letters), *signs)
    return names, np.array([*idf, *[1.0] * len(signs)], dtype=np.float32)


def _common(seen: Iterable[frozenset[str]], least: int) -> list[tuple[str, int]]:
    counts = Counter(name for names in seen for name in names)
    return sorted((name, count) for name, count in counts.items() if count >= least)


def _matrix(
    features: Sequence[Features], names: tuple[str, ...], idf: npt.NDArray[np.float32]
) -> Any:
    """Return the sparse matrix, one row a message; its words and letters have unit length.

    Columns are in order: a sum of floats must not depend on the order of a set.
    """
    from scipy.sparse import csr_matrix

    columns = {name: column for column, name in enumerate(names)}
    data: list[float] = []
    indices: list[int] = []
    starts = [0]
    for one in features:
        for block in (one.words, one.letters):
            known = sorted(columns[name] for name in block if name in columns)
            length = float(np.sqrt((idf[known] ** 2).sum())) or 1.0
            indices += known
            data += [*(idf[known] / length)]
        indices += [columns[sign] for sign in one.signs]
        data += one.signs.values()
        starts.append(len(indices))
    return csr_matrix((data, indices, starts), shape=(len(features), len(names)))


def _fit(matrix: Any, target: npt.NDArray[np.bool_]) -> Any:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=_STRENGTH, class_weight="balanced", solver="liblinear")
    return model.fit(matrix, target)


def _fit_all(
    matrix: Any, targets: npt.NDArray[np.bool_], taught: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Return coefficients (one column a head) and biases; a head without examples stays silent."""
    coefficients = np.zeros((matrix.shape[1], len(HEADS)), dtype=np.float32)
    bias = np.full(len(HEADS), -20.0, dtype=np.float32)
    for head in range(len(HEADS)):
        rows = np.flatnonzero(taught[:, head])
        if len(set(targets[rows, head])) == 2:
            model = _fit(matrix[rows], targets[rows, head])
            coefficients[:, head] = model.coef_[0]
            bias[head] = model.intercept_[0]
    return coefficients, bias


def _out_of_fold(
    folds: _Folds,
    targets: npt.NDArray[np.bool_],
    taught: npt.NDArray[np.bool_],
    examples: Sequence[Example],
) -> npt.NDArray[np.float64]:
    """Return the probabilities of each message that a person labelled, by a model without it."""
    scores = np.zeros(targets.shape)
    for held_out in _folds(examples):
        kept = np.setdiff1d(np.arange(len(examples)), held_out)
        parts = np.flatnonzero(np.isin(folds.owners, held_out))
        for place, head in enumerate(HEADS):
            rows = kept[taught[kept, place]]
            if not taught[held_out, place].any() or len(set(targets[rows, place])) < 2:
                continue
            model = _fit(folds.matrix[rows], targets[rows, place])
            scores[held_out, place] = model.predict_proba(folds.matrix[held_out])[:, 1]
            if head in GRAVE and len(parts):
                of_parts = model.predict_proba(folds.starts[parts])[:, 1]
                np.maximum.at(scores[:, place], folds.owners[parts], of_parts)
    return scores


def _folds(examples: Sequence[Example]) -> Iterator[npt.NDArray[np.intp]]:
    """Yield the places of each fold; the project's messages and other sets are dealt alike."""
    for fold in range(_FOLDS):
        own = np.flatnonzero([one.is_labelled for one in examples])[fold::_FOLDS]
        public = np.flatnonzero([one.heads != frozenset(HEADS) for one in examples])[fold::_FOLDS]
        if held_out := [*own, *public]:
            yield np.array(held_out, dtype=np.intp)


def _thresholds(
    scores: npt.NDArray[np.float64],
    targets: npt.NDArray[np.bool_],
    examples: Sequence[Example],
) -> npt.NDArray[np.float32]:
    """Return the lowest probability of each head that keeps its false alarms within bounds."""
    labelled = np.array([one.is_labelled for one in examples])
    calm = labelled & np.array([one.is_calm for one in examples])
    if not calm.any():
        calm = labelled
    found = np.full(len(HEADS), _NEVER, dtype=np.float32)
    for place, head in enumerate(HEADS):
        public = np.array([head in one.heads != frozenset(HEADS) for one in examples])
        bounds = [
            np.quantile(scores[among & ~targets[:, place], place], 1 - share)
            for among, share in _bounds(head, labelled, calm, public)
        ]
        if targets[labelled, place].any():
            least = _LEAST_SEVERE if head in ALWAYS_ESCALATED else _LEAST_THRESHOLD
            found[place] = max(least, float(max(bounds)))
    return found


def _bounds(
    head: str,
    labelled: npt.NDArray[np.bool_],
    calm: npt.NDArray[np.bool_],
    public: npt.NDArray[np.bool_],
) -> Iterator[tuple[npt.NDArray[np.bool_], float]]:
    """Yield groups of messages with the share of them in which the head may speak wrongly."""
    if head == _GENERAL:
        yield calm, _MOST_CALM_ESCALATED
        return
    yield labelled, _MOST_FALSE_FLAGS if head in _ACCUSING else _MOST_FALSE_ALARMS
    if head in ALWAYS_ESCALATED:
        yield calm, _MOST_CALM_ALARMED if head in _NEVER_MISSED else _MOST_CALM_NAMED
    if head == "injection" and public.any():
        yield public, _MOST_PUBLIC_FALSE_ALARMS


def _record(
    examples: Sequence[Example],
    weights: Weights,
    scores: npt.NDArray[np.float64],
    targets: npt.NDArray[np.bool_],
) -> TrainingRecord:
    labelled = np.array([one.is_labelled for one in examples])
    spoken = scores >= weights.thresholds
    places = list(enumerate(HEADS))
    return TrainingRecord(
        examples=len(examples),
        labelled=int(labelled.sum()),
        features=len(weights.names),
        positives={head: int(targets[:, place].sum()) for place, head in places},
        thresholds={head: round(float(weights.thresholds[place]), 4) for place, head in places},
        recall={
            head: _share(spoken[labelled & targets[:, place], place]) for place, head in places
        },
        false_alarms={
            head: _share(spoken[labelled & ~targets[:, place], place]) for place, head in places
        },
    )


def _share(found: npt.NDArray[np.bool_]) -> float:
    return round(float(found.mean()), 4) if len(found) else 0.0
