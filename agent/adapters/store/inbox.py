"""Messages as taken in, the channels' cursors, and the guideline versions seen."""

from collections.abc import Collection
from datetime import datetime, timedelta

import sqlalchemy as sa

from agent.adapters.store.statements import for_update, insert_new
from agent.adapters.store.tables import (
    channel_cursors,
    decisions,
    guideline_versions,
    messages,
    outbox,
    posts,
    pushed_events,
)
from agent.domain.channels import PostStatus
from agent.domain.errors import NotFound
from agent.domain.ids import BrandId, GuidelineVersion, MessageId
from agent.domain.messages import InboundMessage
from agent.domain.records import Arrival, StoredMessage

_EVENTS_KEPT = timedelta(days=30)
"""Longer than any sender known to us tries again."""


class SqlInbox:
    """Messages and cursors."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def cursor(self, channel_instance: str) -> str | None:
        table = channel_cursors
        query = sa.select(table.c.cursor).where(table.c.channel_instance == channel_instance)
        return self._connection.execute(query).scalar_one_or_none()

    def move_cursor(
        self, channel_instance: str, before: str | None, after: str | None, at: datetime
    ) -> bool:
        table = channel_cursors
        row = {"channel_instance": channel_instance, "cursor": after, "updated_at": at}
        if before is None and insert_new(self._connection, table, row):
            return True
        change = (
            sa.update(table)
            .where(table.c.channel_instance == channel_instance, _is(table.c.cursor, before))
            .values(cursor=after, updated_at=at)
        )
        return self._connection.execute(change).rowcount == 1

    def take_in(self, stored: StoredMessage) -> Arrival:
        row = {
            "id": stored.message.id,
            "channel_instance": stored.channel_instance,
            "external_id": stored.external_id,
            "brand_id": stored.brand_id,
            "received_at": stored.received_at,
            "content_sha256": stored.content_sha256,
            "body": stored.message.model_dump_json(),
        }
        if insert_new(self._connection, messages, row):
            return Arrival.NEW
        return self._compare(stored)

    def _compare(self, stored: StoredMessage) -> Arrival:
        query = sa.select(messages.c.id, messages.c.content_sha256, messages.c.purged_at).where(
            messages.c.channel_instance == stored.channel_instance,
            messages.c.external_id == stored.external_id,
        )
        row = self._connection.execute(for_update(self._connection, query)).one_or_none()
        if row is None or row.id != stored.message.id:
            return Arrival.CLASH
        # What was removed does not come back by being delivered, or edited, again.
        if row.content_sha256 == stored.content_sha256 or row.purged_at is not None:
            return Arrival.DUPLICATE
        self._connection.execute(
            sa.update(messages)
            .where(messages.c.id == row.id)
            .values(body=stored.message.model_dump_json(), content_sha256=stored.content_sha256)
        )
        return Arrival.EDITED

    def see_event(self, channel_instance: str, event_id: str, at: datetime) -> bool:
        table = pushed_events
        self._connection.execute(sa.delete(table).where(table.c.seen_at < at - _EVENTS_KEPT))
        row = {"channel_instance": channel_instance, "event_id": event_id, "seen_at": at}
        return insert_new(self._connection, table, row)

    def get(self, message_id: MessageId) -> StoredMessage:
        query = sa.select(messages).where(messages.c.id == message_id)
        row = self._connection.execute(query).one_or_none()
        if row is None:
            raise NotFound(f"there is no message {message_id}; it may have been erased")
        return stored_message(row)

    def is_own(self, channel_instance: str, message: InboundMessage) -> bool:
        external = message.external_id or message.id
        # Sent without the network's word on its id, or not known to be sent: known by its text.
        is_nameless = posts.c.status.in_([PostStatus.SENDING, PostStatus.UNKNOWN]) | (
            (posts.c.status == PostStatus.SENT) & posts.c.remote_id.is_(None)
        )
        # PostgreSQL takes no NUL, not even to compare; no reply of ours holds one.
        text = message.text.replace("\x00", "")
        has_its_text = (decisions.c.public_text == text) | (decisions.c.private_text == text)
        query = (
            sa.select(posts.c.id)
            .join(outbox, outbox.c.id == posts.c.outbox_id)
            .join(decisions, decisions.c.id == outbox.c.decision_id)
            .where(
                posts.c.channel_instance == channel_instance,
                (posts.c.remote_id == external) | (is_nameless & has_its_text),
            )
            .limit(1)
        )
        return self._connection.execute(query).first() is not None

    def undrafted(self, brands: Collection[BrandId], limit: int) -> tuple[StoredMessage, ...]:
        query = (
            sa.select(messages)
            .where(messages.c.drafted_at.is_(None), messages.c.brand_id.in_(brands))
            .order_by(messages.c.received_at, messages.c.id)
            .limit(limit)
        )
        return tuple(stored_message(row) for row in self._connection.execute(query))

    def undrafted_ids(self, brands: Collection[BrandId], limit: int) -> tuple[MessageId, ...]:
        query = (
            sa.select(messages.c.id)
            .where(messages.c.drafted_at.is_(None), messages.c.brand_id.in_(brands))
            .order_by(messages.c.received_at, messages.c.id)
            .limit(limit)
        )
        return tuple(self._connection.execute(query).scalars())

    def count_undrafted(self, brands: Collection[BrandId]) -> int:
        query = (
            sa.select(sa.func.count())
            .select_from(messages)
            .where(messages.c.drafted_at.is_(None), messages.c.brand_id.in_(brands))
        )
        return self._connection.execute(query).scalar_one()


class SqlBrands:
    """Guideline versions."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def see(self, brand_id: BrandId, version: GuidelineVersion, at: datetime) -> None:
        row = {"brand_id": brand_id, "version": version, "first_seen_at": at}
        insert_new(self._connection, guideline_versions, row)

    def versions(self, brand_id: BrandId) -> tuple[tuple[GuidelineVersion, datetime], ...]:
        table = guideline_versions
        query = (
            sa.select(table.c.version, table.c.first_seen_at)
            .where(table.c.brand_id == brand_id)
            .order_by(table.c.first_seen_at, table.c.version)
        )
        rows = self._connection.execute(query)
        return tuple((GuidelineVersion(row.version), row.first_seen_at) for row in rows)


def stored_message(row: sa.Row[tuple[object, ...]]) -> StoredMessage:
    """Return a row of `messages` as a value."""
    return StoredMessage(
        message=InboundMessage.model_validate_json(row.body),
        brand_id=row.brand_id,
        channel_instance=row.channel_instance,
        external_id=row.external_id,
        received_at=row.received_at,
        purged_at=row.purged_at,
        purged_sha256=row.content_sha256 if row.purged_at else "",
    )


def _is(column: sa.Column[str], value: str | None) -> sa.ColumnElement[bool]:
    return column.is_(None) if value is None else column == value
