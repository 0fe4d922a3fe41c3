"""Counts for whoever watches an installation, along indexes and kept sums."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime

import sqlalchemy as sa

from agent.adapters.store.rows import Row
from agent.adapters.store.tables import items, messages, posts, queue_counts
from agent.adapters.store.work_tables import dead_letters
from agent.domain.channels import PostStatus
from agent.domain.ids import BrandId
from agent.domain.reviews import ReviewStatus
from agent.domain.vitals import BrandVitals
from agent.domain.work import JobKind, LetterStatus

_OPEN = [status.value for status in ReviewStatus if status.is_open]
_WAITING = (PostStatus.READY, PostStatus.SENDING, PostStatus.UNKNOWN)


class SqlCensus:
    """Reads only."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def now(self) -> datetime | None:
        if self._connection.dialect.name == "sqlite":
            return None
        found: datetime = self._connection.execute(
            sa.select(sa.func.clock_timestamp())
        ).scalar_one()
        return found.astimezone(UTC)

    def size(self) -> int:
        if self._connection.dialect.name == "sqlite":
            pages = self._connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            return int(pages) * int(
                self._connection.exec_driver_sql("PRAGMA page_size").scalar_one()
            )
        query = sa.select(sa.func.pg_database_size(sa.func.current_database()))
        return int(self._connection.execute(query).scalar_one())

    def brands(self, known: Collection[BrandId], now: datetime) -> tuple[BrandVitals, ...]:
        counts = self._counts()
        opened = self._by_brand(
            # The deadline as it is ordered by: the index answers without the rows.
            sa.select(
                items.c.brand_id,
                sa.func.min(items.c.received_at).label("oldest"),
                sa.func.sum(sa.case((items.c.due_rank < now, 1), else_=0)).label("n"),
            )
            .where(items.c.status.in_(_OPEN))
            .group_by(items.c.brand_id)
        )
        undrafted = self._by_brand(
            sa.select(
                messages.c.brand_id,
                sa.func.min(messages.c.received_at).label("oldest"),
                sa.func.count().label("n"),
            )
            .where(messages.c.drafted_at.is_(None))
            .group_by(messages.c.brand_id)
        )
        return tuple(
            BrandVitals(
                brand_id=brand_id,
                items={status: counts.get((brand_id, status), 0) for status in ReviewStatus},
                overdue=opened[brand_id].n if brand_id in opened else 0,
                oldest_open_at=opened[brand_id].oldest if brand_id in opened else None,
                undrafted=undrafted[brand_id].n if brand_id in undrafted else 0,
                oldest_undrafted_at=(undrafted[brand_id].oldest if brand_id in undrafted else None),
            )
            for brand_id in sorted({*known, *undrafted, *(brand for brand, _ in counts)})
        )

    def _counts(self) -> dict[tuple[BrandId, str], int]:
        query = sa.select(
            queue_counts.c.brand_id, queue_counts.c.status, sa.func.sum(queue_counts.c.n).label("n")
        ).group_by(queue_counts.c.brand_id, queue_counts.c.status)
        found = self._connection.execute(query)
        return {(BrandId(row.brand_id), row.status): int(row.n) for row in found}

    def _by_brand(self, query: sa.Select[tuple[str, datetime, int]]) -> dict[BrandId, Row]:
        return {BrandId(row.brand_id): row for row in self._connection.execute(query)}

    def posts(self) -> Mapping[PostStatus, int]:
        query = sa.select(posts.c.status, sa.func.count().label("n")).group_by(posts.c.status)
        found = {row.status: row.n for row in self._connection.execute(query)}
        return {status: found.get(status.value, 0) for status in PostStatus}

    def waiting(self) -> Mapping[tuple[str, PostStatus], int]:
        query = (
            sa.select(posts.c.channel_instance, posts.c.status, sa.func.count().label("n"))
            .where(posts.c.status.in_([status.value for status in _WAITING]))
            .group_by(posts.c.channel_instance, posts.c.status)
        )
        found = self._connection.execute(query)
        return {(row.channel_instance, PostStatus(row.status)): row.n for row in found}

    def dead_letters(self) -> Mapping[JobKind, int]:
        query = (
            sa.select(dead_letters.c.kind, sa.func.count().label("n"))
            .where(dead_letters.c.status == LetterStatus.DEAD)
            .group_by(dead_letters.c.kind)
        )
        found = {row.kind: row.n for row in self._connection.execute(query)}
        return {kind: found.get(kind.value, 0) for kind in JobKind}
