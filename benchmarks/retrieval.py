"""Retrieval and answerability on labelled FAQs: every figure with its 95 % interval.

    python benchmarks/retrieval.py                  everything, some minutes
    python benchmarks/retrieval.py --json out.json  the same figures as JSON, for a model card
    python benchmarks/retrieval.py --only faq       faq, transfer or intents

faq: models that saw no question of the topic (five folds by topic, trained on the other folds and
the other sets), plain BM25 beside them. transfer: models that saw nothing of that FAQ at all.
intents: CLINC150 and BANKING77 as FAQs whose entries have example wordings, official splits, with
the weights that ship and with weights that never saw that set. Intervals: bootstrap by topic or
entry; Wilson for "right among the answered".
"""

import argparse
import json
import os
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np

from knowledge.features import FEATURES
from knowledge.lexical import Entry, Text
from knowledge.model import Model, shipped_model
from knowledge.passages import Language
from knowledge.ranker import best_first
from knowledge.training import data as sets
from knowledge.training import development_tasks, fit_model
from knowledge.training.calibrating import SHARES
from knowledge.training.data import Question, Task
from knowledge.training.evidence import SeenTask, see
from knowledge.training.quality import interval, reciprocal_rank
from knowledge.training.trials import MISSED, Trial, faq_left_out, topics_left_out, tried

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("PORTEVOIX_DATA", ROOT.parent / "shared" / "data"))
FAQS = ("cdtn_fr", "stackfaq_en", "service_public_fr")
FRENCH = ("cdtn_fr", "service_public_fr", "covid_fr", "cdtn_topics")
ALIASES = 10
DRAWS = 3
"""Draws of ten examples an intent, pooled: one draw alone moves by two points."""
PRECISION = 0.95


@dataclass(frozen=True)
class Figure:
    """One figure, its interval and the bar of the issue, if there is one."""

    group: str
    set: str
    name: str
    value: float
    low: float
    high: float
    count: int
    bar: float | None = None
    is_at_most: bool = False

    def __str__(self) -> str:
        verdict = ""
        if self.bar is not None:
            shown = round(self.value, 3)
            is_met = shown <= self.bar if self.is_at_most else shown >= self.bar
            sign = "<=" if self.is_at_most else ">="
            verdict = f"{sign} {self.bar:.3f} {'met' if is_met else 'SHORT'}"
        return (
            f"{self.set:<32} {self.name:<34} {self.value:.3f}  "
            f"[{self.low:.3f}, {self.high:.3f}]  n={self.count:<6} {verdict}"
        )


def figure(
    trial: Trial,
    group: str,
    name: str,
    of: Callable[[Trial], float],
    bar: float | None = None,
    *,
    title: str = "",
    is_at_most: bool = False,
) -> Figure:
    """Return a figure of a trial with its bootstrap interval by topic."""
    rows = np.arange(len(trial.place)).astype(np.float64)
    low, high = interval(
        rows, trial.topic.tolist(), lambda some: of(trial.at(some.astype(int))), 100
    )
    title = title or str(trial.task[0])
    return Figure(group, title, name, of(trial), low, high, len(rows), bar, is_at_most)


def wilson(right: float, count: int) -> tuple[float, float]:
    """Return the 95 % Wilson interval of a rate."""
    if not count:
        return 0.0, 1.0
    share, z = right / count, 1.96
    middle = share + z * z / (2 * count)
    half = z * float(np.sqrt(share * (1 - share) / count + z * z / (4 * count * count)))
    whole = 1 + z * z / count
    return (middle - half) / whole, (middle + half) / whole


def answered(trial: Trial, group: str, title: str, bar: float | None = None) -> list[Figure]:
    """Return how many are answered at the model's own threshold, and how many of them rightly."""
    taken = trial.at(trial.answered)
    count, good = len(taken.place), float(taken.right.sum())
    share = good / count if count else 1.0
    return [
        Figure(group, title, "right among answered", share, *wilson(good, count), count, bar),
        figure(trial, group, "answered rightly of all asked", coverage, title=title),
    ]


def coverage(trial: Trial) -> float:
    """Return the share of the asked questions that are answered, and rightly."""
    return float((trial.answered * trial.right).sum() / max((trial.kind == "asked").sum(), 1))


def at_precision(trial: Trial) -> float:
    """Return the share answered rightly at 95 % precision, threshold chosen on these rows."""
    order = np.argsort(-trial.chance, kind="stable")
    good = np.cumsum(trial.right[order])
    precise = good / np.arange(1, len(order) + 1) >= PRECISION
    best = good[precise].max() if precise.any() else 0.0
    return float(best / max((trial.kind == "asked").sum(), 1))


def in_out(trial: Trial) -> float:
    """Return the AUROC of questions that the FAQ answers against those it does not."""
    from knowledge.training.quality import auroc

    return auroc(trial.chance, (trial.kind == "asked").astype(np.float64))


def bm25(seen: SeenTask) -> Trial:
    """Return the places that plain BM25 gives, on the question where there is one."""
    name = "bm25" if any(entry.wordings for entry in seen.task.entries) else "answer_bm25"
    row = FEATURES.index(name)
    places = []
    for one in seen.questions:
        order = best_first(one.evidence.features[row], 10)
        found = (place for place, entry in enumerate(order) if int(entry) in one.question.right)
        places.append(next(found, MISSED))
    count = len(places)
    topics = np.array([one.question.topic for one in seen.questions])
    return Trial(
        np.full(count, seen.task.name), np.full(count, "asked"), topics,
        np.array(places), np.zeros(count), np.zeros(count, bool),
    )  # fmt: skip


HITS: dict[str, dict[str, dict[str, float]]] = {
    "topic folds": {
        "cdtn_fr": {"hit@1": 0.61, "MRR@10": 0.69, "hit@5": 0.84},
        "stackfaq_en": {"hit@1": 0.81, "MRR@10": 0.88},
        "service_public_fr": {"hit@1": 0.943},
    },
    "French weights": {"stackfaq_en": {"hit@1": 0.77, "MRR@10": 0.84}},
}
RANKS: dict[str, Callable[[Trial], float]] = {
    "hit@1": lambda trial: trial.hits(1),
    "MRR@10": lambda trial: reciprocal_rank(trial.place),
    "hit@5": lambda trial: trial.hits(5),
}


def ranking(trial: Trial, group: str) -> list[Figure]:
    """Return hit@1, MRR@10 and hit@5 of the questions asked."""
    asked = trial.at(trial.kind == "asked")
    bars = HITS.get(group, {}).get(str(asked.task[0]), {})
    return [figure(asked, group, name, of, bars.get(name)) for name, of in RANKS.items()]


def answering(trial: Trial, group: str, *, is_barred: bool = False) -> list[Figure]:
    """Return AUROC, calibration and the threshold's figures, foreign and removed.

    Calibration error: asked and foreign (or removed) questions in equal parts, and in the mix
    that the weights are trained for.
    """
    name = str(trial.task[0])
    rows = []
    for against, bar in (("foreign", 0.88), ("removed", 0.76)):
        one = trial.at(np.isin(trial.kind, ("asked", against)))
        title, barred = f"{name} + {against}", is_barred or None
        of = partial(against_kind, against)
        rows.append(
            figure(one, group, f"AUROC right to {against}", of, barred and bar, title=title)
        )
        rows.append(figure(one, group, "AUROC right against all else", Trial.auroc, title=title))
        rows.append(figure(one, group, "calibration error, halves", Trial.calibration_error,
                           barred and 0.08, title=title, is_at_most=True))  # fmt: skip
        rows += answered(one, group, title, barred and 0.9 if against == "foreign" else None)
    rows.append(figure(trial, group, "calibration error, mix", mixed_error,
                       (is_barred and 0.08) or None, title=name, is_at_most=True))  # fmt: skip
    return rows


def against_kind(kind: str, trial: Trial) -> float:
    """Return the AUROC of right first entries against the questions of `kind` alone."""
    return trial.at((trial.right > 0) | (trial.kind == kind)).auroc()


def mixed_error(trial: Trial) -> float:
    """Return the calibration error on the mix of questions that the weights are trained for."""
    return trial.calibration_error(SHARES)


def faqs(seen: Sequence[SeenTask]) -> Iterable[Figure]:
    """Yield the figures of the FAQs by folds of topics."""
    trial = topics_left_out(seen, fit_model)
    for one in seen:
        if one.task.name in FAQS:
            yield from ranking(bm25(one), "plain BM25")
            yield from ranking(trial.of(one.task.name), "topic folds")
    for name in FAQS[:2]:
        yield from answering(trial.of(name), "topic folds", is_barred=True)
    yield from answering(_renamed(trial.of("cdtn_topics/")), "topic folds")


def _renamed(trial: Trial) -> Trial:
    """Return the trials of a family of tasks under the name of the family."""
    family = str(trial.task[0]).partition("/")[0]
    return Trial(**{**vars(trial), "task": np.full(len(trial.task), family)})


def transfer(seen: Sequence[SeenTask]) -> Iterable[Figure]:
    """Yield the figures of FAQs of which the model saw nothing."""
    for name in FAQS:
        left = ("cdtn_fr", "cdtn_topics") if name == "cdtn_fr" else (name,)
        trial = faq_left_out(seen, left, fit_model).of(name)
        yield from ranking(trial, "FAQ left out")
        yield from answering(trial, "FAQ left out")
    french = fit_model([one for one in seen if one.task.family in FRENCH])
    english = next(one for one in seen if one.task.name == "stackfaq_en")
    yield from ranking(tried(english, french), "French weights")
    yield from answering(tried(english, french), "French weights")
    topics = faq_left_out(seen, ("cdtn_fr", "cdtn_topics"), fit_model)
    for wordings in (5, 10):
        trial = topics.of(f"cdtn_topics/{wordings}", "asked", "foreign")
        yield from intents(trial, f"cdtn_topics, {wordings} examples, near", "FAQ left out", {})


CLINC_FULL = {"top-1": 0.925, "AUROC in/out": 0.95}
CLINC_TEN = {"top-1": 0.84, "AUROC in/out": 0.92, "answered rightly at 95 %": 0.5}
BANKING_TEN = {"top-1": 0.76, "AUROC in/out": 0.94}


def intents(trial: Trial, title: str, group: str, bars: dict[str, float]) -> Iterable[Figure]:
    """Yield top-1, AUROC in against out, and the coverage at 95 % precision."""
    asked = trial.at(trial.kind == "asked")
    yield figure(asked, group, "top-1", lambda one: one.hits(1), bars.get("top-1"), title=title)
    for name, of in (("AUROC in/out", in_out), ("answered rightly at 95 %", at_precision)):
        yield figure(trial, group, name, of, bars.get(name), title=title)
    yield from answered(trial, group, title)


def official(examples: list[tuple[str, str]], asked: list[tuple[str, str]], outside: list[str],
             name: str, most: int | None, draw: int) -> Task:  # fmt: skip
    """Return a task of intents: `most` examples an intent, drawn by seed, asked the given ones."""
    entries: list[Entry] = []
    place: dict[str, int] = {}
    for intent, texts in sets.by_intent(examples).items():
        shown = texts if most is None else sets.shuffled(texts, f"{draw} {intent}")[:most]
        wordings = [intent.replace("_", " "), *shown]
        place[intent] = len(entries)
        entries.append(Entry(intent, tuple(Text(one, Language.EN) for one in wordings)))
    questions = [Question(text, frozenset({place[intent]}), intent) for text, intent in asked]
    return Task(name, Language.EN, tuple(entries), tuple(questions), sets.foreign(outside))


def intent_figures(data: Path, seen: Sequence[SeenTask]) -> Iterable[Figure]:
    """Yield the figures of CLINC150 and BANKING77, development part first, then the test part."""
    unseen = {
        family: fit_model([one for one in seen if one.task.family != family])
        for family in ("clinc150", "banking77")
    }
    train = sets.clinc(data, "train")
    for part in ("val", "test"):
        outside = [text for text, _ in sets.clinc(data, f"oos_{part}")]
        asked = sets.clinc(data, part)
        full = [official(train, asked, outside, f"clinc150 full, {part}", None, 0)]
        ten = [
            official(train, asked, outside, f"clinc150 ten, {part}", ALIASES, draw)
            for draw in range(DRAWS)
        ]
        yield from compared(full, unseen["clinc150"], CLINC_FULL)
        yield from compared(ten, unseen["clinc150"], CLINC_TEN)
    outside = [text for text, _ in sets.clinc(data, "oos_test")]
    bank, asked = sets.banking(data, "train"), sets.banking(data, "test")
    tasks = [
        official(bank, asked, outside, "banking77 ten, test", ALIASES, draw)
        for draw in range(DRAWS)
    ]
    yield from compared(tasks, unseen["banking77"], BANKING_TEN)


def compared(tasks: list[Task], unseen: Model, bars: dict[str, float]) -> Iterable[Figure]:
    """Yield the figures with the weights that ship and with weights that never saw the set."""
    read = [see(task) for task in tasks]
    for group, model in (("weights that ship", shipped_model()), ("set left out", unseen)):
        trials = [tried(one, model) for one in read]
        names = Trial.__dataclass_fields__
        trial = Trial(*(np.concatenate([getattr(one, name) for one in trials]) for name in names))
        kept = trial.at(trial.kind != "removed")
        yield from intents(kept, tasks[0].name, group, bars)


def main() -> None:
    """Print every figure as it is known."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    options.add_argument("--json", type=Path, help="also write the figures there")
    options.add_argument("--only", choices=("faq", "transfer", "intents"), help="one part")
    chosen = options.parse_args()
    if not DATA.exists():
        print(f"{DATA}: no data sets there; name their folder: PORTEVOIX_DATA=DIR")
        return
    started = time.perf_counter()
    seen = [see(task) for task in development_tasks(DATA)]
    parts: dict[str, Callable[[], Iterable[Figure]]] = {
        "faq": lambda: faqs(seen),
        "transfer": lambda: transfer(seen),
        "intents": lambda: intent_figures(DATA, seen),
    }
    found: list[Figure] = []
    for name, part in parts.items():
        if chosen.only in (None, name):
            found += show(part())
    print(f"\n{time.perf_counter() - started:.0f} s")
    if chosen.json:
        text = json.dumps([asdict(one) for one in found], indent=1, ensure_ascii=False)
        chosen.json.write_text(text + "\n", encoding="utf-8")


def show(figures: Iterable[Figure]) -> list[Figure]:
    """Print figures as they come, a heading where the group changes."""
    shown: list[Figure] = []
    for one in figures:
        if not shown or shown[-1].group != one.group:
            print(f"\n{one.group}")
        print(f"  {one}", flush=True)
        shown.append(one)
    return shown


if __name__ == "__main__":
    main()
