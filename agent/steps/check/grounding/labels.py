"""Whether a reply gives a thing what a passage lists under the label of another.

"E3 means a leak", where it is "Code E3: low battery. Code E5: leak."
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import permutations
from typing import NamedTuple

from agent.steps.check.families import held
from agent.steps.check.grounding.pieces import Part
from agent.steps.check.words import stems

_LONGEST_LABEL = 5
_A_PAIR = 2
_NOT = "-"
_UNITS = frozenset(stems("an ans mois semaine jour nuit heure year month week day night hour"))
_WITHOUT = re.compile(r"\b(?:sans|without|no|pas d(?:e |')|hors) ?(\w+)")


class _Entry(NamedTuple):
    """One « label : value » of a passage, as stems."""

    label: frozenset[str]
    value: frozenset[str]


def gives_value_of_another(folded: str, said: frozenset[str], parts: Sequence[Part]) -> bool:
    """Whether an affirmation has one label, and the value of another alone.

    `said` are its stems. « Sans engagement » is another value than « engagement de 12 mois ».
    """
    entries = _entries(tuple(parts))
    if len(entries) < _A_PAIR:
        return False
    said = (said - _lacked(folded)) | {word for word in _signed(folded) if word[0] == _NOT}
    return any(
        _is_mixed(said, own, other._replace(value=other.value - _elsewhere(other, entries)))
        for own, other in permutations(entries, 2)
    )


def _elsewhere(one: _Entry, entries: Sequence[_Entry]) -> frozenset[str]:
    """What stands under other labels too: « par kWh » is no more the day's than the night's."""
    return frozenset(word for entry in entries if entry is not one for word in entry.value)


def _signed(folded: str) -> frozenset[str]:
    """The stems of a value but its figures, and what it goes without marked as such."""
    lacked = _lacked(folded)
    words = frozenset(word for word in stems(folded) if not any(map(str.isdigit, word))) - _UNITS
    return (words - lacked) | {f"{_NOT}{word}" for word in lacked}


def _lacked(folded: str) -> frozenset[str]:
    return frozenset(word for match in _WITHOUT.finditer(folded) for word in stems(match[1]))


@lru_cache(maxsize=4096)
def _entries(parts: tuple[Part, ...]) -> tuple[_Entry, ...]:
    found: list[_Entry] = []
    for part in parts:
        label, colon, value = part.folded.partition(":")
        entry = _Entry(frozenset(stems(label)), _signed(value))
        if colon and ":" not in value and 0 < len(entry.label) <= _LONGEST_LABEL:
            found.append(entry)
    return tuple(found)


def _is_mixed(said: frozenset[str], own: _Entry, other: _Entry) -> bool:
    label, rival = own.label - other.label, other.label - own.label
    return (
        bool(label and rival)
        and label <= said
        and bool((other.value - own.value) & said)
        and not held(rival, said)
        and len(held(said, own.value - other.value)) <= 1
    )
