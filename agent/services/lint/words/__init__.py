"""A finding of the guide's check in the reader's language, by its code."""

from collections.abc import Mapping
from datetime import date
from textwrap import shorten

from agent.services.lint.report import Finding
from agent.services.lint.words.catalogue import LintWords, Reader, french_spaces, lint_texts
from knowledge.problems import Problem, Value
from knowledge.sources.gathering import NUMBER, UNIT
from knowledge.sources.validation import THE_FILE

__all__ = ["LintWords", "finding_words", "lint_texts"]

_MOST_QUOTED = 80
"""Characters of the words that fail: a rule may mean the whole text."""


def finding_words(found: Finding | Problem, text: Reader) -> tuple[str, str]:
    """Return what is wrong and the mend; the finding's own English where it has no code."""
    key = f"lint.say.{found.code}"
    if not found.code or not text.get(f"{key}.what", ""):
        return found.what, found.mend
    given = dict(found.values)
    blanks = {name: _said(name, value, given, text) for name, value in given.items()}
    what, mend = text(f"{key}.what", **blanks), text(f"{key}.mend", **blanks)
    if UNIT in given:
        rest = what[:1].lower() + what[1:]
        what = text(f"lint.unit.{given[UNIT]}", at=blanks[NUMBER], what=rest)
    return (french_spaces(what), french_spaces(mend)) if text.lang == "fr" else (what, mend)


def _said(name: str, value: Value, given: Mapping[str, Value], text: Reader) -> str:
    if isinstance(value, int):
        return text.number(value)
    if isinstance(value, date):
        return text.day(value)
    match name:
        case "name" if value == THE_FILE:
            return text("lint.file")
        case "lang":
            return text.get(f"lint.language.{value}", value)
        case "expected":
            return value.replace(" or ", text("lint.or"))
        case "reason" if text.lang != "en":
            return _reason(value, str(given["rule"]), str(given.get("quote", "")), text)
    return value


def _reason(reason: str, rule: str, quote: str, text: Reader) -> str:
    """Return why a text fails a rule: a check says it in English, or in the brand's own words."""
    family = rule.split(".")[0]
    title = text.get(f"rule.{family}.name", "")
    if not title:
        return reason
    short = shorten(quote, _MOST_QUOTED, placeholder="…")
    named = text("lint.rule_quoted", rule=title, quote=short) if short else title
    return text("lint.rule_said", rule=named, advice=text(f"rule.{family}.advice"))
