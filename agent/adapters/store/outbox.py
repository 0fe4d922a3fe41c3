"""Decisions, the outbox rows they allow, and the posts."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from agent.adapters.store import rows
from agent.adapters.store.archive import SqlArchive
from agent.adapters.store.facts import SqlFacts
from agent.adapters.store.inbox import SqlInbox
from agent.adapters.store.statements import for_update
from agent.adapters.store.tables import decisions, items, outbox, posts
from agent.adapters.store.work_tables import frozen
from agent.domain.channels import PostStatus
from agent.domain.errors import NotFound
from agent.domain.ids import ItemId, PostId
from agent.domain.records import DecisionRecord, Delivery, OutboxRecord, PostRecord


class SqlOutbox:
    """Rows here are added or moved along; the database refuses every other change."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add_decision(self, record: DecisionRecord) -> None:
        self._connection.execute(sa.insert(decisions).values(rows.decision_row(record)))
        SqlFacts(self._connection).decided(record)
        SqlArchive(self._connection).put(record)

    def release(self, record: OutboxRecord, new_posts: Sequence[PostRecord]) -> None:
        decision = sa.select(
            sa.literal(record.id),
            decisions.c.item_id,
            decisions.c.round,
            decisions.c.id,
            decisions.c.kind,
            decisions.c.text_sha256,
            sa.literal(record.created_at, outbox.c.created_at.type),
        ).where(decisions.c.id == record.decision_id)
        self._connection.execute(sa.insert(outbox).from_select(list(outbox.c), decision))
        self._connection.execute(sa.insert(posts), [rows.post_row(post) for post in new_posts])

    def decisions(self, item_id: ItemId) -> tuple[DecisionRecord, ...]:
        query = (
            sa.select(decisions).where(decisions.c.item_id == item_id).order_by(decisions.c.round)
        )
        return tuple(rows.decision_record(row) for row in self._connection.execute(query))

    def posts(self, item_id: ItemId) -> tuple[PostRecord, ...]:
        return tuple(post for _, post in self.posts_by_round(item_id))

    def posts_by_round(self, item_id: ItemId) -> tuple[tuple[int, PostRecord], ...]:
        """Return the posts of an item with their round, oldest first, public before private."""
        query = (
            sa.select(posts, outbox.c.round)
            .join(outbox, outbox.c.id == posts.c.outbox_id)
            .where(posts.c.item_id == item_id)
            .order_by(outbox.c.round, posts.c.surface.desc())
        )
        found = self._connection.execute(query)
        return tuple((row.round, rows.post_record(row)) for row in found)

    def post(self, post_id: PostId) -> PostRecord:
        query = for_update(self._connection, sa.select(posts).where(posts.c.id == post_id))
        row = self._connection.execute(query).one_or_none()
        if row is None:
            raise NotFound(f"there is no post {post_id}")
        return rows.post_record(row)

    def ready(self, channel: str, now: datetime, limit: int) -> tuple[PostRecord, ...]:
        query = self._free(now).where(posts.c.channel_instance == channel).limit(limit)
        return tuple(rows.post_record(row) for row in self._connection.execute(query))

    def _free(self, now: datetime) -> sa.Select[Any]:
        """Posts that may leave: in this very transaction, nobody has frozen them."""
        return (
            sa.select(posts)
            .where(_may_leave(now), ~frozen(posts))
            .order_by(posts.c.created_at, posts.c.id)
        )

    def take_ready(
        self,
        channels: Collection[str],
        now: datetime,
        lease_until: datetime,
        only: PostId | None = None,
    ) -> PostRecord | None:
        query = self._free(now).where(posts.c.channel_instance.in_(channels)).limit(1)
        if only is not None:
            query = query.where(posts.c.id == only)
        query = for_update(self._connection, query, skip_locked=True)
        row = self._connection.execute(query).one_or_none()
        if row is None:
            return None
        before = rows.post_record(row)
        after = before.model_copy(
            update={
                "status": PostStatus.SENDING,
                "attempts": before.attempts + 1,
                "lease_until": lease_until,
                "problem": "",
                "updated_at": now,
            }
        )
        return after if self.save_post(before, after) else None

    def delivery(self, post_id: PostId) -> Delivery:
        post = self.post(post_id)
        query = (
            sa.select(decisions, items.c.message_id)
            .join(outbox, outbox.c.decision_id == decisions.c.id)
            .join(items, items.c.id == outbox.c.item_id)
            .where(outbox.c.id == post.outbox_id)
        )
        row = self._connection.execute(query).one()
        stored = SqlInbox(self._connection).get(row.message_id)
        return Delivery(post=post, stored=stored, decided=rows.decision_record(row))

    def expired(self, now: datetime) -> tuple[PostRecord, ...]:
        is_late = (posts.c.status == PostStatus.SENDING) & (posts.c.lease_until <= now)
        return self._select(is_late)

    def unknown(self, channels: Collection[str]) -> tuple[PostRecord, ...]:
        is_theirs = posts.c.channel_instance.in_(channels)
        return self._select((posts.c.status == PostStatus.UNKNOWN) & is_theirs)

    def in_status(self, status: PostStatus) -> tuple[PostRecord, ...]:
        return self._select(posts.c.status == status)

    def _select(self, where: sa.ColumnElement[bool]) -> tuple[PostRecord, ...]:
        query = sa.select(posts).where(where).order_by(posts.c.created_at, posts.c.id)
        return tuple(rows.post_record(row) for row in self._connection.execute(query))

    def count_ready(self, now: datetime) -> dict[str, int]:
        query = (
            sa.select(posts.c.channel_instance, sa.func.count().label("n"))
            .where(_may_leave(now))
            .group_by(posts.c.channel_instance)
        )
        return {row.channel_instance: row.n for row in self._connection.execute(query)}

    def save_post(self, before: PostRecord, after: PostRecord) -> bool:
        change = (
            sa.update(posts)
            .where(
                posts.c.id == before.id,
                posts.c.status == before.status,
                posts.c.attempts == before.attempts,
            )
            .values(rows.post_values(after))
        )
        is_saved = self._connection.execute(change).rowcount == 1
        if is_saved and after.status is PostStatus.SENT and after.posted_at is not None:
            SqlFacts(self._connection).answered(after.item_id, after.posted_at)
        return is_saved


def _may_leave(now: datetime) -> sa.ColumnElement[bool]:
    is_time = posts.c.not_before.is_(None) | (posts.c.not_before <= now)
    return (posts.c.status == PostStatus.READY) & is_time
