"""Retention: what was removed when, and the purges that say how old a text they take."""

import sqlalchemy as sa
from alembic import op

from agent.adapters.store.columns import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_MARKS = (
    ("messages", "purged_at"),
    ("items", "purged_at"),
    ("drafts", "purged_at"),
    ("drafts", "trace_purged_at"),
    ("decisions", "purged_at"),
    ("approvals", "purged_at"),
)
_INDEXES = (
    ("ix_messages_purge", "messages", ["brand_id", "received_at"], "purged_at"),
    ("ix_drafts_purge", "drafts", ["created_at"], "purged_at"),
    ("ix_drafts_trace_purge", "drafts", ["created_at"], "trace_purged_at"),
    ("ix_decisions_purge", "decisions", ["at"], "purged_at"),
    ("ix_approvals_purge", "approvals", ["at"], "purged_at"),
)


def upgrade() -> None:
    for table, mark in _MARKS:
        op.add_column(table, sa.Column(mark, UtcDateTime()))
    for name, table, columns, mark in _INDEXES:
        is_there = sa.text(f"{mark} IS NULL")
        op.create_index(name, table, columns, sqlite_where=is_there, postgresql_where=is_there)
    op.create_table(
        "purges",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("brand_id", "kind")),
        *(sa.Column(name, UtcDateTime(), nullable=False) for name in ("at", "cutoff_at")),
        sa.PrimaryKeyConstraint("brand_id", "kind", "at", name="pk_purges"),
        sa.CheckConstraint(
            "kind IN ('message', 'draft', 'approved_reply', 'model_trace')", name="ck_purges_kind"
        ),
    )


def downgrade() -> None:
    op.drop_table("purges")
    for name, table, _, _ in _INDEXES:
        op.drop_index(name, table)
    for table, mark in _MARKS:
        op.drop_column(table, mark)
