"""Statements whose spelling differs between the two engines."""

from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite


def insert_new(connection: sa.Connection, table: sa.Table, values: dict[str, Any]) -> bool:
    """Insert a row unless one of its keys is taken; return whether it was inserted."""
    if connection.dialect.name == "sqlite":
        insert: sa.Insert = sqlite.insert(table).values(values).on_conflict_do_nothing()
    else:
        insert = postgresql.insert(table).values(values).on_conflict_do_nothing()
    return connection.execute(insert.execution_options(preserve_rowcount=True)).rowcount == 1


def upsert(
    connection: sa.Connection, table: sa.Table, values: dict[str, Any], change: dict[str, Any]
) -> None:
    """Insert a row, or apply `change` to the one with the same primary key."""
    key = list(table.primary_key.columns)
    if connection.dialect.name == "sqlite":
        connection.execute(
            sqlite.insert(table)
            .values(values)
            .on_conflict_do_update(index_elements=key, set_=change)
        )
    else:
        connection.execute(
            postgresql.insert(table)
            .values(values)
            .on_conflict_do_update(index_elements=key, set_=change)
        )


_Select = TypeVar("_Select", bound=sa.Select[Any])


def for_update(
    connection: sa.Connection,
    query: _Select,
    *,
    skip_locked: bool = False,
    of: sa.Table | None = None,
) -> _Select:
    """Lock the rows that `query` finds (`of` one of its tables), in a transaction that writes.

    SQLite needs no row locks: whoever writes there writes alone.
    """
    if not connection.get_execution_options().get("writes", False):
        return query
    return query.with_for_update(skip_locked=skip_locked, of=of)
