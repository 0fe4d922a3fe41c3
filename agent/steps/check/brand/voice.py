"""B1: the voice. A judge decides; a sentence the guide itself lists as bad is found here."""

from functools import lru_cache
from operator import itemgetter

from rapidfuzz import fuzz

from agent.domain.checks import Severity
from agent.steps.check.case import Case
from agent.steps.check.guide import Guide, text_key
from agent.steps.check.rule import NEEDS_JUDGE, Example, Finding, Outcome, Rule

_NEARLY_THE_SAME = 88.0
_FEWEST_CHARACTERS = 12


def _find(case: Case) -> Outcome:
    listed = ((_listed_as(case.guide, one.text), one) for one in case.sentences)
    found = [(*known, one) for known, one in listed if known is not None]
    if not found:
        return NEEDS_JUDGE
    _, name, sentence = min(found, key=itemgetter(0))
    reason = f'The guide lists this as the opposite of "{name}".'
    return Finding(reason, sentence.start, sentence.end)


@lru_cache(maxsize=4096)
def _listed_as(guide: Guide, sentence: str) -> tuple[int, str] | None:
    """Return the place, among the guide's bad examples, of the first that a sentence nearly is,
    and the attribute it is the opposite of."""
    own = text_key(sentence)
    pairs = ((a.name, text_key(pair.bad)) for a in guide.policy.voice for pair in a.pairs)
    for place, (name, bad) in enumerate(pairs):
        is_long = min(len(bad), len(own)) >= _FEWEST_CHARACTERS
        if is_long and fuzz.ratio(bad, own) >= _NEARLY_THE_SAME:
            return place, name
    return None


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
