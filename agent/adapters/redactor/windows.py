"""A long text in overlapping pieces, so that the time to read it grows with its length only.

Presidio compares every finding with every other, and some patterns look far ahead; both are
harmless in a message and hopeless in a pasted log of a megabyte.
"""

from collections.abc import Iterator
from typing import NamedTuple

_CORE = 6_000
_BEFORE = 200
"""Characters read before a piece, for the cues of its first findings."""
_AFTER = 500
"""Characters read after a piece: longer than any single value, addresses included."""


class Window(NamedTuple):
    """What to read (`start`..`end`), and where findings count (`first`..`last`, exclusive)."""

    start: int
    end: int
    first: int
    last: int


def windows(text: str) -> Iterator[Window]:
    """Yield pieces whose cores follow each other and together make up `text`.

    A finding belongs to the piece in whose core it starts, so none is found twice.
    """
    first = 0
    while first < len(text) or first == 0:
        last = _cut(text, first + _CORE)
        start = _cut(text, first - _BEFORE) if first else 0
        yield Window(start, _cut(text, last + _AFTER), first, last)
        first = max(last, 1)


def _cut(text: str, position: int) -> int:
    """Return a place near `position` where no word is cut in two, if there is one."""
    if position >= len(text):
        return len(text)
    blank = max(text.rfind(sign, max(0, position - _BEFORE), position) for sign in "\n ")
    return blank + 1 if blank > 0 else max(0, position)
