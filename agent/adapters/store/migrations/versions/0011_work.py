"""Workers and their heartbeats, jobs that were given up, breakers of channels, freezes."""

import sqlalchemy as sa
from alembic import op

from agent.adapters.store.columns import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "workers",
        _text("executor_id"),
        _text("place"),
        _time("started_at"),
        _time("beat_at"),
        _text("taken_by", nullable=True),
        _time("taken_at", nullable=True),
        sa.PrimaryKeyConstraint("executor_id", name="pk_workers"),
    )
    op.create_table(
        "resumptions",
        _text("job_key"),
        sa.Column("times", sa.Integer(), nullable=False),
        _time("updated_at"),
        sa.PrimaryKeyConstraint("job_key", name="pk_resumptions"),
    )
    _dead_letters()
    op.create_table(
        "breakers",
        _text("channel_instance"),
        _text("direction"),
        sa.Column("failures", sa.Integer(), nullable=False),
        _time("retry_at", nullable=True),
        _text("problem"),
        _time("updated_at"),
        sa.PrimaryKeyConstraint("channel_instance", "direction", name="pk_breakers"),
        sa.CheckConstraint("direction IN ('read', 'write')", name="ck_breakers_direction"),
    )
    op.create_table(
        "freezes",
        _text("scope"),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        *(_text(name) for name in ("reason", "by_id", "by_name")),
        _time("at"),
        sa.PrimaryKeyConstraint("scope", name="pk_freezes"),
    )


def downgrade() -> None:
    for table in ("freezes", "breakers", "dead_letters", "resumptions", "workers"):
        op.drop_table(table)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, UtcDateTime(), nullable=nullable)


def _dead_letters() -> None:
    op.create_table(
        "dead_letters",
        *(_text(name) for name in ("kind", "subject", "brand_id")),
        _text("item_id", nullable=True),
        _text("problem"),
        sa.Column("deaths", sa.Integer(), nullable=False),
        _text("status"),
        _time("died_at"),
        _time("updated_at"),
        sa.PrimaryKeyConstraint("kind", "subject", name="pk_dead_letters"),
        sa.CheckConstraint(
            "status IN ('dead', 'retrying', 'closed')", name="ck_dead_letters_status"
        ),
    )
    op.create_index("ix_dead_letters_status", "dead_letters", ["status", "died_at"])
