"""The tables about people and how they sign in, as code uses them."""

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
from agent.adapters.store.tables import metadata

people = Table(
    "people",
    metadata,
    Column("id", sa.Text, nullable=False),
    Column("name", sa.Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("is_suspended", sa.Boolean, nullable=False, server_default=sa.false()),
    PrimaryKeyConstraint("id", name="pk_people"),
)

roles = Table(
    "roles",
    metadata,
    Column("person_id", sa.Text, nullable=False),
    Column("brand_id", sa.Text, nullable=False),
    Column("role", sa.Text, nullable=False),
    PrimaryKeyConstraint("person_id", "brand_id", name="pk_roles"),
    ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_roles_person"),
    CheckConstraint("role IN ('admin', 'lead', 'cm', 'viewer')", name="ck_roles_role"),
)

claimed_roles = Table(
    "claimed_roles",
    metadata,
    Column("person_id", sa.Text, nullable=False),
    Column("brand_id", sa.Text, nullable=False),
    Column("role", sa.Text, nullable=False),
    PrimaryKeyConstraint("person_id", "brand_id", name="pk_claimed_roles"),
    ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_claimed_roles_person"),
    CheckConstraint("role IN ('admin', 'lead', 'cm', 'viewer')", name="ck_claimed_roles_role"),
)

identities = Table(
    "identities",
    metadata,
    Column("issuer", sa.Text, nullable=False),
    Column("subject", sa.Text, nullable=False),
    Column("person_id", sa.Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("issuer", "subject", name="pk_identities"),
    ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_identities_person"),
)

local_accounts = Table(
    "local_accounts",
    metadata,
    Column("person_id", sa.Text, nullable=False),
    Column("login", sa.Text, nullable=False),
    Column("password_hash", sa.Text),
    Column("changed_at", UtcDateTime),
    Column("failures", sa.Integer, nullable=False),
    PrimaryKeyConstraint("person_id", name="pk_local_accounts"),
    UniqueConstraint("login", name="uq_local_accounts_login"),
    ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_local_accounts_person"),
)

sign_in_attempts = Table(
    "sign_in_attempts",
    metadata,
    Column("key_sha256", sa.Text, nullable=False),
    Column("tries", sa.Integer, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("key_sha256", name="pk_sign_in_attempts"),
)

login_links = Table(
    "login_links",
    metadata,
    Column("token_sha256", sa.Text, nullable=False),
    Column("person_id", sa.Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
    Column("purpose", sa.Text, nullable=False, server_default="sign_in"),
    PrimaryKeyConstraint("token_sha256", name="pk_login_links"),
    ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_login_links_person"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_sha256", sa.Text, nullable=False),
    Column("person_id", sa.Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("last_seen_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("is_revoked", sa.Boolean, nullable=False),
    PrimaryKeyConstraint("token_sha256", name="pk_sessions"),
    ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_sessions_person"),
)
Index("ix_sessions_person", sessions.c.person_id)
