"""A circuit breaker: after failures in a row no call is made for a while, then one is tried."""

import threading
from datetime import datetime, timedelta

from agent.ports import Clock


class Breaker:
    """Closed: calls go through. Open: none does. After the pause one call tries, the rest wait."""

    def __init__(self, clock: Clock, failures: int, pause_seconds: float) -> None:
        self._clock = clock
        self._most = failures
        self._pause = timedelta(seconds=pause_seconds)
        self._lock = threading.Lock()
        self._failures = 0
        self._opened_at: datetime | None = None
        self.cause = ""
        """Why the last call failed: what a person can mend while nothing is called."""

    def allows(self) -> bool:
        """Whether a call may be made now; the one that is let through after the pause tries."""
        with self._lock:
            if self._opened_at is None:
                return True
            if self._clock.now() - self._opened_at < self._pause:
                return False
            # The next ones wait for what this one finds.
            self._opened_at = self._clock.now()
            return True

    def succeeded(self) -> None:
        """Close: the server answers."""
        with self._lock:
            self._failures, self._opened_at = 0, None

    def failed(self, cause: str) -> None:
        """Count a failed call; open at the limit."""
        with self._lock:
            self.cause = cause
            self._failures += 1
            if self._failures >= self._most:
                self._opened_at = self._clock.now()
