"""Whether a figure that the customer gave lies inside a limit or a range of a passage.

« Oui, votre colis de 3 kg passe » stands on « jusqu'à 5 kg », "at 7 pm we are open" on "10 am to
8 pm".
"""

import re
from collections.abc import Iterable
from enum import StrEnum
from itertools import pairwise

from agent.steps.check.grounding.derived import Stated, minutes_of
from knowledge.text.fact_types import Fact, FactKind


class Bound(StrEnum):
    """What the words around a figure make of it; `BELOW` and `ABOVE` leave it out itself."""

    NONE = "none"
    BELOW = "below"
    AT_MOST = "at most"
    AT_LEAST = "at least"
    ABOVE = "above"


_AGE = r"(?:l'age de |(?:the )?age(?: of)? )?$"
_BEFORE = {
    Bound.AT_MOST: r"jusqu'(?:a|au|aux)|(?:au )?max\w*(?: de)?|plafond\w*|au plus"
    r"|dans la limite de|up to(?: and including)?|until|at most|not exceed\w*|no more than|within"
    r"|limit\w*(?: (?:to|a|de))?|max",
    Bound.BELOW: r"moins d(?:e|')|inferieure?s? a|avant|under|below|before"
    r"|(?:less|fewer|younger|lighter|smaller) than",
    Bound.AT_LEAST: r"a partir d(?:e|')|des|au moins|min\w*(?: de)?|from|at least|as of|minimum",
    Bound.ABOVE: r"plus d(?:e|')|superieure?s? a|au-dela d(?:e|')|apres|over|above|after|beyond"
    r"|(?:more|older|heavier|larger) than",
}
_STARTS = {
    bound: re.compile(rf"\b(?:{words})[ :-]*(?:le |the )?{_AGE}")
    for bound, words in _BEFORE.items()
}
_AFTER = {
    Bound.AT_MOST: r"max\w*|et moins|ou moins|and under|or (?:less|under|younger)|au plus",
    Bound.AT_LEAST: r"min\w*|et plus|ou plus|\+|and (?:over|above|up)|or (?:more|over|older)"
    r"|d'achat minimum|revolus",
}
_ENDS = {bound: re.compile(rf" ?,? ?(?:{words})(?!\w)") for bound, words in _AFTER.items()}
_RANGE = re.compile(
    r",? ?(?:-|–|—|a|au|aux|to|till|until|and|et|through|jusqu'au?|inclus)+ ?(?:le |the )?"
)
_REACH = 24
_AHEAD = re.compile(r" (?:\w+ )?(?:avant|before|ahead|prior|in advance|a l'avance)\b")
_TURNED = {Bound.AT_MOST: Bound.AT_LEAST, Bound.ABOVE: Bound.AT_LEAST}


def is_within(fact: Fact, parts: Iterable[Stated]) -> bool:
    """Whether a figure that the customer gave lies inside a limit or a range of the passage."""
    wanted = size_of(fact)
    return wanted is not None and any(_contains(part, fact, wanted) for part in parts)


def _contains(part: Stated, fact: Fact, wanted: tuple[str, float]) -> bool:
    unit, size = wanted
    alike = [(f, s[1]) for f in part.facts if (s := size_of(f)) and s[0] == unit]
    if any(_allows(part.folded, limit, size, end) for limit, end in alike):
        return True
    return _is_in_written_range(part, fact) or any(
        low <= size <= high and _RANGE.fullmatch(part.folded[first.end : last.start])
        for (first, low), (last, high) in pairwise(alike)
    )


def bound_of(folded: str, fact: Fact) -> Bound:
    """Return what the words right before or after a figure make of it."""
    before = folded[max(0, fact.start - _REACH) : fact.start]
    after = folded[fact.end : fact.end + _REACH]
    ends = (bound for bound, words in _ENDS.items() if words.match(after))
    starts = (bound for bound, words in _STARTS.items() if words.search(before))
    found = next(ends, None) or next(starts, Bound.NONE)
    # "Up to 24 hours before" asks for a day or more.
    return _TURNED.get(found, found) if _AHEAD.match(after) else found


def _allows(folded: str, limit: Fact, size: float, end: float) -> bool:
    match bound_of(folded, limit):
        case Bound.AT_MOST:
            return size <= end
        case Bound.BELOW:
            return size < end
        case Bound.AT_LEAST | Bound.ABOVE:
            return size >= end
        case _:
            return False


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


def size_of(fact: Fact) -> tuple[str, float] | None:
    """Return a figure that can be put in order with those of its unit, and the unit."""
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
