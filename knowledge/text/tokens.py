"""Cut text into words: French elisions apart, verbs apart from their pronoun, compounds whole."""

import re
from typing import NamedTuple

from knowledge.text.normalise import fold


class Word(NamedTuple):
    """A word as written, with its place in the text."""

    text: str
    start: int
    end: int


# Works on folded text: apostrophes are ', hyphens are -, accents are gone.
_LETTER = r"[^\W_][\u0300-\u036f]*"
_RUN = re.compile(rf"\d+(?:[.,]\d+)+|(?:{_LETTER})+(?:['-](?:{_LETTER})+)*")
_ELISION = re.compile(r"(?:lorsqu|puisqu|quoiqu|jusqu|qu|[cdjlmnsty])'(?=[^\W\d_])")
_KEPT_WHOLE = frozenset({"y'all", "c'mon"})
_PRONOUN = re.compile(
    r"(?:-t)?-(?:je|tu|ils?|elles?|on|nous|vous|moi|toi|lui|leur|les?|la|ce|y|en)"
    r"(?=$|-(?:moi|toi|lui|leur|les?|la|nous|vous|y|en)\b)"
)
_COMPOUNDS = frozenset(
    {"rendez-vous", "celui-la", "celle-la", "ceux-la", "celles-la", "check-in", "log-in"}
    | {"sign-in", "plug-in", "opt-in", "built-in", "drive-in", "stand-in"}
)


def _cut_elisions(run: str) -> list[int]:
    """Return the offsets in `run` at which a new word starts, beyond 0."""
    cuts: list[int] = []
    if run in _KEPT_WHOLE:
        return cuts
    at = 0
    while match := _ELISION.match(run, at):
        at = match.end()
        cuts.append(at)
    return cuts


def _cut_pronouns(run: str, start: int) -> list[int]:
    rest = run[start:]
    if "-" not in rest or rest in _COMPOUNDS:
        return []
    return [start + match.start() for match in _PRONOUN.finditer(rest) if match.start() > 0]


def words(text: str) -> list[Word]:
    """Return the words of `text` in order, with offsets into `text`.

    An elided word keeps its apostrophe ("l'", "qu'", "aujourd'hui" is whole); a pronoun after a
    verb is a word of its own ("avez-vous" gives "avez", "vous"; "y a-t-il" gives "y", "a", "il");
    other compounds and English contractions are one word ("rendez-vous", "e-mail", "don't").
    A decimal number is one word ("39,90").
    """
    folded = fold(text)
    found: list[Word] = []
    for match in _RUN.finditer(folded):
        run = match.group()
        cuts = _cut_elisions(run)
        cuts += _cut_pronouns(run, cuts[-1] if cuts else 0)
        for low, high in zip([0, *cuts], [*cuts, len(run)], strict=True):
            start, end = _trim(folded, match.start() + low, match.start() + high)
            if start < end:
                found.append(Word(text[start:end], start, end))
    return found


def _trim(folded: str, start: int, end: int) -> tuple[int, int]:
    """Drop the hyphen, or the euphonic -t-, in front of a pronoun."""
    if folded[start] == "-":
        start += 3 if folded.startswith("-t-", start) else 1
    return start, end
