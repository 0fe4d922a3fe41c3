"""What brands spend on chat models: sums by day, added to in the database itself."""

from datetime import date

import sqlalchemy as sa

from agent.adapters.store.statements import upsert
from agent.adapters.store.tables import model_spending as t
from agent.domain.models import ModelRole, ModelUsage, Spent
from agent.ports import Store


class SqlSpending:
    """The collection of one unit of work."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def of(self, brand: str, day: date) -> Spent:
        query = sa.select(
            sa.func.coalesce(sa.func.sum(t.c.calls), 0),
            sa.func.coalesce(sa.func.sum(t.c.prompt_tokens + t.c.completion_tokens), 0),
            sa.func.coalesce(sa.func.sum(t.c.cost), 0.0),
        ).where(t.c.brand_id == brand, t.c.day == day)
        calls, tokens, cost = self._connection.execute(query).one()
        return Spent(calls=int(calls), tokens=int(tokens), cost=float(cost))

    def add(self, brand: str, day: date, role: ModelRole, model: str, usage: ModelUsage) -> None:
        key = {"brand_id": brand, "day": day, "role": role.value, "model": model}
        added = {
            "calls": 1,
            "prompt_tokens": usage.prompt_tokens,
            "completion_tokens": usage.completion_tokens,
            "cost": usage.cost,
        }
        # Added by the database: two workers that read the same sum would lose one of the two.
        change = {name: t.c[name] + value for name, value in added.items()}
        upsert(self._connection, t, key | added, change)


class StoreUsageBook:
    """Implements `UsageBook`: each call is one short transaction of its own.

    It is spent whether or not the draft is kept, so it never joins a draft's transaction.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def spent(self, brand: str, day: date) -> Spent:
        with self._store.read() as work:
            return work.spending.of(brand, day)

    def add(self, brand: str, day: date, role: ModelRole, model: str, usage: ModelUsage) -> None:
        with self._store.write() as work:
            work.spending.add(brand, day, role, model, usage)
