"""People, their roles, sign-in links and sessions."""

from datetime import datetime

import sqlalchemy as sa

from agent.adapters.store.statements import upsert
from agent.adapters.store.tables import login_links, people, roles, sessions
from agent.domain.ids import PersonId
from agent.domain.people import Role
from agent.domain.records import SessionRecord
from agent.domain.reviews import Reviewer


class SqlPeople:
    """Tokens come and go as SHA-256 only."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def put(self, person: Reviewer, at: datetime) -> None:
        values = {"id": person.id, "name": person.name, "created_at": at}
        upsert(self._connection, people, values, {"name": person.name})

    def set_roles(self, person_id: PersonId, roles_by_brand: dict[str, Role]) -> None:
        self._connection.execute(sa.delete(roles).where(roles.c.person_id == person_id))
        for brand_id, role in roles_by_brand.items():
            row = {"person_id": person_id, "brand_id": brand_id, "role": role.value}
            self._connection.execute(sa.insert(roles).values(row))

    def roles(self, person_id: PersonId) -> dict[str, Role] | None:
        known = sa.select(people.c.id).where(people.c.id == person_id)
        if self._connection.execute(known).first() is None:
            return None
        query = sa.select(roles.c.brand_id, roles.c.role).where(roles.c.person_id == person_id)
        return {row.brand_id: Role(row.role) for row in self._connection.execute(query)}

    def all(self) -> tuple[tuple[Reviewer, dict[str, Role]], ...]:
        everybody = self._connection.execute(
            sa.select(people.c.id, people.c.name).order_by(people.c.name, people.c.id)
        ).all()
        return tuple(
            (Reviewer(id=row.id, name=row.name), self.roles(row.id) or {}) for row in everybody
        )

    def add_link(
        self, token_sha256: str, person_id: PersonId, at: datetime, until: datetime
    ) -> None:
        row = {
            "token_sha256": token_sha256,
            "person_id": person_id,
            "created_at": at,
            "expires_at": until,
        }
        self._connection.execute(sa.insert(login_links).values(row))

    def use_link(self, token_sha256: str, now: datetime) -> Reviewer | None:
        use = (
            sa.update(login_links)
            .where(
                login_links.c.token_sha256 == token_sha256,
                login_links.c.used_at.is_(None),
                login_links.c.expires_at > now,
            )
            .values(used_at=now)
        )
        if self._connection.execute(use).rowcount != 1:
            return None
        query = (
            sa.select(people.c.id, people.c.name)
            .join(login_links, login_links.c.person_id == people.c.id)
            .where(login_links.c.token_sha256 == token_sha256)
        )
        row = self._connection.execute(query).one()
        return Reviewer(id=row.id, name=row.name)

    def add_session(self, token_sha256: str, record: SessionRecord) -> None:
        row = {
            "token_sha256": token_sha256,
            "person_id": record.person.id,
            "created_at": record.created_at,
            "last_seen_at": record.last_seen_at,
            "expires_at": record.expires_at,
            "is_revoked": record.is_revoked,
        }
        self._connection.execute(sa.insert(sessions).values(row))

    def session(self, token_sha256: str) -> SessionRecord | None:
        query = (
            sa.select(sessions, people.c.name)
            .join(people, people.c.id == sessions.c.person_id)
            .where(sessions.c.token_sha256 == token_sha256)
        )
        row = self._connection.execute(query).one_or_none()
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
