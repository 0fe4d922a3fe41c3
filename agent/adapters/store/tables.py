"""The tables as code uses them. Migrations carry their own copy; a test holds the two together.

JSON is kept as text: both engines store and compare it byte for byte.
"""

import sqlalchemy as sa
from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)

from agent.adapters.store.columns import UtcDateTime

metadata = sa.MetaData()

_SURFACES = "surface IN ('public', 'private')"
_APPROVALS = "kind IN ('approve', 'edit')"

guideline_versions = Table(
    "guideline_versions",
    metadata,
    Column("brand_id", sa.Text, nullable=False),
    Column("version", sa.Text, nullable=False),
    Column("first_seen_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("brand_id", "version", name="pk_guideline_versions"),
)

channel_cursors = Table(
    "channel_cursors",
    metadata,
    Column("channel_instance", sa.Text, nullable=False),
    Column("cursor", sa.Text),
    Column("updated_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("channel_instance", name="pk_channel_cursors"),
)

pushed_events = Table(
    "pushed_events",
    metadata,
    Column("channel_instance", sa.Text, nullable=False),
    Column("event_id", sa.Text, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("channel_instance", "event_id", name="pk_pushed_events"),
)
Index("ix_pushed_events_seen", pushed_events.c.seen_at)

messages = Table(
    "messages",
    metadata,
    Column("id", sa.Text, nullable=False),
    Column("channel_instance", sa.Text, nullable=False),
    Column("external_id", sa.Text, nullable=False),
    Column("brand_id", sa.Text, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("content_sha256", sa.Text, nullable=False),
    Column("body", sa.Text, nullable=False),
    Column("drafted_at", UtcDateTime),
    Column("purged_at", UtcDateTime),
    PrimaryKeyConstraint("id", name="pk_messages"),
    UniqueConstraint("channel_instance", "external_id", name="uq_messages_external"),
)
Index(
    "ix_messages_undrafted",
    messages.c.brand_id,
    messages.c.received_at,
    messages.c.id,
    sqlite_where=messages.c.drafted_at.is_(None),
    postgresql_where=messages.c.drafted_at.is_(None),
)

items = Table(
    "items",
    metadata,
    Column("id", sa.Text, nullable=False),
    Column("message_id", sa.Text, nullable=False),
    Column("brand_id", sa.Text, nullable=False),
    Column("version", sa.Integer, nullable=False),
    Column("round", sa.Integer, nullable=False),
    Column("status", sa.Text, nullable=False),
    Column("draft_revision", sa.Integer, nullable=False),
    Column("channel_instance", sa.Text, nullable=False),
    Column("channel", sa.Text, nullable=False),
    Column("surface", sa.Text, nullable=False),
    Column("author", sa.Text),
    Column("excerpt", sa.Text, nullable=False),
    Column("searchable", sa.Text, nullable=False),
    Column("category", sa.Text, nullable=False),
    Column("route", sa.Text, nullable=False),
    Column("urgency", sa.Text, nullable=False),
    Column("urgency_rank", sa.SmallInteger, nullable=False),
    Column("lang", sa.Text, nullable=False),
    Column("team", sa.Text),
    Column("is_toxic", sa.Boolean, nullable=False),
    Column("due_at", UtcDateTime),
    Column("due_rank", UtcDateTime, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("drafted_at", UtcDateTime, nullable=False),
    Column("guideline_version", sa.Text, nullable=False),
    Column("lease_id", sa.Text),
    Column("lease_name", sa.Text),
    Column("lease_until", UtcDateTime),
    Column("assignee_id", sa.Text),
    Column("assignee_name", sa.Text),
    Column("snoozed_until", UtcDateTime),
    Column("stale_because", sa.Text, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("approvers_needed", sa.SmallInteger, nullable=False),
    Column("first_approver_id", sa.Text),
    Column("first_approver_name", sa.Text),
    Column("purged_at", UtcDateTime),
    PrimaryKeyConstraint("id", name="pk_items"),
    UniqueConstraint("message_id", name="uq_items_message"),
    ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_items_message"),
    CheckConstraint("version >= 1 AND round >= 1", name="ck_items_counts"),
)
QUEUE_ORDER = (items.c.urgency_rank, items.c.due_rank, items.c.received_at, items.c.id)
for _name, _columns in {
    "status": (items.c.status,),
    "brand": (items.c.brand_id, items.c.status),
    "category": (items.c.category, items.c.status),
    "channel": (items.c.channel, items.c.status),
    "team": (items.c.team, items.c.status),
    "assignee": (items.c.assignee_id, items.c.status),
}.items():
    Index(f"ix_items_{_name}", *_columns, *QUEUE_ORDER)
Index(
    "ix_items_author",
    items.c.brand_id,
    items.c.channel,
    items.c.author,
    items.c.received_at,
    items.c.id,
    sqlite_where=items.c.author.is_not(None),
    postgresql_where=items.c.author.is_not(None),
)
Index(
    "ix_items_snoozed",
    items.c.snoozed_until,
    sqlite_where=items.c.snoozed_until.is_not(None),
    postgresql_where=items.c.snoozed_until.is_not(None),
)

Index(
    "ix_items_second",
    items.c.status,
    *QUEUE_ORDER,
    sqlite_where=items.c.first_approver_id.is_not(None),
    postgresql_where=items.c.first_approver_id.is_not(None),
)

queue_counts = Table(
    "queue_counts",
    metadata,
    Column("brand_id", sa.Text, nullable=False),
    Column("status", sa.Text, nullable=False),
    Column("urgency", sa.Text, nullable=False),
    Column("category", sa.Text, nullable=False),
    Column("channel", sa.Text, nullable=False),
    Column("n", sa.Integer, nullable=False),
    PrimaryKeyConstraint(
        "brand_id", "status", "urgency", "category", "channel", name="pk_queue_counts"
    ),
)

drafts = Table(
    "drafts",
    metadata,
    Column("item_id", sa.Text, nullable=False),
    Column("revision", sa.Integer, nullable=False),
    Column("guideline_version", sa.Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("outcome", sa.Text, nullable=False),
    Column("purged_at", UtcDateTime),
    Column("trace_purged_at", UtcDateTime),
    PrimaryKeyConstraint("item_id", "revision", name="pk_drafts"),
    ForeignKeyConstraint(["item_id"], ["items.id"], name="fk_drafts_item"),
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", sa.Text, nullable=False),
    Column("item_id", sa.Text, nullable=False),
    Column("round", sa.Integer, nullable=False),
    Column("draft_revision", sa.Integer, nullable=False),
    Column("kind", sa.Text, nullable=False),
    Column("by_id", sa.Text, nullable=False),
    Column("by_name", sa.Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("public_text", sa.Text),
    Column("private_text", sa.Text),
    Column("text_sha256", sa.Text, nullable=False),
    Column("message_sha256", sa.Text, nullable=False),
    Column("reason", sa.Text),
    Column("team", sa.Text),
    Column("edit_ratio", sa.Float, nullable=False),
    Column("guideline_version", sa.Text, nullable=False),
    Column("detail", sa.Text, nullable=False),
    Column("purged_at", UtcDateTime),
    PrimaryKeyConstraint("id", name="pk_decisions"),
    UniqueConstraint("item_id", "round", name="uq_decisions_item"),
    UniqueConstraint("id", "item_id", "round", "kind", "text_sha256", name="uq_decisions_released"),
    ForeignKeyConstraint(
        ["item_id", "draft_revision"],
        ["drafts.item_id", "drafts.revision"],
        name="fk_decisions_draft",
    ),
    CheckConstraint(
        "kind IN ('approve', 'edit', 'reject', 'escalate', 'moderate', 'no_reply')",
        name="ck_decisions_kind",
    ),
    CheckConstraint(
        f"(public_text IS NOT NULL OR private_text IS NOT NULL) = ({_APPROVALS})",
        name="ck_decisions_text",
    ),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", sa.Text, nullable=False),
    Column("item_id", sa.Text, nullable=False),
    Column("round", sa.Integer, nullable=False),
    Column("decision_id", sa.Text, nullable=False),
    Column("kind", sa.Text, nullable=False),
    Column("text_sha256", sa.Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("id", name="pk_outbox"),
    UniqueConstraint("item_id", "round", name="uq_outbox_item"),
    UniqueConstraint("id", "item_id", name="uq_outbox_posts"),
    ForeignKeyConstraint(
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
    CheckConstraint(_APPROVALS, name="ck_outbox_approval"),
)

posts = Table(
    "posts",
    metadata,
    Column("id", sa.Text, nullable=False),
    Column("outbox_id", sa.Text, nullable=False),
    Column("item_id", sa.Text, nullable=False),
    Column("surface", sa.Text, nullable=False),
    Column("channel_instance", sa.Text, nullable=False),
    Column("attempt_key", sa.Text, nullable=False),
    Column("status", sa.Text, nullable=False),
    Column("attempts", sa.Integer, nullable=False),
    Column("lease_until", UtcDateTime),
    Column("not_before", UtcDateTime),
    Column("remote_id", sa.Text),
    Column("url", sa.Text, nullable=False),
    Column("problem", sa.Text, nullable=False),
    Column("posted_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("id", name="pk_posts"),
    UniqueConstraint("outbox_id", "surface", name="uq_posts_surface"),
    UniqueConstraint("attempt_key", name="uq_posts_key"),
    ForeignKeyConstraint(
        ["outbox_id", "item_id"], ["outbox.id", "outbox.item_id"], name="fk_posts_outbox"
    ),
    CheckConstraint(_SURFACES, name="ck_posts_surface"),
    CheckConstraint(
        "status IN ('ready', 'sending', 'sent', 'unknown', 'returned', 'cancelled')",
        name="ck_posts_status",
    ),
)
_IS_LIVE = posts.c.status.not_in(["returned", "cancelled"])
Index(
    "uq_posts_live",
    posts.c.item_id,
    posts.c.surface,
    unique=True,
    sqlite_where=_IS_LIVE,
    postgresql_where=_IS_LIVE,
)
Index("ix_posts_item", posts.c.item_id)
Index("ix_posts_status", posts.c.status, posts.c.created_at, posts.c.id)
Index("ix_posts_remote", posts.c.channel_instance, posts.c.remote_id)

moderations = Table(
    "moderations",
    metadata,
    Column("decision_id", sa.Text, nullable=False),
    Column("item_id", sa.Text, nullable=False),
    Column("channel_instance", sa.Text, nullable=False),
    Column("action", sa.Text, nullable=False),
    Column("status", sa.Text, nullable=False),
    Column("attempts", sa.Integer, nullable=False),
    Column("not_before", UtcDateTime, nullable=False),
    Column("problem", sa.Text, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("decision_id", name="pk_moderations"),
    ForeignKeyConstraint(["decision_id"], ["decisions.id"], name="fk_moderations_decision"),
    CheckConstraint(
        "status IN ('ready', 'done', 'by_hand', 'cancelled')", name="ck_moderations_status"
    ),
)
Index("ix_moderations_item", moderations.c.item_id)
Index("ix_moderations_due", moderations.c.status, moderations.c.not_before)

audit = Table(
    "audit",
    metadata,
    Column("seq", sa.Integer, nullable=False, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", sa.Text, nullable=False),
    Column("action", sa.Text, nullable=False),
    Column("subject", sa.Text, nullable=False),
    Column("detail", sa.Text, nullable=False),
    Column("previous_hash", sa.Text, nullable=False),
    Column("hash", sa.Text, nullable=False),
    PrimaryKeyConstraint("seq", name="pk_audit"),
    UniqueConstraint("hash", name="uq_audit_hash"),
)
Index("ix_audit_subject", audit.c.subject, audit.c.seq)
