"""Whether a passage states a quantity in another measure, or the other side of its limit.

« deux ans » is 24 months, "up to and including 11" is "under 12", and "from twelve weeks" the
beginning of "12 to 20 weeks". Only whole counts, ages and days, have a next one.
"""

import re
from collections.abc import Iterable

from agent.steps.check.grounding.bounds import Bound, bound_of
from agent.steps.check.grounding.derived import Stated
from knowledge.text.fact_types import Fact, FactKind

_DAY_MINUTES = 1440
_SHORTEST_MONTH, _LONGEST_MONTH = 30, 31
_WEEK_DAYS = 7
_FOUR_WEEKS = 28
_YEAR_MONTHS = 12
_YEAR_DAYS = (364, 366)
_OLDEST = 110
_ONE_STEP = {"month": _YEAR_MONTHS, "min": _DAY_MINUTES, "": 1}
"""From one whole age, day or count to the next, in the unit of its value."""
_NEXT = {
    (Bound.AT_MOST, Bound.BELOW): 1,
    (Bound.BELOW, Bound.AT_MOST): -1,
    (Bound.AT_LEAST, Bound.ABOVE): -1,
    (Bound.ABOVE, Bound.AT_LEAST): 1,
}
"""Of a claim's bound and a passage's: how much further the passage's figure is."""
_LOW = frozenset({Bound.AT_LEAST, Bound.ABOVE})
_A_LITTLE = 1.25
_INCLUSIVE = re.compile(
    r"\b(?:and including|inclus(?:ive)?|compris)\b.{0,12}$|^ ?(?:ans )?,? ?(?:inclus|compris)"
)
AT_AGE = re.compile(
    r"\b(?:a|at|from|until|till|to|up to|and including|jusqu'a|des|a partir de|under|over|aged?"
    r"|moins de|plus de|avant|before|turn\w*|above|after)[ -](?:age )?$"
)
_COUNTED = re.compile(r"[ -]?(?:[a-z%€£$]{3,}|h\b)")
_NOT_COUNTED = re.compile(
    r" ?(?:he|she|they|you|it|inclu\w*|and|et|ou|or|ans|il|elle|vous|on|your|votre|the|onwards?"
    r"|upwards?|up|compris\w*|years?|free|get|pay\w*|for|pour|gratuit\w*)\b"
)


def are_alike(fact: Fact, folded: str, parts: Iterable[Stated]) -> bool:
    """Whether a sentence of the passage states the fact of a folded claim in another measure."""
    bound = bound_of(folded, fact)
    return any(
        _is_same(fact, bound, known, part.folded)
        for part in parts
        for known in part.facts
        if known.kind is fact.kind or _is_such_an_age(fact, known, part.folded)
    )


def _is_such_an_age(fact: Fact, known: Fact, folded: str) -> bool:
    """Whether "under 12" of the passage is a bare number that bounds an age."""
    is_bare = known.kind is FactKind.NUMBER and known.value.isdigit() and _is_age(fact)
    return is_bare and bound_of(folded, known) is not Bound.NONE


def as_age(fact: Fact, folded: str, source_facts: Iterable[Fact]) -> Fact:
    """Return "at 11" as eleven years, where the passage speaks of ages."""
    is_whole = fact.kind is FactKind.NUMBER and fact.value.isdigit() and int(fact.value) < _OLDEST
    if not is_whole or not AT_AGE.search(folded[: fact.start]):
        return fact
    after = folded[fact.end : fact.end + _OLDEST]
    is_bare = _COUNTED.match(after) is None or _NOT_COUNTED.match(after) is not None
    speaks_of_ages = any(_is_age(known) for known in source_facts)
    if not is_bare or not speaks_of_ages:
        return fact
    return fact._replace(kind=FactKind.DURATION, value=f"{int(fact.value) * _YEAR_MONTHS} month")


def leaves_out(fact: Fact, folded: str, parts: Iterable[Stated]) -> bool:
    """Whether a claim includes, by a word, the end that the passage leaves out: "under 12"."""
    before, after = folded[: fact.start], folded[fact.end :]
    if not _INCLUSIVE.search(before) and not _INCLUSIVE.match(after):
        return False
    same = [
        bound_of(part.folded, known)
        for part in parts
        for known in part.facts
        if known.value == fact.value
    ]
    return bool(same) and all(bound is Bound.BELOW for bound in same)


def _is_age(fact: Fact) -> bool:
    amounts, _, unit = fact.value.partition(" ")
    ages = [float(amount) for amount in amounts.split("..")] if unit == "month" else []
    return bool(ages) and all(age % _YEAR_MONTHS == 0 for age in ages)


def _is_same(fact: Fact, bound: Bound, known: Fact, folded: str) -> bool:
    mine, _, unit = fact.value.partition(" ")
    if not re.fullmatch(r"\d+(?:\.\d+)?", mine):
        return False
    if fact.kind is not known.kind:
        known = known._replace(value=f"{int(known.value) * _YEAR_MONTHS} month")
        if known.value == fact.value:
            return True
    low, dots, high = known.value.partition(" ")[0].partition("..")
    if dots:
        if bound is Bound.BELOW and unit == "month":
            return float(high) + _YEAR_MONTHS == float(mine)
        return bound in _LOW and f"{low} {unit}".strip() == fact.value
    if fact.kind is FactKind.DURATION and _is_same_length(fact, known):
        return True
    if fact.kind is FactKind.QUANTITY and _is_round(fact, bound, known, folded):
        return True
    step = _NEXT.get((bound, bound_of(folded, known)))
    size = _ONE_STEP.get(unit)
    return step is not None and size is not None and _is_next(fact, known, step * size)


def _is_round(fact: Fact, bound: Bound, known: Fact, folded: str) -> bool:
    """« moins d'un kilo » for 950 g: a little more than the figure, said as such."""
    mine, _, unit = fact.value.partition(" ")
    theirs, _, their_unit = known.value.partition(" ")
    if (
        unit != their_unit
        or not float(theirs) * float(mine)
        or bound_of(folded, known) is not Bound.NONE
    ):
        return False
    over = float(mine) / float(theirs)
    if bound is Bound.BELOW:
        return 1 <= over <= _A_LITTLE
    return bound is Bound.ABOVE and 1 <= 1 / over <= _A_LITTLE


def _is_next(fact: Fact, known: Fact, further: int) -> bool:
    mine, _, unit = fact.value.partition(" ")
    theirs, _, their_unit = known.value.partition(" ")
    return unit == their_unit and float(theirs) == float(mine) + further


def _is_same_length(fact: Fact, known: Fact) -> bool:
    """A month is four weeks, thirty days or thirty-one, a year 52 weeks or twelve months."""
    sizes = dict(f.value.split(" ")[::-1] for f in (fact, known) if " " in f.value)
    if set(sizes) != {"month", "min"}:
        return False
    months, days = float(sizes["month"]), float(sizes["min"]) / _DAY_MINUTES
    years = months / _YEAR_MONTHS
    is_of_years = years >= 1 and _YEAR_DAYS[0] * years <= days <= _YEAR_DAYS[1] * years
    if days % _WEEK_DAYS == 0 and _FOUR_WEEKS * months <= days <= _LONGEST_MONTH * months:
        return True
    return is_of_years or _SHORTEST_MONTH * months <= days <= _LONGEST_MONTH * months
