"""Whether a reply gives a thing what a passage lists under the label of another.

"E3 means a leak", where it is "Code E3: low battery. Code E5: leak."
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import permutations
from typing import NamedTuple

from agent.steps.check.families import held
from agent.steps.check.grounding.pieces import Part
from agent.steps.check.words import stems

_LONGEST_LABEL = 5


class _Entry(NamedTuple):
    """One « label : value » of a passage, as stems."""

    label: frozenset[str]
    value: frozenset[str]


def gives_value_of_another(said: frozenset[str], parts: Sequence[Part]) -> bool:
    """Whether the stems of an affirmation have one label, and the value of another alone."""
    entries = _entries(tuple(parts))
    return any(
        _is_mixed(said, own, other._replace(value=other.value - _elsewhere(other, entries)))
        for own, other in permutations(entries, 2)
    )


def _elsewhere(one: _Entry, entries: Sequence[_Entry]) -> frozenset[str]:
    """What stands under other labels too: « par kWh » is no more the day's than the night's."""
    return frozenset(word for entry in entries if entry is not one for word in entry.value)


@lru_cache(maxsize=4096)
def _entries(parts: tuple[Part, ...]) -> tuple[_Entry, ...]:
    found: list[_Entry] = []
    for part in parts:
        label, colon, value = part.folded.partition(":")
        words = frozenset(word for word in stems(value) if not word.isdigit())
        entry = _Entry(frozenset(stems(label)), words)
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
        and not held(said, own.value - other.value)
    )
