"""Refuses to start on a database that would let a text out without a person's decision."""

from collections.abc import Iterator

import sqlalchemy as sa

from agent.adapters.store.engine import transaction
from agent.adapters.store.rules import PROTECTED
from agent.adapters.store.tables import metadata
from agent.adapters.store.triggers import broken_triggers
from agent.domain.errors import InvariantMissing

_MEND = (
    "Portevoix does not start without it. Find out who removed it, check the audit trail, then "
    "run `portevoix migrate` to create it again, or restore a backup"
)


def verify_invariants(engine: sa.Engine) -> None:
    """Check every trigger, key and constraint that protects decisions, posts and the audit trail.

    Raises:
        InvariantMissing: naming what is missing, switched off or changed.
    """
    with transaction(engine, writes=False) as connection:
        missing = [f"trigger {name}" for name in broken_triggers(connection)]
        missing += _missing_constraints(connection)
    if missing:
        raise InvariantMissing(f"missing or changed: {', '.join(missing)}. {_MEND}")


def _missing_constraints(connection: sa.Connection) -> Iterator[str]:
    inspector = sa.inspect(connection)
    known = set(inspector.get_table_names())
    for name in PROTECTED:
        if name not in known:
            yield f"table {name}"
            continue
        found = _found(inspector, name)
        yield from (
            f"{kind} {label}"
            for kind, label, columns in _wanted(name)
            if (kind, label, columns) not in found
        )
    if connection.dialect.name == "sqlite" and not _enforces_foreign_keys(connection):
        yield "PRAGMA foreign_keys"


def _enforces_foreign_keys(connection: sa.Connection) -> bool:
    return bool(connection.exec_driver_sql("PRAGMA foreign_keys").scalar())


Constraint = tuple[str, str, tuple[str, ...]]
"""Kind, name, columns (none for a CHECK: each engine writes its text in its own way)."""


def _wanted(name: str) -> Iterator[Constraint]:
    table = metadata.tables[name]
    for constraint in table.constraints:
        label = str(constraint.name)
        if isinstance(constraint, sa.CheckConstraint):
            yield "check", label, ()
        elif isinstance(constraint, sa.ForeignKeyConstraint):
            yield "foreign key", label, tuple(constraint.column_keys)
        elif isinstance(constraint, sa.UniqueConstraint):
            yield "unique", label, tuple(constraint.columns.keys())
    for index in table.indexes:
        if index.unique:
            yield (
                "unique",
                str(index.name),
                tuple(c.name for c in table.columns if c in index.columns.values()),
            )


def _found(inspector: sa.Inspector, name: str) -> set[Constraint]:
    found: set[Constraint] = set()
    for check in inspector.get_check_constraints(name):
        found.add(("check", str(check["name"]), ()))
    for key in inspector.get_foreign_keys(name):
        found.add(("foreign key", str(key["name"]), tuple(key["constrained_columns"])))
    for unique in inspector.get_unique_constraints(name):
        found.add(("unique", str(unique["name"]), tuple(unique["column_names"])))
    for index in inspector.get_indexes(name):
        if index["unique"]:
            columns = tuple(column or "" for column in index["column_names"])
            found.add(("unique", str(index["name"]), columns))
    return found
