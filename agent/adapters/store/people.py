"""People, their roles, sign-in links and sessions."""

from datetime import datetime

import sqlalchemy as sa

from agent.adapters.store.people_tables import (
    claimed_roles,
    identities,
    local_accounts,
    login_links,
    people,
    roles,
    sessions,
)
from agent.adapters.store.statements import for_update, insert_new, upsert
from agent.domain.ids import PersonId
from agent.domain.people import EVERY_BRAND, KnownPerson, LinkPurpose, Role, joined
from agent.domain.records import SessionRecord
from agent.domain.reviews import Reviewer


class SqlPeople:
    """Tokens come and go as SHA-256 only."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def put(self, person: Reviewer, at: datetime) -> None:
        values = {"id": person.id, "name": person.name, "created_at": at}
        upsert(self._connection, people, values, {"name": person.name})

    def set_suspended(self, person_id: PersonId, *, is_suspended: bool) -> None:
        self._connection.execute(
            sa.update(people).where(people.c.id == person_id).values(is_suspended=is_suspended)
        )

    def set_roles(self, person_id: PersonId, roles_by_brand: dict[str, Role]) -> None:
        self._replace(roles, person_id, roles_by_brand)

    def set_claimed(self, person_id: PersonId, roles_by_brand: dict[str, Role]) -> None:
        self._replace(claimed_roles, person_id, roles_by_brand)

    def _replace(self, table: sa.Table, person_id: PersonId, given: dict[str, Role]) -> None:
        self._connection.execute(sa.delete(table).where(table.c.person_id == person_id))
        for brand_id, role in given.items():
            row = {"person_id": person_id, "brand_id": brand_id, "role": role.value}
            self._connection.execute(sa.insert(table).values(row))

    def roles(self, person_id: PersonId) -> dict[str, Role] | None:
        known = sa.select(people.c.is_suspended).where(people.c.id == person_id)
        row = self._connection.execute(for_update(self._connection, known)).first()
        if row is None:
            return None
        if row.is_suspended:
            return {}
        return joined(self.given(person_id), self._of(claimed_roles, person_id))

    def given(self, person_id: PersonId) -> dict[str, Role]:
        return self._of(roles, person_id)

    def _of(self, table: sa.Table, person_id: PersonId) -> dict[str, Role]:
        query = sa.select(table.c.brand_id, table.c.role).where(table.c.person_id == person_id)
        return {row.brand_id: Role(row.role) for row in self._connection.execute(query)}

    def admins(self) -> tuple[PersonId, ...]:
        found: set[PersonId] = set()
        for table in (roles, claimed_roles):
            query = (
                sa.select(people.c.id)
                .join(table, table.c.person_id == people.c.id)
                .where(
                    table.c.role == Role.ADMIN.value,
                    table.c.brand_id == EVERY_BRAND,
                    people.c.is_suspended.is_(False),
                )
                .order_by(people.c.id)
            )
            locked = for_update(self._connection, query, of=people)
            found.update(PersonId(one) for one in self._connection.execute(locked).scalars())
        return tuple(sorted(found))

    def all(self) -> tuple[tuple[Reviewer, dict[str, Role]], ...]:
        return tuple((one.person, one.effective) for one in self.known())

    def known(self) -> tuple[KnownPerson, ...]:
        with_identity = set(self._connection.execute(sa.select(identities.c.person_id)).scalars())
        query = (
            sa.select(people, local_accounts.c.login, local_accounts.c.password_hash)
            .outerjoin(local_accounts, local_accounts.c.person_id == people.c.id)
            .order_by(people.c.name, people.c.id)
        )
        return tuple(
            KnownPerson(
                person=Reviewer(id=row.id, name=row.name),
                roles=self.given(row.id),
                claimed=self._of(claimed_roles, row.id),
                login=row.login,
                has_password=row.password_hash is not None,
                has_identity=row.id in with_identity,
                is_suspended=row.is_suspended,
            )
            for row in self._connection.execute(query).all()
        )

    def add_link(
        self,
        token_sha256: str,
        person_id: PersonId,
        at: datetime,
        until: datetime,
        purpose: LinkPurpose = LinkPurpose.SIGN_IN,
    ) -> None:
        row = {
            "token_sha256": token_sha256,
            "person_id": person_id,
            "created_at": at,
            "expires_at": until,
            "purpose": purpose.value,
        }
        self._connection.execute(sa.insert(login_links).values(row))

    def use_link(
        self, token_sha256: str, now: datetime, purpose: LinkPurpose = LinkPurpose.SIGN_IN
    ) -> Reviewer | None:
        person = self.holder(token_sha256, now, purpose)
        use = (
            sa.update(login_links)
            .where(login_links.c.token_sha256 == token_sha256, login_links.c.used_at.is_(None))
            .values(used_at=now)
        )
        if person is None or self._connection.execute(use).rowcount != 1:
            return None
        return person

    def holder(self, token_sha256: str, now: datetime, purpose: LinkPurpose) -> Reviewer | None:
        query = (
            sa.select(people.c.id, people.c.name)
            .join(login_links, login_links.c.person_id == people.c.id)
            .where(
                login_links.c.token_sha256 == token_sha256,
                login_links.c.purpose == purpose.value,
                login_links.c.used_at.is_(None),
                login_links.c.expires_at > now,
                people.c.is_suspended.is_(False),
            )
        )
        row = self._connection.execute(query).one_or_none()
        return None if row is None else Reviewer(id=row.id, name=row.name)

    def add_session(self, token_sha256: str, record: SessionRecord) -> None:
        row = {
            "token_sha256": token_sha256,
            "person_id": record.person.id,
            "created_at": record.created_at,
            "last_seen_at": record.last_seen_at,
            "expires_at": record.expires_at,
            "is_revoked": record.is_revoked,
        }
        insert_new(self._connection, sessions, row)

    def session(self, token_sha256: str) -> SessionRecord | None:
        query = (
            sa.select(sessions, people.c.name)
            .join(people, people.c.id == sessions.c.person_id)
            .where(sessions.c.token_sha256 == token_sha256)
        )
        locked = for_update(self._connection, query, of=sessions)
        row = self._connection.execute(locked).one_or_none()
        if row is None:
            return None
        return SessionRecord(
            person=Reviewer(id=row.person_id, name=row.name),
            created_at=row.created_at,
            last_seen_at=row.last_seen_at,
            expires_at=row.expires_at,
            is_revoked=row.is_revoked,
        )

    def touch(self, token_sha256: str, at: datetime) -> None:
        self._connection.execute(
            sa.update(sessions)
            .where(sessions.c.token_sha256 == token_sha256)
            .values(last_seen_at=at)
        )

    def revoke(self, token_sha256: str) -> None:
        self._connection.execute(
            sa.update(sessions)
            .where(sessions.c.token_sha256 == token_sha256)
            .values(is_revoked=True)
        )

    def revoke_all(self, person_id: PersonId) -> int:
        self._connection.execute(sa.delete(login_links).where(login_links.c.person_id == person_id))
        ended = self._connection.execute(
            sa.update(sessions)
            .where(sessions.c.person_id == person_id, sessions.c.is_revoked.is_(False))
            .values(is_revoked=True)
        )
        return ended.rowcount
