"""Decisions to moderate, on their way to the network."""

import sqlalchemy as sa
from alembic import op

from agent.adapters.store.columns import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "moderations",
        *(sa.Column(name, sa.Text(), nullable=False) for name in _TEXTS),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("decision_id", name="pk_moderations"),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name="fk_moderations_decision"),
        sa.CheckConstraint("status IN ('ready', 'done', 'by_hand')", name="ck_moderations_status"),
    )
    op.create_index("ix_moderations_due", "moderations", ["status", "not_before"])


def downgrade() -> None:
    op.drop_table("moderations")


_TEXTS = ("decision_id", "item_id", "channel_instance", "action", "status", "problem")
