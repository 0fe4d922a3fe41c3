"""Refuses to start on a database that would let a text out without a person's decision."""

from collections import defaultdict
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
    all_found = _found(inspector)
    for name in PROTECTED:
        if name not in known:
            yield f"table {name}"
            continue
        found = all_found[name]
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


def _found(inspector: sa.Inspector) -> dict[str, set[Constraint]]:
    """Return what protects each table; asked for all tables at once, for a server is far away."""
    found: dict[str, set[Constraint]] = defaultdict(set)
    names = list(PROTECTED)
    for (_, table), checks in inspector.get_multi_check_constraints(filter_names=names).items():
        found[table] |= {("check", str(one["name"]), ()) for one in checks}
    for (_, table), keys in inspector.get_multi_foreign_keys(filter_names=names).items():
        found[table] |= {
            ("foreign key", str(one["name"]), tuple(one["constrained_columns"])) for one in keys
        }
    for (_, table), rules in inspector.get_multi_unique_constraints(filter_names=names).items():
        found[table] |= {("unique", str(one["name"]), tuple(one["column_names"])) for one in rules}
    for (_, table), indexes in inspector.get_multi_indexes(filter_names=names).items():
        found[table] |= {
            ("unique", str(one["name"]), tuple(column or "" for column in one["column_names"]))
            for one in indexes
            if one["unique"]
        }
    return found
