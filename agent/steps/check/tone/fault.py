"""Whose fault a reply to somebody in trouble says it is: the customer's, or a third party's."""

import re

from agent.steps.check.case import Case
from agent.steps.check.grounding.backing import stands_on_passage
from agent.steps.check.phrases import phrases
from agent.steps.check.rule import Finding, Outcome, abstain
from agent.steps.check.signals import Signal
from agent.steps.check.words import stems
from knowledge.text.sentences import Sentence

_BLAMES = "This blames the customer or defends the brand."
_TOLD = ("located", "counterfactual", "duty", "others", "accused", "rightly_used")
_MAY_BE_OURS = frozenset({"located", "counterfactual", "duty"})
_CLAUSE = re.compile(
    r"(?:^|[,;:(–—-]|\b(?:and|but|so|since|because|suspect|think|guess|fear|et|mais|car|puisque"
    r"|donc|or|(?<!ce )que|hello|hi|bonjour|bonsoir))\W*$"
)
"""Where a main clause may begin: « l'offre que vous avez choisie » is nobody's lapse."""
_SUPPOSED = re.compile(
    r"\b(?:if|when|whether|once|in case|unless|should you|si|quand|lorsque|des que|au cas ou)\b"
)
_OURS = re.compile(
    r"\b(?:we|our|ours|us|nous|notre|nos|on (?:a|aurait)"
    r"|not (?:yours|your|you|anything)|nothing|rien|pas (?:la votre|de votre))\b"
)
"""The brand, as the one at fault: « un message de notre part vous aurait évité le trajet »."""


def find_fault(case: Case) -> Outcome:
    """Return where a reply to a report of trouble puts the fault on others than the brand."""
    if not is_told_trouble(case):
        return None
    asked = phrases("fault.asked").search(case.bare, case.reply_lang)
    if asked:
        return Finding(_BLAMES, *asked.span())
    return _told_lapse(case) or _told_fault(case) or _sent_away(case)


def is_told_trouble(case: Case) -> bool:
    """Whether the message reports something: a complaint, or no question and no praise."""
    if case.is_complaint:
        return True
    return "?" not in case.message and Signal.PRAISE not in case.signals


def _told_lapse(case: Case) -> Finding | None:
    for found in phrases("fault.lapse").finditer(case.bare, case.reply_lang):
        sentence = _statement_at(case, found.start())
        if sentence is None or not _CLAUSE.search(case.bare[sentence.start : found.start()]):
            continue
        if not is_admitted(case, found[0]):
            return Finding(_BLAMES, *found.span())
    return None


def is_admitted(case: Case, told: str) -> bool:
    """« Je me suis trompé d'adresse » : the customer's own words, taken up."""
    if phrases("fault.owned").occurs(case.message, case.message_lang):
        return True
    words = set(stems(told))
    return bool(words) and words <= set(stems(case.subject.message))


def _told_fault(case: Case) -> Finding | None:
    for name in _TOLD:
        for found in phrases(f"fault.{name}").finditer(case.bare, case.reply_lang):
            sentence = _statement_at(case, found.start())
            if sentence is None or (name in _MAY_BE_OURS and _is_ours(case, sentence, found)):
                continue
            return Finding(_BLAMES, *found.span())
    return None


def _is_ours(case: Case, sentence: Sentence, found: re.Match[str]) -> bool:
    around = case.bare[max(sentence.start, found.start() - 25) : found.end()]
    return _OURS.search(around) is not None


def _statement_at(case: Case, at: int) -> Sentence | None:
    """Return the sentence at `at` if the brand itself says so: no question, no passage."""
    sentence = case.sentence_at(at)
    if sentence is None or sentence.text.endswith("?") or stands_on_passage(case, at):
        return None
    return None if _SUPPOSED.search(case.bare[sentence.start : at]) else sentence


def _sent_away(case: Case) -> Outcome:
    """« Voyez avec la mairie » : blame if the brand takes itself out of it, else to be read."""
    found = phrases("fault.third_party").search(case.bare, case.reply_lang)
    sentence = case.sentence_at(found.start()) if found else None
    if found is None or sentence is None or stands_on_passage(case, sentence.start):
        return None
    if phrases("fault.shifted").search(case.folded_of(sentence), case.reply_lang):
        return Finding("This sends the customer to somebody else to blame.", *found.span())
    return abstain("It sends the customer to somebody else; a person must say whether it may.")
