"""Local accounts, identities of a provider, and counted sign-in attempts."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from agent.adapters.store.people_tables import identities, local_accounts, people, sign_in_attempts
from agent.adapters.store.statements import insert_new
from agent.domain.ids import PersonId
from agent.domain.people import LocalAccount
from agent.domain.reviews import Reviewer


class SqlAccounts:
    """What is secret comes and goes as a hash only."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def put(self, person_id: PersonId, login: str) -> bool:
        values = {"person_id": person_id, "login": login, "failures": 0}
        if insert_new(self._connection, local_accounts, values):
            return True
        taken = self.by_login(login)
        if taken is not None:
            return taken.person.id == person_id
        self._change(person_id, login=login)
        return True

    def of(self, person_id: PersonId) -> LocalAccount | None:
        return self._one(local_accounts.c.person_id == person_id)

    def by_login(self, login: str) -> LocalAccount | None:
        return self._one(local_accounts.c.login == login)

    def _one(self, where: sa.ColumnElement[bool]) -> LocalAccount | None:
        query = (
            sa.select(local_accounts, people.c.name, people.c.is_suspended)
            .join(people, people.c.id == local_accounts.c.person_id)
            .where(where)
        )
        row = self._connection.execute(query).one_or_none()
        if row is None:
            return None
        return LocalAccount(
            person=Reviewer(id=row.person_id, name=row.name),
            login=row.login,
            password_hash=row.password_hash,
            changed_at=row.changed_at,
            failures=row.failures,
            is_suspended=row.is_suspended,
        )

    def set_password(self, person_id: PersonId, password_hash: str, at: datetime) -> None:
        self._change(person_id, password_hash=password_hash, changed_at=at, failures=0)

    def count_failure(self, login: str) -> None:
        self._connection.execute(
            sa.update(local_accounts)
            .where(local_accounts.c.login == login)
            .values(failures=local_accounts.c.failures + 1)
        )

    def forget_failures(self, person_id: PersonId) -> None:
        self._change(person_id, failures=0)

    def _change(self, person_id: PersonId, **values: object) -> None:
        self._connection.execute(
            sa.update(local_accounts)
            .where(local_accounts.c.person_id == person_id)
            .values(**values)
        )

    def attempt(self, key_sha256: str, now: datetime, window_start: datetime) -> int:
        table = sign_in_attempts
        insert = sqlite.insert if self._connection.dialect.name == "sqlite" else postgresql.insert
        is_over = table.c.since <= window_start
        count = (
            insert(table)
            .values(key_sha256=key_sha256, tries=1, since=now)
            .on_conflict_do_update(
                index_elements=[table.c.key_sha256],
                set_={
                    "tries": sa.case((is_over, 1), else_=table.c.tries + 1),
                    "since": sa.case((is_over, now), else_=table.c.since),
                },
            )
            .returning(table.c.tries)
        )
        return int(self._connection.execute(count).scalar_one())

    def forget_attempts(self, key_sha256: str) -> None:
        self._connection.execute(
            sa.delete(sign_in_attempts).where(sign_in_attempts.c.key_sha256 == key_sha256)
        )

    def sweep_attempts(self, before: datetime) -> None:
        self._connection.execute(
            sa.delete(sign_in_attempts).where(sign_in_attempts.c.since < before)
        )

    def person_of(self, issuer: str, subject: str) -> PersonId | None:
        query = sa.select(identities.c.person_id).where(
            identities.c.issuer == issuer, identities.c.subject == subject
        )
        found = self._connection.execute(query).scalar_one_or_none()
        return None if found is None else PersonId(found)

    def add_identity(self, issuer: str, subject: str, person_id: PersonId, at: datetime) -> None:
        row = {"issuer": issuer, "subject": subject, "person_id": person_id, "created_at": at}
        insert_new(self._connection, identities, row)
