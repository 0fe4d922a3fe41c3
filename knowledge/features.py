"""What the ranker sees of each entry: shares and cosines from 0 to about 2, whatever the FAQ."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.asked import Asked
from knowledge.lexical import EntryIndex
from knowledge.lookup import FoundWords, Lookup, Scope, pairs_bm25, pairs_cosine
from knowledge.postings import Doubles, Floats, Ints, Postings, Touched

WORDING = ("cosine", "bm25", "share", "own_share", "pair_cosine", "pair_share")
SOFT = ("soft_share", "soft_bm25", "soft_own_share")
GRAM = ("letter_cosine", "letter_share")
ANSWER = ("answer_cosine", "answer_bm25", "answer_pair_bm25", "answer_pair_share")
SOFT_ANSWER = ("answer_soft_share", "joint_share")
FEATURES = (*WORDING, *SOFT, *GRAM, *ANSWER, *SOFT_ANSWER)
"""In the order of the rows of `Evidence.features`."""
SCORED_WHOLE = 1500
"""Entries up to which every one is scored; in a larger FAQ only the candidates are."""
WORDING_CANDIDATES = 150
ANSWER_CANDIDATES = 80


@dataclass(frozen=True)
class Evidence:
    """What one query finds in the entries."""

    asked: Asked
    entries: Ints
    """The entries that were scored, ascending: all of them in a FAQ of up to `SCORED_WHOLE`."""
    features: Floats
    """Features by scored entry: shape (len(FEATURES), len(entries))."""
    idf: Floats
    """How rare each word of the query is in the wordings, by word."""
    unseen_idf: float
    cover: Floats
    """How surely the wordings hold each word: (words, scored entries)."""
    joint_cover: Floats
    """The same for wordings and answer together."""


def measure(
    index: EntryIndex,
    asked: Asked,
    allowed: NDArray[np.bool_] | None = None,
    also: Iterable[int] = (),
) -> Evidence:
    """Return the evidence for `asked`.

    In a large FAQ candidates are chosen among the `allowed` entries, and `also` are added
    whatever their words (found by other means).
    """
    wording = Lookup(index.wordings, asked, with_grams=True)
    answer = Lookup(index.answers, asked, with_grams=False) if index.answers else None
    entries = None
    if len(index.entries) > SCORED_WHOLE:
        entries = _candidates([one for one in (wording, answer) if one], allowed, also)
    features, cover = _wording_features(wording, Scope(index.wordings, entries))
    joint = cover
    if answer is None:
        found = np.zeros((len(ANSWER) + 1, features.shape[1]), np.float32)
    else:
        found, held = _answer_features(answer, Scope(answer.field, entries))
        joint = np.maximum(cover, held)
    share = _share(wording, joint)
    return Evidence(
        asked,
        np.arange(len(index.entries)) if entries is None else entries,
        np.concatenate([features, found, share[None]]),
        wording.idf,
        index.wordings.words.unseen_idf,
        cover,
        joint,
    )


def _candidates(
    lookups: list[Lookup], allowed: NDArray[np.bool_] | None, also: Iterable[int]
) -> Ints:
    """Return the entries with the best rows of each field, ascending."""
    found = [np.fromiter(also, np.int64)]
    for lookup, most in zip(lookups, (WORDING_CANDIDATES, ANSWER_CANDIDATES), strict=False):
        score = lookup.quick()
        entry_of = lookup.field.entry_of
        if allowed is not None:
            score[~allowed[entry_of]] = -1.0
        rows = np.argpartition(-score, most)[:most] if len(score) > most else np.arange(len(score))
        found.append(entry_of[rows])
    return np.unique(np.concatenate(found))


def _share(lookup: Lookup, cover: Floats) -> Floats:
    """Return the share of the query's IDF mass that is held, by row or entry."""
    held: Floats = lookup.idf @ cover / np.float32(lookup.total)
    return held


def _wording_features(lookup: Lookup, scope: Scope) -> tuple[Floats, Floats]:
    """Return the features of the wordings, and how surely they hold each word."""
    field, count = lookup.field, len(WORDING + SOFT + GRAM)
    block = np.empty((count + len(lookup.idf), scope.row_count), np.float32)
    near = _near(lookup, scope)
    block[:4] = _exact(lookup, scope, near)
    block[4], block[5] = _letters(scope, pairs_cosine(field, lookup.asked), field.pairs)
    block[6:8] = _soft(lookup, scope, near, block[count:])
    block[8] = scope.summed(near.rows, near.own) / scope.of(field.words.mass)
    assert lookup.grams is not None  # noqa: S101 - wordings are looked up with letter groups
    block[9], block[10] = _letters(scope, lookup.grams, field.grams)
    best = scope.pooled(block)
    return best[:count], best[count:]


def _near(lookup: Lookup, scope: Scope) -> FoundWords:
    inside = scope.within(lookup.near)
    return FoundWords(inside.rows, *inside.values)


def _letters(scope: Scope, touched: Touched, postings: Postings) -> tuple[Doubles, Doubles]:
    """Return the cosine and the share of the row's own IDF mass."""
    inside = scope.within(touched)
    cosine, held = (scope.summed(inside.rows, one) for one in inside.values)
    return cosine, held / scope.of(postings.mass)


def _exact(lookup: Lookup, scope: Scope, near: FoundWords) -> list[Doubles]:
    held = scope.summed(near.rows, near.exact)
    return [
        scope.summed(near.rows, near.cosine * near.exact) / lookup.norm,
        scope.summed(near.rows, near.saturation * near.exact) / lookup.total,
        np.minimum(held / lookup.total, 1.0),
        np.minimum(held / scope.of(lookup.field.words.mass), 1.0),
    ]


def _soft(lookup: Lookup, scope: Scope, near: FoundWords, cover: Floats) -> list[Floats]:
    """Fill in `cover`, by (word, row) how surely the row holds the word.

    Return the share of the query's IDF mass that is held, and the same with BM25 saturation.
    """
    cover[:] = 0
    saturated = np.zeros(cover.shape, np.float32)
    found = [(near.rows, near.sureness, near.saturation, near.places)]
    if lookup.concepts is not None:
        inside = scope.within(lookup.concepts)
        sureness, saturation, places = inside.values
        found.insert(0, (inside.rows, sureness, saturation, places))
    for rows, sureness, saturation, places in found:
        # The least sure come first: where a row is named twice, the surest is written last.
        at = places.astype(np.int64)
        cover[at, rows] = sureness
        saturated[at, rows] = sureness * saturation
    return [_share(lookup, cover), _share(lookup, saturated)]


def _answer_features(lookup: Lookup, scope: Scope) -> tuple[Floats, Floats]:
    """Return the features of the answers, and how surely they hold each word."""
    count = len(ANSWER) + 1
    block = np.empty((count + len(lookup.idf), scope.row_count), np.float32)
    near = _near(lookup, scope)
    block[:2] = _exact(lookup, scope, near)[:2]
    paired = scope.within(pairs_bm25(lookup.field, lookup.asked))
    block[2], block[3] = (scope.summed(paired.rows, one) for one in paired.values)
    block[4] = _soft(lookup, scope, near, block[count:])[0]
    best = scope.pooled(block)
    return best[:count], best[count:]
