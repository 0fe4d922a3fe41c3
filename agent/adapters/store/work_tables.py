"""The tables about work: who works, what was given up, what stops posting."""

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, Index, PrimaryKeyConstraint, Table

from agent.adapters.store.columns import UtcDateTime
from agent.adapters.store.tables import items, metadata
from agent.domain.people import EVERY_BRAND

workers = Table(
    "workers",
    metadata,
    Column("executor_id", sa.Text, nullable=False),
    Column("place", sa.Text, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("beat_at", UtcDateTime, nullable=False),
    Column("taken_by", sa.Text),
    Column("taken_at", UtcDateTime),
    PrimaryKeyConstraint("executor_id", name="pk_workers"),
)

resumptions = Table(
    "resumptions",
    metadata,
    Column("job_key", sa.Text, nullable=False),
    Column("times", sa.Integer, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("job_key", name="pk_resumptions"),
)

dead_letters = Table(
    "dead_letters",
    metadata,
    Column("kind", sa.Text, nullable=False),
    Column("subject", sa.Text, nullable=False),
    Column("brand_id", sa.Text, nullable=False),
    Column("item_id", sa.Text),
    Column("problem", sa.Text, nullable=False),
    Column("deaths", sa.Integer, nullable=False),
    Column("status", sa.Text, nullable=False),
    Column("died_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("kind", "subject", name="pk_dead_letters"),
    CheckConstraint("status IN ('dead', 'retrying', 'closed')", name="ck_dead_letters_status"),
)
Index("ix_dead_letters_status", dead_letters.c.status, dead_letters.c.died_at)

breakers = Table(
    "breakers",
    metadata,
    Column("channel_instance", sa.Text, nullable=False),
    Column("direction", sa.Text, nullable=False),
    Column("failures", sa.Integer, nullable=False),
    Column("retry_at", UtcDateTime),
    Column("problem", sa.Text, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("since", UtcDateTime),
    Column("is_refused", sa.Boolean, nullable=False),
    PrimaryKeyConstraint("channel_instance", "direction", name="pk_breakers"),
    CheckConstraint("direction IN ('read', 'write')", name="ck_breakers_direction"),
)

freezes = Table(
    "freezes",
    metadata,
    Column("scope", sa.Text, nullable=False),
    Column("is_on", sa.Boolean, nullable=False),
    Column("reason", sa.Text, nullable=False),
    Column("by_id", sa.Text, nullable=False),
    Column("by_name", sa.Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("scope", name="pk_freezes"),
)


def frozen(table: Table) -> sa.Exists:
    """Whether the brand of a row's item is frozen: read in the transaction that asks."""
    brand = sa.select(items.c.brand_id).where(items.c.id == table.c.item_id).correlate(table)
    is_theirs = (freezes.c.scope == EVERY_BRAND) | freezes.c.scope.in_(brand)
    return sa.exists().where(freezes.c.is_on, is_theirs).correlate(table)
