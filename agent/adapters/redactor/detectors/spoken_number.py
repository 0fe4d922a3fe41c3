"""Numbers written in words, French and English, as people do to slip a phone past a filter."""

import re
from collections.abc import Iterator

from agent.adapters.redactor.found import Found

_FRENCH = (
    "zero", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix",
    "onze", "douze", "treize", "quatorze", "quinze", "seize",
)  # fmt: skip
_ENGLISH = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
)  # fmt: skip
_UNITS = {
    **{word: value for value, word in enumerate(_FRENCH)},
    **{word: value for value, word in enumerate(_ENGLISH)},
    **{"zéro": 0, "une": 1, "o": 0, "oh": 0},
}
_TENS = {
    "vingt": 20, "vingts": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60,
    "septante": 70, "huitante": 80, "octante": 80, "nonante": 90,
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90,
}  # fmt: skip
_REPEATS = {"double": 2, "triple": 3}
_WORDS = sorted((*_UNITS, *_TENS, *_REPEATS, "plus", "et"), key=len, reverse=True)
_RUN = re.compile(
    rf"(?<![\w-])(?:(?:{'|'.join(_WORDS)}|\d{{1,4}})(?:[ ]?[,.\-–][ ]?|[ ])){{3,}}"
    rf"(?:{'|'.join(_WORDS)}|\d{{1,4}})(?![\w-])",
    re.IGNORECASE,
)
_PART = re.compile(r"[^\W\d_]+|\d+")
_GATE = re.compile(r"\b(?:z[ée]ro|oh|plus|double|seven)\b", re.IGNORECASE)
_NATIONAL_LENGTHS = (10, 11)
"""French and British numbers with their leading zero."""


def find_spoken_phones(text: str) -> Iterator[Found]:
    """Yield runs of number words that spell a phone number of 8 to 13 digits."""
    if not _GATE.search(text):
        return
    for match in _RUN.finditer(text):
        words = [part.group(0).casefold() for part in _PART.finditer(match.group(0))]
        if sum(word.isdigit() for word in words) > len(words) - 2:
            continue
        digits = spoken_digits(words)
        if _is_phone(digits):
            yield Found(match.start(), match.end(), 0.9)


def spoken_digits(words: list[str]) -> str:
    """Return the digits that number words spell: "quatre vingt dix neuf" gives "99"."""
    digits, position = "", 0
    while position < len(words):
        word = words[position]
        if word in _REPEATS and position + 1 < len(words):
            digits += str(_UNITS.get(words[position + 1], "")) * _REPEATS[word]
            position += 2
        elif word in ("plus", "et"):
            position += 1
        elif word.isdigit():
            digits, position = digits + word, position + 1
        else:
            value, position = _below_hundred(words, position)
            digits += str(value)
    return digits


def _below_hundred(words: list[str], position: int) -> tuple[int, int]:
    word = words[position]
    following = words[position + 1] if position + 1 < len(words) else ""
    if word == "quatre" and following in ("vingt", "vingts"):
        return _with_rest(80, words, position + 2)
    if word in _TENS:
        return _with_rest(_TENS[word], words, position + 1)
    if word == "dix" and following in ("sept", "huit", "neuf"):
        return 10 + _UNITS[following], position + 2
    return _UNITS[word], position + 1


def _with_rest(tens: int, words: list[str], position: int) -> tuple[int, int]:
    """Add what follows a ten: units, and after 60 and 80 also 10 to 19."""
    if words[position : position + 1] == ["et"] and position + 1 < len(words):
        position += 1
    if position >= len(words) or words[position] not in _UNITS:
        return tens, position
    rest, after = _below_hundred(words, position)
    limit = 19 if tens in (60, 80) else 9
    if 0 < rest <= limit:
        return tens + rest, after
    return tens, position


def _is_phone(digits: str) -> bool:
    if digits.startswith("33") or digits.startswith("0033"):
        return True
    if digits.startswith("0"):
        return len(digits) in _NATIONAL_LENGTHS
    return 10 <= len(digits) <= 13
