"""A message as the rules read it: plain words in canonical spelling, each tied to its source."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from agent.steps.triage.spelling import Speller, word_set
from knowledge.text.normalise import fold, match_key
from knowledge.text.sms import expand

_PIECE = re.compile(
    r"\[(?P<placeholder>[A-Z][A-Z_]*)_\d+\]"
    r"|(?P<link>https?://\S+|www\.\S+)"
    r"|(?P<handle>(?<![\w.])@[\w.]+)"
    r"|(?P<masked>[^\W_]+[*@$!#€][\w*@$!#€]*\w|[^\W_]\*{2,})"
    r"|(?P<word>[^\W_]+(?:['’‘`´-][^\W_]+)*['’]?)"
    r"|(?P<sign>[€$£%])"
    r"|(?P<ellipsis>\.{2,}|…)"
    r"|(?P<stop>[.!?;\n]+)"
)
_WORD = re.compile(r"[^\W_]+(?:['’‘`´-][^\W_]+)*")
_SPACED = re.compile(r"(?<![\w'’])(?:[^\W_][ .\-*_]){2,}[^\W_](?!\w)")
_SURELY_SPACED = 6
"""Single letters in a row that are one word, whatever the word."""
_QUOTED = re.compile(r"«[^»]{2,}»|“[^”]{2,}”|\"[^\"]{2,}\"|(?<!\w)['‘][^'’]{8,}['’](?!\w)")
_SIGNS = {"€": "euros", "$": "dollars", "£": "pounds", "%": "percent"}
_STOPS = frozenset(".?")
_MOST_BEGINNINGS = 6
_MOST_PIECES = 1200
"""Pieces read of one message: about ten times the longest that a network allows."""


_ELIDED = {
    "j": "je", "c": "ce", "d": "de", "l": "le", "m": "me", "s": "se", "t": "te", "qu": "que",
    "n": "ne", "jusqu": "jusque", "lorsqu": "lorsque", "puisqu": "puisque", "y": "y",
}  # fmt: skip
_ENDINGS = {"m": "am", "re": "are", "ve": "have", "ll": "will", "d": "would"}
_IS_AFTER = word_set("it that what there here he she who how where this everything nobody")
_GLUED = {
    "aujourd'hui": "aujourdhui", "won't": "will not", "can't": "can not", "cannot": "can not",
    "shan't": "shall not", "ain't": "is not", "let's": "let us", "y'a": "il y a", "ya": "il y a",
    "cest": "ce est", "jme": "je me", "jte": "je te", "jle": "je le", "jvous": "je vous",
    "jen": "je en", "mest": "me est", "sest": "se est", "cetait": "ce etait", "ct": "ce etait",
    "tes": "tu es", "t'es": "tu es", "t'as": "tu as", "tas": "tu as", "t'etais": "tu etais",
    "quil": "que il", "quils": "que ils", "quon": "que on", "daller": "de aller",
    "theres": "there is", "shes": "she is", "hes": "he is", "youre": "you are",
    "theyre": "they are",
    "thats": "that is", "hows": "how is", "itll": "it will",
}  # fmt: skip
_TES = frozenset({"tes", "tas"})
"""Read as « t'es », « t'as » only where no noun can follow: see `_canonical_piece`."""


@lru_cache(maxsize=2048)
def canonical(word: str) -> tuple[str, ...]:
    """Return the plain words of one folded word: « j'ai » gives je, ai; "don't" gives do, not.

    The French « ne » is dropped, since people drop it: « je n'ai pas » reads as « j'ai pas ».
    """
    if word in _GLUED and word not in _TES:
        return tuple(_GLUED[word].split())
    plain: list[str] = []
    for part in match_key(word).split("-"):
        plain.extend(_apart(part))
    return tuple(piece for piece in plain if piece and piece != "ne")


def _apart(part: str) -> list[str]:
    if part in _GLUED and part not in _TES:
        return _GLUED[part].split()
    if part.endswith("n't"):
        return [part[:-3], "not"]
    head, apostrophe, tail = part.partition("'")
    if not apostrophe:
        return [part]
    if head in _ELIDED and tail:
        return [_ELIDED[head], *_apart(tail)]
    return _english(head, tail)


def _english(head: str, tail: str) -> list[str]:
    if tail == "s":
        return [head, "is"] if head in _IS_AFTER else [head]
    return [head, _ENDINGS[tail]] if tail in _ENDINGS else [head, *_apart(tail)]


@lru_cache(maxsize=2048)
def _plain_words(token: str, lang: str) -> tuple[str, ...]:
    full = expand(token, lang)
    return tuple(word for piece in _WORD.findall(fold(full)) for word in canonical(piece))


@dataclass(frozen=True, slots=True)
class Token:
    """One plain word, and the source words it stands for."""

    word: str
    start: int
    end: int


@dataclass(frozen=True)
class Reading:
    """The tokens of a message and the same as one string, which the rules search."""

    source: str
    tokens: tuple[Token, ...]
    quoted: tuple[tuple[int, int], ...] = ()
    sure_of: str = ""
    """The language, if it is beyond doubt: rules of the other language are then silent."""
    joined: str = field(init=False)
    """` . word word . word ? word `: one space around each; `.` and `?` end sentences."""
    _starts: list[int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        starts, place = [], 3
        for token in self.tokens:
            starts.append(place)
            place += len(token.word) + 1
        object.__setattr__(self, "_starts", starts)
        object.__setattr__(self, "joined", f" . {' '.join(token.word for token in self.tokens)} ")

    @cached_property
    def words(self) -> frozenset[str]:
        """Every different word."""
        return frozenset(token.word for token in self.tokens)

    @cached_property
    def starts(self) -> frozenset[str]:
        """Every start of every word, the words themselves included."""
        return frozenset(word[:size] for word in self.words for size in range(1, len(word) + 1))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the source offsets of the words in `joined[start:end]`."""
        places = self.places(start, end)
        return self.tokens[places[0]].start, self.tokens[places[-1]].end

    def places(self, start: int, end: int) -> range:
        """Return the places, never none, of the tokens in `joined[start:end]`."""
        first = max(0, bisect_right(self._starts, start) - 1)
        last = max(first, bisect_right(self._starts, max(start, end - 1)) - 1)
        return range(first, last + 1)

    def sentence(self, start: int, end: int) -> tuple[int, int]:
        """Return the bounds in `joined` of the sentence around `joined[start:end]`."""
        before = max(self.joined.rfind(" . ", 0, start + 1), self.joined.rfind(" ? ", 0, start + 1))
        stops = [self.joined.find(stop, max(start, end - 1)) for stop in (" . ", " ? ")]
        after = min((stop for stop in stops if stop >= 0), default=len(self.joined) - 1)
        return (before + 2 if before >= 0 else 0), after + 3

    def beginnings(self) -> Iterator["Reading"]:
        """Yield the message whole, and its start up to the end of each of its first sentences."""
        yield self
        stops = [place for place, token in enumerate(self.tokens[:-1]) if token.word in _STOPS]
        for place in stops[:_MOST_BEGINNINGS]:
            yield Reading(self.source, self.tokens[: place + 1], self.quoted, self.sure_of)

    def is_quoted(self, start: int, end: int) -> bool:
        """Whether the source offsets lie inside quotation marks."""
        return any(low <= start and end <= high for low, high in self.quoted)


def read(text: str, speller: Speller, lang: str | None = None, sure_of: str = "") -> Reading:
    """Return the reading of redacted `text`; `lang` chooses the abbreviations that are known."""
    tokens = list(_tokens(text, speller, lang or "unknown"))
    quoted = tuple(match.span() for match in _QUOTED.finditer(text)) if _may_quote(text) else ()
    return Reading(text, tuple(speller.mend_joints(tokens, Token)), quoted, sure_of)


def _may_quote(text: str) -> bool:
    return any(mark in text for mark in "«“\"'‘")


def _tokens(text: str, speller: Speller, lang: str) -> Iterator[Token]:
    spaced = {match.start(): match for match in _SPACED.finditer(text)}
    at = 0
    for count, piece in enumerate(_PIECE.finditer(text)):
        if count >= _MOST_PIECES:
            return
        start, end = piece.span()
        if start < at:
            continue
        if (letters := spaced.get(start)) is not None:
            word = match_key(re.sub(r"[\W_]", "", letters[0]))
            spelled = speller.spelled_out(word)
            if spelled or len(word) >= _SURELY_SPACED:
                at = letters.end()
                for part in spelled or (speller.mend(word),):
                    yield Token(part, start, at)
                continue
        for word in _read_piece(text, piece, speller, lang):
            yield Token(word, start, end)


def _read_piece(text: str, piece: re.Match[str], speller: Speller, lang: str) -> tuple[str, ...]:
    kind, token = piece.lastgroup, piece[0]
    if kind == "word":
        return tuple(speller.mend(word) for word in _words(text, piece, lang))
    if kind == "masked":
        return speller.unmask(fold(token)) or tuple(
            word for part in _WORD.findall(token) for word in _plain_words(part, lang)
        )
    if kind == "stop":
        return ("?",) if "?" in token else (".",)
    if kind == "sign":
        return (_SIGNS[token],)
    if kind == "placeholder":
        return (f"zz{piece['placeholder'].lower().replace('_', '')}",)
    return {"link": ("zzlink",), "handle": ("zzhandle",)}.get(kind or "", ())


def _words(text: str, piece: re.Match[str], lang: str) -> tuple[str, ...]:
    token = piece[0]
    if len(token) == 1 and _is_symbol(text, piece.start(), token):
        return (fold(token),)
    return _plain_words(token, lang)


def _is_symbol(text: str, start: int, token: str) -> bool:
    """Whether one letter is a unit, a size or a name: "500 g", "vitamine C"."""
    before = text[max(0, start - 2) : start].strip()
    return before[-1:].isdigit() or (token.isupper() and not text.isupper())
