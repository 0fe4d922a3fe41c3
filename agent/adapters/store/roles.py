"""PostgreSQL with two roles: the owner of the tables, and the application that only uses them.

Triggers bind whoever changes rows, but the owner of a table may switch them off. So the desk and
the workers connect as a role that owns nothing: the server itself then refuses them a change of
the schema, and any change of what is only ever added to.
Source: PostgreSQL, "Privileges" (5.8), and ALTER TABLE: only an owner or a superuser may
DISABLE TRIGGER.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from agent.adapters.store.engine import make_engine, transaction
from agent.adapters.store.purge_rules import EMPTIABLE, EMPTIED
from agent.adapters.store.rules import RULES
from agent.domain.errors import ConfigurationError

_VERSION = "alembic_version"
_FORBIDDEN = "1 = 1"
"""The condition of a rule that refuses every change of its kind."""


@dataclass(frozen=True)
class RoleReport:
    """Who the application is to the database server."""

    name: str
    is_superuser: bool
    owns_tables: bool
    changeable: tuple[str, ...]
    """Tables only ever added to, each with what this role may do to it all the same."""


def forbidden_changes() -> dict[str, frozenset[str]]:
    """Return table -> the changes (UPDATE, DELETE) that its rules refuse whatever the row.

    Decisions and first approvals lose their texts in the end: an UPDATE of any other column.
    """
    found: dict[str, set[str]] = {table: {"UPDATE"} for table in EMPTIABLE}
    for rule in RULES:
        if any(condition == _FORBIDDEN for condition, _ in rule.refusals):
            found.setdefault(rule.table, set()).add(rule.event)
    return {table: frozenset(events) for table, events in found.items()}


def grants(owner_url: str, role: str) -> tuple[str, ...]:
    """Return the SQL that gives `role` what the application needs and takes the rest away.

    Raises:
        ConfigurationError: the store is not on PostgreSQL, or `role` cannot be the application's.
    """
    engine = _postgres(owner_url)
    try:
        with transaction(engine, writes=False) as connection:
            _refuse_unfit(connection, role)
            return tuple(_statements(connection, role))
    finally:
        engine.dispose()


def grant(owner_url: str, role: str, also: Iterable[str] = ()) -> None:
    """Run the SQL of `grants`, and `also` what is given, in one transaction.

    Raises:
        ConfigurationError: the store is not on PostgreSQL, or `role` cannot be the application's.
        StoreError: the server refuses, because `owner_url` is not the owner's.
    """
    engine = _postgres(owner_url)
    try:
        with transaction(engine, writes=True) as connection:
            _refuse_unfit(connection, role)
            for statement in (*_statements(connection, role), *also):
                connection.exec_driver_sql(statement)
    finally:
        engine.dispose()


def examine_role(url: str) -> RoleReport | None:
    """Return what the role in `url` may do to its database; None on SQLite, which has no roles."""
    engine = make_engine(url)
    try:
        if engine.dialect.name != "postgresql":
            return None
        with transaction(engine, writes=False) as connection:
            return _report(connection)
    finally:
        engine.dispose()


def _postgres(url: str) -> sa.Engine:
    engine = make_engine(url)
    if engine.dialect.name != "postgresql":
        engine.dispose()
        raise ConfigurationError("SQLite has no roles: only PostgreSQL can grant to one")
    return engine


def _refuse_unfit(connection: sa.Connection, role: str) -> None:
    query = sa.text(
        "SELECT rolsuper, pg_has_role(oid, current_user::regrole, 'MEMBER')"
        " FROM pg_roles WHERE rolname = :role"
    )
    found = connection.execute(query, {"role": role}).one_or_none()
    if found is None:
        raise ConfigurationError(
            f"there is no role {role} on this server; make it first, as its administrator: "
            f"CREATE ROLE {role} LOGIN PASSWORD '...'"
        )
    if any(found):
        raise ConfigurationError(
            f"{role} is a superuser, the owner of the tables, or a member of it: the application "
            "needs a role of its own"
        )


def _statements(connection: sa.Connection, role: str) -> Iterator[str]:
    quote = connection.dialect.identifier_preparer.quote
    # What it is called is quoted, so that no name can be read as SQL.
    to = quote(role)
    schema, database = (quote(name) for name in _places(connection))
    yield f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC, {to}"
    # A temporary table named like one of ours would be read in its place by the triggers.
    yield f"REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC, {to}"
    yield f"GRANT CONNECT ON DATABASE {database} TO {to}"
    yield f"GRANT USAGE ON SCHEMA {schema} TO {to}"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM PUBLIC, {to}"
    for table in sorted(sa.inspect(connection).get_table_names()):
        yield f"GRANT {', '.join(_allowed(table))} ON {schema}.{quote(table)} TO {to}"
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {to}"


def _places(connection: sa.Connection) -> tuple[str, str]:
    row = connection.exec_driver_sql("SELECT current_schema(), current_database()").one()
    return str(row[0]), str(row[1])


def _allowed(table: str) -> Iterator[str]:
    yield "SELECT"
    if table != _VERSION:
        forbidden = forbidden_changes().get(table, frozenset())
        yield from (change for change in ("INSERT", "UPDATE", "DELETE") if change not in forbidden)
    if table in EMPTIABLE:
        yield f"UPDATE ({', '.join(EMPTIED)})"


_WHO = sa.text(
    "SELECT r.rolname, r.rolsuper, EXISTS (SELECT 1 FROM pg_class c"
    " WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'"
    " AND pg_has_role(c.relowner, 'MEMBER')) FROM pg_roles r WHERE r.rolname = current_user"
)
_MAY = sa.text("SELECT to_regclass(:name) IS NOT NULL AND has_table_privilege(:name, :change)")


def _report(connection: sa.Connection) -> RoleReport:
    name, is_superuser, owns_tables = connection.execute(_WHO).one()
    found = []
    for table, events in sorted(forbidden_changes().items()):
        may = [
            change
            for change in sorted({*events, "TRUNCATE"})
            if connection.execute(_MAY, {"name": table, "change": change}).scalar()
        ]
        found += [f"{table} ({', '.join(may)})"] if may else []
    return RoleReport(str(name), bool(is_superuser), bool(owns_tables), tuple(found))
