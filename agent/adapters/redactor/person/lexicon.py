"""The lists of names and of words that are not names, loaded once, folded to ASCII."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from agent.adapters.redactor.data_files import read_sections

# Letters that Unicode does not decompose into a base letter and a mark.
_UNDECOMPOSED = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "ı": "i"}
)
_MILD = "only in lower case"
_PHRASES = "phrases"
# First names that are safe to take for a person even without a capital, by section of the list.
_KNOWN_SECTIONS = ("french", "breton", "maghreb", "west and central africa", "turkish")


def fold(word: str) -> str:
    """Return `word` in lower case, without accents, in ASCII where Latin script allows."""
    lowered = word.casefold()
    if lowered.isascii():
        return lowered
    decomposed = unicodedata.normalize("NFD", lowered.translate(_UNDECOMPOSED))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


class Lexicon(NamedTuple):
    """Folded words by what they can be."""

    given: frozenset[str]
    """First names of every origin."""
    well_known: frozenset[str]
    """First names frequent in French-speaking countries: a person even in lower case."""
    family: frozenset[str]
    everyday: frozenset[str]
    """Names that are also words: a capital is not enough."""
    mild: frozenset[str]
    """Names that are words in lower case only."""
    vocabulary: frozenset[str]
    """Words that are no names."""
    places: frozenset[str]
    """Towns, countries and firms of one word."""
    phrases: re.Pattern[str]
    """Firms, works and places of several words, matched on folded text."""


@lru_cache(maxsize=1)
def load_lexicon() -> Lexicon:
    """Read the data files of this package (about 20,000 names) and return them folded."""
    given = _sections("first_names.txt")
    family = _sections("surnames.txt")
    words = _sections("everyday_words.txt")
    places = _sections("places_and_brands.txt")
    mild = words.pop(_MILD)
    phrases = places.pop(_PHRASES)
    known = (names for title, names in given.items() if title.startswith(_KNOWN_SECTIONS))
    return Lexicon(
        given=_union(given),
        well_known=frozenset().union(*known),
        family=_union(family),
        everyday=_union(words) - mild,
        mild=mild,
        vocabulary=_union(_sections("vocabulary.txt")),
        places=_union(places),
        phrases=re.compile(rf"(?<!\w)(?:{'|'.join(sorted(map(re.escape, phrases)))})(?!\w)"),
    )


def _union(sections: dict[str, frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*sections.values())


def _sections(name: str) -> dict[str, frozenset[str]]:
    """Return the words (or phrases divided by `|`) of a data file by section, folded."""
    return {
        title: frozenset(
            fold(entry.strip())
            for line in lines
            for entry in (line.split("|") if title == _PHRASES else line.split())
        )
        for title, lines in read_sections(name).items()
    }
