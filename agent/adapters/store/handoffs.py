"""Messages passed to teams."""

import base64
import binascii
import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from agent.adapters.store import rows
from agent.adapters.store.columns import LAST, UtcDateTime
from agent.adapters.store.statements import for_update
from agent.adapters.store.tables import decisions, items, metadata
from agent.domain.errors import NotFound, StoreError
from agent.domain.handoffs import (
    Handoff,
    HandoffPage,
    HandoffQuery,
    HandoffRow,
    HandoffStatus,
    TeamLoad,
)
from agent.domain.ids import BrandId, DecisionId, ItemId
from agent.domain.reviews import HandBack, QueueRow, Reviewer

handoffs = sa.Table(
    "handoffs",
    metadata,
    *(
        sa.Column(name, sa.Text, nullable=False)
        for name in ("id", "item_id", "brand_id", "channel", "team", "status", "note")
    ),
    *(sa.Column(name, sa.Integer, nullable=False) for name in ("round", "version")),
    sa.Column("can_return", sa.Boolean, nullable=False),
    sa.Column("opened_at", UtcDateTime, nullable=False),
    sa.Column("due_at", UtcDateTime),
    sa.Column("due_rank", UtcDateTime, nullable=False),
    *(
        sa.Column(name, sa.Text)
        for name in ("owner_id", "owner_name", "closed_by_id", "closed_by_name")
    ),
    sa.Column("closed_at", UtcDateTime),
    sa.PrimaryKeyConstraint("id", name="pk_handoffs"),
    sa.UniqueConstraint("item_id", "round", name="uq_handoffs_item"),
    sa.ForeignKeyConstraint(["id"], ["decisions.id"], name="fk_handoffs_decision"),
    sa.CheckConstraint(
        "status IN ('open', 'taken', 'done', 'returned')", name="ck_handoffs_status"
    ),
    sa.CheckConstraint(
        "(status IN ('done', 'returned')) = (closed_at IS NOT NULL)", name="ck_handoffs_closed"
    ),
)
_h = handoffs.c
_IS_OPEN = _h.closed_at.is_(None)
sa.Index(
    "ix_handoffs_open",
    _h.brand_id,
    _h.due_rank,
    _h.id,
    sqlite_where=_IS_OPEN,
    postgresql_where=_IS_OPEN,
)
sa.Index("ix_handoffs_closed", _h.brand_id, _h.closed_at, _h.id)
sa.Index("ix_handoffs_opened", _h.brand_id, _h.opened_at, _h.channel, _h.team)
sa.Index("ix_handoffs_due", _h.brand_id, _h.due_at, _h.channel, _h.team, _h.closed_at)

_PLAIN = [name for name in Handoff.model_fields if name in handoffs.c]
_FIXED = {"id", "item_id", "brand_id", "channel", "round", "team", "can_return", "opened_at"}


class SqlHandoffs:
    """Every change is a compare-and-set on the version; the database keeps the steps."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, handoff: Handoff) -> None:
        self._connection.execute(sa.insert(handoffs).values(_values(handoff)))

    def get(self, handoff_id: DecisionId) -> Handoff:
        query = for_update(self._connection, sa.select(handoffs).where(_h.id == handoff_id))
        row = self._connection.execute(query).one_or_none()
        if row is None:
            raise NotFound(f"there is no escalation {handoff_id}; it may have been erased")
        return _handoff(row)

    def save(self, before: Handoff, after: Handoff) -> None:
        values = {name: v for name, v in _values(after).items() if name not in _FIXED}
        change = (
            sa.update(handoffs)
            .where(_h.id == before.id, _h.version == before.version)
            .values(values)
        )
        if self._connection.execute(change).rowcount != 1:
            raise StoreError(f"escalation {before.id} changed meanwhile; nothing was written")

    def of(self, item_id: ItemId) -> tuple[Handoff, ...]:
        query = sa.select(handoffs).where(_h.item_id == item_id).order_by(_h.round)
        return tuple(_handoff(row) for row in self._connection.execute(query))

    def page(self, query: HandoffQuery) -> HandoffPage:
        if not query.brands:
            return HandoffPage(rows=())
        order = (_h.closed_at, _h.id) if query.is_closed else (_h.due_rank, _h.id)
        select = _listed(query)
        if query.after:
            at, last_id = _decode(query.after)
            bound = sa.tuple_(sa.literal(at, UtcDateTime), sa.literal(last_id))
            place = sa.tuple_(*order)
            select = select.where(place < bound if query.is_closed else place > bound)
        ordered = [column.desc() for column in order] if query.is_closed else list(order)
        found = self._connection.execute(select.order_by(*ordered).limit(query.limit + 1)).all()
        shown = found[: query.limit]
        following = None
        if len(found) > query.limit:
            last = shown[-1]
            following = _encode(last.closed_at if query.is_closed else last.due_rank, last.id)
        return HandoffPage(rows=tuple(_line(row) for row in shown), next=following)

    def loads(self, brands: Collection[BrandId], now: datetime) -> tuple[TeamLoad, ...]:
        overdue = sa.func.sum(sa.case((_h.due_at < now, 1), else_=0))
        query = (
            sa.select(_h.brand_id, _h.team, sa.func.count().label("open"), overdue.label("overdue"))
            .select_from(_joined())
            .where(_h.brand_id.in_(brands), _IS_OPEN, _h.round == items.c.round)
            .group_by(_h.brand_id, _h.team)
            .order_by(_h.brand_id, _h.team)
        )
        found = self._connection.execute(query)
        return tuple(TeamLoad.model_validate(dict(row._mapping)) for row in found)

    def hand_back(self, item_id: ItemId, round_number: int) -> HandBack | None:
        query = sa.select(handoffs).where(
            _h.item_id == item_id,
            _h.round == round_number - 1,
            _h.status == HandoffStatus.RETURNED,
        )
        row = self._connection.execute(query).one_or_none()
        if row is None:
            return None
        return HandBack(team=row.team, by=row.closed_by_name, at=row.closed_at, note=row.note)


def _joined() -> sa.Join:
    return sa.join(handoffs, items, items.c.id == _h.item_id)


def _listed(query: HandoffQuery) -> sa.Select[Any]:
    item = [column.label(f"row_{column.name}") for column in rows.ROW_COLUMNS]
    select = (
        sa.select(handoffs, *item, decisions.c.by_name.label("asked_by"), decisions.c.detail)
        .select_from(_joined().join(decisions, decisions.c.id == _h.id))
        .where(_h.brand_id.in_(query.brands))
    )
    if query.team is not None:
        select = select.where(_h.team == query.team)
    if query.is_closed:
        return select.where(_h.closed_at.is_not(None))
    # An undone or returned reply begins a new round: what its decision asked for is void.
    return select.where(_IS_OPEN, _h.round == items.c.round)


def _line(row: rows.Row) -> HandoffRow:
    item = {name: getattr(row, f"row_{name}") for name in QueueRow.model_fields}
    return HandoffRow(
        handoff=_handoff(row),
        item=QueueRow.model_validate(item),
        asked_by=row.asked_by,
        asked=str(json.loads(row.detail).get("note", "")),
    )


def _values(handoff: Handoff) -> dict[str, Any]:
    owner, closer = handoff.owner, handoff.closed_by
    return {name: getattr(handoff, name) for name in _PLAIN} | {
        "status": handoff.status.value,
        "due_rank": handoff.due_at or LAST,
        "owner_id": owner.id if owner else None,
        "owner_name": owner.name if owner else None,
        "closed_by_id": closer.id if closer else None,
        "closed_by_name": closer.name if closer else None,
    }


def _handoff(row: rows.Row) -> Handoff:
    return Handoff.model_validate(
        {name: getattr(row, name) for name in _PLAIN}
        | {
            "owner": _person(row.owner_id, row.owner_name),
            "closed_by": _person(row.closed_by_id, row.closed_by_name),
        }
    )


def _person(person_id: str | None, name: str | None) -> Reviewer | None:
    return Reviewer.model_validate({"id": person_id, "name": name}) if person_id else None


def _encode(at: datetime, handoff_id: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([at.isoformat(), handoff_id]).encode()).decode()


def _decode(cursor: str) -> tuple[datetime, str]:
    try:
        at, handoff_id = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None:
            raise ValueError(cursor)
        return moment, str(handoff_id)
    except (binascii.Error, ValueError, TypeError):
        raise NotFound("this place in the list does not exist; open the page again") from None
