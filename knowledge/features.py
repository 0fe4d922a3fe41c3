"""What the ranker sees of each entry: shares and cosines from 0 to about 2, whatever the FAQ."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.asked import Asked
from knowledge.lexical import EntryIndex, Field
from knowledge.postings import Floats, Postings

WORDING = ("cosine", "bm25", "share", "own_share", "pair_cosine", "pair_share")
SOFT = ("soft_share", "soft_bm25", "soft_own_share")
GRAM = ("letter_cosine", "letter_share")
ANSWER = ("answer_cosine", "answer_bm25", "answer_pair_bm25", "answer_pair_share")
SOFT_ANSWER = ("answer_soft_share", "joint_share")
FEATURES = (*WORDING, *SOFT, *GRAM, *ANSWER, *SOFT_ANSWER)
"""In the order of the rows of `Evidence.features`."""


@dataclass(frozen=True)
class Evidence:
    """What one query finds in every entry."""

    asked: Asked
    features: Floats
    """Features by entry: shape (len(FEATURES), entries)."""
    idf: Floats
    """How rare each word of the query is in the wordings, by word."""
    unseen_idf: float
    cover: Floats
    """How surely a wording row holds each word: (words, wording rows)."""
    answer_cover: Floats | None
    _index: EntryIndex

    def coverage(self, entry: int) -> tuple[Floats, Floats]:
        """Return, by word, how surely the entry's wordings hold it, and the entry as a whole."""
        wording = _slice(self._index.wordings, self.cover, entry)
        if self.answer_cover is None or self._index.answers is None:
            return wording, wording
        answer = _slice(self._index.answers, self.answer_cover, entry)
        return wording, np.maximum(wording, answer)


def _slice(field: Field, cover: Floats, entry: int) -> Floats:
    rows = cover[:, int(field.starts[entry]) : int(field.ends[entry])]
    best: Floats = rows.max(axis=1) if rows.size else np.zeros(len(cover), np.float32)
    return best


def measure(index: EntryIndex, asked: Asked) -> Evidence:
    """Return the evidence for `asked` in every entry of the index."""
    field = index.wordings
    idf = _word_idf(field.words, asked)
    cover, soft = _soft(field, asked, idf)
    rows = [
        *_exact(field, asked, idf),
        *field.pairs.cosine_to(asked.known("pairs", field.pairs)),
        *soft,
    ]
    rows += field.grams.cosine_to(asked.known("grams", field.grams))
    features = _pooled(field, rows)
    if index.answers is None:
        empty = np.zeros((len(ANSWER) + 1, len(index.entries)), np.float32)
        joint, answer_cover = features[[FEATURES.index("soft_share")]], None
        features = np.concatenate([features, empty, joint])
    else:
        answer, answer_cover = _answer(index.answers, asked)
        joint = _joint(index, cover, answer_cover, idf)
        features = np.concatenate([features, answer, joint[None]])
    unseen = field.words.unseen_idf
    return Evidence(asked, features, idf, unseen, cover, answer_cover, index)


def _pooled(field: Field, rows: Sequence[Floats]) -> Floats:
    """Return the best row of each entry, for each array."""
    stacked = np.stack(rows)
    if field.has_one_row_each:
        return stacked
    best: Floats = np.maximum.reduceat(stacked, field.starts, axis=1)
    return best


def _word_idf(words: Postings, asked: Asked) -> Floats:
    """Return the IDF of each word; one that the FAQ does not hold is as rare as can be."""
    idf = [
        max(float(words.idf[one]) for one in word.exact)
        if word.exact
        else words.unseen_idf * word.word.weight
        for word in asked.words
    ]
    return np.array(idf, np.float32)


def _exact_ids(asked: Asked) -> list[int]:
    return [one for word in asked.words for one in word.exact]


def _exact(field: Field, asked: Asked, idf: Floats) -> list[Floats]:
    words, ids = field.words, _exact_ids(asked)
    weight = words.idf[ids]
    total = float(idf.sum()) + 1e-6
    norm = math.sqrt(float(idf @ idf)) or 1.0
    rows, (cosine, saturation), sizes = words.gather(ids, words.cosine, words.saturation)
    each = np.repeat(weight, sizes)
    held = words.summed(rows, each)
    return [
        words.summed(rows, cosine * each) / norm,
        words.summed(rows, saturation * each) / total,
        np.minimum(held / total, 1.0),
        np.minimum(held / (words.mass + 1e-6), 1.0),
    ]


def _soft_cover(field: Field, asked: Asked) -> tuple[Floats, Floats]:
    """Return by (word, row) how surely the row holds the word, and that times BM25 saturation."""
    shape = (len(asked.words), field.words.row_count)
    cover, saturated = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    sources = ((field.concepts, asked.concept_ids), (field.words, asked.near_ids))
    for postings, (ids, sure, places) in sources:
        if not len(ids):
            continue
        rows, (saturation,), sizes = postings.gather(ids.tolist(), postings.saturation)
        flat = np.repeat(places, sizes) * shape[1] + rows
        sureness = np.repeat(sure, sizes)
        # The least sure come first: where a row is named twice, the surest is written last.
        cover.ravel()[flat] = sureness
        saturated.ravel()[flat] = sureness * saturation
    return cover, saturated


def _soft(field: Field, asked: Asked, idf: Floats) -> tuple[Floats, list[Floats]]:
    cover, saturated = _soft_cover(field, asked)
    total = float(idf.sum()) + 1e-6
    surest: dict[int, float] = {}
    ids, sure, _ = asked.near_ids
    surest.update(zip(ids.tolist(), sure.tolist(), strict=True))
    terms = list(surest)
    rows, _, sizes = field.words.gather(terms)
    held = np.repeat(field.words.idf[terms] * np.array(list(surest.values()), np.float32), sizes)
    own = field.words.summed(rows, held) / (field.words.mass + 1e-6)
    return cover, [idf @ cover / total, idf @ saturated / total, own]


def _answer(field: Field, asked: Asked) -> tuple[Floats, Floats]:
    words = field.words
    idf = _word_idf(words, asked)
    exact = _exact(field, asked, idf)
    ids, _, unknown = asked.known("pairs", field.pairs)
    weight = field.pairs.idf[ids]
    total = float(weight.sum()) + field.pairs.unseen_idf * len(unknown) + 1e-6
    rows, (saturation,), sizes = field.pairs.gather(ids, field.pairs.saturation)
    each = np.repeat(weight, sizes) / total
    paired = [field.pairs.summed(rows, saturation * each), field.pairs.summed(rows, each)]
    cover, _ = _soft_cover(field, asked)
    share = idf @ cover / (float(idf.sum()) + 1e-6)
    return _pooled(field, [*exact[:2], *paired, share]), cover


def _joint(index: EntryIndex, cover: Floats, answer_cover: Floats, idf: Floats) -> Floats:
    """Return the share of the query that wordings and answer hold together."""
    assert index.answers is not None  # noqa: S101 - only called when there are answers
    wording = np.maximum.reduceat(cover, index.wordings.starts, axis=1)
    answer = np.maximum.reduceat(answer_cover, index.answers.starts, axis=1)
    joint: Floats = idf @ np.maximum(wording, answer) / (float(idf.sum()) + 1e-6)
    return joint
