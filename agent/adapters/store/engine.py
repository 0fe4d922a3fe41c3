"""Connections to SQLite and PostgreSQL that behave alike, and their errors in our words."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from agent.adapters.store.details import kept_detail
from agent.domain.drafts import text_sha256
from agent.domain.errors import ConfigurationError, PortevoixError, StoreError, WorkspaceError
from knowledge.addresses import without_credentials, without_secret_parameters

_BUSY_SECONDS = 30
_SQLITE_SETTINGS = (
    "PRAGMA journal_mode = WAL",
    # A post marked as being sent must survive a power cut: it could be sent twice otherwise.
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    f"PRAGMA busy_timeout = {_BUSY_SECONDS * 1000}",
    "PRAGMA cache_size = -16000",
    # A search that finds nothing reads every open item: half the time of reading by pages.
    "PRAGMA mmap_size = 1073741824",
)
_POOL: dict[str, Any] = {"pool_size": 10, "max_overflow": 30, "pool_timeout": _BUSY_SECONDS}
"""A desk process serves a few dozen people, each for milliseconds at a time."""
_FULL = "{place}: the disk is full; free some space, nothing was written"
_MENDS = {
    "readonly": "{place}: the database is read-only; make the file and its folder writable",
    "unable to open": "{place}: the database cannot be opened; check that the folder exists and "
    "can be written",
    "is full": _FULL,
    "disk i/o": "{place}: the disk refused to read or write; check its space and its health",
    "not a database": "{place}: not an SQLite database; move the file away or choose another one",
    "malformed": "{place}: the database is damaged; restore the last backup",
    "no space left": _FULL,
    "locked": f"{{place}}: another program kept the database busy for {_BUSY_SECONDS} s; close it "
    "or try again",
}


_DRIVERS = {
    "sqlite": "sqlite",
    "sqlite+pysqlite": "sqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}


def make_engine(url: str) -> sa.Engine:
    """Return an engine for an SQLite or PostgreSQL URL.

    Raises:
        ConfigurationError: the URL cannot be read, or names neither.
        WorkspaceError: the folder of an SQLite file cannot be made.
    """
    parsed = _parse(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed)
    return sa.create_engine(parsed, hide_parameters=True, pool_pre_ping=True, **_POOL)


def _parse(url: str) -> sa.URL:
    try:
        parsed = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        # SQLAlchemy's own words may hold the password.
        raise ConfigurationError("store.url is not a database URL: sqlite:///FILE") from None
    driver = _DRIVERS.get(parsed.drivername)
    if driver is None:
        raise ConfigurationError(
            f"store.url: {parsed.drivername} is not supported; use sqlite:///FILE or "
            "postgresql://USER@HOST/NAME"
        )
    return parsed.set(drivername=driver)


def _sqlite(url: sa.URL) -> sa.Engine:
    if url.database in {None, "", ":memory:"}:
        raise ConfigurationError("store.url: give SQLite a file, as in sqlite:///portevoix.db")
    if "uri" not in url.query:
        _make_folder(Path(str(url.database)).parent)
    engine = sa.create_engine(url, hide_parameters=True, **_POOL)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WorkspaceError(
            f"{folder}: the folder cannot be made ({error.strerror}); choose another one or mend "
            "its permissions"
        ) from None


def _set_up_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    assert isinstance(connection, sqlite3.Connection)  # noqa: S101 - only listens to SQLite
    connection.isolation_level = None
    for setting in _SQLITE_SETTINGS:
        connection.execute(setting)
    connection.create_function("portevoix_text_sha256", 2, text_sha256, deterministic=True)
    connection.create_function("portevoix_kept_detail", 1, kept_detail, deterministic=True)


def _begin_sqlite(connection: sa.Connection) -> None:
    # A deferred transaction that turns to writing fails at once when another one wrote meanwhile.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def transaction(engine: sa.Engine, *, writes: bool) -> Iterator[sa.Connection]:
    """Open one transaction; it commits at the end of the block, or takes everything back."""
    with errors_in_our_words(engine), engine.connect() as connection:
        connection.execution_options(writes=writes)
        if not writes and engine.dialect.name == "postgresql":
            # All queries of one reading see one moment, as they do on SQLite.
            connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection


def overwrite_removed(connection: sa.Connection) -> None:
    """Have SQLite overwrite what this connection removes; it would only unlink it otherwise."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = ON")


@contextmanager
def errors_in_our_words(engine: sa.Engine) -> Iterator[None]:
    """Turn the database's errors into ours, without the values they quote."""
    try:
        yield
    except sa.exc.DBAPIError as error:
        raise _translate(engine, error) from None
    except sa.exc.TimeoutError:
        raise StoreError(
            "too many requests at once: the database had no connection left; try again"
        ) from None


def _translate(engine: sa.Engine, error: sa.exc.DBAPIError) -> PortevoixError:
    place = without_secret_parameters(engine.url.render_as_string(hide_password=True))
    said = without_credentials(str(error.orig).partition("\n")[0])
    refused = StoreError(f"the database refused the change, nothing was written: {said}")
    if isinstance(error, sa.exc.IntegrityError):
        return refused
    for sign, mend in _MENDS.items():
        if sign in said.lower():
            return WorkspaceError(mend.format(place=place))
    if isinstance(error, sa.exc.OperationalError) and "connection" in said.lower():
        return WorkspaceError(
            f"{place}: the database server cannot be reached, or does not let us in; start it, or "
            "mend store.url"
        )
    return refused
