"""A message without case, accents, spaces and punctuation, with the way back to its offsets."""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from agent.adapters.redactor.person.lexicon import fold


class Compact(NamedTuple):
    """Letters and digits only; `offsets[i]` is where the i-th one stands in `message`."""

    message: str
    text: str
    offsets: list[int]

    def occurrences(self, value: str) -> Iterator[tuple[int, int]]:
        """Yield the spans of `message` where `value` (compact itself) stands as a whole word."""
        position = self.text.find(value) if value else -1
        while position != -1:
            start = self.offsets[position]
            end = self.offsets[position + len(value) - 1] + 1
            if self._is_whole(start, end):
                yield start, end
            position = self.text.find(value, position + 1)

    def _is_whole(self, start: int, end: int) -> bool:
        before, after = self.message[start - 1 : start], self.message[end : end + 1]
        return not (before.isalnum() or after.isalnum())


@lru_cache(maxsize=4096)
def _fold_char(char: str) -> str:
    return "".join(one for one in fold(char) if one.isalnum())


def compact(message: str) -> Compact:
    """Return the compact reading of `message`."""
    pieces: list[str] = []
    offsets: list[int] = []
    for position, char in enumerate(message):
        if char.isalnum():
            for folded in _fold_char(char):
                pieces.append(folded)
                offsets.append(position)
    return Compact(message, "".join(pieces), offsets)


def compacted(value: str) -> str:
    """Return `value` in lower case, without accents, spaces and punctuation."""
    return "".join(_fold_char(char) for char in value if char.isalnum())
