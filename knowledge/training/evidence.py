"""Run a task's questions through index and features once, for every later step of training."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from knowledge.answerability import signals_of
from knowledge.asked import QueryReader
from knowledge.features import FEATURES, Evidence, measure
from knowledge.intents import IntentModel, IntentScores, fit_intents
from knowledge.lexical import EntryIndex
from knowledge.model import RANKED_BY, Model
from knowledge.postings import Floats
from knowledge.ranker import Ranker, best_first
from knowledge.training.data import Question, Task

CANDIDATES = 40
_QUICK = ("bm25", "cosine", "letter_cosine", "soft_bm25", "answer_bm25")
_AT = {name: place for place, name in enumerate(FEATURES)}


@dataclass(frozen=True)
class Seen:
    """One question and what the index found for it."""

    question: Question
    evidence: Evidence
    intents: IntentScores | None


@dataclass(frozen=True)
class SeenTask:
    """A task with the evidence of its questions."""

    task: Task
    index: EntryIndex
    has_intents: bool
    questions: tuple[Seen, ...]
    foreign: tuple[Seen, ...]

    def kept(self, keeps: Callable[[str], bool]) -> "SeenTask":
        """Return the same FAQ with the questions whose topic `keeps`."""
        questions = tuple(one for one in self.questions if keeps(one.question.topic))
        foreign = tuple(one for one in self.foreign if keeps(one.question.topic))
        return replace(self, questions=questions, foreign=foreign)


def see(task: Task) -> SeenTask:
    """Index the task's FAQ and read its questions."""
    index = EntryIndex(task.entries)
    reader, intents = QueryReader(index), fit_intents(index)
    return SeenTask(
        task,
        index,
        intents is not None,
        tuple(_seen(one, index, reader, intents, task) for one in task.questions),
        tuple(_seen(one, index, reader, intents, task) for one in task.foreign),
    )


def _seen(
    question: Question,
    index: EntryIndex,
    reader: QueryReader,
    intents: IntentModel | None,
    task: Task,
) -> Seen:
    asked = reader.read(question.text, task.lang)
    found = intents.scores(asked) if intents else None
    return Seen(question, measure(index, asked), found)


@dataclass(frozen=True)
class Lists:
    """Candidates of many questions: features (questions, candidates, features) and right ones."""

    features: NDArray[np.float64]
    right: NDArray[np.bool_]
    topics: tuple[str, ...]

    def at(self, chosen: NDArray[np.bool_]) -> "Lists":
        """Return the chosen questions."""
        topics = tuple(one for one, keep in zip(self.topics, chosen, strict=True) if keep)
        return Lists(self.features[chosen], self.right[chosen], topics)


def lists_of(seen: SeenTask) -> Lists:
    """Return the candidates of each question, the classifier's log-probability last."""
    rows = [_candidates(one) for one in seen.questions]
    return Lists(
        np.array([features for features, _ in rows]),
        np.array([right for _, right in rows]),
        tuple(one.question.topic for one in seen.questions),
    )


def _candidates(seen: Seen) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    evidence = seen.evidence
    quick = evidence.features[[_AT[name] for name in _QUICK]].sum(axis=0)
    if seen.intents is not None:
        quick = quick + 0.3 * seen.intents.log_probabilities()
    chosen = best_first(quick, CANDIDATES)
    features = np.full((CANDIDATES, len(RANKED_BY) + 1), -9.0)
    right = np.zeros(CANDIDATES, bool)
    ranked = evidence.features[[_AT[name] for name in RANKED_BY]][:, chosen].T
    chances = None if seen.intents is None else seen.intents.log_probabilities()
    intents = np.zeros(len(chosen)) if chances is None else chances[chosen]
    features[: len(chosen)] = np.column_stack([ranked, intents])
    right[: len(chosen)] = [int(one) in seen.question.right for one in chosen]
    return features, right


def ranked(seen: Sequence[Seen], model: Model, without_right: bool = False) -> list[Floats]:
    """Return signals of the first entry for each question.

    `without_right`: as if the right entries were not in the FAQ.
    """
    ranker = Ranker(model)
    rows = []
    for one in seen:
        allowed = None
        if without_right:
            allowed = np.ones(one.evidence.features.shape[1], bool)
            allowed[list(one.question.right)] = False
        found = ranker.rank(one.evidence, one.intents, allowed)
        rows.append(signals_of(one.evidence, found))
    return rows
