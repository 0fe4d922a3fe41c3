"""Messages that ask the same thing, put together: the same ones always in the same way."""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agent.domain.redaction import PLACEHOLDER

FARTHEST = 0.8
"""Cosine distance up to which groups of messages are joined, on average over their pairs."""
_LEAST = 2
_WORD = r"\w{3,}"
_GREETINGS = re.compile(
    r"\b(bonjour|bonsoir|salut|coucou|hello|hi|dear|merci|svp|stp|s'il vous pla[iî]t|thanks?|please"
    r"|est[- ]ce que|could you|can you|pouvez[- ]vous)\b",
    re.IGNORECASE,
)


def bare(text: str) -> str:
    """Return what of a message carries its subject: no placeholder, no greeting."""
    return " ".join(_GREETINGS.sub(" ", PLACEHOLDER.sub(" ", text)).split())


def vectors(texts: Sequence[str]) -> NDArray[np.float64]:
    """Return one unit vector a text: stems of words and parts of words, by TF-IDF."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_union

    words = TfidfVectorizer(strip_accents="unicode", sublinear_tf=True, token_pattern=_WORD)
    parts = TfidfVectorizer(
        strip_accents="unicode", sublinear_tf=True, analyzer="char_wb", ngram_range=(3, 5)
    )
    found = make_union(words, parts).fit_transform([bare(text) or text for text in texts])
    dense: NDArray[np.float64] = np.asarray(found.todense(), dtype=np.float64)
    lengths = np.linalg.norm(dense, axis=1, keepdims=True)
    return dense / np.where(lengths == 0, 1, lengths)


def clusters(texts: Sequence[str]) -> list[list[int]]:
    """Return groups of at least two texts on one subject, the largest first.

    The first of each group is the text nearest to all the others.
    """
    if len(texts) < _LEAST:
        return []
    from sklearn.cluster import AgglomerativeClustering

    space = vectors(texts)
    joined: Any = AgglomerativeClustering(
        n_clusters=None, metric="cosine", linkage="average", distance_threshold=FARTHEST
    )
    labels = joined.fit_predict(space)
    groups = [np.flatnonzero(labels == label) for label in sorted(set(labels))]
    found = [_from_the_middle(space, group) for group in groups if len(group) >= _LEAST]
    return sorted(found, key=lambda group: (-len(group), group[0]))


def _from_the_middle(space: NDArray[np.float64], group: NDArray[np.intp]) -> list[int]:
    nearness = space[group] @ space[group].sum(axis=0)
    order = np.argsort(-nearness, kind="stable")
    return [int(group[at]) for at in order]


def is_said_already(text: str, known: Sequence[str], least: float) -> bool:
    """Whether `text` is at least that near (cosine) to one of `known`."""
    if not known:
        return False
    space = vectors([text, *known])
    return bool((space[1:] @ space[0]).max() >= least)
