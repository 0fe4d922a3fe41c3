"""Text to index terms: stems per language, letter groups, word pairs, and how much a word says."""

import json
import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files
from threading import Lock
from typing import Any, NamedTuple

from knowledge.passages import Language
from knowledge.text.normalise import match_key
from knowledge.text.tokens import words

FUNCTION_WEIGHT = 0.08
CHATTER_WEIGHT = 0.35
GRAM_SIZES = (3, 4, 5)
_RUN = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+(?:['-][^\W_]+)*")
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "\u2010": "-", "\u2011": "-"})
_SHORT_PART = 2


class IndexWord(NamedTuple):
    """A word as the index sees it."""

    key: str
    """Folded surface form, without language."""
    stem: str
    """Folded stem."""
    weight: float
    """1 for a word that says something, less for function words and chatter."""


_STEMMING = Lock()
"""A stemmer keeps the word it works on in itself: two threads would mix theirs."""


@cache
def _stemmer(lang: Language) -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer("english" if lang is Language.EN else "french")


@cache
def _light_words(lang: Language) -> dict[str, float]:
    """Return key -> weight of the words that say little in any FAQ."""
    source = files("knowledge").joinpath("data/light_words.json")
    table: dict[str, dict[str, str]] = json.loads(source.read_text(encoding="utf-8"))
    light: dict[str, float] = {}
    for kind, weight in (("chatter", CHATTER_WEIGHT), ("function", FUNCTION_WEIGHT)):
        for entry in table[lang.value][kind].split():
            for part in (entry, *(word.text for word in words(entry))):
                light[match_key(part).rstrip("'")] = weight
    return light


@lru_cache(maxsize=8192)
def words_of_run(run: str, lang: Language) -> tuple[IndexWord, ...]:
    """Return the index words of a run of letters, stemmed as `lang`; clitics (l', qu') are dropped.

    "e-mail" gives e, mail and email: both spellings of a short compound are found.
    """
    found: list[IndexWord] = []
    for word in words(run):
        if word.text.endswith("'"):
            continue
        parts = word.text.split("-")
        pieces = [piece for part in parts if (piece := part.strip("'").removesuffix("'s"))]
        if len(parts) > 1 and min(len(part) for part in parts) <= _SHORT_PART:
            pieces.append("".join(parts))
        found += [_index_word(piece, lang) for piece in pieces]
    return tuple(found)


def _index_word(piece: str, lang: Language) -> IndexWord:
    key = match_key(piece)
    with _STEMMING:
        stem = match_key(_stemmer(lang).stemWord(piece))
    light = _light_words(lang)
    return IndexWord(key, stem or key, light.get(key, 1.0))


def runs_of(text: str) -> list[str]:
    """Return the runs of letters and digits of `text`, in lower case."""
    lowered = unicodedata.normalize("NFC", text).lower().translate(_APOSTROPHES)
    return _RUN.findall(lowered)


def index_words(text: str, lang: Language) -> list[IndexWord]:
    """Return the words of `text` stemmed as `lang` (unknown: French), in order."""
    stems_as = Language.EN if lang is Language.EN else Language.FR
    return [word for run in runs_of(text) for word in words_of_run(run, stems_as)]


@lru_cache(maxsize=2048)
def grams_of(key: str) -> tuple[str, ...]:
    """Return the letter groups of a folded word, its edges marked by spaces."""
    edged = f" {key} "
    if len(edged) <= GRAM_SIZES[0]:
        return (edged,)
    return tuple(
        edged[start : start + size] for size in GRAM_SIZES for start in range(len(edged) - size + 1)
    )


def grams(found: Iterable[IndexWord]) -> list[str]:
    """Return the letter groups of the words, word by word."""
    return [gram for word in found for gram in grams_of(word.key)]
