"""Parts of a unit, units said once and sizes in two units: « un demi-kilo », « 1m58 », "5 ft 9"."""

import re
from collections.abc import Iterator
from decimal import Decimal

from knowledge.text.fact_types import Fact, FactKind
from knowledge.text.fact_units import CURRENCIES, DURATIONS, MEASURES, WEEKDAYS, alternatives
from knowledge.text.numerals import Numeral, canonical

_SHARES = {
    "half": Decimal("0.5"),
    "quarter": Decimal("0.25"),
    "three": Decimal("0.75"),
}
_LEAST_LETTERS = 4
_NOT_COUNTED = {"piece", "pieces", "pièce", "pièces", "point", "points", "pouce", "pouces", "inch"}
_LONG = {w: 0 for w in MEASURES if len(w) >= _LEAST_LETTERS and w not in _NOT_COUNTED}
_PARTED = _LONG | {w: 0 for w, (_, size) in DURATIONS.items() if w[:4] in ("heur", "hour", "minu")}
_PART = re.compile(
    r"\b(?:(?:une? )?(?P<half>demi)e?[- ]|(?P<half2>(?<!and a )half)(?:[ -]an?(?: of an?)?)?[ -]"
    r"|(?:un )?(?P<quarter>quart) d(?:e |['’])"
    r"|(?P<quarter2>(?<!and a )quarter)(?:[ -]of)?(?:[ -]an?)?[ -]"
    r"|(?:trois|3) (?P<three>quarts) d(?:e |['’])"
    r"|(?:three|3)[ -](?P<three2>quarters)(?: of)? an? )"
    rf"(?P<unit>{alternatives(dict(_PARTED))})\b",
    re.IGNORECASE,
)
_MONEY = {w: 0 for w in CURRENCIES if len(w) >= _LEAST_LETTERS and w.isalpha()}
_ONE = re.compile(
    rf"\b(?:une?|one)(?=[ -](?:{alternatives(dict(_LONG | _MONEY))})\b)"
    rf"|\ban?(?= (?:{alternatives(dict(_LONG))}) and a (?:half|quarter)\b)",
    re.IGNORECASE,
)

_ROUND_NUMBERS = {
    "huitaine": 8,
    "dizaine": 10,
    "douzaine": 12,
    "quinzaine": 15,
    "vingtaine": 20,
    "trentaine": 30,
}
_ROUND = re.compile(
    rf"\b(?:une )?({'|'.join(_ROUND_NUMBERS)}) d(?:e\b|['’])(?= ?(?:jours?|minutes?)\b)",
    re.IGNORECASE,
)
_METRES = re.compile(r"(?<![\d.,])([0-2])m(\d{2})\b(?![\d²])", re.IGNORECASE)
_FEET = re.compile(
    r"(?<![\d.,])([3-7])(?:[- ]?(?:ft|foot|feet)(?![a-z]),?[- ]?|['’′](?=\d))"
    r"(1[01]|\d)(?!\d)(?:[ -]?(?:in|inch|inches)\b|[\"”″])?",
    re.IGNORECASE,
)


_DAYS = alternatives(dict(WEEKDAYS))
_OTHER_WEEK = re.compile(
    rf"(?:semaine|{_DAYS}) (?P<fr>sur deux)\b|\b(?P<en>every (?:other|second)) (?:week|{_DAYS})\b"
    r"|\b(?P<one>every two weeks|(?:every |a |each |per )?fortnight(?:ly)?|bimensuel\w*"
    r"|tous les (?:quinze|15) jours)\b",
    re.IGNORECASE,
)


_SOME_RHYTHM = re.compile(r"sur deux|every|fortnight|bimensuel|tous les", re.IGNORECASE)
"""A cheap gate: most texts name no rhythm."""


def find_rhythms(text: str) -> Iterator[Fact]:
    """Yield « un jeudi sur deux », "a fortnight" as what they are: fourteen days."""
    if not _SOME_RHYTHM.search(text):
        return
    for match in _OTHER_WEEK.finditer(text):
        name = next(n for n, words in match.groupdict().items() if words)
        yield Fact(FactKind.DURATION, "20160 min", *match.span(name))


def find_sizes(text: str) -> Iterator[Fact]:
    """Yield the heights of people: metres with centimetres, feet with inches."""
    for match in _METRES.finditer(text):
        value = f"{int(match[1]) * 1000 + int(match[2]) * 10} mm"
        yield Fact(FactKind.QUANTITY, value, *match.span())
    for match in _FEET.finditer(text):
        value = f"{int(match[1]) * 12 + int(match[2])} in"
        yield Fact(FactKind.QUANTITY, value, *match.span())


def find_ones(text: str) -> Iterator[Numeral]:
    """Yield the « un » of « un kilo », "one pound"; an « un » before a thing counts nothing."""
    for match in _ONE.finditer(text):
        yield Numeral(match.start(), match.end(), Decimal(1), is_spelled=True)
    for match in _ROUND.finditer(text):
        size = Decimal(_ROUND_NUMBERS[match[1].lower()])
        yield Numeral(match.start(), match.end(), size, is_spelled=True)


def find_shares(text: str) -> Iterator[Fact]:
    """Yield the facts that are a half, a quarter or three quarters of a unit."""
    for match in _PART.finditer(text):
        name = next(n for n, words in match.groupdict().items() if words and n != "unit")
        share = _SHARES[name.rstrip("2")]
        word = match["unit"].lower()
        kind = FactKind.DURATION if word in DURATIONS else FactKind.QUANTITY
        unit, size = DURATIONS[word] if word in DURATIONS else MEASURES[word]
        yield Fact(kind, f"{canonical(share * size)} {unit}", *match.span())
