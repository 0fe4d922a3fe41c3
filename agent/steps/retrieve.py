"""The retrieve step: finds what may be said to a message, where and on the day it is said."""

from collections.abc import Sequence
from datetime import date

from agent.domain.decisions import Category, EscalationReason, Triage
from agent.domain.errors import NotFound
from agent.domain.messages import InboundMessage, Surface
from agent.domain.outcome import Outcome
from agent.domain.redaction import PLACEHOLDER
from agent.ports import Retriever
from knowledge.passages import (
    AskedQuestion,
    Audience,
    Band,
    Hit,
    Language,
    Passage,
    Retrieval,
    RetrievalFilter,
)
from knowledge.questions import split_questions

QUESTIONS_MAX = 4
"""More questions than this in one message are read together: a person answers."""

_UNANSWERED = frozenset({Category.TROLL_HATE, Category.SPAM_SCAM})
_BANDS = tuple(Band)
"""Best first."""


def retrieve(
    text: str,
    triage: Triage,
    message: InboundMessage,
    retriever: Retriever,
    day: date,
    context: str = "",
) -> Retrieval:
    """Return what is found for the redacted `text`, with each of its questions apart.

    A message in public finds public passages only; a personal matter also gets, apart, what may
    be said `in_private`. `day` is today where the brand is. `context` is what the customer wrote
    before in the thread, redacted: « Et pour la Belgique ? » is read with it.
    """
    if triage.category in _UNANSWERED:
        return Retrieval()
    query = _plain(text)
    is_private = message.surface is Surface.PRIVATE
    where = RetrievalFilter(
        lang=None if triage.language is Language.UNKNOWN else triage.language,
        audience=Audience.PRIVATE if is_private else Audience.PUBLIC,
        day=day,
    )
    found = _by_question(query, triage, retriever, where)
    if context and found.band is not Band.HIGH:
        found = _in_context(found, f"{_plain(context)} {query}", retriever, where)
    if found.band is Band.LOW and where.lang is not None:
        found = found.model_copy(update={"elsewhere": _elsewhere(query, retriever, where)})
    if not is_private and _is_personal(triage):
        private = where.model_copy(update={"audience": Audience.PRIVATE})
        found = found.model_copy(
            update={"in_private": _by_question(query, triage, retriever, private)}
        )
    return found


def _plain(text: str) -> str:
    return " ".join(PLACEHOLDER.sub(" ", text).split())


def _in_context(
    found: Retrieval, query: str, retriever: Retriever, where: RetrievalFilter
) -> Retrieval:
    """Offer what answers the message read with the one before; a person says whether it does."""
    together = retriever.search(query, where)
    if together.band is Band.LOW or together.answerable <= found.answerable:
        return found
    return together.model_copy(update={"band": Band.MIDDLE})


def _is_personal(triage: Triage) -> bool:
    is_reason = triage.reason is EscalationReason.PERSONAL_MATTER
    return is_reason or Category.ORDER_ACCOUNT in triage.categories()


def _by_question(
    query: str, triage: Triage, retriever: Retriever, where: RetrievalFilter
) -> Retrieval:
    found = split_questions(query, triage.language.value)
    questions = [question for question in found if not _is_bot_question(question, triage)]
    if not questions or len(found) < 2 or len(questions) > QUESTIONS_MAX:
        return _search(query, retriever, where)
    asked = _each(questions, retriever, where)
    if not any(one.retrieval.band is Band.HIGH for one in asked):
        whole = _search(query, retriever, where)
        if whole.band is Band.HIGH:
            return whole
    return _merged(asked)


def _is_bot_question(question: str, triage: Triage) -> bool:
    """Whether the question is "are you a bot?", which no passage answers."""
    return triage.asks_if_bot and any(
        "bot" in evidence.found_by and evidence.text and evidence.text in question
        for evidence in triage.flags
    )


def _search(query: str, retriever: Retriever, where: RetrievalFilter) -> Retrieval:
    found = retriever.search(query, where)
    if where.lang is None and found.band is Band.HIGH:
        # Without a sure language no answer is the default: a person reads the candidates.
        return found.model_copy(update={"band": Band.MIDDLE})
    return found


def _each(
    questions: Sequence[str], retriever: Retriever, where: RetrievalFilter
) -> tuple[AskedQuestion, ...]:
    """Search each question; a follow-up to an answered one is also read with it."""
    asked: list[AskedQuestion] = []
    for question in questions:
        found = _search(question, retriever, where)
        before = asked[-1] if asked else None
        if before and found.band is not Band.HIGH and before.retrieval.band is Band.HIGH:
            together = _search(f"{before.text} {question}", retriever, where)
            found = together if _answers_more(together, before.retrieval) else found
        asked.append(AskedQuestion(text=question, retrieval=found))
    return tuple(asked)


def _answers_more(together: Retrieval, before: Retrieval) -> bool:
    """Whether reading both surely finds another passage: the same one answers the first only."""
    is_sure = together.band is Band.HIGH and bool(together.hits)
    return is_sure and together.hits[0].passage.id != before.hits[0].passage.id


def _merged(asked: tuple[AskedQuestion, ...]) -> Retrieval:
    """Return one retrieval for the message: its best answer first, then the others in turn."""
    best = max(asked, key=lambda one: one.retrieval.answerable).retrieval
    contradictions = (one.retrieval.contradiction for one in asked)
    return Retrieval(
        hits=_interleaved([best, *(one.retrieval for one in asked)]),
        answerable=best.answerable,
        band=min((one.retrieval.band for one in asked), key=_BANDS.index),
        contradiction=next((found for found in contradictions if found), None),
        questions=asked,
        lacks_vectors=any(one.retrieval.lacks_vectors for one in asked),
    )


def _interleaved(retrievals: Sequence[Retrieval]) -> tuple[Hit, ...]:
    """Take the first hit of each retrieval, then the second of each; a passage counts once."""
    longest = max(len(one.hits) for one in retrievals)
    ranks = (one.hits[rank : rank + 1] for rank in range(longest) for one in retrievals)
    by_key = {hit.passage.key: hit for hits in reversed(list(ranks)) for hit in hits}
    return tuple(reversed(by_key.values()))


def _elsewhere(query: str, retriever: Retriever, where: RetrievalFilter) -> tuple[str, ...]:
    """Return the key of the passage that would answer, in another language or on another day."""
    anywhere = where.model_copy(update={"lang": None, "day": None})
    found = retriever.search(query, anywhere, top=1)
    if found.band is not Band.HIGH or not found.hits:
        return ()
    passage = found.hits[0].passage
    return () if _has_answer_here(passage, retriever, where) else (passage.key,)


def _has_answer_here(passage: Passage, retriever: Retriever, where: RetrievalFilter) -> bool:
    return any(
        other.id == passage.id
        and other.lang is where.lang
        and (where.day is None or other.is_in_force(where.day))
        for other in retriever.passages()
    )


def widened(
    outcome: Outcome, topic: str, retriever: Retriever, day: date
) -> tuple[Retrieval, Passage | None]:
    """Return what was found with the entry a person's words point to put first, and that entry.

    The words are searched alone, then with the message: there they must change what comes first.
    None: they point nowhere, or to an entry that the draft cites already.
    """
    found, message = outcome.retrieval, outcome.message
    is_private = message.surface is Surface.PRIVATE
    where = RetrievalFilter(
        lang=outcome.triage.language,
        audience=Audience.PRIVATE if is_private else Audience.PUBLIC,
        day=day,
    )
    if not topic or outcome.triage.language is Language.UNKNOWN:
        return found, None
    alone = retriever.search(topic, where)
    if alone.hits and alone.band is not Band.LOW:
        return _led_by(alone.hits[0], outcome)
    both = retriever.search(f"{_plain(outcome.redaction.text)} {topic}", where)
    is_moved = both.hits[:1] and both.hits[0].passage.key not in {
        hit.passage.key for hit in found.hits[:1]
    }
    return (
        _led_by(both.hits[0], outcome) if is_moved and both.band is not Band.LOW else (found, None)
    )


def _led_by(first: Hit, outcome: Outcome) -> tuple[Retrieval, Passage | None]:
    cited = {citation.passage_id for citation in outcome.draft.citations}
    if first.passage.id in cited:
        return outcome.retrieval, None
    found = outcome.retrieval
    others = (hit for hit in found.hits if hit.passage.key != first.passage.key)
    return found.model_copy(update={"hits": (first, *others)}), first.passage


def citable(outcome: Outcome, surface: Surface) -> tuple[Passage, ...]:
    """Return the passages that may support a text on that surface, those cited first."""
    found = list(outcome.passages)
    private = outcome.retrieval.in_private
    if surface is Surface.PRIVATE and private:
        found += [hit.passage for hit in private.hits]
    cited = {citation.passage_id for citation in outcome.draft.citations}
    found.sort(key=lambda passage: passage.id not in cited)
    return tuple({passage.key: passage for passage in found}.values())


def found_passage(outcome: Outcome, passage_id: str) -> Passage:
    """Return the passage of that id among those found for a message.

    Raises:
        NotFound: it is not among them.
    """
    for passage in citable(outcome, Surface.PRIVATE):
        if passage.id == passage_id:
            return passage
    raise NotFound(
        f"passage {passage_id!r} was not found for this message; reload the item to see which were"
    )
