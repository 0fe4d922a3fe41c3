"""Learn answerability: questions with their right entry, without it, and questions of elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.model import BandLimits, CurvePoint, Model, SignalWeights
from knowledge.ranker import Ranker
from knowledge.signals import SIGNALS
from knowledge.training.evidence import Seen, SeenTask, ranked
from knowledge.training.fitting import Doubles, fit_logistic
from knowledge.training.quality import answered_from, fold_of

SHARES = {"asked": 1.0, "removed": 0.3, "foreign": 0.4}
"""Weight of each kind of question: what a brand's inbox looks like, most of it answerable."""
FAR = 4.0
"""How much more a question of another domain weighs than one of an entry left out.

The intent-style sets hold few of them, while a message can be about anything. The other FAQs meet
questions of another domain only.
"""
STATED_ERROR = 0.08
"""Error among the answered for which the high band is chosen: a margin below one in ten."""
MIDDLE_HELP = 0.5
"""The middle band starts where the right entry is among five candidates this often."""
FAMILY_ERROR = 0.09
"""Error among the answered of any one FAQ, when nobody has taken its entries away."""
ENOUGH_ANSWERED = 100
_WINDOW = 0.04


@dataclass(frozen=True)
class Rows:
    """Signals of many questions with what is known of each."""

    signals: Doubles
    right: Doubles
    """1 if the first entry is right."""
    in_five: Doubles
    """1 if a right entry is among the first five."""
    kind: NDArray[np.str_]
    topic: NDArray[np.str_]
    family: NDArray[np.str_]
    weight: Doubles

    def at(self, chosen: NDArray[np.bool_]) -> "Rows":
        """Return the chosen questions."""
        return Rows(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))


def rows_of(seen: SeenTask, model: Model, family_weight: float) -> Rows:
    """Return the rows of one task; `family_weight` is shared by its three kinds of question."""
    kinds = {
        "asked": (seen.questions, ranked(seen.questions, model)),
        "removed": (seen.questions, ranked(seen.questions, model, without_right=True)),
        "foreign": (seen.foreign, ranked(seen.foreign, model)),
    }
    parts = [
        _rows(kind, questions, signals, model, seen, family_weight)
        for kind, (questions, signals) in kinds.items()
        if len(questions)
    ]
    return joined(parts)


def _rows(
    kind: str,
    questions: Sequence[Seen],
    signals: Sequence[NDArray[np.float32]],
    model: Model,
    seen: SeenTask,
    family_weight: float,
) -> Rows:
    count = len(questions)
    far = FAR if seen.has_intents else 1.0
    worth = np.array([far if one.question.is_far else 1.0 for one in questions])
    places = _places(questions, model) if kind == "asked" else np.full(count, 999)
    return Rows(
        np.array(signals, np.float64),
        (places < 1).astype(float),
        (places < 5).astype(float),
        np.full(count, kind),
        np.array([one.question.topic for one in questions]),
        np.full(count, seen.task.family),
        family_weight * SHARES[kind] * worth / worth.sum(),
    )


def _places(questions: Sequence[Seen], model: Model) -> NDArray[np.int64]:
    ranker = Ranker(model)
    found = []
    for one in questions:
        order = ranker.rank(one.evidence, one.intents).order
        hits = [place for place, entry in enumerate(order) if int(entry) in one.question.right]
        found.append(hits[0] if hits else 999)
    return np.array(found)


def joined(parts: Sequence[Rows]) -> Rows:
    """Return the rows of several tasks as one."""
    names = Rows.__dataclass_fields__
    return Rows(*(np.concatenate([getattr(one, name) for one in parts]) for name in names))


def fit_answerability(rows: Rows) -> SignalWeights:
    """Return the logistic weights by signal name."""
    bias, weights = fit_logistic(rows.signals, rows.right, rows.weight)
    names = SIGNALS[: rows.signals.shape[1]]
    signals = {name: round(float(one), 5) for name, one in zip(names, weights, strict=True)}
    return SignalWeights(bias=round(bias, 5), signals=signals)


def chances_of(rows: Rows, weights: SignalWeights) -> Doubles:
    """Return P(the first entry is right) by question."""
    vector = np.array([weights.signals[name] for name in SIGNALS[: rows.signals.shape[1]]])
    chances: Doubles = 1 / (1 + np.exp(-(weights.bias + rows.signals @ vector)))
    return chances


def cross_validated(rows: Rows, folds: int = 5) -> Doubles:
    """Return probabilities from weights that never saw the question's topic."""
    fold = np.array([fold_of(one, folds) for one in rows.topic])
    chances = np.zeros(len(fold))
    for one in range(folds):
        inside = fold == one
        chances[inside] = chances_of(rows.at(inside), fit_answerability(rows.at(~inside)))
    return chances


def choose_bands(rows: Rows, chances: Doubles) -> BandLimits:
    """Choose the thresholds from the curve of coverage against error."""
    answerable = (rows.kind == "asked").astype(float)
    grid = [round(0.02 * step, 2) for step in range(1, 50)]
    curve = [answered_from(one, chances, rows.right, answerable, rows.weight) for one in grid]
    kept = [point.threshold for point in curve if point.error <= STATED_ERROR]
    high = min(kept) if kept else 0.98
    middle = next((one for one in grid if _help_at(one, rows, chances) >= MIDDLE_HELP), high)
    return BandLimits(
        high=high,
        middle=min(middle, high),
        stated_error=STATED_ERROR,
        curve=tuple(
            CurvePoint(
                threshold=point.threshold,
                coverage=round(point.coverage, 4),
                error=round(point.error, 4),
            )
            for point in curve
        ),
    )


def high_for_every(rows: Rows, chances: Doubles, least: float) -> float:
    """Return the lowest threshold, at least `least`, from which each FAQ answers rightly enough.

    Measured on each FAQ's own questions and those of elsewhere; one with fewer than
    `ENOUGH_ANSWERED` answers above a threshold has no say there.
    """
    grid = [round(0.02 * step, 2) for step in range(1, 50)]
    for threshold in (one for one in grid if one >= least):
        taken = (chances >= threshold) & (rows.kind != "removed")
        families = [taken & (rows.family == name) for name in np.unique(rows.family)]
        heard = [one for one in families if one.sum() >= ENOUGH_ANSWERED]
        if all(1 - rows.right[one].mean() <= FAMILY_ERROR for one in heard):
            return threshold
    return least


def _help_at(threshold: float, rows: Rows, chances: Doubles) -> float:
    """Return how often five candidates hold the right entry just above a threshold."""
    inside = (chances >= threshold) & (chances < threshold + _WINDOW)
    mass = rows.weight[inside].sum()
    return float((rows.weight * rows.in_five)[inside].sum() / mass) if mass else 0.0
