"""The questions of a message, each with the answer that is sure enough, and what is missing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from agent.domain.drafts import Note, NoteKind
from agent.steps.draft.answer import Answer
from agent.steps.draft.job import Job
from agent.steps.draft.phrases import invites_to_private
from knowledge.passages import Band, Passage, Retrieval


@dataclass(frozen=True)
class Asked:
    """One question, what was found for it, and its answer if one is sure."""

    text: str
    retrieval: Retrieval
    answer: Answer | None = None


def asked_of(job: Job, *, in_private: bool) -> tuple[Asked, ...]:
    """Return the questions of the message in order; a message with no split is one question."""
    found = _retrieval(job, in_private=in_private)
    parts = [(question.text, question.retrieval) for question in found.questions]
    return tuple(
        Asked(text, retrieval, _sure_answer(job, text, retrieval, in_private=in_private))
        for text, retrieval in parts or [(job.request.text, found)]
    )


def _retrieval(job: Job, *, in_private: bool) -> Retrieval:
    found = job.request.retrieval
    return found.in_private if in_private and found.in_private else found


def _sure_answer(job: Job, text: str, retrieval: Retrieval, *, in_private: bool) -> Answer | None:
    if retrieval.band is not Band.HIGH or retrieval.contradiction or not retrieval.hits:
        return None
    passage = retrieval.hits[0].passage
    is_sayable = passage.lang is job.lang and job.may_cite(passage, in_private=in_private)
    return _answer(job, passage, text, in_private=in_private) if is_sayable else None


def _answer(job: Job, passage: Passage, text: str, *, in_private: bool) -> Answer:
    is_markdown = job.request.limits.is_markdown
    answer = job.book.answer(passage, text, is_markdown=is_markdown, has_links=job.has_links)
    is_there = in_private and invites_to_private(answer.next_step)
    return replace(answer, next_step="") if is_there else answer


def with_choice(job: Job, passage: Passage, *, in_private: bool) -> tuple[Asked, ...]:
    """Return the questions with `passage` as the answer to the one it was found for."""
    asked = asked_of(job, in_private=in_private)
    open_at = next((i for i, one in enumerate(asked) if one.answer is None), 0)
    at = next((i for i, one in enumerate(asked) if _has_hit(one.retrieval, passage)), open_at)
    answer = _answer(job, passage, asked[at].text, in_private=in_private)
    chosen = replace(asked[at], answer=answer)
    return (*asked[:at], chosen, *asked[at + 1 :])


def _has_hit(retrieval: Retrieval, passage: Passage) -> bool:
    return any(hit.passage.key == passage.key for hit in retrieval.hits)


def answers_of(asked: Sequence[Asked]) -> tuple[Answer, ...]:
    """Return the sure answers, each passage once, in the order asked."""
    by_passage = {one.answer.passage.key: one.answer for one in asked if one.answer}
    return tuple(by_passage.values())


def missing_notes(job: Job, asked: Sequence[Asked] = ()) -> tuple[Note, ...]:
    """Return what keeps the message from a full answer, for the reviewer."""
    found = job.request.retrieval
    notes: list[Note] = []
    if any(one.answer for one in asked):
        places = [str(at) for at, one in enumerate(asked, start=1) if one.answer is None]
        about = f"{', '.join(places)} of {len(asked)}"
        notes += [Note(kind=NoteKind.PARTLY_ANSWERED, about=about)] * bool(places)
    elif found.band is Band.LOW:
        notes.append(Note(kind=NoteKind.NO_ANSWER))
    elif not found.contradiction:
        notes.append(Note(kind=NoteKind.UNSURE))
    if found.contradiction:
        notes.append(Note(kind=NoteKind.CONTRADICTION, about=" / ".join(found.contradiction)))
    return (*notes, *_elsewhere(job, found))


def _elsewhere(job: Job, found: Retrieval) -> tuple[Note, ...]:
    """Say of each entry that would answer elsewhere whether its language or its dates forbid it."""
    own = f"@{job.lang.value}"
    return tuple(
        Note(
            kind=NoteKind.OUT_OF_DATE if key.endswith(own) else NoteKind.OTHER_LANGUAGE,
            about=key,
        )
        for key in found.elsewhere
    )
