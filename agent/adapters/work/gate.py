"""The gate: how many jobs of a kind run at once in this process, however many were taken."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Leaving(BaseException):
    """This process stops: the job stays begun, and another worker goes on with it.

    Not an `Exception`: the engine must not take it for the job's failure.
    """


class Gate:
    """Lets so many in at a time; once closed, nobody, and those inside can be waited for."""

    def __init__(self, places: int) -> None:
        self._free = places
        self._inside = 0
        self._is_closed = False
        self._changed = threading.Condition()

    @contextmanager
    def place(self) -> Iterator[None]:
        """Wait for a place and hold it.

        Raises:
            Leaving: the gate is closed.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._is_closed or self._free > 0)
            if self._is_closed:
                raise Leaving
            self._free -= 1
            self._inside += 1
        try:
            yield
        finally:
            with self._changed:
                self._free += 1
                self._inside -= 1
                self._changed.notify_all()

    def close(self) -> None:
        """Let nobody in any more."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    def wait_empty(self, seconds: float) -> bool:
        """Wait until nobody is inside; False: somebody still is."""
        with self._changed:
            return self._changed.wait_for(lambda: self._inside == 0, seconds)
