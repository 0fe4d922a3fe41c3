"""Events that senders pushed: one sent again is not taken in again."""

import sqlalchemy as sa
from alembic import op

from agent.adapters.store.columns import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pushed_events",
        sa.Column("channel_instance", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("channel_instance", "event_id", name="pk_pushed_events"),
    )
    op.create_index("ix_pushed_events_seen", "pushed_events", ["seen_at"])


def downgrade() -> None:
    op.drop_table("pushed_events")
