"""Fault, cause or innocence told as known, sentence by sentence, where somebody may be harmed."""

from agent.steps.check.case import Case
from agent.steps.check.grounding.backing import stands_on_passage
from agent.steps.check.phrases import any_phrases, phrases
from agent.steps.check.rule import Finding
from agent.steps.check.signals import CRISIS

_REASON = "It tells whose fault it is, or is not; only the approved statement speaks here."


def tells_of_harm(case: Case) -> bool:
    """Whether the message tells of an injury, a danger, a breach or a claim, in any words."""
    return bool(case.signals & CRISIS) or phrases("liability.harm").occurs(
        case.message, case.message_lang
    )


def find_told_fault(case: Case) -> Finding | None:
    """Return the first sentence that says who or what caused it, or that somebody did not.

    A sentence that leaves the cause open (« nous cherchons à comprendre ce qui ») tells nothing.
    """
    for found in any_phrases("liability.told", "liability.account").finditer(
        case.bare, case.reply_lang
    ):
        if not leaves_open(case, found.start()) and not stands_on_passage(case, found.start()):
            return Finding(_REASON, *found.span())
    return None


def leaves_open(case: Case, at: int) -> bool:
    """Whether the sentence that holds offset `at` says that the cause is not known or not told."""
    sentence = case.sentence_at(at)
    words = case.bare[sentence.start : sentence.end] if sentence else ""
    return phrases("liability.open").occurs(words, case.reply_lang)
