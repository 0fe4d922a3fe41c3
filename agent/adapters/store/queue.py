"""The queue by keyset: each status is read in order along an index, then the streams are merged."""

import base64
import binascii
import heapq
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

import sqlalchemy as sa

from agent.adapters.store import rows
from agent.adapters.store.tables import QUEUE_ORDER, items, queue_counts
from agent.domain.errors import NotFound
from agent.domain.ids import BrandId, ItemId
from agent.domain.reviews import QueueCounts, QueuePage, QueueQuery, ReviewStatus
from knowledge.text.normalise import match_key

Place = tuple[int, datetime, datetime, str]
"""Urgency rank, deadline rank, arrival, id: what the queue is ordered by."""

_FILTERS = {
    "channel": items.c.channel,
    "category": items.c.category,
    "route": items.c.route,
    "team": items.c.team,
    "lang": items.c.lang,
    "assignee": items.c.assignee_id,
}
_OPEN = (ReviewStatus.PENDING, ReviewStatus.CLAIMED)


class SqlQueue:
    """Reads only."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def page(self, query: QueueQuery) -> QueuePage:
        after = _decode(query.after) if query.after else None
        found = list(islice(self._merged(query, after, query.limit + 1), query.limit + 1))
        shown = found[: query.limit]
        following = _encode(_place(shown[-1])) if len(found) > query.limit else None
        return QueuePage(rows=tuple(rows.queue_row(row) for row in shown), next=following)

    def after(self, query: QueueQuery, item_id: ItemId | None) -> ItemId | None:
        place = self._place_of(item_id) if item_id else None
        row = next(self._merged(query, place, 1), None)
        return ItemId(row.id) if row else None

    def _place_of(self, item_id: ItemId) -> Place:
        query: sa.Select[Any] = sa.select(*QUEUE_ORDER).where(items.c.id == item_id)
        row = self._connection.execute(query).one_or_none()
        if row is None:
            raise NotFound(f"there is no item {item_id}; it may have been erased")
        return _place(row)

    def _merged(self, query: QueueQuery, after: Place | None, limit: int) -> Iterator[rows.Row]:
        streams = [
            self._connection.execute(_select(query, brand, status, after, limit)).all()
            for brand, status in _parts(query)
        ]
        return heapq.merge(*streams, key=_place)

    def counts(self, brand_id: BrandId | None) -> QueueCounts:
        query = sa.select(queue_counts).where(queue_counts.c.n > 0)
        if brand_id is not None:
            query = query.where(queue_counts.c.brand_id == brand_id)
        found = self._connection.execute(query).all()
        opened = [row for row in found if row.status in _OPEN]
        return QueueCounts.model_validate(
            {
                "open": sum(row.n for row in opened),
                "by_status": _sum(found, "status"),
                "by_urgency": _sum(opened, "urgency"),
                "by_category": _sum(opened, "category"),
                "by_channel": _sum(opened, "channel"),
            }
        )

    def size(self, query: QueueQuery, most: int) -> int:
        streams = [
            self._connection.execute(
                sa.select(sa.func.count()).select_from(
                    _select(query, brand, status, None, most, of_id=True).subquery()
                )
            ).scalar_one()
            for brand, status in _parts(query)
        ]
        return min(most, sum(streams))

    def ids(self, brand_id: BrandId | None, after: ItemId | None, limit: int) -> Sequence[ItemId]:
        query = sa.select(items.c.id).order_by(items.c.id).limit(limit)
        if brand_id is not None:
            query = query.where(items.c.brand_id == brand_id)
        if after is not None:
            query = query.where(items.c.id > after)
        return [ItemId(item_id) for item_id in self._connection.execute(query).scalars()]


def _parts(query: QueueQuery) -> list[tuple[BrandId | None, ReviewStatus]]:
    statuses = dict.fromkeys(query.statuses or tuple(ReviewStatus))
    brands = (query.brand_id,) if query.brand_id else query.brands or (None,)
    return [(brand, status) for brand in dict.fromkeys(brands) for status in statuses]


def _select(
    query: QueueQuery,
    brand_id: BrandId | None,
    status: ReviewStatus,
    after: Place | None,
    limit: int,
    *,
    of_id: bool = False,
) -> sa.Select[Any]:
    columns: tuple[sa.ColumnElement[Any], ...] = (items.c.id,) if of_id else rows.ROW_COLUMNS
    select = (
        sa.select(*columns)
        .where(items.c.status == status.value)
        .order_by(*QUEUE_ORDER)
        .limit(limit)
    )
    if brand_id is not None:
        select = select.where(items.c.brand_id == brand_id)
    for name, column in _FILTERS.items():
        wanted = getattr(query, name)
        if wanted is not None:
            select = select.where(column == wanted)
    words = match_key(query.text).replace("\x00", " ").split()
    if words:
        select = select.where(*(items.c.searchable.contains(w, autoescape=True) for w in words))
    select = _narrowed(select, query)
    if after is not None:
        bounds = (sa.literal(v, c.type) for v, c in zip(after, QUEUE_ORDER, strict=True))
        select = select.where(sa.tuple_(*QUEUE_ORDER) > sa.tuple_(*bounds))
    return select


def _narrowed(select: sa.Select[Any], query: QueueQuery) -> sa.Select[Any]:
    if query.is_unassigned:
        select = select.where(items.c.assignee_id.is_(None))
    if query.awaits_second:
        select = select.where(items.c.first_approver_id.is_not(None))
    if query.due_before is not None:
        select = select.where(items.c.due_rank <= query.due_before)
    return select


def _sum(found: Sequence[rows.Row], name: str) -> dict[str, int]:
    sums: Counter[str] = Counter()
    for row in found:
        sums[getattr(row, name)] += row.n
    return dict(sums)


def _place(row: rows.Row) -> Place:
    return (row.urgency_rank, row.due_rank, row.received_at, row.id)


def _encode(place: Place) -> str:
    rank, due, received, item_id = place
    parts = [rank, due.isoformat(), received.isoformat(), item_id]
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode()


def _decode(cursor: str) -> Place:
    try:
        rank, due, received, item_id = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        return int(rank), _time(due), _time(received), str(item_id)
    except (binascii.Error, ValueError, TypeError):
        raise NotFound("this place in the queue does not exist; open the queue again") from None


def _time(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment
