"""Views: filters that people keep under a name."""

import json
from datetime import datetime

import sqlalchemy as sa

from agent.adapters.store.columns import UtcDateTime
from agent.adapters.store.statements import upsert
from agent.adapters.store.tables import metadata
from agent.domain.ids import PersonId
from agent.domain.records import SavedView

saved_views = sa.Table(
    "saved_views",
    metadata,
    sa.Column("person_id", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("filters", sa.Text, nullable=False),
    sa.Column("is_default", sa.Boolean, nullable=False),
    sa.Column("updated_at", UtcDateTime, nullable=False),
    sa.PrimaryKeyConstraint("person_id", "name", name="pk_saved_views"),
    sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_saved_views_person"),
)
_of = saved_views.c


class SqlViews:
    """The collection of one unit of work."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def of(self, person_id: PersonId) -> tuple[SavedView, ...]:
        query = sa.select(saved_views).where(_of.person_id == person_id).order_by(_of.name)
        return tuple(
            SavedView(name=row.name, filters=json.loads(row.filters), is_default=row.is_default)
            for row in self._connection.execute(query)
        )

    def put(self, person_id: PersonId, view: SavedView, at: datetime) -> None:
        change = {
            "filters": json.dumps(view.filters, ensure_ascii=False, sort_keys=True),
            "is_default": view.is_default,
            "updated_at": at,
        }
        key = {"person_id": person_id, "name": view.name}
        upsert(self._connection, saved_views, key | change, change)

    def remove(self, person_id: PersonId, name: str) -> bool:
        gone = sa.delete(saved_views).where(_of.person_id == person_id, _of.name == name)
        return self._connection.execute(gone).rowcount == 1
