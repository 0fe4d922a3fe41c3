"""French number plates: the series since 2009 (AA-123-AA) and the one before (1234 AB 75)."""

import re
from collections.abc import Iterator

from agent.adapters.redactor.data_files import either
from agent.adapters.redactor.detectors.cues import near
from agent.adapters.redactor.found import Found

# I, O and U are never used in the series since 2009.
_LETTERS = r"[A-HJ-NP-TV-Za-hj-np-tv-z]{2}"
_HYPHENS = re.compile(rf"(?<![\w-]){_LETTERS}-\d{{3}}-{_LETTERS}(?![\w-])")
_LOOSE = re.compile(rf"(?<![\w-]){_LETTERS}[ .]?\d{{3}}[ .]?{_LETTERS}(?![\w-])")
_OLD = re.compile(
    r"(?<![\w-])\d{1,4}[ -]?[A-HJ-NP-TV-Z]{2,3}[ -]?"
    r"(?:0[1-9]|[1-8]\d|9[0-5]|2[AB]|97[1-6])(?![\w-])",
    re.IGNORECASE,
)
# Next to "my plate is", whatever has the shape of one: people mistake an O for a zero.
_SHAPE = re.compile(
    r"(?<![\w-])(?:[A-Z]{2}[ .-]?\d{3}[ .-]?[A-Z]{2}|\d{3,4}[ -]?[A-Z]{2,3}[ -]?\d{2})(?![\w-])"
)
_CUE = re.compile(either("number_cues.txt", "vehicle"), re.IGNORECASE)
_CUE_REACH = 60


def find_plates(text: str) -> Iterator[Found]:
    """Yield plates: with hyphens anywhere, in any other form only near a word about vehicles."""
    for match in _HYPHENS.finditer(text):
        yield Found(match.start(), match.end(), 0.9)
    for pattern in (_LOOSE, _OLD, _SHAPE):
        for match in pattern.finditer(text):
            if near(_CUE, text, match.start(), match.end(), _CUE_REACH):
                yield Found(match.start(), match.end(), 0.88)
