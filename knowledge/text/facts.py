"""Finds the facts of a text that can be compared exactly, in one normal form for both languages.

« 1 234,50 € », "€1,234.50" and "1234.50 EUR" have one value; so do « 48 h » and « deux jours ».
"""

import re
from functools import lru_cache

from knowledge.passages import Language
from knowledge.text.fact_types import Fact, FactKind
from knowledge.text.literal_facts import find_literals, names_bare_codes
from knowledge.text.numeric_facts import find_numeric

__all__ = ["Fact", "FactKind", "agrees", "find_facts"]

_PIECE_END = re.compile(r"(?<=[.!?…])\s+(?=[A-ZÀ-ÖØ-Ý])|(?<=,)\n+(?=[A-ZÀ-ÖØ-Ý])")
"""Where no fact reaches across: none has a stop, a space and a capital inside, nor looks past."""


@lru_cache(maxsize=1024)
def find_facts(text: str, lang: Language = Language.UNKNOWN) -> tuple[Fact, ...]:
    """Return the facts of `text` by position; they never overlap.

    `lang` decides what "1,234" and "cent" mean; unknown reads both languages.
    """
    has_codes = names_bare_codes(text)
    found: list[Fact] = []
    start = 0
    for gap in [*(match.span() for match in _PIECE_END.finditer(text)), (len(text), 0)]:
        facts = _facts_of(text[start : gap[0]], lang, has_codes)
        found += [Fact(f.kind, f.value, f.start + start, f.end + start) for f in facts]
        start = gap[1]
    return tuple(found)


@lru_cache(maxsize=1024)
def _facts_of(piece: str, lang: Language, has_codes: bool) -> tuple[Fact, ...]:
    """Read one piece of a text: approved sentences come back in reply after reply."""
    literals = find_literals(piece, has_codes=has_codes)
    numeric = find_numeric(piece, lang, [(fact.start, fact.end) for fact in literals])
    return tuple(sorted([*literals, *numeric], key=lambda fact: fact.start))


def agrees(claim: Fact, source: Fact) -> bool:
    """Whether `source` states what `claim` states.

    A claim may be less precise than its source (a date without its year, one end of a range of
    prices, the longer end of a range of durations), never more.
    """
    if claim.value == source.value:
        return claim.kind is source.kind or _are_comparable(claim, source)
    if claim.kind is FactKind.DATE and source.kind is FactKind.DATE:
        return claim.value.startswith("--") and source.value.endswith(claim.value[1:])
    if claim.kind is FactKind.TIME is source.kind and ("|" in claim.value or "|" in source.value):
        return not set(claim.value.split("|")).isdisjoint(source.value.split("|"))
    if ".." in source.value and claim.kind is source.kind:
        return _is_end_of_range(claim, source)
    if claim.kind is FactKind.URL and source.kind is FactKind.URL:
        return claim.value == source.value.split("?")[0] or claim.value == _host(source.value)
    return _is_same_clock(claim, source) or _is_same_clock(source, claim)


def _are_comparable(claim: Fact, source: Fact) -> bool:
    return {claim.kind, source.kind} <= {FactKind.NUMBER, FactKind.QUANTITY, FactKind.PHONE}


def _host(url: str) -> str:
    return url.partition("/")[0]


def _is_end_of_range(claim: Fact, source: Fact) -> bool:
    amounts, _, unit = source.value.partition(" ")
    low, _, high = amounts.partition("..")
    ends = {high} if claim.kind is FactKind.DURATION else {low, high}
    return claim.value in {f"{end} {unit}".strip() for end in ends}


def _is_same_clock(time: Fact, duration: Fact) -> bool:
    """« 18 h » is an hour of the day or a length of time: only the context says which."""
    if (time.kind, duration.kind) != (FactKind.TIME, FactKind.DURATION) or ":" not in time.value:
        return False
    clocks = [clock.split(":") for clock in time.value.split("|")]
    return duration.value in {f"{int(hour) * 60 + int(minute)} min" for hour, minute in clocks}
