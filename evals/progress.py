"""How far a run is, told while it goes."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

_Thing = TypeVar("_Thing")
Tell = Callable[[int, int], None]
"""Called with how much is done, of how much."""


class Progress:
    """Counts what passes; never above the total, though variants make more outputs than cases."""

    def __init__(self, total: int, tell: Tell | None = None) -> None:
        self._total = total
        self._tell = tell
        self._done = 0

    def counted(self, things: Iterable[_Thing]) -> Iterator[_Thing]:
        """Yield `things`, telling after each."""
        for thing in things:
            yield thing
            self._done = min(self._done + 1, self._total)
            if self._tell is not None:
                self._tell(self._done, self._total)
