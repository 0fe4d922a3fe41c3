"""Workers, jobs given up, breakers and freezes."""

from datetime import datetime

import sqlalchemy as sa

from agent.adapters.store.rows import Row
from agent.adapters.store.statements import for_update, upsert
from agent.adapters.store.work_tables import breakers, dead_letters, freezes, resumptions, workers
from agent.domain.people import EVERY_BRAND
from agent.domain.reviews import Reviewer
from agent.domain.work import (
    Breaker,
    DeadLetter,
    Direction,
    Freeze,
    JobKind,
    LetterStatus,
    Worker,
)


class SqlFreezes:
    """One row a scope; the history is in the audit trail."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def get(self, scope: str) -> Freeze | None:
        query = for_update(self._connection, sa.select(freezes).where(freezes.c.scope == scope))
        row = self._connection.execute(query).one_or_none()
        return _freeze(row) if row else None

    def on(self) -> tuple[Freeze, ...]:
        query = (
            sa.select(freezes)
            .where(freezes.c.is_on)
            .order_by(freezes.c.scope != EVERY_BRAND, freezes.c.scope)
        )
        return tuple(_freeze(row) for row in self._connection.execute(query))

    def put(self, freeze: Freeze) -> None:
        values = freeze.model_dump(exclude={"by", "scope"})
        values |= {"by_id": freeze.by.id, "by_name": freeze.by.name}
        upsert(self._connection, freezes, values | {"scope": freeze.scope}, values)


class SqlBreakers:
    """One row a channel and direction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def get(self, channel: str, direction: Direction) -> Breaker | None:
        query = sa.select(breakers).where(
            breakers.c.channel_instance == channel, breakers.c.direction == direction
        )
        row = self._connection.execute(for_update(self._connection, query)).one_or_none()
        return _breaker(row) if row else None

    def all(self) -> tuple[Breaker, ...]:
        query = sa.select(breakers).order_by(breakers.c.channel_instance, breakers.c.direction)
        return tuple(_breaker(row) for row in self._connection.execute(query))

    def put(self, breaker: Breaker) -> None:
        values = breaker.model_dump() | {"direction": breaker.direction.value}
        upsert(self._connection, breakers, values, values)


class SqlWorkers:
    """A worker that was taken for dead and beats again is a worker again."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def beat(self, worker: Worker) -> None:
        values = worker.model_dump()
        change = {"beat_at": worker.beat_at, "taken_by": None, "taken_at": None}
        upsert(self._connection, workers, values, change)

    def all(self) -> tuple[Worker, ...]:
        query = sa.select(workers).order_by(workers.c.started_at, workers.c.executor_id)
        return tuple(
            Worker.model_validate({name: getattr(row, name) for name in Worker.model_fields})
            for row in self._connection.execute(query)
        )

    def take_dead(self, before: datetime, by: str, at: datetime) -> str | None:
        query = (
            sa.select(workers.c.executor_id)
            .where(
                workers.c.beat_at <= before,
                workers.c.executor_id != by,
                # Whoever took it first may have died as well.
                workers.c.taken_at.is_(None) | (workers.c.taken_at <= before),
            )
            .order_by(workers.c.beat_at, workers.c.executor_id)
            .limit(1)
        )
        query = for_update(self._connection, query, skip_locked=True)
        found: str | None = self._connection.execute(query).scalar_one_or_none()
        if found is not None:
            self._connection.execute(
                sa.update(workers)
                .where(workers.c.executor_id == found)
                .values(taken_by=by, taken_at=at)
            )
        return found

    def remove(self, executor_id: str) -> None:
        self._connection.execute(sa.delete(workers).where(workers.c.executor_id == executor_id))

    def resumed(self, key: str, at: datetime) -> int:
        values = {"job_key": key, "times": 1, "updated_at": at}
        change = {"times": resumptions.c.times + 1, "updated_at": at}
        upsert(self._connection, resumptions, values, change)
        query = sa.select(resumptions.c.times).where(resumptions.c.job_key == key)
        return int(self._connection.execute(query).scalar_one())

    def forget_resumed(self, before: datetime) -> None:
        self._connection.execute(sa.delete(resumptions).where(resumptions.c.updated_at <= before))


class SqlLetters:
    """Rows stay when they are closed: what was given up once is worth knowing."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def get(self, kind: JobKind, subject: str) -> DeadLetter | None:
        query = sa.select(dead_letters).where(
            dead_letters.c.kind == kind, dead_letters.c.subject == subject
        )
        row = self._connection.execute(for_update(self._connection, query)).one_or_none()
        return _letter(row) if row else None

    def put(self, letter: DeadLetter) -> None:
        values = letter.model_dump()
        values |= {"kind": letter.kind.value, "status": letter.status.value}
        upsert(self._connection, dead_letters, values, values)

    def of(self, status: LetterStatus, limit: int = 1000) -> tuple[DeadLetter, ...]:
        query = (
            sa.select(dead_letters)
            .where(dead_letters.c.status == status)
            .order_by(dead_letters.c.died_at, dead_letters.c.kind, dead_letters.c.subject)
            .limit(limit)
        )
        return tuple(_letter(row) for row in self._connection.execute(query))

    def count(self, status: LetterStatus) -> int:
        query = (
            sa.select(sa.func.count())
            .select_from(dead_letters)
            .where(dead_letters.c.status == status)
        )
        return self._connection.execute(query).scalar_one()


def _freeze(row: Row) -> Freeze:
    by = Reviewer.model_validate({"id": row.by_id, "name": row.by_name})
    return Freeze(scope=row.scope, is_on=row.is_on, reason=row.reason, by=by, at=row.at)


def _breaker(row: Row) -> Breaker:
    return Breaker.model_validate({name: getattr(row, name) for name in Breaker.model_fields})


def _letter(row: Row) -> DeadLetter:
    return DeadLetter.model_validate({name: getattr(row, name) for name in DeadLetter.model_fields})
