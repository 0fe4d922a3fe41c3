"""Brings a database to this version's schema. Needs no alembic.ini and no working folder."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from agent.adapters.store.engine import make_engine, transaction
from agent.adapters.store.invariants import verify
from agent.domain.errors import WorkspaceError

_UPGRADE_LOCK = 7_382_001
"""Any number, the same for every Portevoix process: one of them migrates at a time."""


def upgrade(url: str) -> None:
    """Migrate the database to the newest schema and create its triggers afresh.

    Raises:
        WorkspaceError: it cannot be opened or written, or is newer than this program.
        InvariantMissing: a constraint is still missing afterwards.
    """
    engine = make_engine(url)
    try:
        with transaction(engine, writes=True) as connection:
            _lock(connection)
            _refuse_newer(connection)
            _run(connection)
            verify(connection)
    finally:
        engine.dispose()


def upgrade_if_behind(engine: sa.Engine) -> None:
    """Migrate a database that is new or behind. One that is up to date is left as it is."""
    with transaction(engine, writes=True) as connection:
        _lock(connection)
        if _refuse_newer(connection) != _newest():
            _run(connection)


def _lock(connection: sa.Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_UPGRADE_LOCK)))


def _run(connection: sa.Connection) -> None:
    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def alembic_config() -> Config:
    """Return Alembic's configuration; it lives in this package, wherever that is installed."""
    config = Config()
    folder = Path(__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    return config


def _newest() -> str | None:
    return ScriptDirectory.from_config(alembic_config()).get_current_head()


def _refuse_newer(connection: sa.Connection) -> str | None:
    current = MigrationContext.configure(connection).get_current_revision()
    scripts = ScriptDirectory.from_config(alembic_config())
    if current is not None and current not in {s.revision for s in scripts.walk_revisions()}:
        raise WorkspaceError(
            f"the database is at revision {current}, which this version does not know; "
            "install the version that wrote it, or a later one"
        )
    return current
