"""What the customer wrote, without the history their mail program quoted below it."""

import re

_ATTRIBUTION = re.compile(
    r"(?:le|on|am|il|el|op) .{6,240}"
    r"(?:a écrit|a écrit|wrote|schrieb|ha scritto|escribió|schreef)\s*[:：]",
    re.IGNORECASE,
)
_DIVIDER = re.compile(
    r"-{2,}\s*(?:original message|message d['’]origine|message transféré|forwarded message"
    r"|message original|ursprüngliche nachricht)\s*-{2,}|_{20,}",
    re.IGNORECASE,
)
_FROM = re.compile(r"\*?(?:de|from|von)\s?:\*?\s.*", re.IGNORECASE)
_OTHER_HEADER = re.compile(
    r"\*?(?:envoyé|date|sent|à|to|objet|subject|cc|gesendet|an|betreff)\s?:\*?\s?.*", re.IGNORECASE
)
_WRAPPED = 3
"""Lines over which a mail program may spread « Le … a écrit : »."""


def own_words(text: str) -> str:
    """Return `text` up to its quoted history; answers between quoted lines are kept.

    A mail that is all history (forwarded without a word) is returned whole: nothing is lost.
    """
    lines = text.splitlines()
    for number in range(len(lines)):
        length = _history_at(lines, number)
        if length:
            after = lines[number + length :]
            return _joined(lines[:number] + _between(after)) or text.strip()
    return _joined(_unquoted(lines)) or text.strip()


def _history_at(lines: list[str], number: int) -> int:
    """Return how many lines the heading of a history takes there, or 0: there is none."""
    line = lines[number].strip()
    if not line or line.startswith(">"):
        return 0
    if _DIVIDER.fullmatch(line):
        return 1
    if _FROM.fullmatch(line):
        below = [one.strip() for one in lines[number + 1 : number + 6]]
        named = sum(bool(_OTHER_HEADER.fullmatch(one)) for one in below)
        return len(lines) - number if named >= 2 else 0
    for count in range(1, _WRAPPED + 1):
        if _ATTRIBUTION.fullmatch(" ".join(one.strip() for one in lines[number : number + count])):
            return count
    return 0


def _between(lines: list[str]) -> list[str]:
    """Return what is written between quoted lines; a history without marks has nothing between."""
    if not any(line.lstrip().startswith(">") for line in lines):
        return []
    return _unquoted(lines)


def _unquoted(lines: list[str]) -> list[str]:
    return [line for line in lines if not line.lstrip().startswith(">")]


def _joined(lines: list[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip()
