"""People, their roles, sign-in links and sessions."""

import sqlalchemy as sa
from alembic import op

from agent.adapters.store.columns import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _people()
    _roles()
    _login_links()
    _sessions()


def downgrade() -> None:
    for table in _TABLES:
        op.drop_table(table)


_TABLES = (
    "sessions",
    "login_links",
    "roles",
    "people",
)


def _table(name: str, key: tuple[str, ...], *parts: sa.schema.SchemaItem) -> None:
    op.create_table(name, *parts, sa.PrimaryKeyConstraint(*key, name=f"pk_{name}"))


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, UtcDateTime(), nullable=nullable)


def _people() -> None:
    _table(
        "people",
        ("id",),
        _text("id"),
        _text("name"),
        _time("created_at"),
    )


def _roles() -> None:
    _table(
        "roles",
        ("person_id", "brand_id"),
        _text("person_id"),
        _text("brand_id"),
        _text("role"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_roles_person"),
        sa.CheckConstraint("role IN ('admin', 'lead', 'cm', 'viewer')", name="ck_roles_role"),
    )


def _login_links() -> None:
    _table(
        "login_links",
        ("token_sha256",),
        _text("token_sha256"),
        _text("person_id"),
        _time("created_at"),
        _time("expires_at"),
        _time("used_at", nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_login_links_person"),
    )


def _sessions() -> None:
    _table(
        "sessions",
        ("token_sha256",),
        _text("token_sha256"),
        _text("person_id"),
        _time("created_at"),
        _time("last_seen_at"),
        _time("expires_at"),
        sa.Column("is_revoked", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_sessions_person"),
    )
    op.create_index("ix_sessions_person", "sessions", ["person_id"])
