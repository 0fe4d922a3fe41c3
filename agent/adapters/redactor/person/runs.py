"""Adjacent words that could be one name: where such a run begins and ends."""

import re
from typing import NamedTuple

from agent.adapters.redactor.person.cues import Cue, cues_before
from agent.adapters.redactor.person.tokens import Case, Kind, Token

STRONG_CUES = Cue.SELF | Cue.TITLE | Cue.RELATION | Cue.SIGNATURE
_LONGEST_RUN = 6
_SUFFIXES = frozenset({"ii", "iii", "iv", "jr", "sr", "junior", "fils"})
_SHORTEST_WORD = 4
"""A word of fewer letters is no name in lower case, whatever comes before it."""
_OF = frozenset({"nom", "prenom", "part", "dossier"})
"""After these "de" belongs to the phrase: "au nom de Moreau"."""
_NOBLE = frozenset({"de", "d", "du", "da", "do", "dos", "di", "van", "von", "ben", "el", "al"})
_LONGEST_SIGNATURE = 3
_PAUSE = re.compile(r"\s*[.,;:!?)\n]")
_BEFORE_WHOLE_NAMES = STRONG_CUES | Cue.GREETING | Cue.TALK | Cue.INTRO | Cue.COPULA | Cue.WITH
_GAPS = frozenset({" ", "  ", "\u00a0", "'", "’", "-"})
_GAPS_AFTER_INITIAL = frozenset({" ", ". ", "\u00a0", "'", "’", "-"})


class Run(NamedTuple):
    """Adjacent words that could be one name, and what announces them."""

    tokens: list[Token]
    cue: Cue

    @property
    def start(self) -> int:
        return self.tokens[0].start

    @property
    def end(self) -> int:
        return self.tokens[-1].end


def run_at(text: str, tokens: list[Token], position: int, *, is_flat: bool) -> Run | None:
    """Return the run that begins with the token at `position`; None if that begins no name.

    `is_flat` says that capitals carry nothing in this message: it is all in capitals.
    """
    first = tokens[position]
    is_noble = _is_noble(tokens, position)
    if not is_noble and not _may_begin(first, is_flat=is_flat):
        return None
    cue = cues_before(text, first.start)
    if cue & Cue.SIGNATURE and _is_closing_line(tokens, position, is_flat=is_flat):
        return Run(tokens[position:], cue)
    is_called = is_noble and bool(cue & (Cue.TITLE | Cue.SELF))
    if is_called and position and tokens[position - 1].folded in _OF:
        return None
    if not (
        is_called
        or _may_start(first, cue, is_flat=is_flat)
        or _is_lower_pair(first, tokens[position + 1 : position + 2])
    ):
        return None
    end = position + 1
    while end < len(tokens) and end - position < _LONGEST_RUN:
        step = _step(tokens, position, end, cue, is_flat=is_flat)
        if step == 0:
            break
        end += step
    run = tokens[position:end]
    while run and run[-1].kind & Kind.PARTICLE and not run[-1].is_name:
        run = run[:-1]
    return Run(run, cue) if run else None


def _is_noble(tokens: list[Token], position: int) -> bool:
    """Say whether a particle without a capital opens a name: "Madame de La Fontaine"."""
    if tokens[position].text not in _NOBLE:
        return False
    for token in tokens[position + 1 : position + 4]:
        if token.gap.strip(" '’"):
            return False
        if not token.kind & Kind.PARTICLE or (token.is_name and token.has_capital):
            return token.is_name or (token.has_capital and not token.kind & Kind.WORD)
    return False


def _may_begin(token: Token, *, is_flat: bool) -> bool:
    """Rule out at once, without looking for cues, the words that begin no name."""
    if token.kind & Kind.WORD and not token.is_name:
        return False
    if token.kind & Kind.PARTICLE and not token.is_name:
        return token.case != Case.LOWER and len(token.text) > 1
    return len(token.text) > 1 or (token.has_capital and not is_flat)


def _may_start(token: Token, cue: Cue, *, is_flat: bool) -> bool:
    has_capital = token.has_capital and not is_flat
    if token.kind & Kind.INITIAL:
        # "M." before a name is a title; inside a name it is an initial like any other.
        return has_capital and token.folded != "m"
    if has_capital:
        return True
    if token.kind & (Kind.PARTICLE | Kind.WORD):
        return False
    if cue & Cue.SELF:
        if token.kind == Kind.UNKNOWN and "-" in token.text:
            return False
        return len(token.text) > (_SHORTEST_WORD - 1 if token.kind & Kind.EVERYDAY else 1)
    if not token.kind & Kind.EVERYDAY:
        return token.is_name
    if len(token.text) < _SHORTEST_WORD:
        return False
    is_given = bool(token.kind & Kind.GIVEN)
    return bool(cue & Cue.TITLE) or (is_given and bool(cue & (Cue.RELATION | Cue.COPULA)))


def _is_closing_line(tokens: list[Token], position: int, *, is_flat: bool) -> bool:
    """Say whether what is left of the message is a name of two or three words without capitals."""
    rest = tokens[position:]
    if not 2 <= len(rest) <= _LONGEST_SIGNATURE or any("\n" in one.gap for one in rest[1:]):
        return False
    is_plain = is_flat or not any(one.has_capital for one in rest)
    could_be = all(one.is_name or not one.kind & ~Kind.INITIAL for one in rest)
    return (
        is_plain
        and could_be
        and all(_is_adjacent(rest[i], rest[i - 1]) for i in range(1, len(rest)))
    )


def _is_lower_pair(token: Token, rest: list[Token]) -> bool:
    """Say whether "margot nguyen" begins here: a frequent first name, then a sure surname."""
    if not rest or len(token.text) < _SHORTEST_WORD or not _is_adjacent(rest[0], token):
        return False
    following = rest[0]
    is_surname = following.kind & (Kind.FAMILY | Kind.SHAPED) and not following.kind & (
        Kind.EVERYDAY | Kind.WORD | Kind.PLACE | Kind.PARTICLE
    )
    is_lower = not token.has_capital and not following.has_capital
    is_long = len(following.text) >= _SHORTEST_WORD
    return bool(token.kind & Kind.KNOWN and is_surname and is_lower and is_long)


def _step(tokens: list[Token], first: int, at: int, cue: Cue, *, is_flat: bool) -> int:
    """Return how many tokens from `at` on belong to the name that began at `first`: 0 to 3."""
    for count in (1, 2, 3):
        if at + count > len(tokens):
            return 0
        token = tokens[at + count - 1]
        if not _is_adjacent(token, tokens[at + count - 2]):
            return 0
        is_letter = _is_middle_letter(tokens, at + count - 1)
        if is_letter or (token.kind & Kind.PARTICLE and not (token.is_name and token.has_capital)):
            continue
        return count if _continues(tokens, first, at, count, cue, is_flat=is_flat) else 0
    return 0


def _is_middle_letter(tokens: list[Token], at: int) -> bool:
    """Say whether the letter stands between two capitalised words: "Martim A Pereira"."""
    if len(tokens[at].text) > 1 or not tokens[at].text.isupper() or at + 1 >= len(tokens):
        return False
    return tokens[at - 1].has_capital and tokens[at + 1].is_name and tokens[at + 1].has_capital


def _continues(
    tokens: list[Token], first: int, at: int, count: int, cue: Cue, *, is_flat: bool
) -> bool:
    token, has_particle = tokens[at + count - 1], count > 1
    starts_lower = is_flat or not tokens[first].has_capital
    if token.folded in _SUFFIXES and token.has_capital:
        return True
    if token.kind & Kind.PLACE and (has_particle or not token.is_name):
        return False
    if token.kind & Kind.WORD and not token.is_name:
        # "Antoine de La Tour": a capital on the article makes the word after it a name.
        before = tokens[at + count - 2]
        is_article = before.kind & Kind.PARTICLE and before.case == Case.CAPITAL
        is_inside = at + count - 2 > first
        return bool(is_article) and is_inside and token.has_capital and not is_flat
    if token.has_capital and not is_flat:
        return not starts_lower or token.is_name
    if token.kind & Kind.INITIAL:
        return False
    if not starts_lower and not (has_particle and token.is_name):
        return False
    head = tokens[first].kind
    is_announced = bool(cue & _BEFORE_WHOLE_NAMES and head & Kind.KNOWN)
    if is_announced and not head & Kind.EVERYDAY and _closes(tokens, at + count - 1):
        return True
    return _is_lower_name(token, cue)


def _closes(tokens: list[Token], at: int) -> bool:
    """Say whether "mercier" in "merci, michel mercier." is the last word and could be a name."""
    token = tokens[at]
    if at + 1 < len(tokens):
        return token.is_name and _PAUSE.match(tokens[at + 1].gap) is not None
    return token.is_name or (not token.kind and len(token.text) > _SHORTEST_WORD)


def _is_lower_name(token: Token, cue: Cue) -> bool:
    if token.is_name and not token.kind & Kind.EVERYDAY:
        return len(token.text) > 2
    return bool(cue & Cue.SELF) and (token.is_name or token.kind == Kind.UNKNOWN)


def _is_adjacent(token: Token, before: Token) -> bool:
    is_short = before.kind & Kind.INITIAL or len(before.text) <= 2
    return token.gap in (_GAPS_AFTER_INITIAL if is_short else _GAPS)
