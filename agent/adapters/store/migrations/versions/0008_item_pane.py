"""What the item pane shows beside a message: its author's earlier ones, and saved replies."""

import sqlalchemy as sa
from alembic import op

from agent.adapters.store.columns import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_AUTHOR = sa.text("author IS NOT NULL")


def upgrade() -> None:
    # PostgreSQL refuses an index key of more than about 2,700 bytes.
    op.execute("UPDATE items SET author = substr(author, 1, 200) WHERE length(author) > 200")
    op.create_index(
        "ix_items_author",
        "items",
        ["brand_id", "channel", "author", "received_at", "id"],
        sqlite_where=_AUTHOR,
        postgresql_where=_AUTHOR,
    )
    op.create_table(
        "saved_replies",
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


def downgrade() -> None:
    op.drop_table("saved_replies")
    op.drop_index("ix_items_author", "items")
