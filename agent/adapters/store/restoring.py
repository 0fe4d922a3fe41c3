"""A database from the lines of a backup: whole or not at all, and what was there is kept aside."""

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from agent.adapters.store.copying import index_words, load_table, our_tables
from agent.adapters.store.engine import make_engine, transaction
from agent.adapters.store.invariants import verify_invariants
from agent.adapters.store.schema import migrating, run_migrations
from agent.adapters.store.triggers import drop_triggers
from agent.adapters.store.unit import SqlUnitOfWork
from agent.adapters.store.work_tables import workers
from agent.domain.errors import StoreError, WorkspaceError

Lines = Iterable[tuple[str, int, Iterator[bytes]]]
"""The tables in order: name, number of rows, and lines as `Snapshot.lines` yields them."""
Settle = Callable[[SqlUnitOfWork], None]
"""What is done in the same transaction once all is there; an error takes everything back."""
_AUXILIARY = ("-wal", "-shm", "-journal")


def has_rows(url: str) -> bool:
    """Whether a database holds anything; a missing one, or only the schema, does not."""
    path = sqlite_file(url)
    if path is not None and not path.exists():
        return False
    engine = make_engine(url)
    try:
        with transaction(engine, writes=False) as connection:
            return any(
                connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first()
                for table in our_tables(connection)
            )
    finally:
        engine.dispose()


def working_since(url: str, moment: datetime) -> bool:
    """Whether a worker of a database gave a sign of life since a moment."""
    path = sqlite_file(url)
    if path is not None and not path.exists():
        return False
    engine = make_engine(url)
    try:
        with transaction(engine, writes=False) as connection:
            if not sa.inspect(connection).has_table(workers.name):
                return False
            last = connection.execute(sa.select(sa.func.max(workers.c.beat_at))).scalar()
            return last is not None and last >= moment
    finally:
        engine.dispose()


def put_engine_aside(url: str, aside: Path) -> str:
    """Move the engine's own file away; return where, or an empty text: there is none."""
    path = sqlite_file(url)
    if path is None:
        return ""
    moved = ""
    for suffix in ("", *_AUXILIARY):
        found = path.with_name(f"{path.stem}-work{path.suffix}{suffix}")
        if found.exists():
            aside.mkdir(mode=0o700, parents=True, exist_ok=True)
            found.replace(aside / found.name)
            moved = moved or str(aside / found.name)
    return moved


def sqlite_file(url: str) -> Path | None:
    """Return the file of an SQLite database, or None for PostgreSQL."""
    parsed = sa.make_url(url)
    return Path(str(parsed.database)) if parsed.get_backend_name() == "sqlite" else None


def restore_database(url: str, revision: str, lines: Lines, aside: Path, settle: Settle) -> str:
    """Fill a database from a backup, migrate it up, put its rules back and verify them.

    What was there is kept: an SQLite file in the folder `aside`, the tables of PostgreSQL in a
    schema of that folder's name. Returns where, or an empty text: there was nothing.

    Raises:
        WorkspaceError: another process has it open, or it cannot be written.
        StoreError: the lines do not fit; nothing was changed.
    """
    path = sqlite_file(url)
    if path is not None:
        return _restore_file(path, revision, lines, aside, settle)
    engine = make_engine(url)
    try:
        with migrating(engine) as connection:
            kept = _move_aside(connection, aside.name.replace("-", "_").lower())
            _fill(connection, revision, lines, settle)
        verify_invariants(engine)
    finally:
        engine.dispose()
    return kept


def _restore_file(path: Path, revision: str, lines: Lines, aside: Path, settle: Settle) -> str:
    partial = path.with_name(f".{path.name}.{os.getpid()}.restoring")
    try:
        engine = make_engine(f"sqlite:///{partial}")
        try:
            partial.touch(mode=0o600)
            with migrating(engine) as connection:
                _fill(connection, revision, lines, settle)
            verify_invariants(engine)
        finally:
            engine.dispose()
        with held_alone(partial), partial.open("rb+") as stream:
            os.fsync(stream.fileno())
        return _put_in_place(partial, path, aside)
    finally:
        for suffix in ("", *_AUXILIARY):
            Path(f"{partial}{suffix}").unlink(missing_ok=True)


def _put_in_place(partial: Path, path: Path, aside: Path) -> str:
    if not path.exists():
        partial.replace(path)
        return ""
    with held_alone(path):
        aside.mkdir(mode=0o700, parents=True, exist_ok=True)
        # A second name first: at no moment is there no database under its own.
        os.link(path, aside / path.name)
        partial.replace(path)
    return str(aside / path.name)


@contextmanager
def held_alone(path: Path) -> Iterator[None]:
    """Fold an SQLite file's log into it and keep every other process out.

    Raises:
        WorkspaceError: another process has it open.
    """
    with closing(sqlite3.connect(path, timeout=1, isolation_level=None)) as connection:
        try:
            # Leaving WAL needs the file alone: it fails while anybody else is connected.
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            raise WorkspaceError(
                f"{path}: another process has the database open ({error}); stop the desk and the "
                "workers, then restore again"
            ) from None
        yield


def _move_aside(connection: sa.Connection, schema: str) -> str:
    """Move what is there into a schema of its own; drop it if there are no rows."""
    drop_triggers(connection)
    known = our_tables(connection)
    is_empty = not any(
        connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first()
        for table in known
    )
    names = [table.name for table in known]
    names += [n for n in ("alembic_version", "archive_fts") if sa.inspect(connection).has_table(n)]
    if not names:
        return ""
    connection.execute(sa.schema.CreateSchema(schema))
    for name in names:
        connection.exec_driver_sql(f'ALTER TABLE "{name}" SET SCHEMA "{schema}"')
    if is_empty:
        connection.execute(sa.schema.DropSchema(schema, cascade=True))
        return ""
    return f"schema {schema}"


def _fill(connection: sa.Connection, revision: str, lines: Lines, settle: Settle) -> None:
    run_migrations(connection, revision)
    for name, wanted, rows in lines:
        count = load_table(connection, name, rows)
        if count != wanted:
            raise StoreError(f"{name}: {count} rows instead of {wanted}; nothing was restored")
    index_words(connection)
    run_migrations(connection)
    work = SqlUnitOfWork(connection)
    settle(work)
    work.finish()
