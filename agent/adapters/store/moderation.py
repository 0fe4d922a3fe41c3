"""Decisions to moderate, on their way to the network."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from agent.adapters.store.inbox import SqlInbox
from agent.adapters.store.rows import Row
from agent.adapters.store.statements import for_update
from agent.adapters.store.tables import items, moderations
from agent.adapters.store.work_tables import frozen
from agent.domain.ids import DecisionId, ItemId
from agent.domain.records import ModerationRecord, ModerationStatus, StoredMessage


class SqlModeration:
    """At least once: whoever takes one and dies leaves it to the next."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, record: ModerationRecord) -> None:
        self._connection.execute(sa.insert(moderations).values(record.model_dump()))

    def take(
        self,
        channels: Collection[str],
        now: datetime,
        until: datetime,
        only: DecisionId | None = None,
    ) -> tuple[ModerationRecord, StoredMessage] | None:
        query = (
            sa.select(moderations, items.c.message_id)
            .join(items, items.c.id == moderations.c.item_id)
            .where(_is_due(now, channels))
            .order_by(moderations.c.not_before, moderations.c.decision_id)
            .limit(1)
        )
        if only is not None:
            query = query.where(moderations.c.decision_id == only)
        query = for_update(self._connection, query, skip_locked=True)
        row = self._connection.execute(query).one_or_none()
        if row is None:
            return None
        record = _record(row)
        taken = record.model_copy(update={"attempts": record.attempts + 1, "not_before": until})
        self.save(taken)
        return taken, SqlInbox(self._connection).get(row.message_id)

    def save(self, record: ModerationRecord) -> None:
        self._connection.execute(
            sa.update(moderations)
            .where(moderations.c.decision_id == record.decision_id)
            .values(record.model_dump())
        )

    def cancel(self, decision_id: DecisionId, at: datetime) -> bool:
        change = (
            sa.update(moderations)
            .where(
                moderations.c.decision_id == decision_id,
                moderations.c.status == ModerationStatus.READY,
                moderations.c.attempts == 0,
            )
            .values(status=ModerationStatus.CANCELLED.value, updated_at=at)
        )
        return self._connection.execute(change).rowcount == 1

    def due(
        self, channels: Collection[str], now: datetime, limit: int
    ) -> tuple[ModerationRecord, ...]:
        query = (
            sa.select(moderations)
            .where(_is_due(now, channels))
            .order_by(moderations.c.not_before, moderations.c.decision_id)
            .limit(limit)
        )
        return tuple(_record(row) for row in self._connection.execute(query))

    def get(self, decision_id: DecisionId) -> ModerationRecord | None:
        query = sa.select(moderations).where(moderations.c.decision_id == decision_id)
        row = self._connection.execute(for_update(self._connection, query)).one_or_none()
        return _record(row) if row else None

    def of(self, item_id: ItemId) -> tuple[ModerationRecord, ...]:
        query = (
            sa.select(moderations)
            .where(moderations.c.item_id == item_id)
            .order_by(moderations.c.updated_at, moderations.c.decision_id)
        )
        return tuple(_record(row) for row in self._connection.execute(query))


def _is_due(now: datetime, channels: Collection[str]) -> sa.ColumnElement[bool]:
    """Hiding a customer's words is done in the brand's name: a freeze holds it back too."""
    return sa.and_(
        moderations.c.status == ModerationStatus.READY,
        moderations.c.not_before <= now,
        moderations.c.channel_instance.in_(channels),
        ~frozen(moderations),
    )


def _record(row: Row) -> ModerationRecord:
    return ModerationRecord.model_validate(
        {name: getattr(row, name) for name in ModerationRecord.model_fields}
    )
