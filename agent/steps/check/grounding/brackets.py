"""Whether a reply gives an age, a weight or a delay the price of another bracket of the passage.

"At 30 you pay $6" where the passage has "$6 from 12 to 25, $11 above".
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from math import inf
from typing import NamedTuple

from agent.steps.check.grounding.bounds import Bound, bound_of, size_of
from agent.steps.check.grounding.outcomes import PAID, outcomes_in, with_outcomes
from agent.steps.check.grounding.pieces import Part, part_spans
from agent.steps.check.grounding.quantities import AT_AGE
from knowledge.passages import Language
from knowledge.text.fact_types import Fact, FactKind
from knowledge.text.facts import find_facts

_OUTCOMES = frozenset({FactKind.MONEY, FactKind.PERCENT})
_ABOVE_ALL = re.compile(
    r"\b(?:au-dela|au-dessus|ensuite|above|beyond|older|over that|after that)\b"
)
_EPSILON = 0.001
_FEWEST = 2
_MOST_PLACED = 2


class _Bracket(NamedTuple):
    """What a stretch of a passage gives between two ends, both included."""

    unit: str
    low: float
    high: float
    outcomes: frozenset[str]

    def holds(self, other: "_Bracket") -> bool:
        """Whether all of another one lies in it."""
        return self.unit == other.unit and self.low <= other.low and other.high <= self.high

    def meets(self, other: "_Bracket") -> bool:
        """Whether they have anything in common."""
        return self.unit == other.unit and self.low <= other.high and other.low <= self.high


def gives_outcome_of_another(folded: str, lang: Language, parts: Sequence[Part]) -> bool:
    """Whether a folded claim gives what another bracket of the passage than its own has."""
    theirs = _brackets(tuple(parts))
    claimed = _claimed(folded, lang) if len(theirs) >= _FEWEST else None
    if claimed is None:
        return False
    own = [one for one in theirs if one.holds(claimed)]
    elsewhere = [one for one in theirs if not one.meets(claimed)]
    if not own or any(claimed.outcomes & one.outcomes for one in own):
        return False
    return _differ_in_share(claimed, own) or any(
        claimed.outcomes & one.outcomes for one in elsewhere
    )


def gives_outcome_of_its_own(folded: str, lang: Language, parts: Sequence[Part]) -> bool:
    """Whether a folded claim gives what the one bracket that holds its figure has.

    A limit that the claim states is no figure inside another.
    """
    theirs = _brackets(tuple(parts))
    claimed = _claimed(folded, lang) if theirs else None
    if claimed is None or claimed.low != claimed.high:
        return False
    own = [one for one in theirs if one.holds(claimed)]
    return len(own) == 1 and bool(claimed.outcomes & own[0].outcomes)


def _claimed(folded: str, lang: Language) -> _Bracket | None:
    return _bracket(folded, (*find_facts(folded, lang), *outcomes_in(folded)), is_claim=True)


def _differ_in_share(claimed: _Bracket, own: Sequence[_Bracket]) -> bool:
    """A price may be a sum; of shares there is one."""
    return all(
        any(outcome.startswith(FactKind.PERCENT) for outcome in one.outcomes)
        for one in (claimed, *own)
    )


@lru_cache(maxsize=4096)
def _brackets(parts: tuple[Part, ...]) -> tuple[_Bracket, ...]:
    found = [bracket for part in with_outcomes(parts) for bracket in _brackets_of(part)]
    return tuple(found)


def _brackets_of(part: Part) -> Iterator[_Bracket]:
    last: _Bracket | None = None
    for start, end in part_spans(part):
        folded = part.folded[start:end]
        facts = [
            fact._replace(start=fact.start - start, end=fact.end - start)
            for fact in part.facts
            if start <= fact.start < end
        ]
        found = _bracket(folded, facts)
        if found is None and last is not None and _ABOVE_ALL.search(folded):
            found = _Bracket(last.unit, last.high + _EPSILON, inf, _outcomes(facts))
        if found is not None:
            last = found
            yield found


def _outcomes(facts: Sequence[Fact]) -> frozenset[str]:
    return frozenset(f"{f.kind} {f.value.split(' ')[0]}" for f in facts if f.kind in _OUTCOMES)


def _bracket(folded: str, facts: Sequence[Fact], *, is_claim: bool = False) -> _Bracket | None:
    """The one bracket of a stretch with at least one outcome."""
    outcomes = _outcomes(facts) - {f"{FactKind.MONEY} {PAID}"}
    placed = [(f, s) for f in facts if _is_measure(folded, f) for s in _placed(f)]
    if is_claim and sum(f.kind not in _OUTCOMES for f in facts) > 1:
        return None
    units = {unit for _, (unit, _) in placed}
    if not outcomes or len(units) != 1 or len(placed) > _MOST_PLACED:
        return None
    (unit,) = units
    if len(placed) == 1:
        fact, (_, size) = placed[0]
        return _Bracket(unit, *_ends(bound_of(folded, fact), size), outcomes)
    low, high = sorted(size for _, (_, size) in placed)
    return None if is_claim else _Bracket(unit, low, high, outcomes)


def _is_measure(folded: str, fact: Fact) -> bool:
    """Whether a fact may be what a bracket is of: a bare number only like an age or a limit."""
    if fact.kind is FactKind.NUMBER:
        is_bound = bound_of(folded, fact) is not Bound.NONE
        return is_bound or AT_AGE.search(folded[: fact.start]) is not None
    return fact.kind not in _OUTCOMES


def _placed(fact: Fact) -> list[tuple[str, float]]:
    """The figures of a fact: an age in years, like a bare number, others in their own unit."""
    amounts, _, unit = fact.value.partition(" ")
    facts = [fact._replace(value=f"{amount} {unit}".strip()) for amount in amounts.split("..")]
    sizes = [size for one in facts if (size := size_of(one)) is not None]
    return [("number", at / 12) if name == "month" else (name, at) for name, at in sizes]


def _ends(bound: Bound, size: float) -> tuple[float, float]:
    match bound:
        case Bound.BELOW:
            return 0.0, size - _EPSILON
        case Bound.AT_MOST:
            return 0.0, size
        case Bound.AT_LEAST:
            return size, inf
        case Bound.ABOVE:
            return size + _EPSILON, inf
        case _:
            return size, size
