"""Finds promises: refunds, gifts, replacements, dates, stock, guarantees, legal positions."""

import re
from typing import NamedTuple

from agent.steps.check.phrases import any_phrases, phrases
from knowledge.passages import Language

KINDS = (
    "refund",
    "gift",
    "replace",
    "delivery",
    "stock",
    "guarantee",
    "price",
    "legal",
    "action",
    "deadline",
)
_ENTRIES = tuple(f"grounding.promise_{kind}" for kind in KINDS)
_CLAUSE = re.compile(r"[.,;:!?()\n]|\b(?:mais|but|et|and)\b")
_DENIAL = re.compile(
    r"(?<!\w)(?:ne|n'\w+|pas|jamais|sans|aucune?|not|never|cannot|unable|impossible|incapables?|"
    r"whether|avant de|before|if we|s'il est possible|ni)(?!\w)|n't\b"
)
_ASKS = re.compile(r"\bsi (?:nous|on|un|une|le|la|cela)\b|\b(?:whether|if) (?:we|a|the|it)\b")
_DENIED_AFTER = 12
_STOP = re.compile(r"[.!?\n]+")


class Promise(NamedTuple):
    """A promise of one kind, at `[start, end)` of the folded text searched."""

    kind: str
    start: int
    end: int


def find_promises(folded: str, lang: Language) -> list[Promise]:
    """Return the promises of a folded reply by position; what is denied or asked is none."""
    if not any_phrases(*_ENTRIES).occurs(folded, lang):
        return []
    found = [
        Promise(kind, *match.span())
        for kind, entry in zip(KINDS, _ENTRIES, strict=True)
        for match in phrases(entry).finditer(folded, lang)
        if not is_denied(folded, *match.span()) and not _is_question(folded, match.end())
    ]
    return sorted(found, key=lambda promise: promise.start)


def _is_question(folded: str, end: int) -> bool:
    stop = _STOP.search(folded, end)
    return stop is not None and "?" in stop[0]


def is_denied(folded: str, start: int, end: int) -> bool:
    """Whether the clause around a match says that it is not so, or asks whether it is."""
    before = folded[:start]
    cuts = [match.end() for match in _CLAUSE.finditer(before)]
    clause = before[cuts[-1] if cuts else 0 :] + folded[start:end]
    if "ne se reproduira" in clause or "happen again" in clause or "n'augmenter" in clause:
        return False
    after = folded[end : end + _DENIED_AFTER]
    is_refused = bool(re.match(r"(?:\w+ )?(?:pas|not|jamais)\b", after.lstrip()))
    return is_refused or bool(_DENIAL.search(clause)) or bool(_ASKS.search(clause))


def is_backed(kind: str, folded_passage: str) -> bool:
    """Whether a passage speaks of what is promised."""
    return phrases(f"grounding.backing_{kind}").search(folded_passage, Language.UNKNOWN) is not None
