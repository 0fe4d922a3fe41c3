"""Local accounts: passwords set by one-time links, sign-in that tells nothing and is counted."""

import hashlib
import secrets
from datetime import timedelta

from agent.domain.errors import NotAllowed, NotFound, PeopleRule, SignInRefused, TooManyAttempts
from agent.domain.ids import PersonId
from agent.domain.people import LinkPurpose, LocalAccount
from agent.domain.reviews import Reviewer
from agent.ports import Clock, PasswordHasher, Store
from agent.services.passwords import normalised, refuse_weak
from agent.services.sessions import SessionService

WINDOW = timedelta(minutes=15)
PER_ACCOUNT, PER_ADDRESS = 10, 50
"""Attempts in one window; an office shares one address."""
IN_A_ROW = 100
"""NIST SP 800-63B-4, section 3.2.2: no more than 100 failures in a row on one account; then the
password is void until a new link is used."""
_LINK = timedelta(days=3)
"""An invitation may lie in a mailbox over a weekend."""


class AccountService:
    """Who signs in with a password kept here."""

    def __init__(
        self, store: Store, clock: Clock, hasher: PasswordHasher, sessions: SessionService
    ) -> None:
        self._store = store
        self._clock = clock
        self._hasher = hasher
        self._sessions = sessions

    def sign_in(self, login: str, password: str, address: str) -> str:
        """Return the token of a new session. `address`: where the attempt comes from.

        Raises:
            SignInRefused: the same for an unknown login, a wrong password, a void or missing one.
            TooManyAttempts: for this login, known or not, or from this address.
        """
        login = plain_login(login)
        account = self._begin(login, address)
        stored = account.password_hash if account and _may_try(account) else None
        is_right = self._hasher.is_right(normalised(password), stored)
        if account is None or stored is None or not is_right:
            raise SignInRefused
        new_hash = None
        if self._hasher.is_outdated(stored):
            new_hash = self._hasher.hash(normalised(password))
        now = self._clock.now()
        with self._store.write() as work:
            work.accounts.forget_attempts(_key("login", login))
            work.accounts.forget_failures(account.person.id)
            if new_hash:
                work.accounts.set_password(account.person.id, new_hash, account.changed_at or now)
            return self._sessions.open(work, account.person, "password")

    def _begin(self, login: str, address: str) -> LocalAccount | None:
        """Count the attempt before it is made: many at once are no way round the limit."""
        now = self._clock.now()
        with self._store.write() as work:
            work.accounts.sweep_attempts(now - WINDOW)
            counts = (
                (work.accounts.attempt(_key("address", address), now, now - WINDOW), PER_ADDRESS),
                (work.accounts.attempt(_key("login", login), now, now - WINDOW), PER_ACCOUNT),
            )
            is_allowed = all(count <= most for count, most in counts)
            account = work.accounts.by_login(login)
            if is_allowed:
                work.accounts.count_failure(login)
        if not is_allowed:
            raise TooManyAttempts
        return account

    def invite(self, person_id: PersonId, login: str, by: str) -> str:
        """Give a person a login and return the token of a link that sets their password, once.

        Raises:
            NotFound: there is no such person.
            NotAllowed: another person has this login, or it is empty.
        """
        token = secrets.token_urlsafe(32)
        now = self._clock.now()
        login = plain_login(login)
        if not login:
            raise PeopleRule("incomplete", "a login is needed: an e-mail address or a short name")
        with self._store.write() as work:
            if work.people.roles(person_id) is None:
                raise NotFound(f"there is no person {person_id!r}")
            if not work.accounts.put(person_id, login):
                raise PeopleRule("login_taken", "another person has this login; choose another")
            work.people.set_suspended(person_id, is_suspended=False)
            until = now + _LINK
            work.people.add_link(_hash(token), person_id, now, until, LinkPurpose.PASSWORD)
            work.audit.add(now, by, "account.invited", person_id)
        return token

    def invited(self, token: str) -> LocalAccount | None:
        """Return whose password a link may set, or None: it was used or has expired."""
        with self._store.read() as work:
            person = work.people.holder(_hash(token), self._clock.now(), LinkPurpose.PASSWORD)
            return work.accounts.of(person.id) if person else None

    def choose_password(self, token: str, password: str) -> str:
        """Set a password by a one-time link, end the sessions before it, and open one.

        Raises:
            WeakPassword: the link stays usable.
            NotAllowed: the link was used or has expired.
        """
        account = self.invited(token)
        if account is None:
            raise NotAllowed("this link was used or has expired; ask for another one")
        refuse_weak(password, account.login, account.person.name)
        new_hash = self._hasher.hash(normalised(password))
        now = self._clock.now()
        with self._store.write() as work:
            person = work.people.use_link(_hash(token), now, LinkPurpose.PASSWORD)
            if person is None:
                raise NotAllowed("this link was used or has expired; ask for another one")
            work.people.revoke_all(person.id)
            work.accounts.set_password(person.id, new_hash, now)
            work.audit.add(now, person.id, "account.password_set", person.id)
            return self._sessions.open(work, person, "password_link")

    def set_password(self, person: Reviewer, login: str, password: str, by: str) -> None:
        """Set a known person's password at the console, and end their sessions.

        Raises:
            NotFound: there is no such person.
            NotAllowed: another person has this login, or it is empty.
            WeakPassword: with the rule that is broken.
        """
        refuse_weak(password, login, person.name)
        new_hash = self._hasher.hash(normalised(password))
        self.invite(person.id, login, by)
        now = self._clock.now()
        with self._store.write() as work:
            work.people.revoke_all(person.id)
            work.accounts.set_password(person.id, new_hash, now)
            work.audit.add(now, by, "account.password_set", person.id)


def plain_login(login: str) -> str:
    """Return a login as it is stored and compared."""
    return normalised(login).strip().casefold()[:200]


def _may_try(account: LocalAccount) -> bool:
    return account.failures < IN_A_ROW and not account.is_suspended


def _key(kind: str, value: str) -> str:
    return _hash(f"{kind}:{value}")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8")).hexdigest()
