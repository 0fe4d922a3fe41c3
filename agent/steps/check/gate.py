"""Patterns that remember in which pieces of text they do not occur: approved wordings recur."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import count
from typing import NamedTuple

_STOPS = ".!?"
_PIECE = re.compile(r"[^.!?]*[.!?]+|[^.!?]+")
_MOST_PIECES = 4096
_MOST_TEXTS = 1024
_ELEMENT = re.compile(r"\\.|\(\?(?:[:=!]|<[=!])|\[\^?\]?(?:\\.|[^\]\\])*\]|.", re.DOTALL)
_ANCHORS = frozenset({"^", "$", r"\A", r"\Z"})
_SYNTAX = frozenset("?*+{}()|") | {"(?:", "(?=", "(?!", "(?<=", "(?<!"}

_next_key = count()


class _Piece(NamedTuple):
    """A stretch of text up to its stops, and which patterns were found in it, by their key."""

    start: int
    text: str
    known: dict[int, bool]


class Gated:
    """Regex alternatives, searched as one pattern, with exactly that pattern's matches.

    A match that can hold no full stop lies between two of them, so it can be looked for in each
    piece apart, and a piece read before need not be read again.
    """

    def __init__(self, alternatives: Sequence[str], before: str = "", after: str = "") -> None:
        """Compile `alternatives`; `before` and `after` stand around all of them."""

        def joined(chosen: Sequence[str]) -> re.Pattern[str]:
            return re.compile(f"{before}(?:{'|'.join(chosen)}){after}")

        is_edged = stays_in_piece(before) and stays_in_piece(after)
        local = [one for one in alternatives if is_edged and stays_in_piece(one)]
        wide = [one for one in alternatives if one not in local]
        self._whole = joined(alternatives)
        self._local = joined(local) if local else None
        self._wide = joined(wide) if wide else None
        self._key = new_key()

    def search(self, text: str) -> re.Match[str] | None:
        """Return the first match, or None."""
        start = self._first_piece(text)
        if start is None:
            return self._wide.search(text) if self._wide else None
        return self._whole.search(text, 0 if self._wide else start)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Return every match, in order."""
        start = self._first_piece(text)
        if start is None:
            return self._wide.finditer(text) if self._wide else iter(())
        return self._whole.finditer(text, 0 if self._wide else start)

    def _first_piece(self, text: str) -> int | None:
        """Return where the first piece starts that holds a match of its own."""
        local, key = self._local, self._key
        return None if local is None else first_piece_with(text, key, local.search)


def new_key() -> int:
    """Return the key of one more pattern that pieces remember."""
    return next(_next_key)


def first_piece_with(text: str, key: int, search: Callable[[str], object]) -> int | None:
    """Return where the first piece starts in which `search` finds something, or None.

    `key` stands for `search`: what it found in a piece is remembered under it.
    """
    for start, words, known in _pieces(text):
        found = known.get(key)
        if found is None:
            found = known[key] = search(words) is not None
        if found:
            return start
    return None


@lru_cache(maxsize=_MOST_TEXTS)
def _pieces(text: str) -> tuple[_Piece, ...]:
    return tuple(_Piece(m.start(), m[0], _known(m[0])) for m in _PIECE.finditer(text))


@lru_cache(maxsize=_MOST_PIECES)
def _known(piece: str) -> dict[int, bool]:
    return {}


def stays_in_piece(pattern: str) -> bool:
    """Whether no match of `pattern`, nor what it looks at around it, can hold a full stop."""
    return not any(_may_be_stop(element[0]) for element in _ELEMENT.finditer(pattern))


def _may_be_stop(element: str) -> bool:
    if element in _SYNTAX:
        return False
    if element in _ANCHORS:
        return True
    try:
        return any(re.fullmatch(element, stop) for stop in _STOPS)
    except re.error:
        # A reference to a group: what it holds is not known here.
        return True
