"""The words of a message, and what each can be in a name."""

import re
from enum import IntFlag
from functools import lru_cache
from typing import NamedTuple

from agent.adapters.redactor.data_files import words
from agent.adapters.redactor.person.lexicon import Lexicon, fold


class Kind(IntFlag):
    """What the lists say of a word."""

    UNKNOWN = 0
    GIVEN = 1
    FAMILY = 2
    WORD = 4
    """Not a name: a frequent word."""
    EVERYDAY = 8
    """A name that is also a word."""
    MILD = 16
    """A name that is a word in lower case only."""
    PLACE = 32
    PARTICLE = 64
    INITIAL = 128
    KNOWN = 256
    """A first name frequent enough to be believed without a capital."""
    SHAPED = 512
    """Not listed, but with an ending that only surnames have."""


class Case(IntFlag):
    LOWER = 0
    CAPITAL = 1
    UPPER = 2


class Token(NamedTuple):
    """One word; offsets are those of the text."""

    text: str
    folded: str
    start: int
    end: int
    case: Case
    kind: Kind
    is_opening: bool
    """First of a sentence, a line or a quotation: its capital says nothing."""
    gap: str
    """What stands between the word before and this one."""

    @property
    def is_name(self) -> bool:
        return bool(self.kind & (Kind.GIVEN | Kind.FAMILY | Kind.SHAPED))

    @property
    def has_capital(self) -> bool:
        return self.case != Case.LOWER


_WORD = re.compile(r"[^\W\d_]+(?:['’\-‑][^\W\d_]+)*", re.UNICODE)
_ELISION = re.compile(r"(?:[ldjmtsnc]|qu|jusqu|lorsqu|puisqu|quelqu)['’](?=\w)", re.IGNORECASE)
# "M'Bappé", "N'Golo": two capitals that no French elision brings together.
_CONSONANTS = re.compile(r"[MNK]['’][BDGKPRTZ][a-zà-ÿ]")
_CONTRACTION = re.compile(r"(?:n['’]t|['’](?:ll|re|ve|d|m|em))$")
_PRONOUNS = frozenset({"i", "a", "y", "o"})
_POSSESSIVE = re.compile(r"['’][sS]$")
_OPENS = re.compile(r"(?:[.!?…\n\"“«:;>|•*–—(]|- )\s*$")
_PARTICLES = words("person_cues.txt", "particles")
_SHAPES = re.compile(
    r"(?:sson|sdottir|dottir|ovic|evic|owicz|ewicz|czyk|owski|ewski|inski|ynski|owska|ewska|inska"
    r"|enko|chuk|shvili|adze|idze|oglu|opoulos|opoulou|akis|idis|iadis|escu|ainen|einen|inen|onen"
    r"|qvist|quist|strom|gren|gaard|ova|ova|ovna|evna|ovich|evich|ayev|yeva|ieva|iyev|azzi|ucci"
    r"|elli|ello|etti|etto|oulos|iewicz|ssen|nsen|rsen|lsen|dsen|tsen|ksen|msen|mann|stein|dottir"
    r"|ndez|nguez|guez|arez|mian|nyan|tyan|ryan|syan|sian|rian|szky|czek|sky|ski|cki|ska|cka"
    r"|[aeiouy]nen|[dlt]ason|hara|moto|mura|yama|gawa|kawa|zaki|saki|shita|bayashi"
    r"|[^aeiou]ov|[aei]ev)$"
)
_PREFIXES = re.compile(
    r"(?:rakoto|razafi|andria|ramana|rasoa|randria|abd[eu]l?|ker|ould|nd[ei]|ngu|nko|mba|mbo|diarra)"
    r"[a-z]{4,}$"
)
# Czech and South Slavic endings that only the accent tells from French or English words.
_ACCENTED_SHAPES = re.compile(r"(?:ová|ná|ská|cká|ić|ič|ý)$")
_SHORTEST_SHAPED = 6
_MOST_REMEMBERED = 2048


def read_tokens(text: str, lexicon: Lexicon) -> list[Token]:
    """Return the words of `text` in order, elisions (d', l') and possessives ('s) cut off."""
    tokens: list[Token] = []
    last_end = 0
    for match in _WORD.finditer(text):
        for start, end in _pieces(match, lexicon):
            tokens.append(_token(text, start, end, text[last_end:start], lexicon))
            last_end = end
    return tokens


def _token(text: str, start: int, end: int, gap: str, lexicon: Lexicon) -> Token:
    word = text[start:end]
    folded = fold(word)
    kind = kind_of(folded, lexicon)
    if not kind and _ACCENTED_SHAPES.search(word) and len(word) >= _SHORTEST_SHAPED:
        kind = Kind.SHAPED
    if len(word) == 1:
        kind = _letter(word, folded, is_dotted=text[end : end + 1] == ".")
    is_opening = start == len(gap) or _OPENS.search(gap) is not None
    return Token(word, folded, start, end, _case(word), kind, is_opening, gap)


def _letter(word: str, folded: str, *, is_dotted: bool) -> Kind:
    """An initial if it is a capital with a full stop, or one that is no word by itself."""
    if folded in _PRONOUNS and not (is_dotted and word.isupper()):
        return Kind.WORD
    return Kind.PARTICLE if folded == "d" and not (is_dotted and word.isupper()) else Kind.INITIAL


@lru_cache(maxsize=_MOST_REMEMBERED)
def kind_of(folded: str, lexicon: Lexicon) -> Kind:
    """Return what the lists say of a folded word; of a compound, what they say of its parts."""
    kind = _listed(folded, lexicon)
    if "-" not in folded and "'" not in folded and "’" not in folded:
        return kind or _shaped(folded)
    return kind | _compound_kind(folded, lexicon)


def _compound_kind(folded: str, lexicon: Lexicon) -> Kind:
    if _CONTRACTION.search(folded):
        return Kind.WORD
    parts = [part for part in re.split(r"['’\-‑]", folded) if part]
    kinds = [_listed(part, lexicon) for part in parts if len(part) > 1 and part not in _PARTICLES]
    if len(kinds) < 2 or any(not one & (Kind.GIVEN | Kind.FAMILY) for one in kinds):
        return Kind.UNKNOWN
    return _compound(kinds)


def _compound(kinds: list[Kind]) -> Kind:
    """Two names joined by a hyphen are no word, even if each of them is one."""
    if all(one & Kind.GIVEN for one in kinds):
        return Kind.GIVEN | Kind.KNOWN | (Kind.FAMILY if kinds[-1] & Kind.FAMILY else Kind.UNKNOWN)
    return Kind.FAMILY


def _listed(folded: str, lexicon: Lexicon) -> Kind:
    kind = Kind.UNKNOWN
    if folded in lexicon.given:
        kind |= Kind.GIVEN
        if folded in lexicon.well_known:
            kind |= Kind.KNOWN
    if folded in lexicon.family:
        kind |= Kind.FAMILY
    if folded in lexicon.everyday:
        kind |= Kind.EVERYDAY if kind else Kind.WORD
    elif folded in lexicon.mild and kind:
        kind |= Kind.MILD
    elif folded in lexicon.vocabulary and not kind:
        kind |= Kind.WORD
    if folded in _PARTICLES:
        kind |= Kind.PARTICLE
    if folded in lexicon.places:
        kind |= Kind.PLACE
    return kind


def _shaped(folded: str) -> Kind:
    is_shaped = len(folded) >= _SHORTEST_SHAPED and (
        _SHAPES.search(folded) or _PREFIXES.match(folded)
    )
    return Kind.SHAPED if is_shaped else Kind.UNKNOWN


def _case(word: str) -> Case:
    if not word[0].isupper():
        return Case.LOWER
    return Case.UPPER if len(word) > 1 and word.isupper() else Case.CAPITAL


def _pieces(match: re.Match[str], lexicon: Lexicon) -> list[tuple[int, int]]:
    """Split "d'Harcourt" into particle and name, "l'ami" to "ami"; keep "N'Diaye", "O'Connor"."""
    start, end = match.span()
    word = match.group(0)
    if "'" not in word and "’" not in word:
        return [(start, end)]
    if _POSSESSIVE.search(word):
        end -= 2
        word = word[:-2]
    elision = _ELISION.match(word)
    if elision is None or _CONSONANTS.match(word) or fold(word).replace("’", "'") in lexicon.family:
        return [(start, end)]
    cut = start + elision.end()
    if word[0] in "dD":
        return [(start, cut - 1), (cut, end)]
    return [(cut, end)]
