"""What people said of replies: the only thing that may make a judge count."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path

from pydantic import Field, ValidationError

from agent.domain.base import Frozen, Text
from agent.domain.errors import ConfigurationError
from evals.agreement import Label, Pair
from evals.cases import GivenPassage
from evals.judges.questions import Question
from knowledge.passages import Language


class LabelSource(StrEnum):
    """Who gave a label. A model's label shows nothing about a judge that is a model too."""

    HUMAN = "human"
    MODEL_SEEDED = "model-seeded"


class LabelledReply(Frozen):
    """One person's answer to one question about one reply: a line of the file of labels."""

    id: str = Field(min_length=1)
    """The reply's; two labellers of one reply use the same."""
    question: Question
    lang: Language
    message: Text = ""
    reply: Text = Field(min_length=1)
    label: Label
    labeller: str = Field(min_length=1)
    provenance: LabelSource
    passages: tuple[GivenPassage, ...] = ()
    """For the question of omission."""
    brand: str = "verjolaine"

    @property
    def key(self) -> tuple[Question, str]:
        """What is labelled."""
        return self.question, self.id


def read_labels(path: Path) -> tuple[LabelledReply, ...]:
    """Read a file of labels, JSON Lines; empty lines are passed over.

    Raises:
        ConfigurationError: every line that does not fit, with its number; or there is none.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: cannot be read ({type(error).__name__})") from None
    found: list[LabelledReply] = []
    problems: list[str] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            found.append(LabelledReply.model_validate(json.loads(line)))
        except ValidationError as error:
            problems += [f"{path}:{number}: {_said(one)}" for one in error.errors()]
        except ValueError:
            problems.append(f"{path}:{number}: not JSON; write one object on each line")
    problems = problems or _contradictions(path, found)
    if problems or not found:
        raise ConfigurationError("\n".join(problems) or f"{path}: there is no label")
    return tuple(found)


def _said(error: Mapping[str, object]) -> str:
    place = error["loc"]
    where = ".".join(map(str, place)) if isinstance(place, tuple) else ""
    return f"`{where}`: {error['msg']}"


def _contradictions(path: Path, labels: Sequence[LabelledReply]) -> list[str]:
    """One id is one text, and one person says one thing of it."""
    texts: dict[tuple[Question, str], tuple[str, str]] = {}
    said = Counter((*one.key, one.labeller, one.provenance) for one in labels)
    problems = [
        f"{path}: {labeller} labels {name} twice on {question.value}; keep one"
        for (question, name, labeller, _), count in said.items()
        if count > 1
    ]
    return problems + [
        f"{path}: {one.id} is two texts on {one.question.value}; rename one"
        for one in labels
        if texts.setdefault(one.key, (one.message, one.reply)) != (one.message, one.reply)
    ]


class Truth(Frozen):
    """A reply and what its labellers say together."""

    reply: LabelledReply
    label: Label
    is_human: bool


def truths(labels: Iterable[LabelledReply]) -> tuple[Truth, ...]:
    """Return each labelled reply once: people's majority if people spoke, else the seeded label.

    A reply on which people are evenly divided has no truth and is left out.
    """
    by_key: dict[tuple[Question, str], list[LabelledReply]] = defaultdict(list)
    for one in labels:
        by_key[one.key].append(one)
    found = []
    for given in by_key.values():
        people = [one for one in given if one.provenance is LabelSource.HUMAN]
        label = _majority(one.label for one in people or given)
        if label is not None:
            found.append(Truth(reply=given[0], label=label, is_human=bool(people)))
    return tuple(found)


def _majority(labels: Iterable[Label]) -> Label | None:
    counts = Counter(labels).most_common(2)
    is_tied = len(counts) > 1 and counts[0][1] == counts[1][1]
    return None if is_tied else counts[0][0]


def double_labels(labels: Iterable[LabelledReply]) -> tuple[Pair, ...]:
    """Return the first two people's labels of each reply that two people labelled: the ceiling."""
    by_key: dict[tuple[Question, str], list[LabelledReply]] = defaultdict(list)
    for one in labels:
        if one.provenance is LabelSource.HUMAN:
            by_key[one.key].append(one)
    pairs = []
    for given in by_key.values():
        first, *others = sorted(given, key=lambda one: one.labeller)
        if others:
            pairs.append(Pair(first.label, others[0].label))
    return tuple(pairs)
