"""What the ranker sees of each entry: shares and cosines from 0 to about 2, whatever the FAQ."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.asked import Asked
from knowledge.lexical import EntryIndex
from knowledge.lookup import Lookup, Scope, pairs_bm25, pairs_cosine
from knowledge.postings import Doubles, Floats, Ints

WORDING = ("cosine", "bm25", "share", "own_share", "pair_cosine", "pair_share")
SOFT = ("soft_share", "soft_bm25", "soft_own_share")
GRAM = ("letter_cosine", "letter_share")
ANSWER = ("answer_cosine", "answer_bm25", "answer_pair_bm25", "answer_pair_share")
SOFT_ANSWER = ("answer_soft_share", "joint_share")
FEATURES = (*WORDING, *SOFT, *GRAM, *ANSWER, *SOFT_ANSWER)
"""In the order of the rows of `Evidence.features`."""
SCORED_WHOLE = 1500
"""Entries up to which every one is scored; in a larger FAQ only the candidates are."""
WORDING_CANDIDATES = 250
ANSWER_CANDIDATES = 120


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
        np.concatenate([features, found, share[None].astype(np.float32)]),
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


def _share(lookup: Lookup, cover: Floats) -> Doubles:
    """Return the share of the query's IDF mass that is held, by row or entry."""
    return (lookup.idf @ cover / lookup.total).astype(np.float64)


def _wording_features(lookup: Lookup, scope: Scope) -> tuple[Floats, Floats]:
    """Return the features of the wordings, and how surely they hold each word."""
    field = lookup.field
    rows = _exact(lookup, scope)
    for touched, mass in (
        (pairs_cosine(field, lookup.asked), field.pairs.mass),
        (lookup.grams, field.grams.mass),
    ):
        assert touched is not None  # noqa: S101 - wordings are looked up with letter groups
        inside = scope.within(touched)
        rows.append(scope.summed(inside.rows, inside.values[0]))
        rows.append(scope.summed(inside.rows, inside.values[1]) / scope.of(mass))
    cover, saturated = _soft_cover(lookup, scope)
    soft = [_share(lookup, cover), _share(lookup, saturated), _own_share(lookup, scope)]
    ordered = [*rows[:6], *soft, *rows[6:]]
    return scope.pooled(np.stack(ordered)), scope.pooled(cover)


def _exact(lookup: Lookup, scope: Scope) -> list[Doubles]:
    inside = scope.within(lookup.exact)
    cosine, bm25, held = (scope.summed(inside.rows, one) for one in inside.values)
    return [
        cosine / lookup.norm,
        bm25 / lookup.total,
        np.minimum(held / lookup.total, 1.0),
        np.minimum(held / scope.of(lookup.field.words.mass), 1.0),
    ]


def _soft_cover(lookup: Lookup, scope: Scope) -> tuple[Floats, Floats]:
    """Return by (word, row) how surely the row holds the word, and that times BM25 saturation."""
    shape = (len(lookup.asked.words), scope.row_count)
    cover, saturated = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    for touched in (lookup.concepts, lookup.near):
        inside = scope.within(touched)
        sureness, saturation, places = inside.values
        flat = places.astype(np.int64) * shape[1] + inside.rows
        # The least sure come first: where a row is named twice, the surest is written last.
        cover.ravel()[flat] = sureness
        saturated.ravel()[flat] = sureness * saturation
    return cover, saturated


def _own_share(lookup: Lookup, scope: Scope) -> Doubles:
    """Return the share of the row's own IDF mass that the query asks for."""
    words = lookup.field.words
    ids, sure, _ = lookup.asked.near_ids
    surest = dict(zip(ids.tolist(), sure.tolist(), strict=True))
    terms = list(surest)
    worth = words.idf[terms].astype(np.float64) * np.array(list(surest.values()))
    touched = words.touched(terms, worth)
    inside = scope.within(touched)
    return scope.summed(inside.rows, inside.values[0]) / scope.of(words.mass)


def _answer_features(lookup: Lookup, scope: Scope) -> tuple[Floats, Floats]:
    """Return the features of the answers, and how surely they hold each word."""
    exact = _exact(lookup, scope)
    paired = scope.within(pairs_bm25(lookup.field, lookup.asked))
    sums = [scope.summed(paired.rows, one) for one in paired.values]
    cover, _ = _soft_cover(lookup, scope)
    features = scope.pooled(np.stack([*exact[:2], *sums, _share(lookup, cover)]))
    return features, scope.pooled(cover)
