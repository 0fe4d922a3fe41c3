"""The weights file: ranker, calibrated answerability, bands and the record of their training."""

import json
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from knowledge.features import FEATURES
from knowledge.signals import SIGNALS

Chance = Annotated[float, Field(ge=0, le=1)]
RANKED_BY = tuple(name for name in FEATURES if name != "joint_share")
"""Features the ranker may weigh. `joint_share` mixes fields, which does not transfer: it only
serves answerability."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class WeightsError(Exception):
    """A weights file that cannot be used, and the mend."""


class RankerWeights(_Frozen):
    """Linear weights by feature name; a feature left out weighs 0."""

    features: dict[str, float]
    intent: float = 0.0
    """Weight of the log-probability of the FAQ's own classifier, where there is one."""


class SignalWeights(_Frozen):
    """Logistic weights by signal name: P = 1 / (1 + exp(-(bias + sum of weight x signal)))."""

    bias: float
    signals: dict[str, float]


class CurvePoint(_Frozen):
    """What happens if messages are answered from `threshold` on."""

    threshold: Chance
    coverage: Chance
    """Share of the answerable messages that are answered rightly."""
    error: Chance
    """Share of wrong answers among the answered."""


class BandLimits(_Frozen):
    """From which answerability on a draft, or candidates, are offered."""

    high: Chance
    middle: Chance
    stated_error: Chance
    """The error among the answered for which `high` was chosen from the curve."""
    curve: tuple[CurvePoint, ...] = ()


class DataSet(_Frozen):
    """One FAQ the weights were trained on."""

    name: str
    language: str
    entries: int
    queries: int
    weight: float
    hit_at_1: float
    """Measured in cross-validation by topic."""
    mrr_at_10: float
    hit_at_5: float


class TrainingRecord(_Frozen):
    """Where the weights come from: enough to train them again."""

    command: str
    seed: int
    data: tuple[DataSet, ...]
    auroc_foreign: float
    """Cross-validated: right first entries against questions of other FAQs and wrong ones."""
    auroc_removed: float
    """The same, against the same questions with the right entry removed."""
    calibration_error: float
    notes: str = ""

    def summary(self) -> str:
        """Return the record in a few lines for a terminal."""
        rows = [
            f"  {one.name:<14} {one.entries:>5} entries {one.queries:>5} queries  "
            f"hit@1 {one.hit_at_1:.3f}  MRR@10 {one.mrr_at_10:.3f}  hit@5 {one.hit_at_5:.3f}"
            for one in self.data
        ]
        answerability = (
            f"answerability: AUROC {self.auroc_foreign:.3f} against other FAQs, "
            f"{self.auroc_removed:.3f} with the entry removed; "
            f"calibration error {self.calibration_error:.3f}"
        )
        return "\n".join(["Trained (cross-validated by topic):", *rows, answerability])


class Model(_Frozen):
    """Everything learned."""

    format: int = 1
    plain: RankerWeights
    """For FAQs whose entries have one or two wordings each."""
    intents: RankerWeights
    """For FAQs with many wordings an entry, where a classifier is fitted."""
    diversity: Annotated[float, Field(ge=0)] = 0.0
    """Taken off a score for each near-duplicate already listed above."""
    dense: Annotated[float, Field(ge=0)] = 0.0
    """Weight of the cosine of embeddings, where an embedding model is configured."""
    answerable: SignalWeights
    answerable_with_intents: SignalWeights
    bands: BandLimits
    plain_high: Chance = 1.0
    """From which answerability on a draft is offered by a FAQ without a classifier: where every
    FAQ trained on is right often enough, not only all of them together."""
    record: TrainingRecord

    def limits(self, *, has_intents: bool) -> BandLimits:
        """Return the bands of a FAQ with a classifier of its own, or without."""
        if has_intents:
            return self.bands
        return self.bands.model_copy(update={"high": max(self.plain_high, self.bands.high)})


def _checked(model: Model, origin: str) -> Model:
    known_features = set(RANKED_BY)
    known_signals = set(SIGNALS)
    unknown = {*model.plain.features, *model.intents.features} - known_features
    unknown |= {*model.answerable.signals, *model.answerable_with_intents.signals} - known_signals
    if unknown:
        names = ", ".join(sorted(unknown))
        raise WeightsError(
            f"{origin}: unknown feature {names}; train again: portevoix train ranker"
        )
    return model


def read_model(path: Path) -> Model:
    """Return the model of a weights file.

    Raises:
        WeightsError: the file is not a weights file of this version.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return _checked(Model.model_validate(data), path.name)
    except (OSError, ValueError, ValidationError) as error:
        raise WeightsError(
            f"{path.name}: not a weights file of this version ({type(error).__name__}); "
            "train again: portevoix train ranker"
        ) from error


@cache
def shipped_model() -> Model:
    """Return the model that ships with the project."""
    source = files("knowledge.weights").joinpath("ranker.json")
    return _checked(Model.model_validate_json(source.read_text(encoding="utf-8")), "ranker.json")


def write_model(model: Model, path: Path) -> None:
    """Write `model` as readable JSON, the same bytes for the same model."""
    path.write_text(model.model_dump_json(indent=1) + "\n", encoding="utf-8")
