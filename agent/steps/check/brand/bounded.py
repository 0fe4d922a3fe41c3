"""A brand's regexes, run so that none can hang the desk."""

import re
from collections.abc import Iterator
from functools import lru_cache, partial
from typing import Any, NamedTuple

import regex

from agent.steps.check.gate import first_piece_with, new_key, stays_in_piece

_FUZZY = re.compile(r"\{[^}]*[a-z<]|\(\?[a-zA-Z&>|]")
"""Errors allowed, flags and named groups: what such a pattern may hold is not known here."""
_SECONDS = 0.2
"""A reply is short: a pattern that needs longer than this backtracks without end."""


class PatternTooSlowError(Exception):
    """A pattern did not come to an end in time."""


class Found(NamedTuple):
    """A match at `[start, end)`."""

    start: int
    end: int
    text: str


class _Compiled(NamedTuple):
    pattern: Any
    key: int | None
    """For pieces to remember the pattern by; None where a match may reach across a full stop."""


@lru_cache(maxsize=4096)
def _compiled(pattern: str, is_case_sensitive: bool, is_part_of_words: bool) -> _Compiled:
    flags = regex.V0 if is_case_sensitive else regex.V0 | regex.IGNORECASE
    whole = pattern if is_part_of_words else rf"(?<!\w)(?:{pattern})(?!\w)"
    is_local = stays_in_piece(whole) and _FUZZY.search(whole) is None
    return _Compiled(regex.compile(whole, flags), new_key() if is_local else None)


def find_all(
    pattern: str, text: str, *, is_case_sensitive: bool = False, is_part_of_words: bool = False
) -> Iterator[Found]:
    """Yield the matches of a brand's regex in the whole of `text`.

    Raises:
        PatternTooSlowError: it ran longer than 0.2 s.
    """
    compiled, key = _compiled(pattern, is_case_sensitive, is_part_of_words)
    search = partial(compiled.search, timeout=_SECONDS)
    try:
        if key is not None and first_piece_with(text, key, search) is None:
            return
        for match in compiled.finditer(text, timeout=_SECONDS):
            if match.end() > match.start():
                yield Found(match.start(), match.end(), match[0])
    except TimeoutError:
        raise PatternTooSlowError(pattern) from None
