"""Train the ranker and its answerability on the shared data: `portevoix train ranker`."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np

from knowledge.model import (
    RANKED_BY,
    BandLimits,
    DataSet,
    Model,
    RankerWeights,
    SignalWeights,
    TrainingRecord,
    write_model,
)
from knowledge.training import data as sets
from knowledge.training.calibrating import (
    SHARES,
    Rows,
    choose_bands,
    cross_validated,
    fit_answerability,
    high_for_every,
    joined,
    rows_of,
)
from knowledge.training.data import Task
from knowledge.training.evidence import Lists, SeenTask, lists_of, see
from knowledge.training.fitting import Doubles, fit_ranker
from knowledge.training.intent_tasks import intent_tasks
from knowledge.training.trials import Trial, topics_left_out

SEED = 0
DIVERSITY = 2.0
"""Chosen on the topic folds of cdtn_fr (hit@5 +.01), without effect on stackfaq_en."""
DENSE = 8.0
"""Set by hand: no labelled set ships with vectors. A cosine gap of .1 weighs like a shared word."""
TASK_WEIGHTS = {"cdtn_fr": 1.5, "stackfaq_en": 1.0, "service_public_fr": 0.5, "covid_fr": 0.3}
UNSURE = SignalWeights(bias=0.0, signals={})
COMMAND = "portevoix train ranker --data DIR"

__all__ = ["development_tasks", "fit_model", "train_on", "train_ranker"]


def development_tasks(data: Path) -> list[Task]:
    """Return every FAQ the shipped weights are trained on; no test split is among them."""
    return [
        sets.cdtn(data),
        sets.stackfaq(data),
        sets.service_public(data),
        sets.covid(data),
        *intent_tasks(data),
    ]


def train_ranker(data_dir: Path, out: Path | None = None) -> TrainingRecord:
    """Train on the development splits under `data_dir` and write the weights file.

    `out`: where to write; None replaces the weights that ship. Deterministic: the same data give
    the same bytes. Takes one to two minutes.

    Raises:
        DataError: a data set is missing or broken.
    """
    try:
        tasks = development_tasks(data_dir)
    except KeyError as error:
        raise sets.DataError(
            f"{data_dir}: a row lacks {error} or names an unknown entry"
        ) from error
    model = train_on([see(task) for task in tasks])
    write_model(model, out or Path(str(files("knowledge.weights").joinpath("ranker.json"))))
    return model.record


@dataclass(frozen=True)
class _Head:
    """The tasks that share one set of weights: with the FAQ's own classifier, or without."""

    seen: tuple[SeenTask, ...]
    lists: tuple[Lists | None, ...]
    has_intents: bool

    @property
    def fitted(self) -> list[tuple[SeenTask, Lists]]:
        """Return the tasks that have questions of their own."""
        return [(one, lists) for one, lists in zip(self.seen, self.lists, strict=True) if lists]

    def fit(self, kept: Sequence[tuple[Lists, float]]) -> Doubles:
        """Return the ranker's weights for the given lists."""
        return fit_ranker(kept, self.has_intents)


def train_on(seen: Sequence[SeenTask]) -> Model:
    """Return a model trained on tasks whose evidence is known, with its training record."""
    return fit_model(seen).model_copy(
        update={"record": _record(seen, topics_left_out(seen, fit_model))}
    )


def fit_model(seen: Sequence[SeenTask]) -> Model:
    """Return a model trained on every question of `seen`, without a record.

    The thresholds are chosen on probabilities cross-validated by topic.
    """
    heads = [_head(seen, has_intents) for has_intents in (False, True)]
    weights = [_ranker_weights(head) for head in heads]
    draft = _draft(weights[0], weights[1])
    rows = [_signal_rows(head, draft) for head in heads]
    known = [one for one in rows if one is not None]
    if not known:
        return draft
    chances = [cross_validated(one) for one in known]
    plain, intents = (UNSURE if one is None else fit_answerability(one) for one in rows)
    bands = choose_bands(_together(known), np.concatenate(chances))
    is_plain = rows[0] is not None
    return draft.model_copy(
        update={
            "answerable": plain,
            "answerable_with_intents": intents,
            "bands": bands,
            "plain_high": high_for_every(known[0], chances[0], bands.high) if is_plain else 1.0,
        }
    )


def _head(seen: Sequence[SeenTask], has_intents: bool) -> _Head:
    chosen = tuple(one for one in seen if one.has_intents is has_intents)
    lists = tuple(lists_of(one) if one.questions else None for one in chosen)
    return _Head(chosen, lists, has_intents)


def _weight_of(task: Task) -> float:
    return TASK_WEIGHTS.get(task.name, task.weight)


def _ranker_weights(head: _Head) -> RankerWeights:
    if not head.fitted:
        return RankerWeights(features={})
    found = head.fit([(lists, _weight_of(one.task)) for one, lists in head.fitted])
    features = {name: round(float(w), 4) for name, w in zip(RANKED_BY, found, strict=False)}
    return RankerWeights(features=features, intent=round(float(found[-1]), 4))


def _draft(plain: RankerWeights, intents: RankerWeights) -> Model:
    """Return a model that ranks and does not yet know how sure it is."""
    record = TrainingRecord(
        command=COMMAND, seed=SEED, data=(), auroc_foreign=0, auroc_removed=0, calibration_error=0
    )
    return Model(
        plain=plain,
        intents=intents,
        diversity=DIVERSITY,
        dense=DENSE,
        answerable=UNSURE,
        answerable_with_intents=UNSURE,
        bands=BandLimits(high=1.0, middle=1.0, stated_error=0.0),
        record=record,
    )


def _signal_rows(head: _Head, model: Model) -> Rows | None:
    asked = [one for one in head.seen if one.questions or one.foreign]
    return joined([rows_of(one, model, _weight_of(one.task)) for one in asked]) if asked else None


def _together(rows: Sequence[Rows]) -> Rows:
    """Return the rows of both heads, without the signals that only one of them has."""
    names = [name for name in Rows.__dataclass_fields__ if name != "signals"]
    known = {name: np.concatenate([getattr(one, name) for one in rows]) for name in names}
    return Rows(signals=np.zeros((len(known["right"]), 0)), **known)


def _record(seen: Sequence[SeenTask], trial: Trial) -> TrainingRecord:
    return TrainingRecord(
        command=COMMAND,
        seed=SEED,
        data=tuple(
            _data_set(one, trial.of(one.task.name, "asked")) for one in seen if one.questions
        ),
        auroc_foreign=round(_mean_auroc(seen, trial, "foreign"), 4),
        auroc_removed=round(_mean_auroc(seen, trial, "removed"), 4),
        calibration_error=round(trial.calibration_error(SHARES), 4),
        notes="cross-validated by topic: every figure from models that saw no question of the "
        "topic; AUROC: mean over data sets; calibration: on the mix of questions trained for",
    )


def _mean_auroc(seen: Sequence[SeenTask], trial: Trial, against: str) -> float:
    """Return the mean over data sets; one without right entries has none."""
    names = [one.task.name for one in seen if one.questions]
    found = [trial.of(name, "asked", against).auroc() for name in names]
    return float(np.nanmean(found)) if found else float("nan")


def _data_set(seen: SeenTask, trial: Trial) -> DataSet:
    return DataSet(
        name=seen.task.name,
        language=seen.task.lang.value,
        entries=len(seen.task.entries),
        queries=len(seen.questions),
        weight=_weight_of(seen.task),
        hit_at_1=round(trial.hits(1), 4),
        mrr_at_10=round(trial.reciprocal_rank(), 4),
        hit_at_5=round(trial.hits(5), 4),
    )
