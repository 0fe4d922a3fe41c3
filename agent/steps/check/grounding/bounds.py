"""Whether a figure that the customer gave lies inside a limit or a range of a passage.

« Oui, votre colis de 3 kg passe » stands on « jusqu'à 5 kg », "at 7 pm we are open" on "10 am to
8 pm".
"""

import re
from collections.abc import Iterable
from itertools import pairwise

from agent.steps.check.grounding.derived import Stated, minutes_of
from knowledge.text.fact_types import Fact, FactKind

_AT_MOST = re.compile(
    r"\b(?:jusqu'(?:a|au|aux)|moins d(?:e|')|(?:au )?(?:max\w*|plus)(?: de)?|inferieure?s? a"
    r"|plafond\w*"
    r"|dans la limite de|under|below|up to|(?:less|fewer|younger|lighter|smaller) than|at most"
    r"|not exceed\w*|no more than|within|limit\w*(?: (?:to|a|de))?|max)[ :]*$"
)
_AT_MOST_AFTER = re.compile(
    r"^ ?(?:max\w*|et moins|ou moins|and under|or (?:less|under|younger))\b"
)
_AT_LEAST = re.compile(
    r"\b(?:a partir d(?:e|')|des|plus d(?:e|')|au moins|min\w*(?: de)?|superieure?s? a"
    r"|from(?: age)?|over|above"
    r"|at least|(?:more|older|heavier|larger) than|as of)[ :]*(?:l'age de )?$"
)
_AT_LEAST_AFTER = re.compile(
    r"^ ?(?:min\w*|et plus|ou plus|and (?:over|above|up)|or (?:more|over|older)|d'achat minimum)\b"
)
_RANGE = re.compile(
    r",? ?(?:-|–|—|a|au|aux|to|till|until|and|et|through|jusqu'au?|inclus)+ ?(?:le |the )?"
)
_REACH = 24


def is_within(fact: Fact, parts: Iterable[Stated]) -> bool:
    """Whether a figure that the customer gave lies inside a limit or a range of the passage."""
    wanted = _size(fact)
    return wanted is not None and any(_contains(part, fact, wanted) for part in parts)


def _contains(part: Stated, fact: Fact, wanted: tuple[str, float]) -> bool:
    unit, size = wanted
    alike = [(f, s[1]) for f in part.facts if (s := _size(f)) and s[0] == unit]
    if any(_allows(part.folded, limit, size, end) for limit, end in alike):
        return True
    return _is_in_written_range(part, fact) or any(
        low <= size <= high and _RANGE.fullmatch(part.folded[first.end : last.start])
        for (first, low), (last, high) in pairwise(alike)
    )


def _allows(folded: str, limit: Fact, size: float, end: float) -> bool:
    before = folded[max(0, limit.start - _REACH) : limit.start]
    after = folded[limit.end : limit.end + _REACH]
    is_most = _AT_MOST.search(before) or _AT_MOST_AFTER.search(after)
    is_least = _AT_LEAST.search(before) or _AT_LEAST_AFTER.search(after)
    return bool((is_most and size <= end) or (is_least and size >= end))


def _is_in_written_range(part: Stated, fact: Fact) -> bool:
    """« de 20 à 300 € », « 3-5 ans »: a range that is one fact."""
    amounts, _, unit = fact.value.partition(" ")
    if ".." in amounts or not re.fullmatch(r"[\d.]+", amounts):
        return False
    for other in part.facts:
        ends, _, theirs = other.value.partition(" ")
        low, dots, high = ends.partition("..")
        if dots and theirs == unit and float(low) <= float(amounts) <= float(high):
            return True
    return False


def _size(fact: Fact) -> tuple[str, float] | None:
    """A figure that can be put in order with those of its unit."""
    if fact.kind is FactKind.TIME:
        minutes = minutes_of(fact)
        return None if minutes is None else ("clock", float(minutes))
    if fact.kind is FactKind.DATE:
        found = re.fullmatch(r"(?:\d{4}|-)-(\d\d)-(\d\d)", fact.value)
        return ("date", int(found[1]) * 31.0 + int(found[2])) if found else None
    amount, _, unit = fact.value.partition(" ")
    if not re.fullmatch(r"\d+(?:\.\d+)?", amount) or float(amount) < 0:
        return None
    return (unit or fact.kind.value, float(amount))
