"""Posts and moderation looked up by item: every view of an item does."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_posts_item", "posts", ["item_id"])
    op.create_index("ix_moderations_item", "moderations", ["item_id"])


def downgrade() -> None:
    op.drop_index("ix_moderations_item", "moderations")
    op.drop_index("ix_posts_item", "posts")
