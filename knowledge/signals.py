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
    "said_share",
    "unsaid",
    "spoken_share",
    "runner_up",
    "close_half",
    "close_one",
    "close_two",
    "doubt",
    "mutual_share",
    "pair_cosine",
    "soft_bm25",
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
INTENT_SIGNALS = ("intent_chance", "intent_margin", "intent_spread", "intent_height")
SPOKEN = 0.8
"""Sureness from which a word is there in its own letters, not as a synonym."""
CANDIDATES = 30
"""Entries among which the first must win."""
SIGNALS = (*BASE_SIGNALS, *DERIVED_SIGNALS, *INTENT_SIGNALS)
_AT = {name: place for place, name in enumerate(FEATURES)}
_VOTERS: Ints = np.array(
    [_AT[name] for name in ("bm25", "letter_cosine", "soft_bm25", "cosine", "soft_own_share")]
)


def signals(
    evidence: Evidence,
    scores: Floats,
    order: Ints,
    intents: Floats | None = None,
    heights: Floats | None = None,
) -> Floats:
    """Return the signals for the first of `order` (places of scored entries, best first).

    `intents` are the log-probabilities of the FAQ's own classifier, `heights` its scores; with
    them the `INTENT_SIGNALS` follow the `BASE_SIGNALS` and `DERIVED_SIGNALS`.
    """
    top = int(order[0])
    found = [*_coverage(evidence, top, order), *_of_top(evidence, top)]
    found += _literal(evidence, top, order)
    found += [*_contest(scores, order), _agreement(evidence, top, order)]
    found.append(math.log1p(float(evidence.asked.weights.sum())))
    found += [*_plainly(evidence, top), *_rivals(scores, order), *_both_ways(evidence, top)]
    found += _derived(dict(zip(BASE_SIGNALS, found, strict=True)))
    if intents is not None and heights is not None:
        found += [*_intent_signals(intents, top), float(heights[top])]
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
    idf = evidence.idf.tolist()
    if not idf:
        return [0.0, 0.0, 1.0, 1.0, 1.0, 1.0]
    # Plain Python: a query has a dozen words, and a call of numpy costs as much as adding them.
    wording, joint = evidence.cover[:, top].tolist(), evidence.joint_cover[:, top].tolist()
    total = sum(idf) + 1e-6
    rare = evidence.unseen_idf
    missing = [one * (1 - held) for one, held in zip(idf, wording, strict=True)]
    lost = [one * (1 - held) for one, held in zip(idf, joint, strict=True)]
    anywhere = evidence.joint_cover[:, order[:10]].max(axis=1).tolist()
    return [
        1 - sum(missing) / total,
        1 - sum(lost) / total,
        max(missing) / rare,
        max(lost) / rare,
        math.log1p(sum(missing) / rare),
        sum(one for one, held in zip(idf, anywhere, strict=True) if held < 0.5) / total,
    ]


def _of_top(evidence: Evidence, top: int) -> list[float]:
    names = ("soft_own_share", "letter_cosine", "letter_share", "pair_share", "bm25", "cosine")
    found = evidence.features[:, top].tolist()
    return [found[_AT[name]] for name in names]


def _literal(evidence: Evidence, top: int, order: Ints) -> list[float]:
    """Return what is said in the very words: synonyms bring entries up, and also wrong ones.

    Shares of the query's and of the entry's IDF mass; the rarest word that the first entry has in
    no form near its own; by how much the first five differ in what they cover.
    """
    share, own = (float(evidence.features[_AT[name], top]) for name in ("share", "own_share"))
    idf = evidence.idf.tolist()
    if not idf:
        return [share, own, 1.0, 0.0]
    held = evidence.cover[:, top].tolist()
    unspoken = max(one if sure < SPOKEN else 0.0 for one, sure in zip(idf, held, strict=True))
    covered = (evidence.idf @ evidence.cover[:, order[:5]]).tolist()
    spread = (max(covered) - min(covered)) / (sum(idf) + 1e-6)
    return [share, own, unspoken / evidence.unseen_idf, spread]


def _contest(scores: Floats, order: Ints) -> list[float]:
    """Return how far the first is from the second and from the next four, and its softmax share."""
    best = scores[order[:CANDIDATES]].tolist()
    if len(best) < 2:
        return [3.0, 3.0, 1.0]
    share = 1 / sum(math.exp(one - best[0]) for one in best)
    next_four = best[1:5]
    mean = sum(next_four) / len(next_four)
    return [min(best[0] - best[1], 5.0), min(best[0] - mean, 5.0), share]


def _agreement(evidence: Evidence, top: int, order: Ints) -> float:
    own = evidence.features[_VOTERS, top]
    highest = evidence.features[_VOTERS[:, None], order[:CANDIDATES]].max(axis=1)
    return float(np.count_nonzero(own >= highest - 1e-6)) / len(_VOTERS)


def _plainly(evidence: Evidence, top: int) -> list[float]:
    """Return what the first entry has of the query's words, however common they are in the FAQ.

    In a FAQ about work "CDD" is no rare word, and yet an entry on trial periods without it does
    not answer "CDD période d'essai". Share held; how much is not held; share in its own letters.
    """
    weights = evidence.asked.weights.tolist()
    if not weights:
        return [0.0, 0.0, 0.0]
    held = list(zip(weights, evidence.cover[:, top].tolist(), strict=True))
    total = sum(weights)
    said = sum(one * sure for one, sure in held)
    spoken = sum(one for one, sure in held if sure >= SPOKEN)
    return [said / total, math.log1p(max(total - said, 0.0)), spoken / total]


def _rivals(scores: Floats, order: Ints) -> list[float]:
    """Return the second score as a share of the first, how many are close, and the entropy."""
    best = scores[order[:CANDIDATES]].tolist()
    gaps = [one - best[0] for one in best]
    chances = [math.exp(gap) for gap in gaps]
    total = sum(chances)
    close = [math.log1p(sum(gap > -far for gap in gaps[1:])) for far in (0.5, 1.0, 2.0)]
    doubt = math.log(total) - sum(one * gap for one, gap in zip(chances, gaps, strict=True)) / total
    second = best[1] / max(best[0], 1e-3) if len(best) > 1 else 0.0
    return [max(-1.0, min(second, 1.0)), *close, doubt]


def _both_ways(evidence: Evidence, top: int) -> list[float]:
    """Return the harmonic mean of the query's and the entry's shares, and two measures of both."""
    found = evidence.features[:, top].tolist()
    own, share = found[_AT["soft_own_share"]], found[_AT["soft_share"]]
    mutual = 2 * own * share / max(own + share, 1e-6)
    return [mutual, found[_AT["pair_cosine"]], found[_AT["soft_bm25"]]]


def _intent_signals(intents: Floats, top: int) -> list[float]:
    before, after = intents[:top], intents[top + 1 :]
    others = max(float(part.max(initial=-np.inf)) for part in (before, after))
    margin = float(intents[top]) - others if len(intents) > 1 else 3.0
    spread = -float(np.exp(intents) @ intents) / math.log(max(len(intents), 2))
    return [float(intents[top]), max(-3.0, min(margin, 5.0)), spread]
