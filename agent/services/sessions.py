"""Sign-in: one-time links in, sessions that expire out. Tokens are never stored, only hashes."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from agent.domain.errors import NotAllowed
from agent.domain.ids import PersonId
from agent.domain.people import AtDesk, KnownPerson, Role, SignedIn
from agent.domain.records import SessionRecord
from agent.domain.reviews import Reviewer
from agent.ports import Clock, Store, UnitOfWork

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
            work.people.set_suspended(person.id, is_suspended=False)
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
        now = self._clock.now()
        with self._store.write() as work:
            person = work.people.use_link(_hash(token), now)
            if person is None:
                raise NotAllowed("this sign-in link was used or has expired; ask for another one")
            return self.open(work, person, "link")

    def open(self, work: UnitOfWork, person: Reviewer, way: str, token: str = "") -> str:
        """Open a session in this transaction; return its token (a new one, unless one is given).

        `way`: how the person proved who they are, for the record.
        """
        token = token or secrets.token_urlsafe(32)
        now = self._clock.now()
        record = SessionRecord(
            person=person, created_at=now, last_seen_at=now, expires_at=now + self._absolute
        )
        work.people.add_session(_hash(token), record)
        work.audit.add(now, person.id, "person.signed_in", person.id, way=way)
        return token

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
        person = AtDesk(
            id=record.person.id, name=record.person.name, session_sha256=_hash(session_token)
        )
        return SignedIn(person=person, roles=roles, expires_at=record.expires_at)

    def is_known(self, session_token: str) -> bool:
        """Whether there is such a session, be it live, ended or expired."""
        with self._store.read() as work:
            return work.people.session(_hash(session_token)) is not None

    def _is_live(self, record: SessionRecord) -> bool:
        now = self._clock.now()
        is_idle = now - record.last_seen_at >= self._idle
        return not record.is_revoked and not is_idle and now < record.expires_at

    def revoke(self, session_token: str) -> None:
        """End a session; an unknown one is no error."""
        with self._store.write() as work:
            work.people.revoke(_hash(session_token))

    def sign_out_everywhere(self, person_id: PersonId) -> int:
        """End every session and link of a person; return how many sessions."""
        now = self._clock.now()
        with self._store.write() as work:
            ended = work.people.revoke_all(person_id)
            work.audit.add(now, person_id, "person.signed_out", person_id, sessions=ended)
            return ended

    def revoke_person(self, person_id: PersonId) -> int:
        """Shut a person out: no role, no link, no session; return how many sessions ended."""
        with self._store.write() as work:
            return shut_out(work, person_id, "sessions", self._clock.now())

    def known(self) -> tuple[KnownPerson, ...]:
        """Return everybody, with all that is known of how they sign in."""
        with self._store.read() as work:
            return work.people.known()

    def people(self) -> tuple[tuple[Reviewer, dict[str, Role]], ...]:
        """Return everybody and their roles."""
        with self._store.read() as work:
            return work.people.all()


def shut_out(work: UnitOfWork, person_id: PersonId, actor: str, now: datetime) -> int:
    """End all that lets a person in, in this transaction; return how many sessions ended."""
    # Sessions first, as a decision locks them: two transactions never wait for each other.
    ended = work.people.revoke_all(person_id)
    work.people.set_suspended(person_id, is_suspended=True)
    work.people.set_roles(person_id, {})
    work.people.set_claimed(person_id, {})
    work.audit.add(now, actor, "person.revoked", person_id, sessions=ended)
    return ended


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8")).hexdigest()
