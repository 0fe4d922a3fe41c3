"""What brands spend on chat models: sums by day, added to in the database itself."""

from datetime import date

import sqlalchemy as sa

from agent.adapters.store.statements import upsert
from agent.adapters.store.tables import metadata
from agent.domain.models import ModelRole, ModelUsage, Spent
from agent.ports import Store

model_spending = sa.Table(
    "model_spending",
    metadata,
    sa.Column("brand_id", sa.Text, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("model", sa.Text, nullable=False),
    sa.Column("calls", sa.BigInteger, nullable=False),
    sa.Column("prompt_tokens", sa.BigInteger, nullable=False),
    sa.Column("completion_tokens", sa.BigInteger, nullable=False),
    sa.Column("cost", sa.Float, nullable=False),
    sa.PrimaryKeyConstraint("brand_id", "day", "role", "model", name="pk_model_spending"),
)
_of = model_spending.c


class SqlSpending:
    """The collection of one unit of work."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def of(self, brand: str, day: date) -> Spent:
        query = sa.select(
            sa.func.coalesce(sa.func.sum(_of.calls), 0),
            sa.func.coalesce(sa.func.sum(_of.prompt_tokens + _of.completion_tokens), 0),
            sa.func.coalesce(sa.func.sum(_of.cost), 0.0),
        ).where(_of.brand_id == brand, _of.day == day)
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
        change = {name: _of[name] + value for name, value in added.items()}
        upsert(self._connection, model_spending, key | added, change)


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
