"""Alerts: one row a kind and subject, which counts how often its cause began."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from agent.adapters.store.alert_tables import IS_OPEN, alerts, notices
from agent.adapters.store.causes import CAUSES
from agent.adapters.store.rows import Row
from agent.adapters.store.statements import for_update, insert_new
from agent.domain.alerts import Alert, AlertKind, NoticeStatus
from agent.domain.ids import BrandId

_a = alerts.c
_COLUMNS = [alerts.c[name] for name in Alert.model_fields]
_WAITING = (
    AlertKind.PROPOSED,
    AlertKind.PASSED,
    AlertKind.DUE_SOON,
    AlertKind.OVERDUE,
    AlertKind.CLAIM_OVER,
    AlertKind.SNOOZE_OVER,
    AlertKind.FROZEN,
    AlertKind.JOB_DEAD,
)
"""The queue, the escalations page and the bar show these themselves."""
_AT_ONCE = 500


class SqlAlerts:
    """A resolved alert whose cause begins again is the same row, one time more."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def raise_one(self, alert: Alert) -> bool:
        values = alert.model_dump(mode="python") | {"times": 1, "is_told": False}
        values |= {"resolved_at": None, "kind": alert.kind.value}
        if insert_new(self._connection, alerts, values):
            return True
        again = (
            sa.update(alerts)
            .where(_a.kind == alert.kind, _a.subject == alert.subject, _a.resolved_at.is_not(None))
            .values({**values, "times": _a.times + 1})
        )
        return self._connection.execute(again).rowcount == 1

    def resolve(self, kind: AlertKind, subjects: Collection[str], at: datetime) -> None:
        listed = list(subjects)
        for start in range(0, len(listed), _AT_ONCE):
            part = listed[start : start + _AT_ONCE]
            self._connection.execute(
                sa.update(alerts)
                .where(_a.kind == kind, _a.subject.in_(part), IS_OPEN)
                .values(resolved_at=at, is_told=True)
            )
            self._connection.execute(
                sa.update(notices)
                .where(
                    notices.c.kind == kind,
                    notices.c.subject.in_(part),
                    notices.c.status == NoticeStatus.PENDING,
                )
                .values(status=NoticeStatus.VOID, updated_at=at)
            )

    def open(self, kinds: Collection[AlertKind] = (), limit: int = 1000) -> tuple[Alert, ...]:
        query = sa.select(*_COLUMNS).where(IS_OPEN)
        if kinds:
            query = query.where(_a.kind.in_(kinds))
        return self._found(query.order_by(_a.raised_at.desc(), _a.subject).limit(limit))

    def seen(self, brands: Collection[BrandId], limit: int) -> tuple[Alert, ...]:
        query = (
            sa.select(*_COLUMNS)
            .where(IS_OPEN, _a.kind.not_in(_WAITING))
            .where(_a.brand_id.is_(None) | _a.brand_id.in_(brands))
            .order_by(_a.raised_at.desc(), _a.kind, _a.subject)
            .limit(limit)
        )
        return self._found(query)

    def untold(self, limit: int) -> tuple[Alert, ...]:
        query = sa.select(*_COLUMNS).where(sa.not_(_a.is_told))
        query = query.order_by(_a.raised_at, _a.kind, _a.subject).limit(limit)
        return self._found(for_update(self._connection, query, skip_locked=True))

    def mark_told(self, alert: Alert) -> None:
        self._connection.execute(
            sa.update(alerts)
            .where(_a.kind == alert.kind, _a.subject == alert.subject)
            .values(is_told=True)
        )

    def begun(self, kind: AlertKind, now: datetime, limit: int) -> tuple[Alert, ...]:
        cause = sa.union_all(*CAUSES[kind](now)).subquery()
        is_known = sa.exists().where(_a.kind == kind, _a.subject == cause.c.subject, IS_OPEN)
        query = sa.select(cause).where(sa.not_(is_known)).limit(limit)
        return tuple(
            Alert.model_validate({**row._mapping, "kind": kind, "raised_at": now})
            for row in self._connection.execute(query)
        )

    def ended(self, kind: AlertKind, now: datetime) -> tuple[str, ...]:
        query = sa.select(_a.subject).where(_a.kind == kind, IS_OPEN)
        for select in CAUSES[kind](now):
            cause = select.subquery()
            query = query.where(sa.not_(sa.exists().where(cause.c.subject == _a.subject)))
        return tuple(self._connection.execute(query).scalars())

    def has_resolved(self, before: datetime) -> bool:
        query = sa.select(_a.kind).where(_a.resolved_at < before).limit(1)
        return self._connection.execute(query).first() is not None

    def forget(self, before: datetime, limit: int) -> int:
        old = sa.select(_a.kind, _a.subject).where(_a.resolved_at < before)
        found = self._connection.execute(old.order_by(_a.resolved_at).limit(limit)).all()
        for kind, subject in found:
            for table in (notices, alerts):
                is_its = sa.and_(table.c.kind == kind, table.c.subject == subject)
                self._connection.execute(sa.delete(table).where(is_its))
        return len(found)

    def _found(self, query: sa.Select[Any]) -> tuple[Alert, ...]:
        return tuple(alert_of(row) for row in self._connection.execute(query))


def alert_of(row: Row) -> Alert:
    """Read an alert from a row that has all its columns."""
    return Alert.model_validate({name: getattr(row, name) for name in Alert.model_fields})
