"""Saved replies: one title a language and brand."""

from typing import Any

import sqlalchemy as sa

from agent.adapters.store.columns import UtcDateTime
from agent.adapters.store.statements import insert_new
from agent.adapters.store.tables import metadata
from agent.domain.desk import SavedReply
from agent.domain.errors import NotFound, StoreError
from agent.domain.ids import BrandId, ReplyId

saved_replies = sa.Table(
    "saved_replies",
    metadata,
    sa.Column("id", sa.Text, nullable=False),
    sa.Column("brand_id", sa.Text, nullable=False),
    sa.Column("lang", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("owner_id", sa.Text, nullable=False),
    sa.Column("owner_name", sa.Text, nullable=False),
    sa.Column("updated_at", UtcDateTime, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.PrimaryKeyConstraint("id", name="pk_saved_replies"),
    sa.UniqueConstraint("brand_id", "lang", "title", name="uq_saved_replies_title"),
)
_of = saved_replies.c


class SqlSavedReplies:
    """The collection of one unit of work."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def of(self, brand_id: BrandId) -> tuple[SavedReply, ...]:
        query = (
            sa.select(saved_replies)
            .where(_of.brand_id == brand_id)
            .order_by(_of.lang, _of.title, _of.id)
        )
        return tuple(_reply(row) for row in self._connection.execute(query))

    def get(self, reply_id: ReplyId) -> SavedReply:
        query = sa.select(saved_replies).where(_of.id == reply_id)
        row = self._connection.execute(query).one_or_none()
        if row is None:
            raise NotFound("this saved reply is gone; somebody has deleted it")
        return _reply(row)

    def add(self, reply: SavedReply) -> bool:
        return insert_new(self._connection, saved_replies, _row(reply))

    def save(self, before: SavedReply, after: SavedReply) -> bool:
        if self._is_taken(after):
            return False
        change = (
            sa.update(saved_replies)
            .where(_of.id == before.id, _of.version == before.version)
            .values(_row(after) | {"version": before.version + 1})
        )
        if self._connection.execute(change).rowcount != 1:
            raise StoreError(
                "this saved reply changed meanwhile; nothing was written: read it again"
            )
        return True

    def _is_taken(self, reply: SavedReply) -> bool:
        query = sa.select(_of.id).where(
            _of.brand_id == reply.brand_id,
            _of.lang == reply.lang.value,
            _of.title == reply.title,
            _of.id != reply.id,
        )
        return self._connection.execute(query).first() is not None

    def remove(self, reply_id: ReplyId) -> None:
        self._connection.execute(sa.delete(saved_replies).where(_of.id == reply_id))


def _row(reply: SavedReply) -> dict[str, Any]:
    return {
        "id": reply.id,
        "brand_id": reply.brand_id,
        "lang": reply.lang.value,
        "title": reply.title,
        "body": reply.body,
        "owner_id": reply.owner.id,
        "owner_name": reply.owner.name,
        "updated_at": reply.updated_at,
        "version": reply.version,
    }


def _reply(row: sa.Row[Any]) -> SavedReply:
    return SavedReply.model_validate(
        {
            "id": row.id,
            "brand_id": row.brand_id,
            "lang": row.lang,
            "title": row.title,
            "body": row.body,
            "owner": {"id": row.owner_id, "name": row.owner_name},
            "updated_at": row.updated_at,
            "version": row.version,
        }
    )
