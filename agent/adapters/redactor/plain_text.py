"""The text as detectors read it, with the way back to the offsets of the message itself."""

import unicodedata
from typing import NamedTuple

# Signs that look alike: one character for one, so offsets stay.
_ALIKE = str.maketrans(
    {
        **dict.fromkeys("\u00a0\u1680\u202f\u205f\u3000\t\r\v\f", " "),
        **dict.fromkeys(map(chr, range(0x2000, 0x200B)), " "),
        "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2212": "-", "\u2019": "'", "\u02bc": "'",
        "\uff20": "@", "\uff0e": ".", "\uff0d": "-", "\uff0b": "+",
        # Arabic-Indic and Persian digits.
        **{chr(zero + digit): str(digit) for zero in (0x660, 0x6F0) for digit in range(10)},
        # Wide letters and digits, and those of mathematics: bold, italic, monospaced.
        **{
            char: unicodedata.normalize("NFKC", char)
            for char in map(chr, (*range(0xFF10, 0xFF5B), *range(0x1D400, 0x1D800)))
            if len(unicodedata.normalize("NFKC", char)) == 1
        },
    }
)  # fmt: skip
# Signs nobody sees, which split a number or an address for a machine and not for a reader.
_UNSEEN = frozenset(
    "\ufe0e\ufe0f\u20e3\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u202a\u202b\u202c\u2066\u2069"
)


class PlainText(NamedTuple):
    """`text` for the detectors, and where each of its characters stands in the message."""

    text: str
    places: list[tuple[int, int]] | None
    """Start and end (exclusive) of each character; None: the same as in `text`."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the message that the span of the plain text stands for."""
        if self.places is None:
            return start, end
        return self.places[start][0], self.places[end - 1][1]


def read_plain(message: str) -> PlainText:
    """Return `message` in NFC, look-alike signs made equal and unseen ones left out."""
    is_simple = message.isascii() or (
        unicodedata.is_normalized("NFC", message) and not _UNSEEN.intersection(message)
    )
    if is_simple:
        return PlainText(message.translate(_ALIKE), None)
    return _mapped(message)


def _mapped(message: str) -> PlainText:
    pieces: list[str] = []
    places: list[tuple[int, int]] = []
    position = 0
    while position < len(message):
        end = position + 1
        while end < len(message) and _belongs(message[end]):
            end += 1
        seen = "".join(char for char in message[position:end] if char not in _UNSEEN)
        for char in unicodedata.normalize("NFC", seen):
            pieces.append(char)
            places.append((position, end))
        position = end
    return PlainText("".join(pieces).translate(_ALIKE), places)


def _belongs(char: str) -> bool:
    """Say whether a sign goes with the one before it: an accent, the frame of a keycap digit."""
    return unicodedata.combining(char) > 0 or char in "\ufe0e\ufe0f\u20e3"
