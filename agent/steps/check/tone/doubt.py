"""An apology that makes the harm a matter of how the customer takes it, and a flat denial of it."""

import re

from agent.steps.check.case import Case
from agent.steps.check.grounding.backing import stands_on_passage
from agent.steps.check.phrases import phrases
from agent.steps.check.rule import Finding
from agent.steps.check.signals import Signal
from agent.steps.check.tone.fault import is_told_trouble
from knowledge.text.sentences import Sentence

_CLAUSE_END = re.compile(r";| mais | but ")


def find_doubt(case: Case) -> Finding | None:
    """Return where a reply to a report of trouble doubts or denies what is reported."""
    for sentence in case.sentences:
        found = None if sentence.text.endswith("?") else _doubt_in(case, sentence)
        if found:
            return found
    return _denial(case)


def _doubt_in(case: Case, sentence: Sentence) -> Finding | None:
    """« Si cela a pu vous contrarier, nous nous en excusons » : both in one clause."""
    lang, at = case.reply_lang, sentence.start
    words = case.bare[sentence.start : sentence.end]
    if phrases("doubt.regret").search(words, lang) is None:
        return None
    for clause in _CLAUSE_END.split(words):
        found = phrases("doubt.doubt").search(clause, lang)
        if found and phrases("doubt.regret").search(clause, lang):
            start = at + words.index(clause) + found.start()
            return Finding("An apology that doubts the harm is none.", start, start + len(found[0]))
    return None


def _denial(case: Case) -> Finding | None:
    if not is_told_trouble(case) or Signal.RUMOUR in case.signals:
        return None
    found = phrases("doubt.denial").search(case.bare, case.reply_lang)
    if found is None or stands_on_passage(case, found.start()):
        return None
    return Finding("This denies what the customer tells.", *found.span())
