"""What differs between two texts, line by line, with a few lines around each difference."""

from collections.abc import Iterator
from difflib import SequenceMatcher
from enum import StrEnum
from typing import NamedTuple

_AROUND = 3


class LineKind(StrEnum):
    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"
    GAP = "gap"
    """Lines left out: they are the same in both."""


class DiffLine(NamedTuple):
    """One line of a diff, with its number in each text (None: it is not in that one)."""

    kind: LineKind
    before: int | None
    after: int | None
    text: str


def line_diff(before: str | None, after: str | None) -> tuple[DiffLine, ...]:
    """Return the lines that differ and those around them; None: there is no such file."""
    old, new = (before or "").splitlines(), (after or "").splitlines()
    groups = SequenceMatcher(a=old, b=new, autojunk=False).get_grouped_opcodes(_AROUND)
    lines: list[DiffLine] = []
    for group in groups:
        if lines or group[0][1] > 0:
            lines.append(DiffLine(LineKind.GAP, None, None, ""))
        for code in group:
            lines.extend(_lines(code, old, new))
    return tuple(lines)


def _lines(
    code: tuple[str, int, int, int, int], old: list[str], new: list[str]
) -> Iterator[DiffLine]:
    kind, a, b, c, d = code
    if kind == "equal":
        for offset in range(b - a):
            yield DiffLine(LineKind.SAME, a + offset + 1, c + offset + 1, old[a + offset])
        return
    for at in range(a, b):
        yield DiffLine(LineKind.REMOVED, at + 1, None, old[at])
    for at in range(c, d):
        yield DiffLine(LineKind.ADDED, None, at + 1, new[at])
