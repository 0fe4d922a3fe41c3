"""The calibrated probability that the first entry is the right answer, and what it allows."""

import math

from knowledge.features import Evidence
from knowledge.model import BandLimits, Model, SignalWeights
from knowledge.passages import Band
from knowledge.postings import Floats
from knowledge.ranker import Ranking
from knowledge.signals import SIGNALS, signals


def answerability(evidence: Evidence, ranking: Ranking, model: Model) -> float:
    """Return the probability, 0 to 1, that the first entry of `ranking` answers the query."""
    if not len(ranking.order) or not len(evidence.asked.words):
        return 0.0
    weights = model.answerable if ranking.intents is None else model.answerable_with_intents
    found = signals_of(evidence, ranking)
    return probability(weights, dict(zip(SIGNALS, found.tolist(), strict=False)))


def signals_of(evidence: Evidence, ranking: Ranking) -> Floats:
    """Return the signals for the first entry of `ranking`, in the order of `SIGNALS`."""
    return signals(evidence, ranking.scores, ranking.order, ranking.intents, ranking.heights)


def probability(weights: SignalWeights, found: dict[str, float]) -> float:
    """Return the logistic of the weighted signals."""
    logit = weights.bias
    logit += sum(weight * found[name] for name, weight in weights.signals.items())
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))


def band_of(answerable: float, limits: BandLimits) -> Band:
    """Return what an answerability allows."""
    if answerable >= limits.high:
        return Band.HIGH
    return Band.MIDDLE if answerable >= limits.middle else Band.LOW
