"""What a reply tells of the writer's own life, beyond set phrases (part of X2)."""

import re

from agent.domain.checks import Severity
from agent.steps.check.case import Case
from agent.steps.check.phrases import phrases
from agent.steps.check.rule import Finding, Unsaid, abstain
from knowledge.text.sentences import Sentence

_LIFE = "The reply invents a life that a brand account does not have."
_CLAIMS = "The reply claims that a person wrote it."
_UNSURE = "The reply may tell of its writer's own life: a reader judges."
_MINE = re.compile(r"(?<!\w)(?:mon|ma|mes|my|mine)(?!\w)")
_FIRST = re.compile(r"(?<!\w)(?:j'|je |i[ '])")
_NEAR = 25
_YOU = re.compile(r"\b(?:vous|votre|vos|tu|ton|ta|tes|te|you|your|yours)\b")


def tells_own_past(case: Case) -> Finding | None:
    """« Je l'ai mis ce matin »: a first person, something past that is no desk work, and when.

    Somebody else in the sentence (« vous », "you") makes it what was done for them.
    """
    if not _FIRST.search(case.bare):
        return None
    if not phrases("transparency.own_time").occurs(case.bare, case.reply_lang):
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


def may_tell_of_itself(case: Case) -> Unsaid | None:
    """« Mon open space », « j'ai débuté là » : a first person that is none of an account's own.

    A reader tells what set phrases cannot.
    """
    lang = case.reply_lang
    for found in _MINE.finditer(case.bare):
        owned = case.bare[found.end() :][:_NEAR]
        is_of_desk = phrases("transparency.desk_things").search(owned, lang) is not None
        if not is_of_desk and not names_page(case, found.start()):
            return abstain(_UNSURE, Severity.MAJOR, *found.span())
    for sentence in case.sentences if _FIRST.search(case.bare) else ():
        words = case.bare[sentence.start : sentence.end]
        past = phrases("transparency.own_past").search(words, lang)
        if past and not (
            phrases("transparency.desk_work").search(words, lang) or _YOU.search(words)
        ):
            return abstain(_UNSURE, Severity.MAJOR, sentence.start + past.start(), sentence.end)
    return None


def names_page(case: Case, start: int) -> bool:
    """Whether a page is named at `start`, as in « la rubrique Mes nuits »: no possessive."""
    sentence = case.sentence_at(start)
    is_inside = sentence is not None and sentence.start < start
    return is_inside and case.text[start] in "MO" and case.text[start + 1 : start + 2].islower()
