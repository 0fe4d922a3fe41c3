"""Reads numbers in French and English texts: « 1 234,50 », "1,234.50", « quatre-vingt-dix »."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from knowledge.passages import Language


class Numeral(NamedTuple):
    """A number as written at `[start, end)` and its value."""

    start: int
    end: int
    value: Decimal
    is_spelled: bool = False


_DIGITS = re.compile(
    r"(?<![\w.,])(?:\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?![\d])(?:[.,]\d{1,2}(?!\d))?"
    r"|\d+(?:[.,]\d+)*)"
)
_GROUPED = re.compile(r"[ \u00a0\u202f]")

_AND_A_HALF = re.compile(r" and a (?:(half)|quarter)\b(?= [a-z])", re.IGNORECASE)
_ONE_AND_A_HALF = re.compile(r"\bone and a half\b(?= [a-z])", re.IGNORECASE)
_POWERS = (frozenset({"mille", "thousand"}), frozenset({"cent", "cents", "hundred"}))

_FR_SMALL = (
    "deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize "
    "dix-sept dix-huit dix-neuf"
)
_FR_TENS = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante"}
_EN_SMALL = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_EN_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"


def _french_words() -> dict[str, int]:
    small = {word: value for value, word in enumerate(_FR_SMALL.split(), start=2)}
    words = dict(small) | {"quatre-vingts": 80, "quatre-vingt": 80, "cent": 100, "mille": 1000}
    for ten, word in _FR_TENS.items():
        words |= {word: ten, f"{word}-et-un": ten + 1, f"{word}-et-une": ten + 1}
        words |= {f"{word}-{unit}": ten + value for unit, value in small.items() if value < 10}
    for base, word in ((60, "soixante"), (80, "quatre-vingt")):
        words |= {f"{word}-{unit}": base + value for unit, value in small.items() if value < 20}
    return words | {"soixante-et-onze": 71, "quatre-vingt-un": 81, "quatre-vingt-une": 81}


def _english_words() -> dict[str, int]:
    small = {word: value for value, word in enumerate(_EN_SMALL.split(), start=2)}
    words = dict(small) | {"hundred": 100, "one-hundred": 100, "thousand": 1000}
    for ten, word in enumerate(_EN_TENS.split(), start=2):
        words |= {word: ten * 10, f"{word}-one": ten * 10 + 1}
        words |= {f"{word}-{unit}": ten * 10 + value for unit, value in small.items() if value < 10}
    return words


@cache
def _lexicon(lang: Language) -> tuple[dict[str, int], re.Pattern[str]]:
    words: dict[str, int] = {}
    if lang is not Language.FR:
        words |= _english_words()
    if lang is not Language.EN:
        words |= _french_words()
    tokens = sorted({token for word in words for token in word.split("-")}, key=len, reverse=True)
    tokens = [token for token in tokens if token not in {"et", "a"}]
    hundreds = "|cents" if lang is Language.FR else ""
    word = "(?:" + "|".join(tokens) + ")"
    then = rf"[ -](?:et[ -]|(?:(?<=hundred )|(?<=thousand ))and )?(?:{word[3:-1]}{hundreds})"
    return words, re.compile(rf"\b{word}(?:{then})*\b", re.IGNORECASE)


def find_numerals(text: str, lang: Language) -> list[Numeral]:
    """Return the numbers of `text` in order: digits, and words from two to the thousands."""
    found = [
        Numeral(match.start(), match.end(), read_digits(match[0], lang))
        for match in _DIGITS.finditer(text)
    ]
    words, pattern = _lexicon(lang)
    spelled = _spelled(text, words, pattern)
    halves = (
        Numeral(*match.span(), Decimal("1.5"), is_spelled=True)
        for match in _ONE_AND_A_HALF.finditer(text)
    )
    whole = [*found, *halves, *spelled]
    return sorted(_with_half(text, numeral) for numeral in whole)


def _spelled(text: str, words: Mapping[str, int], pattern: re.Pattern[str]) -> Iterator[Numeral]:
    """Yield the numbers in words; of "ten three-hour sessions", both."""
    match = pattern.search(text)
    while match:
        numeral = _read_words(match, words)
        if numeral:
            yield numeral
        match = pattern.search(text, numeral.end if numeral else match.end())


def _with_half(text: str, numeral: Numeral) -> Numeral:
    """ "Two and a half hours"."""
    share = _AND_A_HALF.match(text, numeral.end)
    if share is None:
        return numeral
    value = numeral.value + (Decimal("0.5") if share[1] else Decimal("0.25"))
    return numeral._replace(end=share.end(), value=value)


def _read_words(match: re.Match[str], words: Mapping[str, int]) -> Numeral | None:
    """The longest beginning of a run of number words that is a number."""
    run = match[0].lower().replace(" ", "-")
    while run:
        value = _value_of(run.split("-"), words)
        if value is not None:
            end = match.start() + len(run)
            return Numeral(match.start(), end, Decimal(value), is_spelled=True)
        run = run.rpartition("-")[0]
    return None


def _value_of(tokens: Sequence[str], words: Mapping[str, int]) -> int | None:
    """« trois-cent-cinquante », "two hundred and fifty": what is before multiplies, after adds."""
    known = words.get("-".join(tokens))
    if known is not None:
        return known
    at = next((n for names in _POWERS for n, t in enumerate(tokens) if t in names), None)
    if at is None:
        return None
    power = 1000 if tokens[at] in _POWERS[0] else 100
    times = _value_of(tokens[:at], words) if at else 1
    rest = tokens[at + 1 :]
    if rest[:1] == ["and"]:
        rest = rest[1:]
    more = _value_of(rest, words) if rest else 0
    most = 10 if tokens[at] == "cents" else power
    is_number = times is not None and more is not None and times < most and more < power
    return power * (times or 0) + (more or 0) if is_number else None


def read_digits(written: str, lang: Language) -> Decimal:
    """Return the value of digits with French or English separators.

    Of two kinds of separator the last is the decimal one. A single separator before exactly three
    digits groups thousands, but for a French comma and an English point.
    """
    digits = _GROUPED.sub("", written)
    marks = [mark for mark in digits if mark in ".,"]
    if not marks:
        return Decimal(digits)
    last = marks[-1]
    whole, _, tail = digits.rpartition(last)
    if len(set(marks)) == 1 and _is_grouping(marks, tail, lang):
        return Decimal(digits.replace(last, ""))
    return Decimal(whole.replace(",", "").replace(".", "") + "." + tail)


def _is_grouping(marks: list[str], tail: str, lang: Language) -> bool:
    if len(marks) > 1:
        return True
    decimal = {Language.FR: ",", Language.EN: "."}.get(lang, "")
    return len(tail) == 3 and marks[0] != decimal


def canonical(value: Decimal) -> str:
    """Return the shortest plain form: `1234.5`, `30`."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
