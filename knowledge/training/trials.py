"""Try models on questions that they did not learn from: topics left out, or whole FAQs."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from knowledge.answerability import answerability
from knowledge.model import Model
from knowledge.ranker import Diversity, Ranker
from knowledge.training.evidence import Seen, SeenTask
from knowledge.training.fitting import Doubles
from knowledge.training.quality import auroc, calibration_error, fold_of, hit_at, reciprocal_rank

FOLDS = 5
LISTED = 10
MISSED = 999
Fit = Callable[[Sequence[SeenTask]], Model]


@dataclass(frozen=True)
class Trial:
    """What a model made of many questions, one row each."""

    task: NDArray[np.str_]
    kind: NDArray[np.str_]
    """`asked`; `removed`: the right entry taken out; `foreign`: a question of elsewhere."""
    topic: NDArray[np.str_]
    place: NDArray[np.int64]
    """Place, from 0, of the first right entry listed; `MISSED` if none is."""
    chance: Doubles
    """The answerability."""
    answered: NDArray[np.bool_]
    """Whether the answerability reaches the threshold that the model chose for itself."""

    def at(self, chosen: NDArray[np.bool_]) -> "Trial":
        """Return the chosen rows."""
        return Trial(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))

    def of(self, task: str, *kinds: str) -> "Trial":
        """Return the rows of one task, or of one family of tasks ("clinc150/")."""
        inside = np.char.startswith(self.task, task) if task.endswith("/") else self.task == task
        return self.at(inside & np.isin(self.kind, kinds) if kinds else inside)

    @property
    def right(self) -> Doubles:
        """1 where the first entry is right."""
        return (self.place < 1).astype(np.float64)

    def hits(self, most: int) -> float:
        """Return the share of questions with a right entry among the first `most`."""
        return hit_at(self.place, most)

    def reciprocal_rank(self) -> float:
        """Return the mean reciprocal rank within ten."""
        return reciprocal_rank(self.place)

    def auroc(self) -> float:
        """Return how well the chance tells right first entries from all other rows."""
        return auroc(self.chance, self.right)

    def calibration_error(self, shares: Mapping[str, float] | None = None) -> float:
        """Return the expected calibration error over ten bins.

        `shares`: the weight of each kind of question in the mix; None: all kinds weigh the same.
        """
        weights = np.zeros(len(self.place))
        for kind in set(self.kind.tolist()):
            inside = self.kind == kind
            weights[inside] = (1.0 if shares is None else shares[kind]) / inside.sum()
        return calibration_error(self.chance, self.right, weights)


def joined(trials: Iterable[Trial]) -> Trial:
    """Return several trials as one."""
    parts = list(trials)
    names = Trial.__dataclass_fields__
    return Trial(*(np.concatenate([getattr(one, name) for one in parts]) for name in names))


def tried(seen: SeenTask, model: Model) -> Trial:
    """Return what `model` makes of the questions of a task, those with the entry removed too."""
    ranker, diversity = Ranker(model), Diversity(seen.index, model.diversity)
    rows: list[tuple[str, str, int, float]] = []
    for kind, questions in (
        ("asked", seen.questions),
        ("removed", seen.questions),
        ("foreign", seen.foreign),
    ):
        for one in questions:
            place, chance = _row(one, model, ranker, diversity, kind == "removed")
            rows.append((kind, one.question.topic, place, chance))
    chances = np.array([row[3] for row in rows], np.float64)
    return Trial(
        np.full(len(rows), seen.task.name, "U40"),
        np.array([row[0] for row in rows], "U8"),
        np.array([row[1] for row in rows], "U400"),
        np.array([row[2] for row in rows], np.int64),
        chances,
        chances >= model.limits(has_intents=seen.has_intents).high,
    )


def _row(
    seen: Seen, model: Model, ranker: Ranker, diversity: Diversity, is_removed: bool
) -> tuple[int, float]:
    allowed = None
    if is_removed:
        allowed = np.ones(seen.evidence.features.shape[1], bool)
        allowed[list(seen.question.right)] = False
    ranking = ranker.rank(seen.evidence, seen.intents, allowed)
    chance = answerability(seen.evidence, ranking, model)
    if is_removed or not seen.question.right:
        return MISSED, chance
    listed = diversity.apply(ranking, LISTED)
    right = seen.question.right
    places = (place for place, (entry, _) in enumerate(listed) if entry in right)
    return next(places, MISSED), chance


def topics_left_out(seen: Sequence[SeenTask], fit: Fit) -> Trial:
    """Return every question tried by a model that saw none of its topic, in five folds."""
    trials = []
    for fold in range(FOLDS):
        model = fit([one.kept(partial(_is_in_fold, fold, wanted=False)) for one in seen])
        trials += [tried(one.kept(partial(_is_in_fold, fold, wanted=True)), model) for one in seen]
    return joined(trials)


def faq_left_out(seen: Sequence[SeenTask], families: Sequence[str], fit: Fit) -> Trial:
    """Return the questions of `families` of tasks tried by a model trained on all others."""
    model = fit([one for one in seen if one.task.family not in families])
    return joined(tried(one, model) for one in seen if one.task.family in families)


def _is_in_fold(fold: int, topic: str, *, wanted: bool) -> bool:
    return (fold_of(topic, FOLDS) == fold) is wanted
