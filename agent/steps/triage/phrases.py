r"""The small language of the rule files, and a fast search for many phrases at once.

A phrase is plain words, accents or not: `mon avocat`, `j'ai été brûlé`. In it, `brul*` is any word
that starts so, `(a|b c)` a choice, `(très )?` optional, `(très )*` up to four times, `(très )+` one
to five, `..` up to three words, `...` up to six, `....` up to twelve, `{group}` a list from
words.yaml, `{n}` a number, `\?` a question mark.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from itertools import product
from typing import NamedTuple

from agent.steps.triage.reading import Reading, canonical
from knowledge.text.normalise import match_key

_GAPS = {"..": 3, "...": 6, "....": 12}
_MACRO = re.compile(r"\{(\w+)\}")
_COMPOUND = re.compile(r"[a-z0-9]+(?:['-][a-z0-9]+)+")
_ELISION = re.compile(r"\b(qu|[cdjlmst])'(\(|(?=[|) ])|$)")
_DROPPED_NE = re.compile(r"\bn'|\bne (?=[a-z(])")
_FULL_ELISION = {"qu": "que", **{letter: f"{letter}e" for letter in "cdjlmst"}}
_INNER_GAP = re.compile(r" (\.{2,4}) ")
_LITERALS = re.compile(r"[a-z0-9 *]+(?=[a-z0-9 *)|(]|$)")
_ANCHOR = re.compile(r"[a-z0-9]+\*?")
_OPTION = re.compile(r"\)[?*+]")
_PLAIN_CHOICE = re.compile(r"\([^()]*\)(?![?*+])")
_OPTION_APART = re.compile(
    r"(?<![a-z0-9*])\([^()|]* (?:\|[^()|]* )*\)[?*+]|\( [^()|]*(?:\| [^()|]*)*\)[?*+](?![a-z0-9])"
)
"""A choice that may be left out, with a space between it and the word beside it."""
_MOST_SPELLED_OUT = 6000
_MOST_REMEMBERED = 2048


class _Demand(NamedTuple):
    """Words, and starts of words, of which a message must hold one."""

    words: frozenset[str]
    starts: frozenset[str]


class Phrase:
    """One phrase, compiled when a message first holds a word of each of its pieces."""

    def __init__(self, text: str, groups: Mapping[str, str]) -> None:
        self.text = text
        self.plain = _plain(text, groups)
        self._pieces = _split_top(self.plain)

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The phrase as a regular expression over `Reading.joined`."""
        return re.compile(rf"(?<= )(?:{_to_regex(self._pieces)})(?= )")

    @cached_property
    def anchors(self) -> frozenset[str]:
        """Words of which one is in every match; a final `*` marks the start of a word."""
        if not self._choices:
            raise ValueError(f"phrase {self.text!r} has no word that every match must hold")
        choices = self._choices.values()
        return max(choices, key=lambda choice: min(len(word.rstrip("*")) for word in choice))

    @cached_property
    def _choices(self) -> dict[str, frozenset[str]]:
        """For each piece that has them, words of which one is in every match."""
        choices = {piece: _best_words(piece) for piece in self._pieces if piece not in _GAPS}
        return {piece: words for piece, words in choices.items() if words}

    @cached_property
    def _demands(self) -> tuple[_Demand, ...]:
        return tuple(
            _Demand(
                frozenset(word for word in words if not word.endswith("*")),
                frozenset(word[:-1] for word in words if word.endswith("*")),
            )
            for piece, words in self._choices.items()
            if not _has_optional_ending(piece)
        )

    def may_be_in(self, reading: Reading) -> bool:
        """Whether the message holds a word of each piece: without one there is no match in it."""
        for words, starts in self._demands:
            if reading.words.isdisjoint(words) and reading.starts.isdisjoint(starts):
                return False
        return True

    @cached_property
    def words(self) -> frozenset[str]:
        """Every whole word the phrase names, for mending misspelt ones."""
        return frozenset(word for word in self._spelled() if word.isalnum() and word.isascii())

    @cached_property
    def stems(self) -> frozenset[str]:
        """Every start of a word that the phrase names with `*`."""
        return frozenset(word[:-1] for word in self._spelled() if word.endswith("*"))

    def _spelled(self) -> Iterator[str]:
        for piece in self._pieces:
            if piece not in _GAPS:
                for option in _spell(piece):
                    yield from option.split()


def _plain(text: str, groups: Mapping[str, str]) -> str:
    """Return the phrase folded and with its contractions spelled out as in a reading."""
    folded = _MACRO.sub(lambda macro: f"({groups[macro[1]]})", text)
    folded = _DROPPED_NE.sub("", match_key(folded).replace("/", " "))
    folded = _ELISION.sub(lambda cut: _FULL_ELISION[cut[1]] + (" (" if cut[2] else ""), folded)
    return _COMPOUND.sub(lambda run: " ".join(canonical(run[0])), folded).strip()


def _split_top(plain: str) -> tuple[str, ...]:
    """Split at the spaces outside parentheses."""
    pieces, depth, current = [], 0, ""
    for char in plain:
        depth += (char == "(") - (char == ")")
        if char == " " and depth == 0:
            pieces.append(current)
            current = ""
        else:
            current += char
    if depth or "'" in plain:
        raise ValueError(f"phrase {plain!r} has an open parenthesis or a loose apostrophe")
    return tuple(piece for piece in (*pieces, current) if piece)


def _to_regex(pieces: Iterable[str]) -> str:
    parts: list[str] = []
    joint = ""
    for piece in pieces:
        if piece not in _GAPS and "" in _spell(piece):
            raise ValueError(f"{piece!r} may be empty; write its space inside: `(très )?bon`")
        if piece in _GAPS:
            parts.append(f"(?: [a-z0-9]+){{0,{_GAPS[piece]}}}")
        else:
            parts.append(joint + _piece_to_regex(piece))
        joint = " "
    return "".join(parts)


def _piece_to_regex(piece: str) -> str:
    grouped = piece.replace("(", "(?:").replace(")*", "){0,4}").replace(")+", "){1,5}")
    whole = grouped.replace("*", "[a-z0-9]*")
    return _INNER_GAP.sub(lambda gap: f"(?: [a-z0-9]+){{0,{_GAPS[gap[1]]}}} ", whole)


def _best_words(piece: str) -> frozenset[str]:
    """Return one word of each spelling of `piece`, or nothing if a spelling has none."""
    best = set()
    for option in _spell(piece):
        words = [_as_anchor(word) for word in option.split() if word not in _GAPS]
        longest = max(words, key=lambda word: len(word.rstrip("*")), default="")
        if not _ANCHOR.fullmatch(longest):
            return frozenset()
        best.add(longest)
    return frozenset(best)


def _has_optional_ending(piece: str) -> bool:
    """Whether something optional may be part of a word, as in `on(to)?`: it is not spelled out."""
    before = ""
    while before != piece:
        before = piece
        piece = _PLAIN_CHOICE.sub("x", _OPTION_APART.sub("", piece))
    return _OPTION.search(piece) is not None


def _as_anchor(word: str) -> str:
    """Return the word up to its first `*`, which stays as the mark of a start."""
    head, star, _ = word.partition("*")
    return head + star


@lru_cache(maxsize=4096)
def _spell(piece: str) -> tuple[str, ...]:
    """Return every spelling of a piece with choices; what is optional is left out."""
    options, rest = _spell_sequence(piece, 0)
    if rest != len(piece):
        raise ValueError(f"phrase piece {piece!r} has a parenthesis too many")
    return tuple(options)


def _spell_sequence(piece: str, at: int) -> tuple[list[str], int]:
    done: list[str] = [""]
    while at < len(piece) and piece[at] not in "|)":
        if piece[at] == "(":
            inner, at = _spell_choice(piece, at + 1)
        elif run := _LITERALS.match(piece, at):
            inner, at = [run[0]], run.end()
        else:
            at += piece[at] == "\\"
            inner, at = [piece[at]], at + 1
        mark = piece[at - 1 : at + 1]
        if mark in {")?", ")*"}:
            inner = [""]
        elif mark[1:] == "?":
            inner = ["", *inner]
        at += mark in {")?", ")*", ")+"} or mark[1:] == "?"
        if len(done) * len(inner) > _MOST_SPELLED_OUT:
            raise ValueError(f"phrase piece {piece!r} has too many spellings; cut it in two")
        done = [left + right for left, right in product(done, inner)]
    return done, at


def _spell_choice(piece: str, at: int) -> tuple[list[str], int]:
    options: list[str] = []
    while True:
        some, at = _spell_sequence(piece, at)
        options += some
        if at >= len(piece) or piece[at] == ")":
            return options, at + 1
        at += 1


class PhraseIndex:
    """Finds which of many phrases may be in a message, by the words that each must hold."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._phrases = tuple(phrases)
        self._numbers_of = lru_cache(maxsize=_MOST_REMEMBERED)(self._look_up)
        self._whole: dict[str, list[int]] = {}
        self._starting: dict[str, list[tuple[str, int]]] = {}
        for number, phrase in enumerate(self._phrases):
            for anchor in phrase.anchors:
                if anchor.endswith("*"):
                    start = anchor[:-1]
                    self._starting.setdefault(start[:3], []).append((start, number))
                else:
                    self._whole.setdefault(anchor, []).append(number)

    def candidates(self, reading: Reading) -> list[int]:
        """Return the numbers of the phrases worth searching, in their order."""
        hits = sorted(set().union(*map(self._numbers_of, reading.words)))
        return [number for number in hits if self._phrases[number].may_be_in(reading)]

    def _look_up(self, word: str) -> tuple[int, ...]:
        """Return the numbers of the phrases that a word may be an anchor of."""
        starting = (
            number
            for length in (1, 2, 3)
            for start, number in self._starting.get(word[:length], ())
            if word.startswith(start)
        )
        return (*self._whole.get(word, ()), *starting)
