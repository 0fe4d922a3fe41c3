"""Patterns that remember in which pieces of text they do not occur: approved wordings recur."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import count
from typing import NamedTuple

_STOPS = ".!?"
_PIECE = re.compile(r"[^.!?]*[.!?]+|[^.!?]+")
_MOST_PIECES = 1024
_MOST_TEXTS = 1024
_ELEMENT = re.compile(r"\\.|\(\?(?:[:=!]|<[=!])|\[\^?\]?(?:\\.|[^\]\\])*\]|.", re.DOTALL)
_ANCHORS = frozenset({"^", "$", r"\A", r"\Z"})
_SYNTAX = frozenset("?*+{}()|") | {"(?:", "(?=", "(?!", "(?<=", "(?<!"}

_next_key = count()


class _Known(NamedTuple):
    """The keys of the patterns that were looked for in a piece.

    Threads share it: it is read and added to in single steps, never walked through.
    """

    lacking: set[int]
    held: set[int]


class _Piece(NamedTuple):
    """A stretch of text up to its stops, and what is known of it."""

    start: int
    text: str
    known: _Known


class _Text:
    """A text in pieces."""

    def __init__(self, text: str) -> None:
        self._pieces = [_Piece(m.start(), m[0], _known(m[0])) for m in _PIECE.finditer(text)]
        lacking = sorted((piece.known.lacking for piece in self._pieces), key=len)
        self.absent = lacking[0].intersection(*lacking[1:]) if lacking else set[int]()
        """Keys of patterns that are in no piece: what was known at first sight, and since."""

    def first_with(self, key: int, search: Callable[[str], object]) -> int | None:
        """Return where the first piece starts in which `search`, known as `key`, finds any."""
        if key in self.absent:
            return None
        for start, words, (lacking, held) in self._pieces:
            if key in lacking:
                continue
            if key in held or search(words) is not None:
                held.add(key)
                return start
            lacking.add(key)
        self.absent.add(key)
        return None


class Gated:
    """Regex alternatives, searched as one pattern, with exactly that pattern's matches.

    A match that can hold no full stop lies between two of them, so it can be looked for in each
    piece apart, and a piece read before need not be read again.
    """

    def __init__(self, alternatives: Sequence[str], before: str = "", after: str = "") -> None:
        """Take `alternatives`; `before` and `after` stand around all of them."""
        is_edged = stays_in_piece(before) and stays_in_piece(after)
        self._edges = before, after
        self._all = alternatives
        self._of_piece = [one for one in alternatives if is_edged and stays_in_piece(one)]
        self._of_text = [one for one in alternatives if one not in self._of_piece]
        self._key = new_key()

    # Compiled when first searched: most lists are long, and most messages need few of them.

    @cached_property
    def _whole(self) -> re.Pattern[str]:
        return self._joined(self._all)

    @cached_property
    def _local(self) -> re.Pattern[str] | None:
        return self._joined(self._of_piece) if self._of_piece else None

    @cached_property
    def _wide(self) -> re.Pattern[str] | None:
        return self._joined(self._of_text) if self._of_text else None

    def _joined(self, chosen: Sequence[str]) -> re.Pattern[str]:
        before, after = self._edges
        return re.compile(f"{before}(?:{'|'.join(chosen)}){after}")

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

    def occurs(self, text: str) -> bool:
        """Return whether there is a match at all, without looking where it is."""
        if self._first_piece(text) is not None:
            return True
        return self._wide is not None and self._wide.search(text) is not None

    def _first_piece(self, text: str) -> int | None:
        """Return where the first piece starts that holds a match of its own."""
        read = _read(text)
        if self._key in read.absent or not self._of_piece:
            return None
        return read.first_with(self._key, self._search_piece)

    def _search_piece(self, words: str) -> object:
        return self._local.search(words) if self._local else None


def new_key() -> int:
    """Return the key of one more pattern that pieces remember."""
    return next(_next_key)


def first_piece_with(text: str, key: int, search: Callable[[str], object]) -> int | None:
    """Return where the first piece starts in which `search` finds something, or None.

    `key` stands for `search`: what it found in a piece is remembered under it.
    """
    return _read(text).first_with(key, search)


@lru_cache(maxsize=_MOST_TEXTS)
def _read(text: str) -> _Text:
    return _Text(text)


@lru_cache(maxsize=_MOST_PIECES)
def _known(piece: str) -> _Known:
    return _Known(set(), set())


def stays_in_piece(pattern: str) -> bool:
    """Whether no match of `pattern`, nor what it looks at around it, can hold a full stop."""
    return not any(_may_be_stop(element[0]) for element in _ELEMENT.finditer(pattern))


@lru_cache(maxsize=4096)
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
