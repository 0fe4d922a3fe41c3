"""Spell out SMS and chat abbreviations, in French and English, so that plain readers can match."""

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from knowledge.text.normalise import fold

_TOKEN = re.compile(r"(?<![\w'’@#/.-])[^\W_]+(?![\w'’@/])(?!\.\w)")
_LONG_RUN = re.compile(r"([^\W\d_w])\1{2,}", re.IGNORECASE)
_ROMAN = re.compile(r"[ivxlcdm]+")
_LETTERS = re.compile(r"[^\W\d_]{5,}")
_AFTER_NUMBER = re.compile(r"\d\s*$")
_BEFORE_NUMBER = re.compile(r"\s*\d")
_AFTER_NAMED_LETTER = re.compile(
    r"(?:vitamine|vitamin|plan|type|classe|class|groupe|taille|size)\s+$"
)


@cache
def _table(lang: str) -> Mapping[str, str]:
    """Return abbreviation -> full form; an unknown language reads both, French first."""
    text = files("knowledge.text").joinpath("data/sms.json").read_text(encoding="utf-8")
    tables: dict[str, dict[str, str]] = json.loads(text)
    table = tables[lang] if lang in tables else {**tables["en"], **tables["fr"]}
    return {fold(short): full for short, full in table.items()}


def _shorten_run(run: re.Match[str], is_english: bool) -> str:
    """Keep two letters where the language doubles them inside a word, else one."""
    letter, word = run.group()[0], run.string
    is_inside = run.start() > 0 and run.end() < len(word)
    is_doubled = fold(letter) not in "aeiouy" or (is_english and fold(letter) in "eo")
    return letter * 2 if is_inside and is_doubled else letter


def _squeeze(word: str, is_english: bool) -> str:
    folded = fold(word)
    if len(set(folded)) == 1 or _ROMAN.fullmatch(folded):
        return word
    return _LONG_RUN.sub(lambda run: _shorten_run(run, is_english), word)


def _is_symbol(text: str, match: re.Match[str]) -> bool:
    """Whether a one-letter token is a unit, a size or a name ("500 g", "vitamine C")."""
    token, before, after = match.group(), text[: match.start()], text[match.end() :]
    if token.isupper() and not text.isupper():
        return True
    if _BEFORE_NUMBER.match(after):
        return True
    return bool(_AFTER_NUMBER.search(before) or _AFTER_NAMED_LETTER.search(fold(before)))


def expand(text: str, lang: str | None = None) -> str:
    """Return `text` with abbreviations spelled out and drawn-out letters shortened.

    `lang` is "fr", "en" or anything else (both tables). Words that are not abbreviations keep
    their spelling; offsets change, so use the result for matching, never for quoting.
    """
    table = _table(str(lang) if lang else "unknown")

    def spell_out(match: re.Match[str]) -> str:
        token = match.group()
        full = table.get(fold(token))
        if full is None or (len(token) == 1 and _is_symbol(text, match)):
            return token
        return full

    if _LONG_RUN.search(text):
        text = _LETTERS.sub(lambda match: _squeeze(match.group(), lang == "en"), text)
    return _TOKEN.sub(spell_out, text)
