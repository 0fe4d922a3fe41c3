"""Alerts, the notices that tell people of them, and since when a channel fails."""

import sqlalchemy as sa
from alembic import op

from agent.adapters.store.columns import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_TO_DECIDE = "status IN ('pending', 'claimed', 'snoozed', 'stale')"


def upgrade() -> None:
    _alerts()
    _notices()
    op.create_index(
        "ix_items_to_decide",
        "items",
        ["route", "due_at"],
        sqlite_where=sa.text(_TO_DECIDE),
        postgresql_where=sa.text(_TO_DECIDE),
    )
    op.add_column("breakers", sa.Column("since", UtcDateTime()))
    op.add_column(
        "breakers",
        sa.Column("is_refused", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.execute("UPDATE breakers SET since = updated_at WHERE failures > 0")


def downgrade() -> None:
    for column in ("is_refused", "since"):
        op.drop_column("breakers", column)
    op.drop_index("ix_items_to_decide", "items")
    for table in ("notices", "alerts"):
        op.drop_table(table)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _alerts() -> None:
    op.create_table(
        "alerts",
        _text("kind"),
        _text("subject"),
        sa.Column("times", sa.Integer(), nullable=False),
        *(
            _text(name, nullable=True)
            for name in ("brand_id", "team", "item_id", "category", "urgency")
        ),
        sa.Column("due_at", UtcDateTime()),
        _text("detail"),
        sa.Column("raised_at", UtcDateTime(), nullable=False),
        sa.Column("resolved_at", UtcDateTime()),
        sa.Column("is_told", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "subject", name="pk_alerts"),
        sa.CheckConstraint("times >= 1", name="ck_alerts_times"),
    )
    _partial("ix_alerts_open", ["kind"], sa.text("resolved_at IS NULL"))
    op.create_index("ix_alerts_resolved", "alerts", ["resolved_at"])
    _partial("ix_alerts_untold", ["raised_at"], sa.not_(sa.column("is_told", sa.Boolean())))


def _partial(name: str, columns: list[str], where: sa.ColumnElement[bool] | sa.TextClause) -> None:
    op.create_index(name, "alerts", columns, sqlite_where=where, postgresql_where=where)


def _notices() -> None:
    op.create_table(
        "notices",
        _text("kind"),
        _text("subject"),
        sa.Column("times", sa.Integer(), nullable=False),
        *(_text(name) for name in ("address", "weight", "status", "batch")),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", UtcDateTime(), nullable=False),
        sa.Column("lease_until", UtcDateTime()),
        _text("problem"),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "subject", "times", "address", name="pk_notices"),
        sa.CheckConstraint(
            "status IN ('pending', 'sending', 'sent', 'dead', 'void')", name="ck_notices_status"
        ),
        sa.CheckConstraint("weight IN ('urgent', 'normal', 'low')", name="ck_notices_weight"),
    )
    op.create_index("ix_notices_status", "notices", ["status", "address", "not_before"])
    op.create_index("ix_notices_batch", "notices", ["batch"])
    op.create_index("ix_notices_sent", "notices", ["address", "status", "updated_at"])
