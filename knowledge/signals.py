"""What tells a right first entry from a wrong one, whatever the FAQ.

None of the signals depends on the size of the FAQ or on whether it has answers: such features
look excellent on paper and say nothing about the next FAQ.
"""

import math

import numpy as np

from knowledge.features import FEATURES, Evidence
from knowledge.postings import Floats, Ints

BASE_SIGNALS = (
    "wording_coverage",
    "joint_coverage",
    "rarest_missing",
    "rarest_missing_jointly",
    "missing_mass",
    "unheard_share",
    "soft_own_share",
    "letter_cosine",
    "letter_share",
    "pair_share",
    "bm25",
    "cosine",
    "literal_share",
    "literal_own_share",
    "rarest_unspoken",
    "weakest_fifth",
    "margin",
    "lead",
    "chance",
    "agreement",
    "said",
)
DERIVED_SIGNALS = (
    "coverage_squared",
    "joint_coverage_squared",
    "coverage_x_said",
    "coverage_x_margin",
    "coverage_x_chance",
    "coverage_x_own_share",
    "own_share_squared",
    "rarest_missing_squared",
    "rarest_missing_x_said",
    "literal_squared",
    "literal_x_own_share",
    "literal_x_margin",
    "small_margin",
    "middle_margin",
    "chance_squared",
)
"""Products that let a linear model bend: to cover a long query says more than to cover a word."""
INTENT_SIGNALS = ("intent_chance", "intent_margin", "intent_spread")
SPOKEN = 0.8
"""Sureness from which a word is there in its own letters, not as a synonym."""
CANDIDATES = 30
"""Entries among which the first must win."""
SIGNALS = (*BASE_SIGNALS, *DERIVED_SIGNALS, *INTENT_SIGNALS)
_VOTERS = ("bm25", "letter_cosine", "soft_bm25", "cosine", "soft_own_share")
_AT = {name: place for place, name in enumerate(FEATURES)}


def signals(
    evidence: Evidence, scores: Floats, order: Ints, intents: Floats | None = None
) -> Floats:
    """Return the signals for the first of `order` (places of scored entries, best first).

    `intents` are the log-probabilities of the FAQ's own classifier; with them the
    `INTENT_SIGNALS` follow the `BASE_SIGNALS` and `DERIVED_SIGNALS`.
    """
    top = int(order[0])
    found = [*_coverage(evidence, top, order), *_of_top(evidence, top)]
    found += _literal(evidence, top, order)
    found += [*_contest(scores, order), _agreement(evidence, top, order)]
    found.append(math.log1p(float(evidence.asked.weights.sum())))
    found += _derived(dict(zip(BASE_SIGNALS, found, strict=True)))
    if intents is not None:
        found += _intent_signals(intents, top)
    return np.array(found, np.float32)


def _derived(base: dict[str, float]) -> list[float]:
    coverage, said, own = base["wording_coverage"], base["said"], base["soft_own_share"]
    margin, chance, rarest = base["margin"], base["chance"], base["rarest_missing"]
    literal = base["literal_share"]
    return [
        coverage**2,
        base["joint_coverage"] ** 2,
        coverage * said,
        coverage * margin,
        coverage * chance,
        coverage * own,
        own**2,
        rarest**2,
        rarest * said,
        literal**2,
        literal * base["literal_own_share"],
        literal * margin,
        min(margin, 0.5),
        min(margin, 1.5),
        chance**2,
    ]


def _coverage(evidence: Evidence, top: int, order: Ints) -> list[float]:
    idf = evidence.idf
    if not len(idf):
        return [0.0, 0.0, 1.0, 1.0, 1.0, 1.0]
    wording, joint = evidence.cover[:, top], evidence.joint_cover[:, top]
    total = float(idf.sum()) + 1e-6
    rare = evidence.unseen_idf
    missing = idf * (1 - wording)
    anywhere = evidence.joint_cover[:, order[:10]].max(axis=1)
    return [
        float(idf @ wording) / total,
        float(idf @ joint) / total,
        float(missing.max()) / rare,
        float((idf * (1 - joint)).max()) / rare,
        math.log1p(float(missing.sum()) / rare),
        float(idf @ (anywhere < 0.5)) / total,
    ]


def _of_top(evidence: Evidence, top: int) -> list[float]:
    names = ("soft_own_share", "letter_cosine", "letter_share", "pair_share", "bm25", "cosine")
    return [float(evidence.features[_AT[name], top]) for name in names]


def _literal(evidence: Evidence, top: int, order: Ints) -> list[float]:
    """Return what is said in the very words: synonyms bring entries up, and also wrong ones.

    Shares of the query's and of the entry's IDF mass; the rarest word that the first entry has in
    no form near its own; by how much the first five differ in what they cover.
    """
    share, own = (float(evidence.features[_AT[name], top]) for name in ("share", "own_share"))
    if not len(evidence.idf):
        return [share, own, 1.0, 0.0]
    unspoken = evidence.idf * (evidence.cover[:, top] < SPOKEN)
    covered = evidence.idf @ evidence.cover[:, order[:5]] / (float(evidence.idf.sum()) + 1e-6)
    rarest = float(unspoken.max()) / evidence.unseen_idf
    return [share, own, rarest, float(covered.max() - covered.min())]


def _contest(scores: Floats, order: Ints) -> list[float]:
    """Return how far the first is from the second and from the next four, and its softmax share."""
    best = scores[order[:CANDIDATES]].astype(np.float64)
    if len(best) < 2:
        return [3.0, 3.0, 1.0]
    share = 1 / float(np.exp(best - best[0]).sum())
    return [min(best[0] - best[1], 5.0), min(best[0] - float(best[1:5].mean()), 5.0), share]


def _agreement(evidence: Evidence, top: int, order: Ints) -> float:
    seen = order[:CANDIDATES]
    votes = [
        evidence.features[_AT[name], top] >= evidence.features[_AT[name], seen].max() - 1e-6
        for name in _VOTERS
    ]
    return float(np.mean(votes))


def _intent_signals(intents: Floats, top: int) -> list[float]:
    chances = np.exp(intents)
    others = np.delete(intents, top)
    margin = float(intents[top] - others.max()) if len(others) else 3.0
    spread = -float(chances @ intents) / math.log(max(len(intents), 2))
    return [float(intents[top]), max(-3.0, min(margin, 5.0)), spread]
