"""People at the desk, as the store keeps them."""

from datetime import datetime
from typing import Protocol

from agent.domain.ids import PersonId
from agent.domain.people import KnownPerson, LinkPurpose, Role
from agent.domain.records import SessionRecord
from agent.domain.reviews import Reviewer


class People(Protocol):
    """Who may do what, and who is signed in. Tokens are known by their SHA-256 only."""

    def put(self, person: Reviewer, at: datetime) -> None:
        """Add a person, or renew their name."""
        ...

    def set_suspended(self, person_id: PersonId, *, is_suspended: bool) -> None:
        """Shut a person out, whatever their roles, or let them in again."""
        ...

    def set_roles(self, person_id: PersonId, roles_by_brand: dict[str, Role]) -> None:
        """Replace the roles given to a person here (brand id or `*` -> role)."""
        ...

    def set_claimed(self, person_id: PersonId, roles_by_brand: dict[str, Role]) -> None:
        """Replace the roles that an identity provider gives a person."""
        ...

    def roles(self, person_id: PersonId) -> dict[str, Role] | None:
        """Return the roles that count, or None: the person is not known.

        In a write nobody changes them until its end.
        """
        ...

    def given(self, person_id: PersonId) -> dict[str, Role]:
        """Return the roles given here."""
        ...

    def admins(self) -> tuple[PersonId, ...]:
        """Return who administers every brand; in a write none of them loses it until its end."""
        ...

    def known(self) -> tuple[KnownPerson, ...]:
        """Return everybody, by name, with all that the people page shows."""
        ...

    def all(self) -> tuple[tuple[Reviewer, dict[str, Role]], ...]:
        """Return everybody with their roles, by name."""
        ...

    def add_link(
        self,
        token_sha256: str,
        person_id: PersonId,
        at: datetime,
        until: datetime,
        purpose: LinkPurpose = LinkPurpose.SIGN_IN,
    ) -> None:
        """Store a one-time link."""
        ...

    def use_link(
        self, token_sha256: str, now: datetime, purpose: LinkPurpose = LinkPurpose.SIGN_IN
    ) -> Reviewer | None:
        """Use up a link; None: there is none for this purpose, it was used, or it has expired."""
        ...

    def holder(self, token_sha256: str, now: datetime, purpose: LinkPurpose) -> Reviewer | None:
        """Return whose link this is if it can still be used, and leave it usable."""
        ...

    def add_session(self, token_sha256: str, record: SessionRecord) -> None:
        """Store a session; one with the same token stays as it is."""
        ...

    def session(self, token_sha256: str) -> SessionRecord | None:
        """Return a session; in a write nobody ends it until the end of that write."""
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
