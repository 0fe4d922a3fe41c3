"""The retriever: passages in, and for a question the best of them with how sure we are."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge.answerability import answerability, band_of
from knowledge.asked import QueryReader
from knowledge.contradiction import find_contradiction
from knowledge.embedding import Embedder
from knowledge.features import SCORED_WHOLE, Evidence, measure
from knowledge.intents import IntentModel, IntentScores, fit_intents
from knowledge.lexical import Entry, EntryIndex, Text
from knowledge.model import Model, shipped_model
from knowledge.passages import (
    Audience,
    Band,
    Hit,
    Language,
    Passage,
    Retrieval,
    RetrievalFilter,
)
from knowledge.postings import Floats
from knowledge.ranker import Diversity, Ranker, Ranking
from knowledge.text.language import detect

if TYPE_CHECKING:
    from knowledge.chroma_server import ServedIndex

SHARED = 4
"""Small FAQs whose index is kept for the next retriever over the same entries."""
REMEMBERED = 256
"""Queries whose evidence is kept: one message is searched whole and question by question."""
LEAST_SECOND_SHARE = 0.15
"""From this share of entries in a second language on, a FAQ without "lang" is bilingual."""
DENSE_CANDIDATES = 50
"""Entries nearest by embedding that are scored in a large FAQ whatever their words."""
COMPARED = 3
"""Hits among which contradictions are looked for."""
NEAR_TOP = 1.5
"""How far below the first score a hit may be to contradict it by saying much the same."""
RELATED = 0.4
"""Share of the first score from which a hit contradicts it by saying just the same."""


class DenseIndex(Protocol):
    """Cosines of a query with every passage, from an embedding model."""

    def cosines(self, query: str) -> Mapping[str, float] | None:
        """Return passage key -> cosine, or None if the model cannot be reached now."""
        ...


class PassageRetriever:
    """Finds passages; implements `agent.ports.Retriever`."""

    def __init__(
        self,
        passages: Iterable[Passage],
        model: Model | None = None,
        dense: DenseIndex | None = None,
    ) -> None:
        self._passages = tuple(passages)
        self.model = model or shipped_model()
        self._versions: dict[str, list[Passage]] = {}
        for passage in self._passages:
            self._versions.setdefault(passage.id, []).append(passage)
        self._ids = tuple(self._versions)
        entries = tuple(_entry(found) for found in self._versions.values())
        is_small = len(entries) <= SCORED_WHOLE
        self._index, self._intents = _learnt(entries) if is_small else _learn(entries)
        self._reader = QueryReader(self._index)
        self._limits = self.model.limits(has_intents=self._intents is not None)
        self._ranker = Ranker(self.model)
        self._diversity = Diversity(self._index, self.model.diversity)
        self._dense = dense
        self._found = lru_cache(maxsize=REMEMBERED)(self._evidence)
        self._allowed = lru_cache(maxsize=64)(self._eligible)
        self._shown = lru_cache(maxsize=64)(self._versions_shown)

    def passages(self) -> Sequence[Passage]:
        """Return every passage known, in the order of the FAQ."""
        return self._passages

    def search(self, query: str, where: RetrievalFilter, top: int = 10) -> Retrieval:
        """Return at most `top` hits, best first, with the calibrated answerability.

        With `where.lang` every hit is in that language, whatever the language of the wording
        that matched. Without, a hit is in the query's language where it can be.
        """
        if not self._passages or not query.strip() or top < 1:
            return Retrieval()
        # In a small FAQ every entry is scored, so that one reading serves every filter.
        is_small = len(self._ids) <= SCORED_WHOLE
        lang = self._reader.language(query, where.lang)
        evidence, intents, dense = self._found(query, lang, None if is_small else where)
        ranking = self._ranker.rank(evidence, intents, self._allowed(where), dense)
        prefers = where.lang or evidence.asked.lang
        shown = self._shown(where, prefers)
        hits = tuple(
            # Built from checked parts: validating every passage again would double the time.
            Hit.model_construct(passage=shown[entry], score=round(score, 6))
            for entry, score in self._diversity.apply(ranking, top)
        )
        sure = round(answerability(evidence, ranking, self.model), 6) if hits else 0.0
        band = band_of(sure, self._limits)
        return Retrieval.model_construct(
            hits=hits,
            answerable=sure,
            band=band,
            contradiction=self._contradiction(ranking, shown, band),
            lacks_vectors=self._dense is not None and dense is None,
        )

    def _evidence(
        self, query: str, lang: Language, where: RetrievalFilter | None
    ) -> tuple[Evidence, IntentScores | None, Floats | None]:
        asked = self._reader.read(query, lang)
        intents = self._intents.scores(asked) if self._intents else None
        dense = self._dense_scores(query)
        nearest = () if dense is None else np.argsort(-dense, kind="stable")[:DENSE_CANDIDATES]
        allowed = None if where is None else self._allowed(where)
        return measure(self._index, asked, allowed, nearest), intents, dense

    def _dense_scores(self, query: str) -> Floats | None:
        found = self._dense.cosines(query) if self._dense else None
        if found is None:
            return None
        farthest = min(found.values(), default=0.0)
        best = [
            max(found.get(passage.key, farthest) for passage in self._versions[one])
            for one in self._ids
        ]
        return np.array(best, np.float32)

    def _eligible(self, where: RetrievalFilter) -> NDArray[np.bool_]:
        return np.array(
            [any(_is_allowed(one, where) for one in self._versions[name]) for name in self._ids]
        )

    def _versions_shown(self, where: RetrievalFilter, prefers: Language) -> Mapping[int, Passage]:
        """Return the passage to show for each entry that may be found."""
        shown: dict[int, Passage] = {}
        for entry, name in enumerate(self._ids):
            allowed = [one for one in self._versions[name] if _is_allowed(one, where)]
            if allowed:
                preferred = (one for one in allowed if one.lang is prefers)
                shown[entry] = next(preferred, allowed[0])
        return shown

    def _contradiction(
        self, ranking: Ranking, shown: Mapping[int, Passage], band: Band
    ) -> tuple[str, str] | None:
        """Return two of the best passages that state different facts, if we would answer."""
        if band is Band.LOW:
            return None
        best = ranking.order[:COMPARED]
        top = ranking.scores[best[0]]
        near, related = (
            [shown[int(entry)] for entry in ranking.entries[best[ranking.scores[best] >= floor]]]
            for floor in (top - NEAR_TOP, top * RELATED)
        )
        return find_contradiction(near) or find_contradiction(related, in_the_same_words=True)


def _learn(entries: tuple[Entry, ...]) -> tuple[EntryIndex, IntentModel | None]:
    index = EntryIndex(entries)
    return index, fit_intents(index)


_learnt = lru_cache(maxsize=SHARED)(_learn)


def _is_allowed(passage: Passage, where: RetrievalFilter) -> bool:
    if where.lang is not None and passage.lang is not where.lang:
        return False
    if where.audience is Audience.PUBLIC and passage.audience is Audience.PRIVATE:
        return False
    return where.day is None or passage.is_in_force(where.day)


def _entry(versions: Sequence[Passage]) -> Entry:
    """Return one entry with the wordings and answers of all its languages."""
    wordings = [
        Text(text, passage.lang)
        for passage in versions
        for text in dict.fromkeys((passage.question, *passage.aliases))
    ]
    answers = tuple(Text(passage.answer, passage.lang) for passage in versions if passage.answer)
    return Entry(versions[0].id, tuple(wordings), answers)


def build_retriever(
    passages: Iterable[Passage],
    *,
    chroma_dir: Path | None = None,
    server: "ServedIndex | None" = None,
    embedder: Embedder | None = None,
    model: Model | None = None,
) -> PassageRetriever:
    """Return a retriever over exactly these passages.

    With a `server` and an `embedder`, the vectors are there, and other processes use them too.

    With `chroma_dir` they are kept in Chroma there, and only what changed is written; with an
    `embedder` too, its vectors join the ranking. Without, the retriever is lexical.

    Raises:
        IndexInUse: another process owns `chroma_dir`.
        IndexUnusable: `chroma_dir` cannot be written, or its index is broken.
    """
    known = tuple(passages)
    dense: DenseIndex | None = None
    if server is not None:
        dense = server.open(known, embedder) if embedder else None
    elif chroma_dir is not None:
        from knowledge.chroma_index import open_index

        dense = open_index(chroma_dir, known, embedder)
    return PassageRetriever(known, model, dense)


def search_faq(
    entries: Iterable[Mapping[str, Any]],
    queries: Iterable[tuple[str, str]],
    top: int = 10,
    model: Model | None = None,
) -> Iterator[dict[str, Any]]:
    """Search any FAQ: the retriever of the pipeline on parsed lines.

    `entries`: {"id", "question", "aliases"?, "answer"?, "lang"?}; without "lang" the language is
    read from the text, then from the rest of the FAQ. `queries`: (id, text). Yields, in order,
    {"id", "hits": [{"id", "score"}], "answerable"}.
    """
    retriever = PassageRetriever(faq_passages(list(entries)), model)
    where = RetrievalFilter(audience=Audience.PRIVATE)
    for name, text in queries:
        found = retriever.search(text, where, top)
        yield {
            "id": name,
            "hits": [{"id": hit.passage.id, "score": hit.score} for hit in found.hits],
            "answerable": found.answerable,
        }


def faq_passages(entries: Sequence[Mapping[str, Any]]) -> list[Passage]:
    """Return parsed FAQ lines as passages, each with a language."""
    languages = _languages(entries)
    return [
        Passage(
            id=str(entry["id"]),
            lang=lang,
            question=str(entry.get("question") or ""),
            answer=str(entry.get("answer") or ""),
            aliases=tuple(str(alias) for alias in entry.get("aliases") or ()),
        )
        for entry, lang in zip(entries, languages, strict=True)
    ]


def _languages(entries: Sequence[Mapping[str, Any]]) -> list[Language]:
    """Return each entry's language: given, else detected unless nearly all are of another one.

    A lone title that looks English in a French FAQ is a short title, not a translation.
    """
    given = [_given_language(entry) for entry in entries]
    found = [one or _detected(entry) for one, entry in zip(given, entries, strict=True)]
    usual = max((Language.FR, Language.EN), key=found.count)
    others = sum(1 for one in found if one not in (usual, Language.UNKNOWN))
    is_bilingual = others >= LEAST_SECOND_SHARE * len(found)
    return [
        one or (found_one if is_bilingual and found_one is not Language.UNKNOWN else usual)
        for one, found_one in zip(given, found, strict=True)
    ]


def _given_language(entry: Mapping[str, Any]) -> Language | None:
    given = str(entry.get("lang") or "").lower()[:2]
    return Language(given) if given in (Language.FR, Language.EN) else None


def _detected(entry: Mapping[str, Any]) -> Language:
    texts = [str(entry.get("question") or ""), *map(str, entry.get("aliases") or ())]
    texts.append(str(entry.get("answer") or ""))
    return detect(" \n".join(texts)[:2000])[0]
