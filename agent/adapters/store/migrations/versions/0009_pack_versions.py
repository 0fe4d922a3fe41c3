"""Versions of a brand pack, proposals to change it, and what was said of suggestions."""

import sqlalchemy as sa
from alembic import op

from agent.adapters.store.columns import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _proposals()
    _versions()
    _suggestions()


def downgrade() -> None:
    op.drop_table("pack_suggestions")
    op.drop_table("pack_versions")
    op.drop_table("pack_proposals")


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _proposals() -> None:
    op.create_table(
        "pack_proposals",
        *(_text(name) for name in ("id", "brand_id", "status")),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        _text("body"),
        sa.PrimaryKeyConstraint("id", name="pk_pack_proposals"),
    )
    op.create_index("ix_pack_proposals_brand", "pack_proposals", ["brand_id", "updated_at"])


def _versions() -> None:
    op.create_table(
        "pack_versions",
        _text("brand_id"),
        sa.Column("number", sa.Integer(), nullable=False),
        _text("version"),
        sa.Column("at", UtcDateTime(), nullable=False),
        *(_text(name) for name in ("by_id", "by_name", "note", "override_reason")),
        _text("proposal_id", nullable=True),
        _text("texts"),
        sa.PrimaryKeyConstraint("brand_id", "number", name="pk_pack_versions"),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["pack_proposals.id"], name="fk_pack_versions_proposal"
        ),
    )


def _suggestions() -> None:
    op.create_table(
        "pack_suggestions",
        _text("brand_id"),
        _text("key"),
        sa.Column("at", UtcDateTime(), nullable=False),
        _text("body"),
        sa.PrimaryKeyConstraint("brand_id", "key", name="pk_pack_suggestions"),
    )
