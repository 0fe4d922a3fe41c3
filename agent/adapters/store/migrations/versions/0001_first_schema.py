"""The first schema: messages, review items, decisions, outbox and audit trail."""

import sqlalchemy as sa
from alembic import op

from agent.adapters.store.columns import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _guideline_versions()
    _channel_cursors()
    _messages()
    _items()
    _queue_counts()
    _drafts()
    _decisions()
    _outbox()
    _posts()
    _audit()


def downgrade() -> None:
    for table in _TABLES:
        op.drop_table(table)


_TABLES = (
    "audit",
    "posts",
    "outbox",
    "decisions",
    "drafts",
    "queue_counts",
    "items",
    "messages",
    "channel_cursors",
    "guideline_versions",
)


def _table(name: str, key: tuple[str, ...], *parts: sa.schema.SchemaItem) -> None:
    op.create_table(name, *parts, sa.PrimaryKeyConstraint(*key, name=f"pk_{name}"))


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, UtcDateTime(), nullable=nullable)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False, autoincrement=False)


def _guideline_versions() -> None:
    _table(
        "guideline_versions",
        ("brand_id", "version"),
        _text("brand_id"),
        _text("version"),
        _time("first_seen_at"),
    )


def _channel_cursors() -> None:
    _table(
        "channel_cursors",
        ("channel_instance",),
        _text("channel_instance"),
        _text("cursor", nullable=True),
        _time("updated_at"),
    )


def _messages() -> None:
    _table(
        "messages",
        ("id",),
        _text("id"),
        _text("channel_instance"),
        _text("external_id"),
        _text("brand_id"),
        _time("received_at"),
        _text("content_sha256"),
        _text("body"),
        _time("drafted_at", nullable=True),
        sa.UniqueConstraint("channel_instance", "external_id", name="uq_messages_external"),
    )
    op.create_index(
        "ix_messages_undrafted",
        "messages",
        ["brand_id", "received_at", "id"],
        sqlite_where=sa.text("drafted_at IS NULL"),
        postgresql_where=sa.text("drafted_at IS NULL"),
    )


_QUEUE_ORDER = ("urgency_rank", "due_rank", "received_at", "id")
_QUEUE_INDEXES = {
    "assignee": (
        "assignee_id",
        "status",
    ),
    "brand": (
        "brand_id",
        "status",
    ),
    "category": (
        "category",
        "status",
    ),
    "channel": (
        "channel",
        "status",
    ),
    "status": ("status",),
    "team": (
        "team",
        "status",
    ),
}


def _items() -> None:
    _table(
        "items",
        ("id",),
        _text("id"),
        _text("message_id"),
        _text("brand_id"),
        _number("version"),
        _number("round"),
        _text("status"),
        _number("draft_revision"),
        _text("channel_instance"),
        _text("channel"),
        _text("surface"),
        _text("author", nullable=True),
        _text("excerpt"),
        _text("searchable"),
        _text("category"),
        _text("route"),
        _text("urgency"),
        sa.Column("urgency_rank", sa.SmallInteger(), nullable=False),
        _text("lang"),
        _text("team", nullable=True),
        sa.Column("is_toxic", sa.Boolean(), nullable=False),
        _time("due_at", nullable=True),
        _time("due_rank"),
        _time("received_at"),
        _time("drafted_at"),
        _text("guideline_version"),
        _text("lease_id", nullable=True),
        _text("lease_name", nullable=True),
        _time("lease_until", nullable=True),
        _text("assignee_id", nullable=True),
        _text("assignee_name", nullable=True),
        _time("snoozed_until", nullable=True),
        _text("stale_because"),
        _time("updated_at"),
        sa.UniqueConstraint("message_id", name="uq_items_message"),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_items_message"),
        sa.CheckConstraint("version >= 1 AND round >= 1", name="ck_items_counts"),
    )
    for name, columns in _QUEUE_INDEXES.items():
        op.create_index(f"ix_items_{name}", "items", [*columns, *_QUEUE_ORDER])
    op.create_index(
        "ix_items_snoozed",
        "items",
        ["snoozed_until"],
        sqlite_where=sa.text("snoozed_until IS NOT NULL"),
        postgresql_where=sa.text("snoozed_until IS NOT NULL"),
    )


def _queue_counts() -> None:
    _table(
        "queue_counts",
        ("brand_id", "status", "urgency", "category", "channel"),
        _text("brand_id"),
        _text("status"),
        _text("urgency"),
        _text("category"),
        _text("channel"),
        _number("n"),
    )


def _drafts() -> None:
    _table(
        "drafts",
        ("item_id", "revision"),
        _text("item_id"),
        _number("revision"),
        _text("guideline_version"),
        _time("created_at"),
        _text("outcome"),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name="fk_drafts_item"),
    )


def _decisions() -> None:
    _table(
        "decisions",
        ("id",),
        _text("id"),
        _text("item_id"),
        _number("round"),
        _number("draft_revision"),
        _text("kind"),
        _text("by_id"),
        _text("by_name"),
        _time("at"),
        _text("public_text", nullable=True),
        _text("private_text", nullable=True),
        _text("text_sha256"),
        _text("message_sha256"),
        _text("reason", nullable=True),
        _text("team", nullable=True),
        sa.Column("edit_ratio", sa.Float(), nullable=False),
        _text("guideline_version"),
        _text("detail"),
        sa.UniqueConstraint("item_id", "round", name="uq_decisions_item"),
        sa.UniqueConstraint(
            "id", "item_id", "round", "kind", "text_sha256", name="uq_decisions_released"
        ),
        sa.ForeignKeyConstraint(
            ["item_id", "draft_revision"],
            ["drafts.item_id", "drafts.revision"],
            name="fk_decisions_draft",
        ),
        sa.CheckConstraint(
            "kind IN ('approve', 'edit', 'reject', 'escalate', 'moderate', 'no_reply')",
            name="ck_decisions_kind",
        ),
        sa.CheckConstraint(
            "(public_text IS NOT NULL OR private_text IS NOT NULL) = (kind IN ('approve', 'edit'))",
            name="ck_decisions_text",
        ),
    )


def _outbox() -> None:
    _table(
        "outbox",
        ("id",),
        _text("id"),
        _text("item_id"),
        _number("round"),
        _text("decision_id"),
        _text("kind"),
        _text("text_sha256"),
        _time("created_at"),
        sa.UniqueConstraint("item_id", "round", name="uq_outbox_item"),
        sa.UniqueConstraint("id", "item_id", name="uq_outbox_posts"),
        sa.ForeignKeyConstraint(
            ["decision_id", "item_id", "round", "kind", "text_sha256"],
            [
                "decisions.id",
                "decisions.item_id",
                "decisions.round",
                "decisions.kind",
                "decisions.text_sha256",
            ],
            name="fk_outbox_decision",
        ),
        sa.CheckConstraint("kind IN ('approve', 'edit')", name="ck_outbox_approval"),
    )


def _posts() -> None:
    _table(
        "posts",
        ("id",),
        _text("id"),
        _text("outbox_id"),
        _text("item_id"),
        _text("surface"),
        _text("channel_instance"),
        _text("attempt_key"),
        _text("status"),
        _number("attempts"),
        _time("lease_until", nullable=True),
        _time("not_before", nullable=True),
        _text("remote_id", nullable=True),
        _text("url"),
        _text("problem"),
        _time("posted_at", nullable=True),
        _time("created_at"),
        _time("updated_at"),
        sa.UniqueConstraint("attempt_key", name="uq_posts_key"),
        sa.UniqueConstraint("outbox_id", "surface", name="uq_posts_surface"),
        sa.ForeignKeyConstraint(
            ["outbox_id", "item_id"], ["outbox.id", "outbox.item_id"], name="fk_posts_outbox"
        ),
        sa.CheckConstraint(
            "status IN ('ready', 'sending', 'sent', 'unknown', 'returned', 'cancelled')",
            name="ck_posts_status",
        ),
        sa.CheckConstraint("surface IN ('public', 'private')", name="ck_posts_surface"),
    )
    op.create_index("ix_posts_remote", "posts", ["channel_instance", "remote_id"])
    op.create_index("ix_posts_status", "posts", ["status", "created_at", "id"])
    op.create_index(
        "uq_posts_live",
        "posts",
        ["item_id", "surface"],
        unique=True,
        sqlite_where=sa.text("(status NOT IN ('returned', 'cancelled'))"),
        postgresql_where=sa.text("(status NOT IN ('returned', 'cancelled'))"),
    )


def _audit() -> None:
    _table(
        "audit",
        ("seq",),
        _number("seq"),
        _time("at"),
        _text("actor"),
        _text("action"),
        _text("subject"),
        _text("detail"),
        _text("previous_hash"),
        _text("hash"),
        sa.UniqueConstraint("hash", name="uq_audit_hash"),
    )
    op.create_index("ix_audit_subject", "audit", ["subject", "seq"])
