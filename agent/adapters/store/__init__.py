"""The store on SQLite and PostgreSQL: tables, migrations, the rules the database itself holds."""

from agent.adapters.store.invariants import verify_invariants
from agent.adapters.store.roles import RoleReport, examine_role, grant, grants
from agent.adapters.store.schema import upgrade
from agent.adapters.store.spending import StoreUsageBook
from agent.adapters.store.unit import SqlStore, open_store

__all__ = [
    "RoleReport",
    "SqlStore",
    "StoreUsageBook",
    "examine_role",
    "grant",
    "grants",
    "open_store",
    "upgrade",
    "verify_invariants",
]
