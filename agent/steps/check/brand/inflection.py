"""A brand's words as patterns: a listed term also matches its plural, feminine and conjugation."""

import re
from collections.abc import Iterable

from knowledge.text.normalise import fold

_SHORTEST_VERB = 5
_VERB = r"(?:er|e|es|ent|ons|ez|ait|ais|aient|ant|ee|ees|era|erai|erons|erez|eront|erait|eraient)"
_PLURAL = r"(?:s|x|es)?"
"""All that a short word by itself takes: « rhum » is not in « rhume », nor « vin » in "vine"."""
_ENGLISH = r"(?:s|es|'s|ed|d|ing|er|ers)?"
_FRENCH = r"(?:e|s|es|x|le|les|ne|nes)?"


def term_pattern(term: str) -> re.Pattern[str]:
    """Return a pattern, for folded text, of `term` and its inflections, on word boundaries."""
    return any_of([term])


def any_of(terms: Iterable[str]) -> re.Pattern[str]:
    """Return one pattern for every one of `terms`, each as `term_pattern` has it."""
    return re.compile(rf"(?<![\w@#])(?:{'|'.join(map(_term, terms))})(?!\w)")


def _term(term: str) -> str:
    written = fold(term).split()
    return r"[\s-]+".join(_word(word, is_alone=len(written) == 1) for word in written)


def _word(word: str, *, is_alone: bool) -> str:
    if not word.replace("'", "").isalpha():
        return re.escape(word)
    if len(word) >= _SHORTEST_VERB and word.endswith("er"):
        return re.escape(word[:-2]) + rf"(?:{_VERB}|{_ENGLISH}|er(?:s|ed|ing)?)"
    if len(word) >= _SHORTEST_VERB and word.endswith(("el", "al")):
        plural = "(?:aux)" if word.endswith("al") else "(?:els?|elles?)"
        return rf"(?:{re.escape(word)}{_FRENCH}|{re.escape(word[:-2])}{plural})"
    if is_alone and len(word) < _SHORTEST_VERB:
        return re.escape(word) + _PLURAL
    base = word[:-1] if word.endswith("e") and len(word) >= _SHORTEST_VERB else word
    ends = "(?:e|s|es|ed|ing|ent)?" if base != word else f"(?:{_FRENCH[3:-2]}|{_ENGLISH[3:-2]})?"
    return re.escape(base) + ends
