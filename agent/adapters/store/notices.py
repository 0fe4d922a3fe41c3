"""Notices: one row an occurrence of an alert and address, so that nothing is told twice."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from agent.adapters.store.alert_tables import IS_OPEN, alerts, notices
from agent.adapters.store.alerts import alert_of
from agent.adapters.store.statements import for_update, insert_new
from agent.domain.alerts import Alert, Notice, NoticeStatus, Weight

_n = notices.c
_RANK = sa.case((_n.weight == Weight.URGENT, 0), else_=1)
_OWN = ("address", "status", "batch", "attempts", "not_before", "lease_until")
_COLUMNS = [alerts.c[name] for name in Alert.model_fields] + [_n[name] for name in _OWN]


def _is_due(now: datetime) -> sa.ColumnElement[bool]:
    return sa.or_(
        sa.and_(_n.status == NoticeStatus.PENDING, _n.not_before <= now),
        # Whoever was sending these has not reported: they may have arrived, and are sent again.
        sa.and_(_n.status == NoticeStatus.SENDING, _n.lease_until <= now),
    )


class SqlNotices:
    """A message is a batch of rows; what becomes of it is a compare-and-set on its attempt."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, notice: Notice) -> bool:
        alert = notice.alert
        values = {
            "kind": alert.kind.value,
            "subject": alert.subject,
            "times": alert.times,
            "address": notice.address,
            "weight": alert.weight.value,
            "status": NoticeStatus.PENDING.value,
            "batch": "",
            "attempts": 0,
            "not_before": notice.not_before,
            "problem": "",
            "updated_at": alert.raised_at,
        }
        return insert_new(self._connection, notices, values)

    def due(self, now: datetime) -> tuple[str, ...]:
        query = sa.select(_n.address).where(_is_due(now)).distinct().order_by(_n.address)
        return tuple(self._connection.execute(query).scalars())

    def ready(self, address: str, now: datetime, limit: int) -> tuple[Notice, ...]:
        is_its = sa.and_(alerts.c.kind == _n.kind, alerts.c.subject == _n.subject)
        query = (
            sa.select(*_COLUMNS)
            .select_from(sa.join(notices, alerts, is_its))
            .where(_n.address == address, _is_due(now))
            .order_by(_n.batch == "", _RANK, alerts.c.raised_at, _n.kind, _n.subject)
            .limit(limit)
        )
        query = for_update(self._connection, query, of=notices)
        return tuple(
            Notice(
                alert=alert_of(row),
                address=row.address,
                status=row.status,
                batch=row.batch,
                attempts=row.attempts,
                not_before=row.not_before,
                lease_until=row.lease_until,
            )
            for row in self._connection.execute(query)
        )

    def last_sent(self, address: str) -> datetime | None:
        query = sa.select(sa.func.max(_n.updated_at)).where(
            _n.address == address,
            _n.status == NoticeStatus.SENT,
            _n.weight != Weight.URGENT,
        )
        found: datetime | None = self._connection.execute(query).scalar_one()
        return found

    def take(self, taken: Collection[Notice], batch: str, until: datetime, now: datetime) -> None:
        change = (
            sa.update(notices)
            .where(
                _n.kind == sa.bindparam("of_kind"),
                _n.subject == sa.bindparam("of_subject"),
                _n.times == sa.bindparam("of_times"),
                _n.address == sa.bindparam("of_address"),
            )
            .values(
                status=NoticeStatus.SENDING,
                batch=batch,
                attempts=_n.attempts + 1,
                lease_until=until,
                updated_at=now,
            )
        )
        rows = [
            {
                "of_kind": one.alert.kind.value,
                "of_subject": one.alert.subject,
                "of_times": one.alert.times,
                "of_address": one.address,
            }
            for one in taken
        ]
        self._connection.execute(change, rows)

    def settle(
        self,
        batch: str,
        attempts: int,
        status: NoticeStatus,
        now: datetime,
        not_before: datetime | None = None,
        problem: str = "",
    ) -> bool:
        change = (
            sa.update(notices)
            .where(
                _n.batch == batch,
                _n.attempts == attempts,
                _n.status == NoticeStatus.SENDING,
            )
            .values(
                status=status,
                not_before=not_before or now,
                updated_at=now,
                lease_until=None,
                problem=problem,
            )
        )
        return self._connection.execute(change).rowcount > 0

    def dead(self) -> tuple[tuple[str, str, int], ...]:
        query = (
            sa.select(_n.address, sa.func.max(_n.problem), sa.func.count())
            .where(_n.status == NoticeStatus.DEAD)
            .group_by(_n.address)
            .order_by(_n.address)
        )
        return tuple(
            (address, said, count) for address, said, count in self._connection.execute(query)
        )

    def revive(self, now: datetime) -> int:
        still = sa.select(alerts.c.kind, alerts.c.subject, alerts.c.times).where(IS_OPEN)
        place = sa.tuple_(_n.kind, _n.subject, _n.times)
        change = (
            sa.update(notices)
            .where(_n.status == NoticeStatus.DEAD, place.in_(still))
            .values(status=NoticeStatus.PENDING, attempts=0, not_before=now, updated_at=now)
        )
        revived = self._connection.execute(change).rowcount
        over = sa.update(notices).where(_n.status == NoticeStatus.DEAD)
        self._connection.execute(over.values(status=NoticeStatus.VOID, updated_at=now))
        return revived
