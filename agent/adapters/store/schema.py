"""Brings a database to this version's schema. Needs no alembic.ini and no working folder."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from agent.adapters.store.engine import errors_in_our_words, make_engine, transaction
from agent.adapters.store.invariants import verify_invariants
from agent.domain.errors import StoreError, WorkspaceError

_UPGRADE_LOCK = 7_382_001
"""Any number, the same for every Portevoix process: one of them migrates at a time."""


_MAY_MIGRATE = (
    "SELECT has_schema_privilege(current_schema(), 'CREATE') AND NOT EXISTS (SELECT 1 FROM pg_class"
    " WHERE relnamespace = current_schema()::regnamespace AND relname = 'alembic_version'"
    " AND NOT pg_has_role(relowner, 'MEMBER'))"
)


def upgrade(url: str) -> None:
    """Migrate the database to the newest schema and create its triggers afresh.

    Raises:
        WorkspaceError: it cannot be opened or written, or is newer than this program.
        InvariantMissing: a constraint is still missing afterwards.
    """
    engine = make_engine(url)
    try:
        with migrating(engine) as connection:
            _refuse_newer(connection)
            run_migrations(connection)
        verify_invariants(engine)
    finally:
        engine.dispose()


def upgrade_if_behind(engine: sa.Engine) -> None:
    """Migrate a database that is new or behind. One that is up to date is left as it is."""
    with transaction(engine, writes=False) as connection:
        if _refuse_newer(connection) == _newest():
            return
        _refuse_unless_owner(connection)
    with migrating(engine) as connection:
        # Another process may have been faster.
        if _refuse_newer(connection) != _newest():
            run_migrations(connection)


def _refuse_unless_owner(connection: sa.Connection) -> None:
    """Say who migrates where the application's role may not: a server's refusal names nobody."""
    if connection.dialect.name != "postgresql":
        return
    if not connection.exec_driver_sql(_MAY_MIGRATE).scalar():
        raise WorkspaceError(
            "the database is not at this version's schema, and the role of store.url may not "
            "change it: run `portevoix migrate` with the owner's address in store.owner_url"
        )


def refuse_other_schema(engine: sa.Engine) -> None:
    """Check that the database has this program's schema; nothing is changed.

    Raises:
        WorkspaceError: it is behind, or newer than this program.
    """
    with transaction(engine, writes=False) as connection:
        current = _refuse_newer(connection)
    if current != _newest():
        raise WorkspaceError(
            f"the database is at revision {current}, behind this program; a desk or a worker "
            "migrates it when it starts"
        )


@contextmanager
def migrating(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Open a transaction in which tables may be rebuilt, one process at a time.

    SQLite rebuilds a table by dropping it, which foreign keys would forbid: they are off inside,
    and checked over the whole database before the commit.
    """
    with errors_in_our_words(engine), engine.connect() as connection:
        connection.execution_options(writes=True)
        _enforce_foreign_keys(connection, is_on=False)
        try:
            with connection.begin():
                if connection.dialect.name == "postgresql":
                    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_UPGRADE_LOCK)))
                yield connection
                _refuse_dangling(connection)
        finally:
            _enforce_foreign_keys(connection, is_on=True)


def _enforce_foreign_keys(connection: sa.Connection, *, is_on: bool) -> None:
    driver = connection.connection.driver_connection
    if isinstance(driver, sqlite3.Connection):
        driver.execute(f"PRAGMA foreign_keys = {'ON' if is_on else 'OFF'}")


def _refuse_dangling(connection: sa.Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    dangling = {row[0] for row in connection.exec_driver_sql("PRAGMA foreign_key_check")}
    if dangling:
        raise StoreError(
            f"rows of {', '.join(sorted(dangling))} point nowhere; nothing was changed"
        )


def run_migrations(connection: sa.Connection, to: str = "head") -> None:
    """Migrate within the caller's transaction, and create the triggers afresh at the end.

    `to` an older revision: without triggers, to be filled before the rest of the way.
    """
    config = alembic_config()
    config.attributes["connection"] = connection
    config.attributes["is_on_the_way"] = to != "head"
    command.upgrade(config, to)


def knows(revision: str) -> bool:
    """Whether a database of that revision can be brought to this program's schema."""
    return revision in {script.revision for script in _scripts().walk_revisions()}


def alembic_config() -> Config:
    """Return Alembic's configuration; it lives in this package, wherever that is installed."""
    config = Config()
    folder = Path(__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    return config


@cache
def _scripts() -> ScriptDirectory:
    """Return this program's migrations: each is a file to read and run, but only once."""
    return ScriptDirectory.from_config(alembic_config())


def _newest() -> str | None:
    return _scripts().get_current_head()


def _refuse_newer(connection: sa.Connection) -> str | None:
    current = MigrationContext.configure(connection).get_current_revision()
    if current is not None and not knows(current):
        raise WorkspaceError(
            f"the database is at revision {current}, which this version does not know; "
            "install the version that wrote it, or a later one"
        )
    return current
