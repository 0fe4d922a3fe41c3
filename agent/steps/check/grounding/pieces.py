"""Cuts claims and passages into stretches about one thing each, never inside a fact."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from knowledge.text.fact_types import Fact

_CUT = re.compile(
    r"[.;!?]\s+|,\s+|\n+"
    r"|\s(?:puis|then|mais|but|contre|against|tandis qu\w*|while|whereas)\s"
    r"|\s(?:et|and)\s(?=[^.;,!?]*\d|ne |n'|pas |no |not |\w+ (?:not|isn't|aren't|doesn't|don't)\b)"
)
"""« adultes et enfants » stay together; « 6 € en relais et 8 € à domicile » do not."""


class Part(NamedTuple):
    """One sentence of a passage."""

    text: str
    folded: str
    stems: frozenset[str]
    facts: tuple[Fact, ...]


def spans(folded: str, kept: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield where the stretches of a folded text are; none ends inside one of the words `kept`."""
    whole = [(m.start(), m.end()) for word in kept if word for m in _literal(word).finditer(folded)]
    start = 0
    for cut in _CUT.finditer(folded):
        if not any(low < cut.end() and cut.start() < high for low, high in whole):
            yield start, cut.start()
            start = cut.end()
    yield start, len(folded)


@lru_cache(maxsize=2048)
def _literal(words: str) -> re.Pattern[str]:
    return re.compile(re.escape(words))


@lru_cache(maxsize=8192)
def part_spans(part: Part) -> tuple[tuple[int, int], ...]:
    """Return where the stretches of a passage's sentence are."""
    return tuple(spans(part.folded, [part.folded[f.start : f.end] for f in part.facts]))
