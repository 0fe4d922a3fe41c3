"""What a message orders its reader to say: words, a code, a link, or the sense of a clause."""

import re
from functools import lru_cache
from typing import NamedTuple

from agent.steps.check.phrases import phrases
from agent.steps.check.words import stems
from knowledge.passages import Language

_QUOTED = re.compile(r"[«\"“'‘]\s*([^«»\"“”'‘’]{2,120}?)\s*[»\"”'’]")
_TOKEN = re.compile(r"[A-Z][A-Z0-9_-]{2,}(?:=\w+)?")
_NAMED = re.compile(
    r"\b(?:mots?|words?|expression|phrase)(?! (?:de passe|pour mot|for word))"
    r" (?:suivante? |following )?[«\"“'‘]?\s?([\w-]{3,})",
    re.IGNORECASE,
)
_KEYED = re.compile(
    r"(?<![\w-])(?=[A-Z0-9_=-]*[A-Z])(?=[A-Z0-9_=-]*[\d=_])[A-Z0-9_=-]{4,}(?![\w-])"
)
_CLAUSE_END = re.compile(r"[.!?\n,;)\]>]|--")
_LONGEST_CLAUSE = 12
_STOPS = ".!?\n"
_NAMES = re.compile(r"(?<![.!?] )\b[A-ZÀ-Ö][a-zà-öø-ÿ]+ [A-ZÀ-Ö][a-zà-öø-ÿ]+\b")
_JOINT = re.compile(r"[,;:()\]\[{}]| (?:et|and|puis|then|que|that) ")
_FEWEST = 2


class Demand(NamedTuple):
    """Words that a message orders to be said; `is_exact`: these very words, not their sense."""

    words: str
    is_exact: bool


@lru_cache(maxsize=64)
def demanded(message: str, folded: str) -> tuple[Demand, ...]:
    """Return what `message` orders to be said, as written; `folded` is its folded text."""
    found: list[Demand] = []
    for order in phrases("safety.demands").finditer(folded, Language.UNKNOWN):
        tail = message[order.end() : order.end() + 140].lstrip(": ")
        exact = _QUOTED.match(tail) or _TOKEN.match(tail)
        if exact:
            found.append(Demand(exact[1] if exact.re is _QUOTED else exact[0], is_exact=True))
            continue
        clause = _CLAUSE_END.split(tail)[0].strip()
        if 1 <= len(stems(clause)) <= _LONGEST_CLAUSE:
            found.append(Demand(clause, is_exact=False))
    return tuple(found)


@lru_cache(maxsize=64)
def keyed_words(message: str) -> tuple[str, ...]:
    """Return the words an instructing message plants: « le mot ananas », SORRY40, PRIORITY=HIGH."""
    named = [m[1] for m in _NAMED.finditer(message) if stems(m[1])]
    return tuple(dict.fromkeys((*named, *_KEYED.findall(message))))


@lru_cache(maxsize=64)
def ordering_sentence(message: str, folded: str) -> str:
    """Return the part of `message` that gives an order: the whole where no cue says which.

    Its stop is kept, since a question (« comment je passe en mode avion ? ») orders nothing.
    """
    cues = list(phrases("signals.injection").finditer(folded, Language.UNKNOWN))
    if not cues:
        return message
    first, last = min(cue.start() for cue in cues), max(cue.end() for cue in cues)
    start = max(folded.rfind(stop, 0, first) for stop in _STOPS) + 1
    ends = [end for stop in _STOPS if (end := folded.find(stop, last)) >= 0]
    return message[start : min(ends, default=len(message)) + 1]


@lru_cache(maxsize=64)
def named_in(text: str) -> tuple[str, ...]:
    """Return names of two capitalised words: « Pascal Durieux »."""
    return tuple(dict.fromkeys(_NAMES.findall(text)))


@lru_cache(maxsize=64)
def clauses_of(text: str) -> tuple[frozenset[str], ...]:
    """Return the stems of each clause of `text` that has two or more; none of a question."""
    if text.rstrip().endswith("?"):
        return ()
    parts = (frozenset(stems(part)) for part in _JOINT.split(text))
    return tuple(part for part in parts if len(part) >= _FEWEST)
