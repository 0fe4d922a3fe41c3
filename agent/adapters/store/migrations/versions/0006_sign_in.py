"""Local accounts, identities of a provider, the roles it gives, and counted sign-in attempts."""

import sqlalchemy as sa
from alembic import op

from agent.adapters.store.columns import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "people", sa.Column("is_suspended", sa.Boolean, nullable=False, server_default=sa.false())
    )
    op.add_column(
        "login_links", sa.Column("purpose", sa.Text, nullable=False, server_default="sign_in")
    )
    _claimed_roles()
    _identities()
    _local_accounts()
    op.create_table(
        "sign_in_attempts",
        sa.Column("key_sha256", sa.Text, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("since", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("key_sha256", name="pk_sign_in_attempts"),
    )


def downgrade() -> None:
    for table in ("sign_in_attempts", "local_accounts", "identities", "claimed_roles"):
        op.drop_table(table)
    op.drop_column("login_links", "purpose")
    op.drop_column("people", "is_suspended")


def _claimed_roles() -> None:
    op.create_table(
        "claimed_roles",
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("brand_id", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("person_id", "brand_id", name="pk_claimed_roles"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_claimed_roles_person"),
        sa.CheckConstraint(
            "role IN ('admin', 'lead', 'cm', 'viewer')", name="ck_claimed_roles_role"
        ),
    )


def _identities() -> None:
    op.create_table(
        "identities",
        sa.Column("issuer", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("issuer", "subject", name="pk_identities"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_identities_person"),
    )


def _local_accounts() -> None:
    op.create_table(
        "local_accounts",
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("login", sa.Text, nullable=False),
        sa.Column("password_hash", sa.Text),
        sa.Column("changed_at", UtcDateTime),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("person_id", name="pk_local_accounts"),
        sa.UniqueConstraint("login", name="uq_local_accounts_login"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_local_accounts_person"),
    )
