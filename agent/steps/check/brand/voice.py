"""B1: the voice. A judge decides; a sentence the guide itself lists as bad is found here."""

from rapidfuzz import fuzz

from agent.domain.checks import Severity
from agent.steps.check.case import Case
from agent.steps.check.guide import text_key
from agent.steps.check.rule import NEEDS_JUDGE, Example, Finding, Outcome, Rule

_NEARLY_THE_SAME = 88.0
_FEWEST_CHARACTERS = 12


def _find(case: Case) -> Outcome:
    for attribute in case.guide.policy.voice:
        for pair in attribute.pairs:
            bad = text_key(pair.bad)
            for sentence in case.sentences:
                own = text_key(sentence.text)
                is_long = min(len(bad), len(own)) >= _FEWEST_CHARACTERS
                if is_long and fuzz.ratio(bad, own) >= _NEARLY_THE_SAME:
                    reason = f'The guide lists this as the opposite of "{attribute.name}".'
                    return Finding(reason, sentence.start, sentence.end)
    return NEEDS_JUDGE


RULE = Rule(
    "B1.voice",
    Severity.MINOR,
    _find,
    good=(
        Example("fr", "Nos biscuits craquent, puis ils fondent."),
        Example("en", "Our biscuits snap, then they melt."),
    ),
    bad=(
        Example("fr", "Nos process garantissent une expérience gustative disruptive !"),
        Example("en", "Our processes guarantee a disruptive taste experience!"),
    ),
)
