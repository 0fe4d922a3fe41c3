"""The whole database as lines of JSON, the same from either engine and into either.

The tables are read from the database itself, not from the code: an archive of an older schema is
loaded into that schema and migrated from there.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext

from agent.adapters.store.audit import SqlAudit
from agent.adapters.store.columns import UtcDateTime
from agent.adapters.store.engine import make_engine, transaction
from agent.domain.errors import StoreError
from agent.domain.reports import AuditHead

_CHUNK = 500
_MADE_AGAIN = ("alembic_version", "archive_fts", "sqlite_")
"""Beginnings of names: what migrations write, and the index of the archive's words."""


class Snapshot:
    """All tables at one moment. Whoever writes meanwhile is not disturbed, and not seen."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection.execution_options(yield_per=_CHUNK)
        self._tables = {table.name: table for table in our_tables(connection)}
        self.engine = connection.dialect.name
        self.revision = MigrationContext.configure(connection).get_current_revision() or ""
        self.audit_head: AuditHead = SqlAudit(connection).head()

    @property
    def tables(self) -> tuple[str, ...]:
        """Their names: a table comes after those that its rows point to."""
        return tuple(self._tables)

    def lines(self, table: str) -> Iterator[bytes]:
        """Yield the names of the columns, then each row, by primary key: a JSON array a line."""
        found = self._tables[table]
        yield _line([column.name for column in found.columns])
        query = sa.select(found).order_by(*found.primary_key.columns)
        for row in self._connection.execute(query):
            yield _line([_plain(value) for value in row])


@contextmanager
def snapshot(url: str) -> Iterator[Snapshot]:
    """Open the database at an SQLAlchemy URL for one consistent reading.

    A read transaction sees one moment on both engines (SQLite: WAL; PostgreSQL: REPEATABLE READ).
    SQLite's own online copy is not used: it starts anew whenever another process writes.

    Raises:
        WorkspaceError: the database cannot be read; says the mend.
    """
    engine = make_engine(url)
    try:
        with transaction(engine, writes=False) as connection:
            yield Snapshot(connection)
    finally:
        engine.dispose()


def our_tables(connection: sa.Connection) -> list[sa.Table]:
    """Return the tables as they are, each after those that its rows point to."""
    found = sa.MetaData()
    found.reflect(connection, only=lambda name, _: not name.startswith(_MADE_AGAIN))
    return [_in_our_time(table) for table in found.sorted_tables]


def _in_our_time(table: sa.Table) -> sa.Table:
    for column in table.columns:
        if isinstance(column.type, sa.DateTime):
            column.type = UtcDateTime()
    return table


def load_table(connection: sa.Connection, name: str, lines: Iterator[bytes]) -> int:
    """Insert the lines of one table, and return how many rows there were.

    Raises:
        StoreError: the columns are not those of this schema.
    """
    columns = json.loads(next(lines, b"[]"))
    if not sa.inspect(connection).has_table(name):
        raise StoreError(f"there is no table {name} in its schema; nothing was restored")
    table = _in_our_time(sa.Table(name, sa.MetaData(), autoload_with=connection, resolve_fks=False))
    if set(columns) != set(table.columns.keys()):
        raise StoreError(f"the columns of {name} are not those of its schema; nothing was restored")
    count, rows = 0, list[dict[str, Any]]()
    readers = {c.name: _reader(c.type) for c in table.columns}
    for line in lines:
        row = zip(columns, json.loads(line), strict=True)
        rows.append({name: readers[name](value) for name, value in row})
        count += 1
        if len(rows) == _CHUNK:
            connection.execute(sa.insert(table), rows)
            rows.clear()
    if rows:
        connection.execute(sa.insert(table), rows)
    return count


def index_words(connection: sa.Connection) -> None:
    """Make the index of the archive's words again, and go on counting after its last row."""
    if not sa.inspect(connection).has_table("archive"):
        return
    if connection.dialect.name == "sqlite":
        run = connection.exec_driver_sql
        run("INSERT INTO archive_fts(archive_fts) VALUES ('rebuild')")
        return
    connection.exec_driver_sql(
        "INSERT INTO archive_fts SELECT number, array_to_tsvector(string_to_array(words, ' '))"
        " FROM archive"
    )
    connection.exec_driver_sql(
        "SELECT setval(pg_get_serial_sequence('archive', 'number'),"
        " (SELECT COALESCE(MAX(number), 0) + 1 FROM archive), false)"
    )


def _line(values: list[Any]) -> bytes:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _reader(kind: sa.types.TypeEngine[Any]) -> Callable[[Any], Any]:
    """Return what makes a column's value of what JSON has for it."""
    read: Callable[[str], Any]
    if isinstance(kind, UtcDateTime):
        read = datetime.fromisoformat
    elif isinstance(kind, sa.Date):
        read = date.fromisoformat
    else:
        return lambda value: value
    return lambda value: None if value is None else read(value)
