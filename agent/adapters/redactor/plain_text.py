"""The text as detectors read it, with the way back to the offsets of the message itself."""

import unicodedata
from typing import NamedTuple

# Signs that look alike: one character for one, so offsets stay.
_ALIKE = str.maketrans(
    {
        "\u00a0": " ", "\u202f": " ", "\u2007": " ", "\u2009": " ", "\u3000": " ", "\t": " ",
        "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2212": "-", "\u2019": "'", "\u02bc": "'",
        "\uff20": "@", "\uff0e": ".", "\uff0d": "-", "\uff0b": "+",
        **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
    }
)  # fmt: skip
# Signs nobody sees, which split a number or an address for a machine and not for a reader.
_UNSEEN = frozenset(
    "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u202a\u202b\u202c\u2066\u2069"
)


class PlainText(NamedTuple):
    """`text` for the detectors; `offsets[i]` is where its i-th character began in the message."""

    text: str
    offsets: list[int] | None
    """None: the offsets are the same."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the message that the span of the plain text stands for."""
        if self.offsets is None:
            return start, end
        return self.offsets[start], self.offsets[end - 1] + self._width(end - 1)

    def _width(self, index: int) -> int:
        assert self.offsets is not None  # noqa: S101 - narrowing; span() has checked it
        return self.offsets[index + 1] - self.offsets[index]


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
    offsets: list[int] = []
    position = 0
    while position < len(message):
        end = position + 1
        while end < len(message) and unicodedata.combining(message[end]):
            end += 1
        seen = "".join(char for char in message[position:end] if char not in _UNSEEN)
        for char in unicodedata.normalize("NFC", seen):
            pieces.append(char)
            offsets.append(position)
        position = end
    return PlainText("".join(pieces).translate(_ALIKE), [*offsets, len(message)])
