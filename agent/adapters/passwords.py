"""Passwords hashed with Argon2id, at most a few at a time."""

import threading

from argon2 import PasswordHasher as Argon2
from argon2 import Type
from argon2.exceptions import InvalidHashError, VerificationError

TIME_COST, MEMORY_KIB, LANES = 3, 64 * 1024, 4
"""The second recommended option of RFC 9106, section 4: t=3, m=64 MiB, p=4."""
_AT_ONCE = 2
"""Each takes its 64 MiB: a burst of sign-ins waits rather than filling the memory."""


class Argon2Hasher:
    """Hashes are in the PHC string format: their parameters travel with them."""

    def __init__(
        self, time_cost: int = TIME_COST, memory_kib: int = MEMORY_KIB, lanes: int = LANES
    ) -> None:
        self._argon2 = Argon2(time_cost, memory_kib, lanes, type=Type.ID)
        self._turns = threading.BoundedSemaphore(_AT_ONCE)
        self._nobody = self._argon2.hash("nobody's password")

    def hash(self, password: str) -> str:
        with self._turns:
            return self._argon2.hash(password)

    def is_right(self, password: str, password_hash: str | None) -> bool:
        # Who has no password costs the same time as who has one: the answer tells nothing.
        with self._turns:
            try:
                self._argon2.verify(password_hash or self._nobody, password)
            except (VerificationError, InvalidHashError):
                return False
        return password_hash is not None

    def is_outdated(self, password_hash: str) -> bool:
        return self._argon2.check_needs_rehash(password_hash)
