"""How polite an English text sounds, told offline by six hundred weighted words and word pairs.

A small thing, and honest about it: it stands in for a judge where no model is set, gates nothing,
and knows no French. The idea of lexical cues is that of Danescu-Niculescu-Mizil et al. (2013),
"A computational approach to politeness"; the weights were trained on the development split of the
corpus published with it (`python -m evals.politeness_corpus DIR --write`).
"""

import json
import math
import re
from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path

WEIGHTS_FILE = Path(__file__).parent / "data" / "politeness.json"
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|<url>|[?!.]")
START = "^"
"""Stands at the beginning of a sentence: "please" there is an order, inside it is a wish."""


def cues(text: str) -> frozenset[str]:
    """Return the words of `text` and its pairs of neighbours, sentence starts marked."""
    words = [START]
    for word in _WORD.findall(text.lower().replace("’", "'")):
        if word in "?!.":
            words += [word, START] if word != "." else [START]
        else:
            words.append(word)
    pairs = (f"{one} {other}" for one, other in pairwise(words))
    return frozenset((*words, *pairs))


class PolitenessScorer:
    """Says how polite a text sounds: above 0 rather polite, below rather not."""

    def __init__(self, weights: Mapping[str, float], intercept: float) -> None:
        self._weights = weights
        self._intercept = intercept

    def score(self, text: str) -> float:
        """Return the log odds that readers find `text` polite rather than rude."""
        known = [self._weights[cue] for cue in cues(text) if cue in self._weights]
        # Summed in order of size, or the same text could score a hair apart in two processes.
        return self._intercept + math.fsum(known) / math.sqrt(max(len(known), 1))


@cache
def shipped_scorer() -> PolitenessScorer:
    """Return the scorer with the weights that ship with Portevoix."""
    data = json.loads(WEIGHTS_FILE.read_text("utf-8"))
    return PolitenessScorer(data["weights"], data["intercept"])
