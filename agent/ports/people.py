"""People at the desk, as the store keeps them."""

from datetime import datetime
from typing import Protocol

from agent.domain.ids import PersonId
from agent.domain.people import Role
from agent.domain.records import SessionRecord
from agent.domain.reviews import Reviewer


class People(Protocol):
    """Who may do what, and who is signed in. Tokens are known by their SHA-256 only."""

    def put(self, person: Reviewer, at: datetime) -> None:
        """Add a person, or renew their name."""
        ...

    def set_roles(self, person_id: PersonId, roles_by_brand: dict[str, Role]) -> None:
        """Replace a person's roles (brand id or `*` -> role)."""
        ...

    def roles(self, person_id: PersonId) -> dict[str, Role] | None:
        """Return a person's roles, or None: the person is not known."""
        ...

    def all(self) -> tuple[tuple[Reviewer, dict[str, Role]], ...]:
        """Return everybody with their roles, by name."""
        ...

    def add_link(
        self, token_sha256: str, person_id: PersonId, at: datetime, until: datetime
    ) -> None:
        """Store a sign-in link."""
        ...

    def use_link(self, token_sha256: str, now: datetime) -> Reviewer | None:
        """Use up a link; None: there is none, it was used, or it has expired."""
        ...

    def add_session(self, token_sha256: str, record: SessionRecord) -> None:
        """Store a session."""
        ...

    def session(self, token_sha256: str) -> SessionRecord | None:
        """Return a session."""
        ...

    def touch(self, token_sha256: str, at: datetime) -> None:
        """Record that a session was used."""
        ...

    def revoke(self, token_sha256: str) -> None:
        """End a session."""
        ...

    def revoke_all(self, person_id: PersonId) -> int:
        """End every session and link of a person; return how many sessions."""
        ...
