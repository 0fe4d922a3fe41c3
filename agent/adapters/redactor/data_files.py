"""The word lists and pattern lists in `words/`, read by section."""

import re
from functools import cache
from importlib import resources

_PACKAGE = "agent.adapters.redactor"
_FOLDER = "words"
_TITLE = re.compile(r"\[([A-Za-z][A-Za-z ,-]*)\]")
_BETWEEN = " | "


@cache
def read_sections(name: str) -> dict[str, tuple[str, ...]]:
    """Return the lines of a data file by its `[title]`; a line that opens with `#` is a comment."""
    text = resources.files(_PACKAGE).joinpath(_FOLDER, name).read_text(encoding="utf-8")
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in text.splitlines():
        title = _TITLE.fullmatch(line)
        if title:
            lines = found.setdefault(title.group(1), [])
        elif line.strip() and not line.startswith("#"):
            lines.append(line)
    return {title: tuple(lines) for title, lines in found.items()}


def either(name: str, title: str) -> str:
    """Return the patterns of a section as one group of alternatives."""
    lines = read_sections(name)[title]
    return f"(?:{'|'.join(one.strip(' ') for line in lines for one in line.split(_BETWEEN))})"


def words(name: str, title: str) -> frozenset[str]:
    """Return the plain words of a section."""
    return frozenset(word for line in read_sections(name)[title] for word in line.split())
