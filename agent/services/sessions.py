"""Sign-in: one-time links in, sessions that expire out. Tokens are never stored, only hashes."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import timedelta

from agent.domain.errors import NotAllowed
from agent.domain.ids import PersonId
from agent.domain.people import Role, SignedIn
from agent.domain.records import SessionRecord
from agent.domain.reviews import Reviewer
from agent.ports import Clock, Store

_TOUCH_EVERY = timedelta(minutes=1)
"""A session's last use is written at most this often: reads stay reads."""


class SessionService:
    """Who is at the desk, and what they may do there."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        link_minutes: int = 15,
        idle_minutes: int = 240,
        session_hours: int = 12,
    ) -> None:
        self._store = store
        self._clock = clock
        self._link = timedelta(minutes=link_minutes)
        self._idle = timedelta(minutes=idle_minutes)
        self._absolute = timedelta(hours=session_hours)

    def issue_link(self, person: Reviewer, roles: Mapping[str, Role]) -> str:
        """Add or renew a person with these roles (brand id or `*` -> role); return a token.

        The token signs them in once, within `link_minutes`.
        """
        token = secrets.token_urlsafe(32)
        now = self._clock.now()
        granted = {brand: Role(role) for brand, role in sorted(roles.items())}
        with self._store.write() as work:
            work.people.put(person, now)
            work.people.set_roles(person.id, granted)
            work.people.add_link(_hash(token), person.id, now, now + self._link)
            names = {brand: role.value for brand, role in granted.items()}
            work.audit.add(now, "sessions", "person.invited", person.id, roles=names)
        return token

    def redeem(self, token: str) -> str:
        """Use a link up; return the token of the session it opens.

        Raises:
            NotAllowed: the link is unknown, was used, or has expired.
        """
        session_token = secrets.token_urlsafe(32)
        now = self._clock.now()
        with self._store.write() as work:
            person = work.people.use_link(_hash(token), now)
            if person is None:
                raise NotAllowed("this sign-in link was used or has expired; ask for another one")
            record = SessionRecord(
                person=person, created_at=now, last_seen_at=now, expires_at=now + self._absolute
            )
            work.people.add_session(_hash(session_token), record)
            work.audit.add(now, person.id, "person.signed_in", person.id)
        return session_token

    def who(self, session_token: str) -> SignedIn | None:
        """Return who holds this session, or None: it is unknown, ended or expired."""
        now = self._clock.now()
        with self._store.read() as work:
            record = work.people.session(_hash(session_token))
            if record is None or not self._is_live(record):
                return None
            roles = work.people.roles(record.person.id) or {}
        if now - record.last_seen_at >= _TOUCH_EVERY:
            with self._store.write() as work:
                work.people.touch(_hash(session_token), now)
        return SignedIn(person=record.person, roles=roles, expires_at=record.expires_at)

    def _is_live(self, record: SessionRecord) -> bool:
        now = self._clock.now()
        is_idle = now - record.last_seen_at >= self._idle
        return not record.is_revoked and not is_idle and now < record.expires_at

    def revoke(self, session_token: str) -> None:
        """End a session; an unknown one is no error."""
        with self._store.write() as work:
            work.people.revoke(_hash(session_token))

    def revoke_person(self, person_id: PersonId) -> int:
        """Take every role of a person away, end their links and sessions; return how many."""
        now = self._clock.now()
        with self._store.write() as work:
            work.people.set_roles(person_id, {})
            ended = work.people.revoke_all(person_id)
            work.audit.add(now, "sessions", "person.revoked", person_id, sessions=ended)
            return ended

    def people(self) -> tuple[tuple[Reviewer, dict[str, Role]], ...]:
        """Return everybody and their roles."""
        with self._store.read() as work:
            return work.people.all()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8")).hexdigest()
