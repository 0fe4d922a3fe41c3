"""Facts to count, messages passed to teams, and the archive with its words."""

import sqlalchemy as sa
from alembic import op

from agent.adapters.store.columns import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _item_facts()
    _decision_facts()
    _handoffs()
    _archive()
    # Imported here: it speaks of the tables above.
    from agent.adapters.store.backfill import fill_read_models

    fill_read_models(op.get_bind())


def downgrade() -> None:
    for table in ("archive_fts", "archive", "handoffs", "decision_facts", "item_facts"):
        op.drop_table(table)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, UtcDateTime(), nullable=nullable)


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable, autoincrement=False)


def _item_facts() -> None:
    op.create_table(
        "item_facts",
        *(_text(n) for n in ("item_id", "brand_id", "channel", "lang", "category", "sentiment")),
        *(_text(n, nullable=True) for n in ("gap", "entry")),
        _time("received_at"),
        _time("due_at", nullable=True),
        _time("drafted_at"),
        _number("draft_seconds"),
        _time("decided_at", nullable=True),
        _number("decide_seconds", nullable=True),
        sa.Column("is_released", sa.Boolean()),
        _time("answered_at", nullable=True),
        _number("answer_seconds", nullable=True),
        _time("opened_at", nullable=True),
        _text("opened_by", nullable=True),
        sa.PrimaryKeyConstraint("item_id", name="pk_item_facts"),
    )
    for name, columns in {
        "received": ["received_at", "channel", "category", "sentiment", "lang", "gap", "entry"],
        "due": ["due_at", "channel", "drafted_at", "decided_at", "answered_at", "is_released"],
        "drafted": ["drafted_at", "channel", "draft_seconds"],
        "decided": ["decided_at", "channel", "decide_seconds"],
        "answered": ["answered_at", "channel", "answer_seconds"],
    }.items():
        op.create_index(f"ix_item_facts_{name}", "item_facts", ["brand_id", *columns])


def _decision_facts() -> None:
    texts = ("id", "item_id", "brand_id", "channel", "lang", "category", "kind", "by_id")
    op.create_table(
        "decision_facts",
        *(_text(name) for name in texts),
        *(_text(name, nullable=True) for name in ("reason", "moderation")),
        _time("at"),
        _number("edit_permille", nullable=True),
        sa.Column("is_overridden", sa.Boolean(), nullable=False),
        _number("seconds_on_item", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_decision_facts"),
    )
    covered = "at channel kind edit_permille is_overridden by_id seconds_on_item reason lang"
    op.create_index("ix_decision_facts_at", "decision_facts", ["brand_id", *covered.split()])
    op.create_index("ix_decision_facts_item", "decision_facts", ["item_id"])


def _handoffs() -> None:
    texts = ("id", "item_id", "brand_id", "channel", "team", "status", "note")
    people = ("owner_id", "owner_name", "closed_by_id", "closed_by_name")
    op.create_table(
        "handoffs",
        *(_text(name) for name in texts),
        _number("round"),
        _number("version"),
        sa.Column("can_return", sa.Boolean(), nullable=False),
        _time("opened_at"),
        _time("due_at", nullable=True),
        _time("due_rank"),
        *(_text(name, nullable=True) for name in people),
        _time("closed_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_handoffs"),
        sa.UniqueConstraint("item_id", "round", name="uq_handoffs_item"),
        sa.ForeignKeyConstraint(["id"], ["decisions.id"], name="fk_handoffs_decision"),
        sa.CheckConstraint(
            "status IN ('open', 'taken', 'done', 'returned')", name="ck_handoffs_status"
        ),
        sa.CheckConstraint(
            "(status IN ('done', 'returned')) = (closed_at IS NOT NULL)",
            name="ck_handoffs_closed",
        ),
    )
    op.create_index(
        "ix_handoffs_open",
        "handoffs",
        ["brand_id", "due_rank", "id"],
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index("ix_handoffs_closed", "handoffs", ["brand_id", "closed_at", "id"])
    op.create_index("ix_handoffs_opened", "handoffs", ["brand_id", "opened_at", "channel", "team"])
    due = ["brand_id", "due_at", "channel", "team", "closed_at"]
    op.create_index("ix_handoffs_due", "handoffs", due)


def _archive() -> None:
    op.create_table(
        "archive",
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=True),
        *(_text(n) for n in ("item_id", "brand_id", "channel", "kind", "by_id", "by_name")),
        _time("decided_at"),
        _text("words"),
        sa.PrimaryKeyConstraint("number", name="pk_archive"),
        sa.UniqueConstraint("item_id", name="uq_archive_item"),
        sqlite_autoincrement=True,
    )
    covered = ["brand_id", "number", "channel", "kind", "by_id", "decided_at"]
    op.create_index("ix_archive_brand", "archive", covered)
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE archive_fts USING fts5(words, content='archive',"
            " content_rowid='number', tokenize='unicode61 remove_diacritics 0')"
        )
    else:
        op.execute("CREATE TABLE archive_fts (number integer PRIMARY KEY, words tsvector NOT NULL)")
        op.execute("CREATE INDEX ix_archive_fts_words ON archive_fts USING gin (words)")
