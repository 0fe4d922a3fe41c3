"""Tells French from English, and both from everything else, by function words and letter groups."""

import json
import math
import re
import unicodedata
from functools import lru_cache
from importlib import resources
from itertools import chain, islice
from typing import NamedTuple

from knowledge.passages import Language

_MOST_WORDS = 150
"""Words read of a long text: more does not change the verdict and costs time."""
_LEAST_EVIDENCE = 0.45
_LEAST_SHARE = 0.5
_LEAST_KNOWN = 0.12
_ENOUGH_WORDS = 4
"""From this many words on, a French or English text without a single listed word is neither."""
_LETTER_VOTE = 0.3

_NOT_LANGUAGE = re.compile(r"\[[A-Z][A-Z_]*_\d+\]|https?://\S+|www\.\S+|\S+@\S+|[@#]\w+")
_WORD = re.compile(r"[^\W\d_]+")
_STRETCH_END = re.compile(r"(?<=[.!?…])\s+")
"""Where a text may be cut: no word, link or handle holds a space."""
_STRETCHED = re.compile(r"(.)\1{2,}")
_FRENCH_PUNCTUATION = re.compile(r"\w[  \u00a0\u202f][!?;:](?:\s|$)|«")
_FRENCH_LETTERS = frozenset("éèêàçùûôîïëœâ")
_OTHER_LETTERS = frozenset("ñß¿¡äöåøæłãõìòáíóúýčšžřęąśćńżźşğıțșőű")
_NOT_FRENCH_OR_ENGLISH = 1.0


class _Tables(NamedTuple):
    words: dict[str, tuple[float, float, float]]
    """Folded or exact lower-case word -> votes for French, English, another language."""
    letters: dict[str, float]
    """Letter group with word edges -> log-odds of French against English."""


@lru_cache(maxsize=1)
def _tables() -> _Tables:
    source = resources.files("knowledge.text").joinpath("language_words.json")
    raw = json.loads(source.read_text(encoding="utf-8"))
    words: dict[str, tuple[float, float, float]] = {}
    words.update(dict.fromkeys(" ".join(raw["neither"]).split(), (0.0, 0.0, 0.0)))
    for weight, section in ((0.5, raw["shared"]), (1.0, raw["sure"])):
        for names, lines in section.items():
            vote = _vote(names.split(), weight)
            words.update(dict.fromkeys(" ".join(lines).split(), vote))
    letters = {
        group: float(odds)
        for odds, lines in raw["letters"].items()
        for group in " ".join(lines).split()
    }
    return _Tables(words, letters)


def _vote(names: list[str], weight: float) -> tuple[float, float, float]:
    fr, en, other = (weight if name in names else 0.0 for name in ("fr", "en", "other"))
    return fr, en, other


def _fold(word: str) -> str:
    decomposed = unicodedata.normalize("NFD", word)
    return "".join(char for char in decomposed if not unicodedata.combining(char))


@lru_cache(maxsize=2048)
def _votes_of(word: str) -> tuple[float, float, float, bool]:
    """Return the votes of one lower-case word and whether it is in a list."""
    tables = _tables()
    known = tables.words.get(word) or tables.words.get(_fold(word))
    fr, en, other = known or (0.0, 0.0, 0.0)
    if not known:
        odds = _letter_odds(word, tables.letters)
        fr, en = max(odds, 0.0) * _LETTER_VOTE, max(-odds, 0.0) * _LETTER_VOTE
    letters = set(word)
    if letters & _FRENCH_LETTERS:
        fr += 0.3
    if letters & _OTHER_LETTERS:
        other += _NOT_FRENCH_OR_ENGLISH
    return fr, en, other, known is not None


def _letter_odds(word: str, letters: dict[str, float]) -> float:
    """Return the mean log-odds of the word's letter groups, -2 (English) to 2 (French)."""
    edged = f"^{word}$"
    found = [
        letters[group]
        for size in (2, 3)
        for start in range(len(edged) - size + 1)
        if (group := edged[start : start + size]) in letters
    ]
    return max(-2.0, min(2.0, sum(found) / math.sqrt(len(found) + 1))) if found else 0.0


def is_common_word(word: str) -> bool:
    """Whether `word`, lower case, accents or not, is a listed everyday word of some language."""
    return word in _tables().words


class _Read(NamedTuple):
    """The words of a stretch of text, at most `_MOST_WORDS`, and the votes of each."""

    words: list[str]
    votes: tuple[tuple[float, ...], ...]
    """One row for French, English, another language, and whether a word is listed."""


@lru_cache(maxsize=1024)
def _read(stretch: str) -> _Read:
    """Read what lies between two stops: approved sentences come back in reply after reply."""
    words = _words_of(stretch)
    return _Read(words, tuple(zip(*map(_votes_of, words), strict=True)) or ((),) * 4)


def _words_of(text: str) -> list[str]:
    bare = _NOT_LANGUAGE.sub(" ", text.lower().replace("’", "'"))
    words: list[str] = _WORD.findall(bare)[:_MOST_WORDS]
    if not _STRETCHED.search(bare):
        return words
    return [_STRETCHED.sub(r"\1", word) for word in words]


def _is_foreign_script(words: list[str]) -> bool:
    letters = "".join(words)
    if max(letters) < "\u0250":
        return False
    latin = sum(1 for char in letters if char < "\u0250" or "\u1e00" <= char <= "\u1eff")
    return latin * 2 < len(letters)


@lru_cache(maxsize=64)
def detect(
    text: str, among: tuple[Language, ...] = (Language.FR, Language.EN)
) -> tuple[Language, float]:
    """Return the language of `text` if it is one of `among`, and a confidence from 0 to 1.

    `Language.UNKNOWN` stands for every other language, for texts without words and for those too
    short to tell; its confidence is 0. A text in two languages gets the one that says more.
    The last texts are remembered: triage, retrieval and checks ask about the same ones.
    """
    stretches = [_read(stretch) for stretch in _STRETCH_END.split(text)]
    words = [word for read in stretches for word in read.words][:_MOST_WORDS]
    if not words or _is_foreign_script(words):
        return Language.UNKNOWN, 0.0
    rows = zip(*(read.votes for read in stretches), strict=True)
    # Summed word by word, in order: sums of sums would round otherwise.
    fr, en, other, listed = (sum(islice(chain(*row), _MOST_WORDS)) for row in rows)
    fr += 0.4 if _FRENCH_PUNCTUATION.search(text) else 0.0
    known = listed / len(words)
    is_alien = (
        len(words) >= _ENOUGH_WORDS and known < _LEAST_KNOWN and abs(fr - en) < 0.8 * (fr + en)
    )
    other += fr + en if is_alien else 0.0
    return _verdict({Language.FR: fr, Language.EN: en}, other, among)


def _verdict(
    evidence: dict[Language, float], other: float, among: tuple[Language, ...]
) -> tuple[Language, float]:
    best = max(evidence, key=lambda language: evidence[language])
    top, total = evidence[best], sum(evidence.values()) + other
    is_weak = top < _LEAST_EVIDENCE or top <= other or top / total < _LEAST_SHARE
    if is_weak or best not in among:
        return Language.UNKNOWN, 0.0
    return best, round(top / (total + 0.6), 3)
