"""Lays out what a drafting model is told: the brand's voice, the passages, the redacted words."""

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from agent.domain.brand import BrandPack, Exemplar
from agent.domain.brand.identity import VoiceAttribute
from agent.domain.brand.pack import Guideline
from agent.domain.messages import ThreadEntry
from agent.domain.redaction import PLACEHOLDER
from agent.steps.draft.job import Job
from agent.steps.draft.plan import is_personal
from knowledge.passages import Language, Passage
from knowledge.text.normalise import match_key
from knowledge.text.tokens import words

MOST_PASSAGES = 8
MOST_EXEMPLARS = 3
MOST_TURNS = 6
"""Earlier messages of the thread that are shown, the newest."""
GUIDELINE_CHARACTERS = 6000
"""How much of the brand's prose is shown; style only, so the beginning is enough."""
_NAMES = {Language.FR: "French (français)", Language.EN: "English"}


class Brief(NamedTuple):
    """The variables of the prompt, the passages by their number, and the canary."""

    variables: dict[str, Any]
    passages: dict[str, Passage]
    canary: str
    lang: Language


def brief_of(job: Job, thread: Sequence[ThreadEntry]) -> Brief:
    """Return what the model is told of one request; `thread` is redacted."""
    passages = _numbered(job)
    canary = canary_of(job)
    wants_private = is_personal(job.triage) and not job.is_private
    variables = {
        "brand_name": job.policy.brand.name,
        "canary": canary,
        "language": _NAMES[job.lang],
        "register": job.chooser.register.value if job.chooser.register else "",
        "voice": [_voice_line(attribute, job.lang) for attribute in job.policy.voice],
        "chapters": _chapters(job.pack.guidelines, job.lang),
        "situation": job.mood.situation.reader_state if job.mood.situation else "",
        "limits": _limits(job),
        "passages": [_passage(number, passage) for number, passage in passages.items()],
        "exemplars": exemplars_for(job.pack, job.lang, job.request.text),
        "thread": _turns(job, thread),
        "message": job.request.text,
        "channel": job.request.message.channel,
        "wants_private": wants_private,
        "opening": _opening(job),
        "approved": [job.path] if wants_private and job.path else [],
        "questions": [one.text for one in job.request.retrieval.questions],
    }
    return Brief(variables, passages, canary, job.lang)


def _opening(job: Job) -> str:
    """Return the approved acknowledgement of this problem, for who is upset; else ""."""
    return job.acknowledgement(in_private=job.is_private) if job.mood.is_empathy_required else ""


def canary_of(job: Job) -> str:
    """Return a code that only an answer which repeats its instructions can hold."""
    digest = hashlib.sha256(f"canary|{job.pack.version}|{job.request.text}".encode()).hexdigest()
    return f"PVX-{digest[:16]}"


def exemplars_for(pack: BrandPack, lang: Language, text: str) -> list[Exemplar]:
    """Return the good replies whose question is nearest in words: for style, never for facts."""
    wanted = _keys(text)
    ranked = []
    for at, one in enumerate(pack.exemplars):
        if one.lang is lang:
            keys = _exemplar_keys(one.inbound)
            ranked.append((len(wanted & keys) / (1 + len(keys)), -at, one))
    ranked.sort(key=lambda entry: entry[:2], reverse=True)
    return [one for _, _, one in ranked[:MOST_EXEMPLARS]]


@lru_cache(maxsize=2048)
def _exemplar_keys(inbound: str) -> frozenset[str]:
    """Read a brand's exemplar once: every message is compared with all of them."""
    return _keys(inbound)


def _keys(text: str) -> frozenset[str]:
    return frozenset(match_key(word.text) for word in words(text))


def _numbered(job: Job) -> dict[str, Passage]:
    """Return the passages that may be cited here, by the number the prompt gives them."""
    found = [hit.passage for hit in job.request.retrieval.hits]
    found += [hit.passage for one in job.request.retrieval.questions for hit in one.retrieval.hits]
    in_private = job.request.retrieval.in_private
    is_private = job.is_private or is_personal(job.triage)
    if is_private and in_private:
        found += [hit.passage for hit in in_private.hits]
    usable = (
        passage
        for passage in {passage.key: passage for passage in found}.values()
        if passage.lang is job.lang and job.may_cite(passage, in_private=is_private)
    )
    return {f"P{at}": passage for at, passage in enumerate(list(usable)[:MOST_PASSAGES], start=1)}


def _passage(number: str, passage: Passage) -> dict[str, str]:
    return {
        "id": number,
        "question": passage.question,
        "answer": passage.answer,
        "must_include": "; ".join(passage.must_include),
        "next_step": passage.next_step or "",
        "link": passage.link or "",
    }


def _voice_line(attribute: VoiceAttribute, lang: Language) -> str:
    pairs = [pair for pair in attribute.pairs if pair.lang is lang]
    shown = "".join(f" Not « {pair.bad} » but « {pair.good} »." for pair in pairs[:1])
    dont = "".join(f" Never: {line}" for line in attribute.dont)
    return f"{attribute.name}: {attribute.meaning}{dont}{shown}"


@lru_cache(maxsize=16)
def _chapters(guidelines: tuple[Guideline, ...], lang: Language) -> tuple[Guideline, ...]:
    """Cut a brand's prose once for every message in one language."""
    other = Language.EN if lang is Language.FR else Language.FR
    kept: list[Guideline] = []
    left = GUIDELINE_CHARACTERS
    for chapter in guidelines:
        if f".{other.value}" in chapter.name or left <= 0:
            continue
        kept.append(Guideline(name=chapter.name, text=chapter.text[:left]))
        left -= len(chapter.text)
    return tuple(kept)


def _limits(job: Job) -> str:
    """Return the limits in words; the rubric measures them afterwards, whatever was said."""
    own = job.channel.max_characters if job.channel else None
    characters = [limit.max for limit in job.request.limits.public]
    most = min([*characters, *([own] if own else [])], default=None)
    lines = [
        f"Limits: at most {job.mood.words or 90} words",
        f"{job.mood.emoji} emoji",
        f"{job.mood.exclamations} exclamation marks",
        f"{job.policy.mechanics.questions_max} questions",
    ]
    if most:
        lines.append(f"{max(60, most - 60)} characters in public")
    if not job.has_links:
        lines.append("no link")
    return ", ".join(lines) + "."


def _turns(job: Job, thread: Sequence[ThreadEntry]) -> list[dict[str, str]]:
    """Name the speaker by role only, and no placeholder: its number means another message's."""
    as_written = job.request.message.thread
    return [
        {
            "by": "us" if raw.text in job.chooser.said else "customer",
            "text": PLACEHOLDER.sub(r"[\1]", entry.text),
        }
        for raw, entry in list(zip(as_written, thread, strict=True))[-MOST_TURNS:]
    ]
