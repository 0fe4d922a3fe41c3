"""Trains the classifier: the project's labelled messages, the training lines, the rules' examples.

scikit-learn is imported here only, inside the functions: nothing at run time needs it.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from agent.domain.decisions import SENSITIVE, Category
from agent.domain.errors import InputLineError
from agent.steps.triage.classifier import Weights, save_weights
from agent.steps.triage.concepts import Concepts
from agent.steps.triage.features import Features, features_of
from agent.steps.triage.rules import data_folder, load_rule_files
from agent.steps.triage.scanner import Scanner
from knowledge.text.language import detect

HEADS = (
    "must_escalate",
    *(category.value for category in Category if category is not Category.MIXED),
    "injection",
    "toxic",
)
ALWAYS_ESCALATED = frozenset(
    {category.value for category in SENSITIVE} | {"wants_human", "injection"}
)
_TOXIC = "troll_hate"
_CALM = "calm"
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
_MOST_CALM_ESCALATED = 0.04
"""Share of calm messages in which the general head may speak, out of fold."""
_MOST_CALM_NAMED = 0.004
"""Share of calm messages in which one escalating head may speak, out of fold."""
_MOST_PUBLIC_FALSE_ALARMS = 0.02
"""Share of a public set's other messages in which a head may speak, out of fold."""
_NEVER = 2.0
_LEAST_THRESHOLD = 0.1
_GENERAL = "must_escalate"


class Example(NamedTuple):
    """A message with what it is."""

    text: str
    labels: frozenset[str]
    """Heads that should speak."""
    is_calm: bool
    is_labelled: bool
    """Whether it is one of the labelled messages: only those choose the thresholds."""
    heads: frozenset[str] = frozenset(HEADS)
    """Heads it teaches: public sets are labelled for one thing only."""


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
    examples = [*_labelled(data_dir), *_lines(), *_rule_examples(), *more]
    features = _features(examples)
    names, idf = _vocabulary(features)
    matrix = _matrix(features, names, idf)
    targets = np.array([[head in one.labels for head in HEADS] for one in examples])
    taught = np.array([[head in one.heads for head in HEADS] for one in examples])
    scores = _out_of_fold(matrix, targets, taught, examples)
    thresholds = _thresholds(scores, targets, examples)
    coefficients, bias = _fit_all(matrix, targets, taught)
    weights = Weights(names, idf, coefficients, bias, HEADS, thresholds)
    save_weights(weights, str(out))
    return _record(examples, weights, scores, targets)


def _labelled(data_dir: Path) -> Iterator[Example]:
    for path in sorted(data_dir.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            try:
                row = json.loads(line)
                if row["split"] == "dev":
                    yield _example(row)
            except (KeyError, TypeError, ValueError) as error:
                problem = f"{path.name}: not a labelled message ({type(error).__name__})"
                raise InputLineError(number, problem, "see evals/data/triage") from error


def _example(row: Mapping[str, Any]) -> Example:
    labels = set(row["categories"]) | {
        head for head, flag in (("injection", "is_injection"), ("toxic", "is_toxic")) if row[flag]
    }
    if row["must_escalate"]:
        labels.add("must_escalate")
    return Example(row["text"], frozenset(labels), bool(row["calm"]), is_labelled=True)


def _simple(text: str, label: str) -> Example:
    labels = {label} - {_CALM}
    if label in ALWAYS_ESCALATED:
        labels.add("must_escalate")
    if label == _TOXIC:
        labels.add("toxic")
    return Example(text, frozenset(labels), is_calm=label == _CALM, is_labelled=False)


def _lines() -> Iterator[Example]:
    """Yield the training lines: one file a label, one message a line."""
    folder = data_folder().joinpath("training")
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip():
                yield _simple(line.strip(), path.name.removesuffix(".txt"))


def _rule_examples() -> Iterator[Example]:
    for file in load_rule_files():
        label = _TOXIC if file.name == "hate" else file.name
        for rule in file.rules:
            yield from (_simple(text, label) for text in rule.examples)
            if label in ALWAYS_ESCALATED:
                yield from (_simple(text, _CALM) for text in rule.counter_examples)


def _features(examples: Sequence[Example]) -> list[Features]:
    scanner, concepts = Scanner(), Concepts()
    readings = [scanner.read(one.text, *detect(one.text)) for one in examples]
    return [features_of(reading, concepts.find(reading), concepts) for reading in readings]


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
    """Return the sparse matrix, one row a message; its words and letters have unit length."""
    from scipy.sparse import csr_matrix

    columns = {name: column for column, name in enumerate(names)}
    data: list[float] = []
    indices: list[int] = []
    starts = [0]
    for one in features:
        for block in (one.words, one.letters):
            known = [columns[name] for name in block if name in columns]
            length = float(np.sqrt((idf[known] ** 2).sum())) or 1.0
            indices += known
            data += [*(idf[known] / length)]
        indices += [columns[sign] for sign in one.signs]
        data += one.signs.values()
        starts.append(len(indices))
    return csr_matrix((data, indices, starts), shape=(len(features), len(names)))


def _fit(matrix: Any, target: npt.NDArray[np.bool_]) -> Any:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=_STRENGTH, class_weight="balanced", max_iter=3000)
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
    matrix: Any,
    targets: npt.NDArray[np.bool_],
    taught: npt.NDArray[np.bool_],
    examples: Sequence[Example],
) -> npt.NDArray[np.float64]:
    """Return the probabilities of each message that a person labelled, by a model without it."""
    scores = np.zeros(targets.shape)
    for held_out in _folds(examples):
        kept = np.setdiff1d(np.arange(len(examples)), held_out)
        for head in range(len(HEADS)):
            rows = kept[taught[kept, head]]
            if taught[held_out, head].any() and len(set(targets[rows, head])) == 2:
                model = _fit(matrix[rows], targets[rows, head])
                scores[held_out, head] = model.predict_proba(matrix[held_out])[:, 1]
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
            found[place] = max(_LEAST_THRESHOLD, float(max(bounds)))
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
        yield calm, _MOST_CALM_NAMED
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
