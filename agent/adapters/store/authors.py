"""What the author of an item wrote before, along one index."""

import sqlalchemy as sa

from agent.adapters.store.tables import decisions, items
from agent.domain.desk import AuthorHistory, EarlierMessage
from agent.domain.ids import ItemId
from agent.domain.reviews import ReviewStatus

_OPEN = tuple(status.value for status in ReviewStatus if status.is_open)
_SHOWN = ("received_at", "excerpt", "category", "status", "is_toxic")


class SqlAuthors:
    """Reads only."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def history(self, item_id: ItemId, limit: int) -> AuthorHistory:
        wrote = self._before(item_id)
        if wrote is None:
            return AuthorHistory()
        total, is_open, toxic = self._connection.execute(
            sa.select(
                sa.func.count(),
                sa.func.count().filter(items.c.status.in_(_OPEN)),
                sa.func.count().filter(items.c.is_toxic),
            ).where(wrote)
        ).one()
        if not total:
            return AuthorHistory()
        return AuthorHistory(
            total=total, open=is_open, toxic=toxic, earlier=self._earlier(wrote, limit)
        )

    def _before(self, item_id: ItemId) -> sa.ColumnElement[bool] | None:
        """Return the condition on the author's earlier items, or None: nobody is named."""
        place = (items.c.received_at, items.c.id)
        known = sa.select(items.c.brand_id, items.c.channel, items.c.author, *place)
        row = self._connection.execute(known.where(items.c.id == item_id)).one_or_none()
        if row is None or row.author is None:
            return None
        bound = sa.tuple_(sa.literal(row.received_at, items.c.received_at.type), sa.literal(row.id))
        return sa.and_(
            items.c.brand_id == row.brand_id,
            items.c.channel == row.channel,
            items.c.author == row.author,
            sa.tuple_(*place) < bound,
        )

    def _earlier(self, wrote: sa.ColumnElement[bool], limit: int) -> tuple[EarlierMessage, ...]:
        query = (
            sa.select(
                items.c.id.label("item_id"),
                *(items.c[name] for name in _SHOWN),
                decisions.c.kind.label("decision"),
                sa.func.coalesce(decisions.c.by_name, "").label("decided_by"),
                decisions.c.at.label("decided_at"),
            )
            .join(
                decisions,
                (decisions.c.item_id == items.c.id) & (decisions.c.round == items.c.round),
                isouter=True,
            )
            .where(wrote)
            .order_by(items.c.received_at.desc(), items.c.id.desc())
            .limit(limit)
        )
        found = self._connection.execute(query)
        return tuple(EarlierMessage.model_validate(dict(row._mapping)) for row in found)
