"""How people prove who they are, as the store keeps it: passwords, identities, counted attempts."""

from datetime import datetime
from typing import Protocol

from agent.domain.ids import PersonId
from agent.domain.people import LocalAccount


class Accounts(Protocol):
    """Passwords are known by their hash only; attempts by the hash of what they are counted on."""

    def put(self, person_id: PersonId, login: str) -> bool:
        """Give a person a login, or return False: another person has it."""
        ...

    def of(self, person_id: PersonId) -> LocalAccount | None:
        """Return a person's local account, if they have one."""
        ...

    def by_login(self, login: str) -> LocalAccount | None:
        """Return the account of a login."""
        ...

    def set_password(self, person_id: PersonId, password_hash: str, at: datetime) -> None:
        """Replace a password's hash, and forget the failures before."""
        ...

    def count_failure(self, login: str) -> None:
        """Add a failure to the account of a login; one that is not known is no error."""
        ...

    def forget_failures(self, person_id: PersonId) -> None:
        """Begin counting failures again."""
        ...

    def attempt(self, key_sha256: str, now: datetime, window_start: datetime) -> int:
        """Count one attempt; return how many there were since `window_start`, this one included.

        Attempts that come at once, on several machines, are counted one after the other.
        """
        ...

    def forget_attempts(self, key_sha256: str) -> None:
        """Begin counting attempts again."""
        ...

    def sweep_attempts(self, before: datetime) -> None:
        """Forget every count that began before."""
        ...

    def person_of(self, issuer: str, subject: str) -> PersonId | None:
        """Return the person behind an identity of a provider."""
        ...

    def add_identity(self, issuer: str, subject: str, person_id: PersonId, at: datetime) -> None:
        """Remember whose identity this is."""
        ...


class PasswordHasher(Protocol):
    """Turns passwords into what may be stored."""

    def hash(self, password: str) -> str:
        """Return a new salted hash."""
        ...

    def is_right(self, password: str, password_hash: str | None) -> bool:
        """Whether the password is that of the hash; None takes as long, and is never right."""
        ...

    def is_outdated(self, password_hash: str) -> bool:
        """Whether the hash was made with other parameters than those of today."""
        ...
