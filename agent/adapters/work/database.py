"""The engine's own database: a file beside ours on SQLite, a schema of its own on PostgreSQL."""

import logging
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from agent.adapters.logs import handler_in_use
from agent.domain.errors import WorkspaceError
from agent.domain.work import JobKind
from knowledge.addresses import without_credentials

SCHEMA = "portevoix_work"
_BUSY_MILLISECONDS = 30_000
_STATES = {"ENQUEUED": "queued", "DELAYED": "delayed", "PENDING": "running"}
_ALL_STATES = (*_STATES.values(), "failed")
_HEAP_BYTES = 12 * 1024 * 1024
_CONNECTIONS = 3
_STATEMENTS = 32


def engine_url(store_url: str) -> sa.URL:
    """Return where the engine keeps its jobs, for the store at `store_url`."""
    url = sa.make_url(store_url)
    if url.get_backend_name() != "sqlite":
        return url.set(drivername="postgresql+psycopg")
    path = Path(str(url.database))
    return sa.URL.create("sqlite", database=str(path.with_name(f"{path.stem}-work{path.suffix}")))


def prepare(url: sa.URL) -> None:
    """Let readers and the writer of an SQLite file not wait for each other; the file remembers.

    Raises:
        WorkspaceError: the file cannot be opened.
    """
    if url.get_backend_name() != "sqlite":
        return
    try:
        with closing(sqlite3.connect(str(url.database), timeout=30)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
    except sqlite3.Error as error:
        raise WorkspaceError(
            f"{url.database}: cannot be opened ({error}); make the file and its folder writable, "
            "or move it away: no work is lost with it"
        ) from None


def migrate(store_url: str) -> None:
    """Bring the engine's own tables to its version, as their owner.

    Raises:
        WorkspaceError: the database cannot be opened or changed.
    """
    from dbos import DBOS

    url = engine_url(store_url)
    prepare(url)
    quieten()
    try:
        DBOS.migrate(url.render_as_string(hide_password=False), schema=SCHEMA)
    except sa.exc.DBAPIError as error:
        said = str(error.orig).partition("\n")[0]
        raise WorkspaceError(f"the engine's tables cannot be migrated: {said}") from None


def grants(role: str) -> tuple[str, ...]:
    """Return the SQL that lets `role` use the engine's tables, which it does not own.

    The engine's tables hold ids and times of jobs only: what a job may do is decided by the
    store, so `role` may change them all.
    """
    to = f'"{role.replace(chr(34), chr(34) * 2)}"'
    return (
        f"GRANT USAGE ON SCHEMA {SCHEMA} TO {to}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {SCHEMA} TO {to}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {SCHEMA} TO {to}",
        f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA {SCHEMA} TO {to}",
    )


def connect(url: sa.URL) -> sa.Engine:
    """Return connections to add many jobs at a time; on SQLite each transaction writes."""
    if url.get_backend_name() != "sqlite":
        return sa.create_engine(url, pool_size=2, pool_pre_ping=True, hide_parameters=True)
    engine = sa.create_engine(url, hide_parameters=True, **pool_options(url) | {"pool_size": 2})
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", lambda c: c.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def pool_options(url: sa.URL) -> dict[str, Any]:
    """Return how the engine is to keep its own connections; nothing said on PostgreSQL.

    An SQLite file has one writer: who waits may wait for a connection as well as for the file.
    The engine writes each list of jobs as a statement of its own, by its length, and a connection
    keeps those it prepared, some 20 kB each: twenty connections of the engine's own choice would
    go on filling for tens of thousands of jobs. The one used last is used next, so that one or two
    of these few do nearly all the work and the others stay small.
    """
    if url.get_backend_name() != "sqlite":
        return {}
    return {
        "pool_size": _CONNECTIONS,
        "pool_use_lifo": True,
        "connect_args": {"cached_statements": _STATEMENTS},
    }


def _set_up(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    assert isinstance(connection, sqlite3.Connection)  # noqa: S101 - only listens to SQLite
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}")
    # For the whole process: twenty connections of the engine would fill a cache of pages each.
    connection.execute(f"PRAGMA soft_heap_limit = {_HEAP_BYTES}")


def count_jobs(engine: sa.Engine) -> dict[tuple[JobKind, str], int]:
    """Return how many jobs have not ended well, by kind and state, from the engine's own table.

    The engine has no public call that counts: it would hand over every job to be counted.
    """
    table = "workflow_status"
    if engine.dialect.name != "sqlite":
        table = f"{SCHEMA}.{table}"
    query = (
        f"SELECT name, status, count(*) FROM {table}"  # noqa: S608 - no word of it is anybody's
        " WHERE status NOT IN ('SUCCESS', 'CANCELLED') GROUP BY name, status"
    )
    kinds = {kind.value: kind for kind in JobKind}
    found: Counter[tuple[JobKind, str]] = Counter()
    # Past SQLAlchemy's transaction, which on SQLite would wait for whoever writes.
    with closing(engine.raw_connection()) as connection:
        cursor = connection.cursor()
        cursor.execute(query)
        for name, status, n in cursor.fetchall():
            if name in kinds:
                found[kinds[name], _STATES.get(status, "failed")] += n
    return {(kind, state): found[kind, state] for kind in JobKind for state in _ALL_STATES}


class _FirstLine(logging.Formatter):
    """The engine's log lines without what they quote: no stack, no SQL, no values."""

    def format(self, record: logging.LogRecord) -> str:
        said = record.getMessage().partition("\n")[0].partition("[SQL")[0]
        return f"engine: {record.levelname.lower()}: {without_credentials(said)[:300]}"


def quieten(logger_name: str = "dbos") -> None:
    """Let the engine log its warnings only, each as one line that quotes nobody."""
    logger = logging.getLogger(logger_name)
    handler = handler_in_use()
    if handler is None:
        handler = logging.StreamHandler()
        handler.setFormatter(_FirstLine())
    logger.handlers[:] = [handler]
    logger.propagate = False
