"""Mends misspelt, masked, glued and cut words, but only into words that the rules look for."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Protocol, TypeVar


def word_set(listed: str) -> frozenset[str]:
    """Return the words of a line."""
    return frozenset(listed.split())


_LEET = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b"})
_MASKS = str.maketrans({"@": "a", "$": "s", "€": "e"})
_DIGIT_IN_WORD = re.compile(r"[a-z]\d|\d[a-z]")
_LEAST_MENDED = 5
_LEAST_MENDED_FREELY = 6
"""Letters below which only two swapped letters are mended: other slips make real words."""
_OFTEN_GLUED = word_set(
    "a i y the my your you to of is are all so these those this for that not be many too people"
    " very like just le la les de du des je tu vous et un une pas ce ces trop mon ma mes ton ta"
    " votre vos que est sale"
)
"""Words that people run together with the next or the last one."""
_ENDINGS = frozenset("sedrzxy")
"""Last letters by which forms of one word differ; the rules name the forms they want."""
_LEAST_STEM, _LONGEST_ENDING = 4, 5
_MOST_REMEMBERED = 2048


class Placed(Protocol):
    """A word with its place in the source."""

    @property
    def word(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


P = TypeVar("P", bound=Placed)


def _without_one(word: str) -> set[str]:
    return {word[:place] + word[place + 1 :] for place in range(len(word))}


def _is_one_slip(word: str, other: str) -> bool:
    """Whether one letter was added, dropped, replaced or swapped with its neighbour."""
    if len(word) > len(other):
        word, other = other, word
    at = next((i for i, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), len(word))
    if len(word) < len(other):
        return word[at:] == other[at + 1 :]
    swapped = word[at : at + 2] == other[at : at + 2][::-1] and word[at + 2 :] == other[at + 2 :]
    return swapped or word[at + 1 :] == other[at + 1 :]


class Speller:
    """Knows the words of the rules (`wanted`) and common words that must be left alone."""

    def __init__(
        self,
        wanted: Iterable[str],
        stems: Iterable[str],
        is_common: Callable[[str], bool],
        rude: Iterable[str] = (),
    ) -> None:
        """`rude` words are also looked for behind stars and inside run-together words."""
        self._wanted = frozenset(wanted)
        self._stems = frozenset(stems)
        self._is_common = is_common
        self._rude = frozenset(rude)
        self._near: dict[str, list[str]] = {}
        for word in sorted(self._wanted):
            if len(word) >= _LEAST_MENDED:
                for shape in {word, *_without_one(word)}:
                    self._near.setdefault(shape, []).append(word)
        self._rude_and_short: dict[str, set[str]] = {}
        for word in self._rude:
            if len(word) == _LEAST_MENDED:
                self._rude_and_short.setdefault(word[0], set()).add(word)
        self._mended: dict[str, str] = {}
        self._cut = lru_cache(maxsize=_MOST_REMEMBERED)(self._cut_in_two)

    def is_known(self, word: str) -> bool:
        """Whether the word is one of ours or a common one."""
        return self._is_exact(word) or self._has_stem(word)

    def _is_exact(self, word: str) -> bool:
        return word in self._wanted or self._is_common(word)

    def _has_stem(self, word: str) -> bool:
        shortest = max(_LEAST_STEM, len(word) - _LONGEST_ENDING)
        return any(word[:size] in self._stems for size in range(shortest, len(word) + 1))

    def mend(self, word: str) -> str:
        """Return the rule word that `word` is a slip of, or `word` itself."""
        found = self._mended.get(word)
        if found is None:
            if len(self._mended) > _MOST_REMEMBERED:
                self._mended.clear()
            found = self._mended[word] = self._mend(word)
        return found

    def _mend(self, word: str) -> str:
        if len(word) < 3 or self._is_exact(word):
            return word
        if _DIGIT_IN_WORD.search(word):
            plain = word.translate(_LEET)
            return plain if plain.isalpha() and plain in self._wanted else word
        if len(word) < _LEAST_MENDED - 1 or not word.isalpha():
            return word
        return self._nearest(word, only_swaps=self._has_stem(word)) or word

    def _nearest(self, word: str, *, only_swaps: bool) -> str | None:
        """Return the first wanted word within one slip that is no inflection of `word`."""
        shapes = {word, *_without_one(word)}
        near = {known for shape in shapes for known in self._near.get(shape, ())}
        close = sorted(known for known in near if _is_mendable(word, known, only_swaps=only_swaps))
        if not close and not only_swaps:
            close = sorted(near & self._rude_lacking_a_letter(word))
        return close[0] if close else None

    def _rude_lacking_a_letter(self, word: str) -> set[str]:
        """Return the five-letter rude words of which `word` may only lack one letter."""
        if len(word) + 1 != _LEAST_MENDED:
            return set()
        return self._rude_and_short.get(word[0], set())

    def unmask(self, token: str) -> tuple[str, ...]:
        """Return the rude word behind a masked one ("f*ck", "c0nn@rd"), or nothing."""
        plain = token.translate(_LEET).translate(_MASKS)
        if plain.isalpha() and plain in self._wanted:
            return (plain,)
        shape = "".join("[a-z]" if not char.isalnum() else char for char in plain)
        if not any(char.isalpha() for char in plain):
            return ()
        pattern = re.compile(re.sub(r"(\[a-z\])+$", "[a-z]+", shape))
        return next(((word,) for word in sorted(self._rude) if pattern.fullmatch(word)), ())

    def mend_joints(self, tokens: Sequence[P], make: Callable[[str, int, int], P]) -> Iterator[P]:
        """Yield the tokens, joining a word cut in two and cutting two words run together."""
        at = 0
        while at < len(tokens):
            token = tokens[at]
            following = tokens[at + 1] if at + 1 < len(tokens) else None
            if following is not None and self._is_cut(token.word, following.word):
                yield make(token.word + following.word, token.start, following.end)
                at += 2
                continue
            for word in self._cut(token.word):
                yield make(word, token.start, token.end)
            at += 1

    def _is_pair(self, wanted: str, other: str) -> bool:
        """Whether a long rule word and a common word were written as one."""
        if wanted not in self._wanted or len(wanted) < _LEAST_MENDED:
            return False
        return other in _OFTEN_GLUED

    def _is_rude_pair(self, rude: str, other: str) -> bool:
        """Whether a rude word was hidden by gluing it to an everyday one."""
        if rude not in self._rude:
            return False
        is_long = len(rude) >= _LEAST_MENDED and len(other) > 1
        return (is_long and self._is_common(other)) or (len(rude) > 3 and other in _OFTEN_GLUED)

    def _is_cut(self, word: str, following: str) -> bool:
        whole = word + following
        if len(whole) < _LEAST_MENDED or whole not in self._wanted:
            return False
        return not (self._is_exact(word) and self._is_exact(following))

    def spelled_out(self, letters: str) -> tuple[str, ...]:
        """Return the rule words that single letters spell, or nothing if they spell none."""
        if letters in self._wanted:
            return (letters,)
        parts = self._cut(letters)
        return parts if len(parts) > 1 else ()

    def _cut_in_two(self, word: str) -> tuple[str, ...]:
        if len(word) <= _LEAST_MENDED or not word.isalpha() or self._is_exact(word):
            return (word,)
        is_inflected = self._has_stem(word)
        for place in range(1, len(word) - 1):
            left, right = word[:place], word[place:]
            if self._is_rude_pair(right, left) or self._is_rude_pair(left, right):
                return left, right
            if not is_inflected and (self._is_pair(right, left) or self._is_pair(left, right)):
                return left, right
        return (word,)


def _is_mendable(word: str, known: str, *, only_swaps: bool) -> bool:
    is_swap = sorted(word) == sorted(known)
    if only_swaps and not is_swap:
        return False
    if not (is_swap or (word[0] == known[0] and len(known) >= _LEAST_MENDED_FREELY)):
        return False
    return _is_one_slip(word, known) and not _differs_by_ending(word, known)


def _differs_by_ending(word: str, known: str) -> bool:
    """Whether the two are forms of one word: the rules name the forms they want."""
    short, long = sorted((word, known), key=len)
    if len(short) < len(long):
        return long[:-1] == short and long[-1] in _ENDINGS
    return word[:-1] == known[:-1] and {word[-1], known[-1]} <= _ENDINGS
