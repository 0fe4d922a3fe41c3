"""How well triage works: the project's labelled messages, HateCheck, deepset's injections, speed.

    .venv/bin/python benchmarks/triage.py [--train] [--split dev|test|both] [--data DIR] [--json F]

`--train` first trains the classifier on the `dev` messages and writes its weights. HateCheck is cut
in halves by template (even: development, odd: test), deepset keeps its own train and test files.
Training reads deepset's train file and HateCheck's development half, never the other parts, and
requests to banks and assistants (BANKING77, CLINC150: training parts) as what is no alarm.
Rates carry Wilson 95 % intervals; `--json` also writes them for the model card. A function of
HateCheck is hateful (`_h`: the rate caught) or not (`_nh`: the rate spared). The matrix is the
sample brand's.
"""

import argparse
import csv
import json
import math
import os
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agent.bootstrap import load_brand
from agent.domain.decisions import SENSITIVE, Category, Route, Triage
from agent.domain.ids import MessageId
from agent.domain.messages import InboundMessage
from agent.steps.triage import Triager
from agent.steps.triage.examples import Example
from agent.steps.triage.training import train

ROOT = Path(__file__).resolve().parent.parent
LABELLED = ROOT / "evals" / "data" / "triage"
WEIGHTS = ROOT / "agent" / "steps" / "triage" / "data" / "weights.npz"
SHARED = Path(os.environ.get("PORTEVOIX_DATA", ROOT.parent / "shared" / "data"))
BRAND = ROOT / "knowledge" / "brands" / "verjolaine"
NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
NEEDS_PERSON = frozenset(SENSITIVE | {Category.WANTS_HUMAN})
NEVER_MISSED = ("self_harm_threat_minor", "injury_safety")
_RUDE_HERE = frozenset({"target_indiv_nh", "target_group_nh"})
_MOST_OF_AN_INTENT = 6
_GRAVE_INTENT = re.compile(
    "fraud|lost|stolen|compromised|not_recognised|terminate|blocked|freeze|unable|are_you_a_bot"
    "|jump_start|smart_home|damaged|oil_change|tire|verify_my|why_verify|dispute|insurance"
)
"""Intents of which some messages do need a person."""
_CALM_HEADS = frozenset({*SENSITIVE, Category.WANTS_HUMAN})
"""Not the general head: it must hear what no named head hears."""

Row = dict[str, Any]
Judged = list[tuple[Row, Triage]]
FIGURES: dict[str, dict[str, dict[str, float]]] = {}
"""Section -> figure -> its value, and the bounds and counts of a rate."""


def main() -> None:
    """Print every figure."""
    options = _options()
    FIGURES.clear()
    if options.train:
        _train(options.data)
    triager = _triager()
    for split in ("dev", "test") if options.split == "both" else (options.split,):
        _print_labelled(triager, options.data, split)
        _print_hatecheck(triager, split)
        _print_injections(triager, split)
    _print_speed(triager, options.data)
    if options.json:
        options.json.write_text(json.dumps(FIGURES, indent=1) + "\n", encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--train", action="store_true")
    parser.add_argument("--split", choices=("dev", "test", "both"), default="both")
    parser.add_argument("--data", type=Path, default=LABELLED)
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


def _triager() -> Triager:
    return Triager(load_brand(BRAND).policy)


def _train(data: Path) -> None:
    record = train(data, WEIGHTS, _public_examples())
    print(f"trained on {record.examples} messages, {record.labelled} of them labelled by people;")
    print(f"{record.features} features; figures out of fold, labelled messages only")
    for head, threshold in record.thresholds.items():
        print(
            f"  {head:26} {record.positives[head]:5} examples, threshold {threshold:.3f}, "
            f"recall {record.recall[head]:.3f}, false alarms {record.false_alarms[head]:.3f}"
        )


def _public_examples() -> Iterator[Example]:
    """Yield deepset's training file and HateCheck's development half, each for its one head.

    Insults to one person or to a trade are no hate in HateCheck, yet rude here: left out.
    """
    for row in _csv("deepset_prompt_injections", "train.csv"):
        yield _public(row["text"], "injection", row["label"] == "1")
    for row in _csv("hatecheck_en", "test_suite_cases.csv"):
        if int(row["templ_id"]) % 2 == 0 and row["functionality"] not in _RUDE_HERE:
            yield _public(row["test_case"], "toxic", row["label_gold"] == "hateful")
    yield from _requests()


def _requests() -> Iterator[Example]:
    """Yield ordinary requests, a few of every intent, that no head that escalates should name."""
    seen: Counter[str] = Counter()
    for text, intent in (*_banking(), *_clinc()):
        if seen[intent] < _MOST_OF_AN_INTENT and not _GRAVE_INTENT.search(intent):
            seen[intent] += 1
            yield Example(text, frozenset(), is_calm=True, is_labelled=False, heads=_CALM_HEADS)


def _banking() -> Iterator[tuple[str, str]]:
    return ((row["text"], row["category"]) for row in _csv("banking77", "train.csv"))


def _clinc() -> Iterator[tuple[str, str]]:
    path = SHARED / "clinc150" / "data_full.json"
    if not path.is_file():
        raise SystemExit(f"{path} not found; set PORTEVOIX_DATA to train")
    yield from json.loads(path.read_text(encoding="utf-8"))["train"]


def _public(text: str, head: str, is_so: bool) -> Example:
    labels = frozenset({head} if is_so else ())
    return Example(text, labels, is_calm=False, is_labelled=False, heads=frozenset({head}))


def _csv(folder: str, name: str) -> Iterator[Row]:
    path = SHARED / folder / name
    if not path.is_file():
        raise SystemExit(f"{path} not found; set PORTEVOIX_DATA to train")
    with path.open(encoding="utf-8") as lines:
        yield from csv.DictReader(lines)


def judge(triager: Triager, rows: Iterable[Row]) -> Judged:
    """Return each row with its triage."""
    return [(row, triager.triage(row["text"], _message(row["text"]), NOW)) for row in rows]


def _message(text: str) -> InboundMessage:
    return InboundMessage(id=MessageId("bench"), text=text)


def is_escalated(triage: Triage) -> bool:
    """Whether a person must own the message."""
    return triage.category in NEEDS_PERSON or triage.is_injection or triage.wants_human


def wilson(found: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """Return the Wilson score interval of the rate `found / of` (Wilson 1927), `of` > 0."""
    rate = found / of
    middle = rate + z * z / (2 * of)
    spread = z * math.sqrt(rate * (1 - rate) / of + z * z / (4 * of * of))
    scale = 1 + z * z / of
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def _section(title: str) -> None:
    FIGURES[title] = {}
    print(f"\n{title}")


def _note(name: str, **figures: float) -> None:
    """Keep a figure of the section begun last."""
    FIGURES[next(reversed(FIGURES))][name] = figures


def _rate(name: str, found: int, of: int) -> None:
    if not of:
        print(f"  {name:34} none in the set")
        return
    low, high = wilson(found, of)
    _note(name, rate=round(found / of, 4), low=round(low, 4), high=round(high, 4), of=of)
    print(f"  {name:34} {found / of:.3f} [{low:.3f}, {high:.3f}] ({found}/{of})")


# The project's own labelled messages


def _rows(folder: Path, split: str) -> list[Row]:
    lines = (
        line for path in sorted(folder.glob("*.jsonl")) for line in path.open(encoding="utf-8")
    )
    rows = [json.loads(line) for line in lines]
    return [row for row in rows if row["split"] == split]


def _print_labelled(triager: Triager, folder: Path, split: str) -> None:
    judged = judge(triager, _rows(folder, split))
    _section(f"labelled messages, {split}: {len(judged)}")
    if not judged:
        return
    _print_escalation(judged)
    for category in Category:
        _print_category(judged, category)
    for flag in ("is_toxic", "is_injection", "wants_human", "asks_if_bot"):
        _print_flag(judged, flag)
    _rate(
        "leading category right", _count(judged, lambda r, t: r["lead"] == t.category), len(judged)
    )
    _rate(
        "sentiment right", _count(judged, lambda r, t: r["sentiment"] == t.sentiment), len(judged)
    )
    _rate("language right", _count(judged, lambda r, t: r["lang"] == t.language), len(judged))


def _count(judged: Judged, is_so: Callable[[Row, Triage], bool]) -> int:
    return sum(is_so(row, triage) for row, triage in judged)


def _print_escalation(judged: Judged) -> None:
    for name, subset in (
        ("must escalate: recall", [one for one in judged if one[0]["must_escalate"]]),
        ("calm: over-escalated", [one for one in judged if one[0]["calm"]]),
        (
            "neither: escalated",
            [one for one in judged if not (one[0]["calm"] or one[0]["must_escalate"])],
        ),
    ):
        _rate(name, _count(subset, lambda _, t: is_escalated(t)), len(subset))
    calm = [one for one in judged if one[0]["calm"]]
    _rate("calm: moderated", _count(calm, lambda _, t: t.route is Route.MODERATE), len(calm))
    for category in NEVER_MISSED:
        subset = [one for one in judged if category in one[0]["categories"]]
        _rate(f"{category}: escalated", _count(subset, lambda _, t: is_escalated(t)), len(subset))


def _print_category(judged: Judged, category: Category) -> None:
    actual = [one for one in judged if category in one[0]["categories"]]
    seen = [one for one in judged if category in one[1].categories()]
    both = sum(category in row["categories"] for row, _ in seen)
    if actual:
        _rate(f"{category}: recall", both, len(actual))
        _rate(f"{category}: precision", both, len(seen))


def _print_flag(judged: Judged, flag: str) -> None:
    actual = [one for one in judged if one[0][flag]]
    others = [one for one in judged if not one[0][flag]]
    _rate(f"{flag}: recall", _count(actual, lambda _, t: getattr(t, flag)), len(actual))
    _rate(f"{flag}: false alarms", _count(others, lambda _, t: getattr(t, flag)), len(others))


# HateCheck: is the author hateful? Both directions, per function


def _print_hatecheck(triager: Triager, split: str) -> None:
    path = SHARED / "hatecheck_en" / "test_suite_cases.csv"
    if not path.is_file():
        print("\nHateCheck: not found; set PORTEVOIX_DATA")
        return
    parity = 0 if split == "dev" else 1
    with path.open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if int(row["templ_id"]) % 2 == parity]
    judged = judge(triager, ({**row, "text": row["test_case"]} for row in rows))
    _section(f"HateCheck, {split} half: {len(judged)}")
    right = [row["label_gold"] == _hate_label(triage) for row, triage in judged]
    for function in dict.fromkeys(row["functionality"] for row in rows):
        places = [place for place, row in enumerate(rows) if row["functionality"] == function]
        _rate(function, sum(right[place] for place in places), len(places))
    rates = [_share_right(rows, right, label) for label in ("hateful", "non-hateful")]
    _note("all", hateful=rates[0], non_hateful=rates[1], balanced=sum(rates) / 2)
    print(f"  hateful {rates[0]:.3f}, non-hateful {rates[1]:.3f}, balanced {sum(rates) / 2:.3f}")


def _hate_label(triage: Triage) -> str:
    return "hateful" if triage.is_toxic else "non-hateful"


def _share_right(rows: Sequence[Row], right: Sequence[bool], label: str) -> float:
    of_label = [ok for row, ok in zip(rows, right, strict=True) if row["label_gold"] == label]
    return sum(of_label) / len(of_label)


# deepset's prompt injections


def _print_injections(triager: Triager, split: str) -> None:
    path = SHARED / "deepset_prompt_injections" / ("train.csv" if split == "dev" else "test.csv")
    if not path.is_file():
        print(f"\ninjections: {path.name} not found; set PORTEVOIX_DATA")
        return
    with path.open(encoding="utf-8") as lines:
        judged = judge(triager, csv.DictReader(lines))
    _section(f"deepset prompt injections, {path.name}: {len(judged)}")
    for label, name in (("1", "recall"), ("0", "false alarms")):
        subset = [one for one in judged if one[0]["label"] == label]
        _rate(name, _count(subset, lambda _, t: t.is_injection), len(subset))


def _print_speed(triager: Triager, folder: Path) -> None:
    rows = _rows(folder, "dev") or [{"text": "Où est ma commande ?"}] * 200
    judge(triager, rows)
    started = time.process_time()
    judge(triager, rows)
    milliseconds = (time.process_time() - started) / len(rows) * 1000
    _section("speed, warm")
    _note("CPU a message", milliseconds=round(milliseconds, 3))
    print(f"  {milliseconds:.2f} ms of CPU a message")


if __name__ == "__main__":
    main()
