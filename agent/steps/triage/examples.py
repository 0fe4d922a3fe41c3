"""What the classifier learns from: labelled messages, training lines, the rules' own examples."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from agent.domain.decisions import SENSITIVE, Category
from agent.domain.errors import InputLineError
from agent.steps.triage.rules import data_folder, load_rule_files

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


def own_examples(data_dir: Path) -> Iterator[Example]:
    """Yield the `dev` messages of `data_dir/*.jsonl`, the training lines and the rules' examples.

    Raises:
        InputLineError: a line of the labelled messages cannot be read.
    """
    yield from _labelled(data_dir)
    yield from _lines()
    yield from _rule_examples()


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
