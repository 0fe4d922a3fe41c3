"""What a reply tells of the writer's own life, beyond set phrases (part of X2)."""

import re

from agent.steps.check.case import Case
from agent.steps.check.phrases import phrases
from agent.steps.check.rule import Finding
from knowledge.text.sentences import Sentence

_LIFE = "The reply invents a life that a brand account does not have."
_CLAIMS = "The reply claims that a person wrote it."
_YOU = re.compile(r"\b(?:vous|votre|vos|tu|ton|ta|tes|te|you|your|yours)\b")


def tells_own_past(case: Case) -> Finding | None:
    """« Je l'ai mis ce matin »: a first person, something past that is no desk work, and when.

    Somebody else in the sentence (« vous », "you") makes it what was done for them.
    """
    lang = case.reply_lang
    if not phrases("transparency.own_time").occurs(case.bare, lang):
        return None
    for sentence in case.sentences:
        found = _own_past_in(case, sentence)
        if found:
            return found
    return None


def _own_past_in(case: Case, sentence: Sentence) -> Finding | None:
    lang = case.reply_lang
    words = case.bare[sentence.start : sentence.end]
    past = phrases("transparency.own_past").search(words, lang)
    when = phrases("transparency.own_time").search(words, lang) if past else None
    if past is None or when is None:
        return None
    told = words[past.start() : max(past.end(), when.start())]
    if phrases("transparency.desk_work").search(told, lang) or _YOU.search(words):
        return None
    return Finding(_LIFE, sentence.start + past.start(), sentence.end)


def claims_when_suspected(case: Case) -> Finding | None:
    """« Oui, une vraie personne, avec son café »: said to one who doubts that a person writes."""
    if not phrases("transparency.suspects").occurs(case.message, case.message_lang):
        return None
    found = phrases("transparency.if_suspected").search(case.bare, case.reply_lang)
    return Finding(_CLAIMS, *found.span()) if found else None
