"""A brand's regexes, run so that none can hang the desk."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import regex

_SECONDS = 0.2
"""A reply is short: a pattern that needs longer than this backtracks without end."""


class PatternTooSlowError(Exception):
    """A pattern did not come to an end in time."""


class Found(NamedTuple):
    """A match at `[start, end)`."""

    start: int
    end: int
    text: str


@lru_cache(maxsize=4096)
def _compiled(pattern: str, is_case_sensitive: bool, is_part_of_words: bool) -> Any:
    flags = regex.V0 if is_case_sensitive else regex.V0 | regex.IGNORECASE
    whole = pattern if is_part_of_words else rf"(?<!\w)(?:{pattern})(?!\w)"
    return regex.compile(whole, flags)


def find_all(
    pattern: str, text: str, *, is_case_sensitive: bool = False, is_part_of_words: bool = False
) -> Iterator[Found]:
    """Yield the matches of a brand's regex in the whole of `text`.

    Raises:
        PatternTooSlowError: it ran longer than 0.2 s.
    """
    compiled = _compiled(pattern, is_case_sensitive, is_part_of_words)
    try:
        for match in compiled.finditer(text, timeout=_SECONDS):
            if match.end() > match.start():
                yield Found(match.start(), match.end(), match[0])
    except TimeoutError:
        raise PatternTooSlowError(pattern) from None
