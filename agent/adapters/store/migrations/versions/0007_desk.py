"""Second approvals, undone decisions and saved views."""

import sqlalchemy as sa
from alembic import op

from agent.adapters.store.columns import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_SENSITIVE = (
    "self_harm_threat_minor",
    "injury_safety",
    "security_report",
    "legal_threat",
    "discrimination_harassment",
    "press",
    "gdpr_request",
    "rumour",
)
_OPEN = ("pending", "claimed", "snoozed", "stale")


def upgrade() -> None:
    _items()
    _approvals()
    _undos()
    _saved_views()
    _moderation_status("'ready', 'done', 'by_hand', 'cancelled'")


def downgrade() -> None:
    op.execute("DELETE FROM moderations WHERE status = 'cancelled'")
    _moderation_status("'ready', 'done', 'by_hand'")
    for table in ("saved_views", "undos", "approvals"):
        op.drop_table(table)
    op.drop_index("ix_items_second", "items")
    for column in ("first_approver_name", "first_approver_id", "approvers_needed"):
        op.drop_column("items", column)


def _items() -> None:
    needed = sa.Column("approvers_needed", sa.SmallInteger(), nullable=False, server_default="1")
    op.add_column("items", needed)
    for name in ("first_approver_id", "first_approver_name"):
        op.add_column("items", sa.Column(name, sa.Text()))
    items = sa.table(
        "items", sa.column("approvers_needed"), *map(sa.column, ("status", "category"))
    )
    # What was drafted before cannot say what the brand asks: the careful answer, until a redraft.
    op.execute(
        sa.update(items)
        .where(items.c.status.in_(_OPEN), items.c.category.in_(_SENSITIVE))
        .values(approvers_needed=2)
    )
    op.create_index(
        "ix_items_second",
        "items",
        ["status", "urgency_rank", "due_rank", "received_at", "id"],
        sqlite_where=sa.text("first_approver_id IS NOT NULL"),
        postgresql_where=sa.text("first_approver_id IS NOT NULL"),
    )


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _approvals() -> None:
    op.create_table(
        "approvals",
        _text("id"),
        _text("item_id"),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("draft_revision", sa.Integer(), nullable=False),
        _text("kind"),
        _text("by_id"),
        _text("by_name"),
        sa.Column("at", UtcDateTime(), nullable=False),
        _text("public_text", nullable=True),
        _text("private_text", nullable=True),
        _text("text_sha256"),
        _text("message_sha256"),
        _text("reason", nullable=True),
        _text("team", nullable=True),
        sa.Column("edit_ratio", sa.Float(), nullable=False),
        _text("guideline_version"),
        _text("detail"),
        sa.PrimaryKeyConstraint("id", name="pk_approvals"),
        sa.ForeignKeyConstraint(
            ["item_id", "draft_revision"],
            ["drafts.item_id", "drafts.revision"],
            name="fk_approvals_draft",
        ),
        sa.CheckConstraint("kind IN ('approve', 'edit')", name="ck_approvals_kind"),
    )
    op.create_index("ix_approvals_item", "approvals", ["item_id", "round"])


def _undos() -> None:
    op.create_table(
        "undos",
        _text("decision_id"),
        _text("item_id"),
        sa.Column("round", sa.Integer(), nullable=False),
        _text("by_id"),
        _text("by_name"),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("decision_id", name="pk_undos"),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name="fk_undos_decision"),
    )
    op.create_index("ix_undos_item", "undos", ["item_id", "round"])


def _saved_views() -> None:
    op.create_table(
        "saved_views",
        _text("person_id"),
        _text("name"),
        _text("filters"),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "name", name="pk_saved_views"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_saved_views_person"),
    )


def _moderation_status(allowed: str) -> None:
    with op.batch_alter_table("moderations") as batch:
        batch.drop_constraint("ck_moderations_status", type_="check")
        batch.create_check_constraint("ck_moderations_status", f"status IN ({allowed})")
