"""Reads numbers in French and English texts: « 1 234,50 », "1,234.50", « quatre-vingt-dix »."""

import re
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
    words = dict(small) | {"quatre-vingts": 80, "quatre-vingt": 80, "cent": 100}
    for ten, word in _FR_TENS.items():
        words |= {word: ten, f"{word}-et-un": ten + 1, f"{word}-et-une": ten + 1}
        words |= {f"{word}-{unit}": ten + value for unit, value in small.items() if value < 10}
    for base, word in ((60, "soixante"), (80, "quatre-vingt")):
        words |= {f"{word}-{unit}": base + value for unit, value in small.items() if value < 20}
    return words | {"soixante-et-onze": 71, "quatre-vingt-un": 81, "quatre-vingt-une": 81}


def _english_words() -> dict[str, int]:
    small = {word: value for value, word in enumerate(_EN_SMALL.split(), start=2)}
    words = dict(small) | {"hundred": 100, "one-hundred": 100, "a-hundred": 100}
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
    word = "(?:" + "|".join(tokens) + ")"
    return words, re.compile(rf"\b{word}(?:[ -](?:et[ -])?{word})*\b", re.IGNORECASE)


def find_numerals(text: str, lang: Language) -> list[Numeral]:
    """Return the numbers of `text` in order: digits, and words from two to a hundred."""
    found = [
        Numeral(match.start(), match.end(), read_digits(match[0], lang))
        for match in _DIGITS.finditer(text)
    ]
    words, pattern = _lexicon(lang)
    spelled = (_read_words(match, words) for match in pattern.finditer(text))
    return sorted([*found, *(numeral for numeral in spelled if numeral)])


def _read_words(match: re.Match[str], words: dict[str, int]) -> Numeral | None:
    """The longest beginning of a run of number words that is a number."""
    run = match[0].lower().replace(" ", "-")
    while run:
        if run in words:
            end = match.start() + len(run)
            return Numeral(match.start(), end, Decimal(words[run]), is_spelled=True)
        run = run.rpartition("-")[0]
    return None


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
