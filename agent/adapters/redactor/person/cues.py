"""The words that announce a person: "je m'appelle", "Mme", "ma fille", "cordialement"."""

import re
from enum import IntFlag
from functools import lru_cache
from typing import Any, NamedTuple

import regex

from agent.adapters.redactor.data_files import either, read_sections


class Cue(IntFlag):
    """How a name is announced; decides what is believed to be a name after it."""

    NONE = 0
    SELF = 1
    """Says a name follows: any word is believed, even in lower case."""
    TITLE = 2
    RELATION = 4
    """ "Ma fille", "votre collègue", "the driver". """
    GREETING = 8
    WITH = 16
    """Somebody does something with, for or by somebody."""
    SIGNATURE = 32
    COPULA = 64
    """ "Je suis", "c'est": a listed name is believed, other words are not. """
    TALK = 256
    """A verb whose object is a person, and nothing else: "rappeler", "I spoke to"."""
    INTRO = 512
    """Somebody presents themselves at the start of a message: "Bonjour, c'est"."""
    PUBLIC = 128
    """A street, a shop, a product: what follows is not a person."""


_REACH = 56
"""Characters before a name in which its cue must lie."""
_AHEAD = 44
_LAST_WORD = re.compile(r"[^\W_]+[\W_]*\Z")
_MOST_REMEMBERED = 2048
_FILE = "person_cues.txt"
_ACROSS_LINES = Cue.SIGNATURE | Cue.SELF
_GAP = r"\s*[«\"“(]?\s*"
_GAP_IN_LINE = '[ \u00a0]*[«"“(]?[ \u00a0]*'


class _Patterns(NamedTuple):
    before: tuple[tuple[Cue, Any], ...]
    product: Any
    acts: Any
    acts_surely: Any
    firm: Any


@lru_cache(maxsize=1)
def _patterns() -> _Patterns:
    """Compile the cue file. Cues before a name are searched backwards from the name."""
    parts = {title: either(_FILE, title) for title in read_sections(_FILE)}
    before: list[tuple[Cue, Any]] = []
    for cue in Cue:
        pattern = parts[str(cue.name).lower()]
        for title, group in parts.items():
            pattern = pattern.replace(f"{{{title}}}", group)
        gap = _GAP if cue & _ACROSS_LINES else _GAP_IN_LINE
        compiled = regex.compile(rf"(?r)(?:{pattern})['’]?{gap}\Z", regex.IGNORECASE)
        before.append((cue, compiled))
    product = rf"[»\"”']?[ ](?:\w+[ ])?{parts['english product']}(?!\w)"
    ahead = (product, parts["acts"], parts["acts surely"], parts["firm"])
    return _Patterns(tuple(before), *(regex.compile(one, regex.IGNORECASE) for one in ahead))


def cues_before(text: str, position: int) -> Cue:
    """Return every cue that ends just before `position`."""
    start = max(0, position - _REACH)
    before = text[start:position]
    if not before.strip():
        return Cue.NONE
    last = _LAST_WORD.search(before)
    found = Cue.NONE
    for cue, pattern in _ending_with(last[0]) if last and last.start() else _patterns().before:
        if pattern.search(text, start, position):
            found |= cue
    return found


@lru_cache(maxsize=_MOST_REMEMBERED)
def _ending_with(word: str) -> tuple[tuple[Cue, Any], ...]:
    """Return the cues that may end with one word and the marks after it: for most words, none."""
    # Searched backwards, a partial match is one that words further to the left may complete.
    return tuple(pair for pair in _patterns().before if pair[1].search(word, partial=True))


def is_product_after(text: str, position: int) -> bool:
    """Say whether an article of a shop follows: "the Charlotte dress"."""
    return _patterns().product.match(text, position, position + _AHEAD) is not None


def acts_after(text: str, position: int) -> bool:
    """Say whether what follows is something that people do: "Violette m'a conseillée"."""
    return _patterns().acts.match(text, position, position + _AHEAD) is not None


def surely_acts_after(text: str, position: int) -> bool:
    """Say whether what follows is something that only people do: "X m'a raccroché au nez"."""
    return _patterns().acts_surely.match(text, position, position + _AHEAD) is not None


def is_firm_after(text: str, position: int) -> bool:
    """Say whether the name is that of a company: "Johnson Inc."."""
    return _patterns().firm.match(text, position, position + _AHEAD) is not None
