"""The tables of alerts and of the notices that tell people about them."""

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, Index, PrimaryKeyConstraint, Table

from agent.adapters.store.columns import UtcDateTime
from agent.adapters.store.tables import items, metadata

alerts = Table(
    "alerts",
    metadata,
    Column("kind", sa.Text, nullable=False),
    Column("subject", sa.Text, nullable=False),
    Column("times", sa.Integer, nullable=False),
    *(Column(name, sa.Text) for name in ("brand_id", "team", "item_id", "category", "urgency")),
    Column("due_at", UtcDateTime),
    Column("detail", sa.Text, nullable=False),
    Column("raised_at", UtcDateTime, nullable=False),
    Column("resolved_at", UtcDateTime),
    Column("is_told", sa.Boolean, nullable=False),
    PrimaryKeyConstraint("kind", "subject", name="pk_alerts"),
    CheckConstraint("times >= 1", name="ck_alerts_times"),
)
IS_OPEN = alerts.c.resolved_at.is_(None)
Index("ix_alerts_open", alerts.c.kind, sqlite_where=IS_OPEN, postgresql_where=IS_OPEN)
Index("ix_alerts_resolved", alerts.c.resolved_at)
_IS_UNTOLD = sa.not_(alerts.c.is_told)
Index(
    "ix_alerts_untold",
    alerts.c.raised_at,
    sqlite_where=_IS_UNTOLD,
    postgresql_where=_IS_UNTOLD,
)

notices = Table(
    "notices",
    metadata,
    Column("kind", sa.Text, nullable=False),
    Column("subject", sa.Text, nullable=False),
    Column("times", sa.Integer, nullable=False),
    Column("address", sa.Text, nullable=False),
    Column("weight", sa.Text, nullable=False),
    Column("status", sa.Text, nullable=False),
    Column("batch", sa.Text, nullable=False),
    Column("attempts", sa.Integer, nullable=False),
    Column("not_before", UtcDateTime, nullable=False),
    Column("lease_until", UtcDateTime),
    Column("problem", sa.Text, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("kind", "subject", "times", "address", name="pk_notices"),
    CheckConstraint(
        "status IN ('pending', 'sending', 'sent', 'dead', 'void')", name="ck_notices_status"
    ),
    CheckConstraint("weight IN ('urgent', 'normal', 'low')", name="ck_notices_weight"),
)
Index("ix_notices_status", notices.c.status, notices.c.address, notices.c.not_before)
Index("ix_notices_batch", notices.c.batch)
Index("ix_notices_sent", notices.c.address, notices.c.status, notices.c.updated_at)

IS_TO_DECIDE = items.c.status.in_(["pending", "claimed", "snoozed", "stale"])
Index(
    "ix_items_to_decide",
    items.c.route,
    items.c.due_at,
    sqlite_where=IS_TO_DECIDE,
    postgresql_where=IS_TO_DECIDE,
)
