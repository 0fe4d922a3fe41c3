"""What is counted, in SQL that SQLite and PostgreSQL read alike.

The windows of a cut travel as rows, so that one statement answers for every bar of a chart, with
the day borders of each brand's own time zone, and each window is one walk along an index.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from agent.adapters.store.columns import UtcDateTime
from agent.adapters.store.facts import decision_facts, item_facts
from agent.adapters.store.handoffs import handoffs
from agent.domain.measures import (
    Count,
    Cut,
    Edits,
    Event,
    Fact,
    HandoffPromises,
    Promises,
    Spread,
)

_PERCENTILES = (50, 90)
_READ_WINDOWS = {
    "sqlite": "SELECT json_extract(value, '$[0]') AS \"key\", json_extract(value, '$[1]') AS"
    " brand_id, json_extract(value, '$[2]') AS start, json_extract(value, '$[3]') AS finish"
    " FROM json_each(:windows)",
    "postgresql": "SELECT CAST(w ->> 0 AS integer) AS key, w ->> 1 AS brand_id,"
    " CAST(w ->> 2 || '+00' AS timestamptz) AS start,"
    " CAST(w ->> 3 || '+00' AS timestamptz) AS finish"
    " FROM json_array_elements(CAST(:windows AS json)) w",
}
"""One parameter for all windows: hundreds of them would take longer to spell out than to count."""


class _When(NamedTuple):
    table: sa.Table
    at: sa.Column[datetime]


_EVENTS = {
    Event.RECEIVED: _When(item_facts, item_facts.c.received_at),
    Event.DRAFTED: _When(item_facts, item_facts.c.drafted_at),
    Event.DECIDED: _When(item_facts, item_facts.c.decided_at),
    Event.ANSWERED: _When(item_facts, item_facts.c.answered_at),
    Event.DECISION: _When(decision_facts, decision_facts.c.at),
    Event.HANDED_OVER: _When(handoffs, handoffs.c.opened_at),
}


class SqlFigures:
    """Reads only."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        if connection.dialect.name == "postgresql":
            # Its planner cannot know that windows do not overlap, and would match every event
            # with every window of its brand: it is told to walk the index, for this transaction.
            for other in ("hashjoin", "mergejoin", "seqscan"):
                connection.execute(sa.text(f"SET LOCAL enable_{other} = off"))

    def counts(
        self, event: Event, cut: Cut, by: str = "", only: str | None = None
    ) -> tuple[Count, ...]:
        when, windows = _EVENTS[event], _windows(self._connection, cut)
        value = when.table.c[by] if by else sa.literal("")
        query = (
            sa.select(windows.c.key, value.label("value"), sa.func.count().label("n"))
            .select_from(_joined(windows, when, cut))
            .group_by(windows.c.key)
        )
        if by:
            query = query.where(value.is_not(None)).group_by(value)
        if only is not None:
            query = query.where(when.table.c["kind"] == only)
        return tuple(
            Count(key=row.key, value=row.value, n=row.n) for row in self._connection.execute(query)
        )

    def spreads(self, event: Event, cut: Cut, of: str, by: str = "") -> tuple[Spread, ...]:
        ranked = _ranked(self._connection, event, cut, of, by)
        wanted = [
            sa.func.max(sa.case((ranked.c.rank == _nearest(ranked.c.n, p), ranked.c.number)))
            for p in _PERCENTILES
        ]
        query = sa.select(
            ranked.c.key,
            ranked.c.value,
            sa.func.max(ranked.c.n).label("n"),
            *(column.label(f"p{p}") for column, p in zip(wanted, _PERCENTILES, strict=True)),
        ).group_by(ranked.c.key, ranked.c.value)
        return tuple(
            Spread(key=row.key, value=row.value, n=row.n, p50=row.p50, p90=row.p90)
            for row in self._connection.execute(query)
        )

    def promises(self, cut: Cut, now: datetime) -> tuple[Promises, ...]:
        c, windows = item_facts.c, _windows(self._connection, cut)
        is_reply = c.is_released.is_(None) | c.is_released
        query = (
            sa.select(
                windows.c.key,
                sa.func.count().label("due"),
                _count_if(c.drafted_at <= c.due_at).label("drafted"),
                _count_if(c.decided_at <= c.due_at).label("decided"),
                _count_if(is_reply).label("replies"),
                _count_if(is_reply & (c.answered_at <= c.due_at)).label("answered"),
            )
            .select_from(_joined(windows, _When(item_facts, c.due_at), cut))
            .where(c.due_at < now)
            .group_by(windows.c.key)
        )
        found = self._connection.execute(query)
        return tuple(Promises.model_validate(dict(row._mapping)) for row in found)

    def edits(self, cut: Cut) -> tuple[Edits, ...]:
        c, windows = decision_facts.c, _windows(self._connection, cut)
        is_release = c.kind.in_(["approve", "edit"])
        query = (
            sa.select(
                windows.c.key,
                sa.func.count().label("decisions"),
                _count_if(is_release).label("approved"),
                _count_if(c.kind == "approve").label("unedited"),
                _count_if(is_release & c.is_overridden).label("overridden"),
            )
            .select_from(_joined(windows, _EVENTS[Event.DECISION], cut))
            .group_by(windows.c.key)
        )
        found = self._connection.execute(query)
        return tuple(Edits.model_validate(dict(row._mapping)) for row in found)

    def handoff_promises(self, cut: Cut, now: datetime) -> tuple[HandoffPromises, ...]:
        c, windows = handoffs.c, _windows(self._connection, cut)
        query = (
            sa.select(
                windows.c.key,
                c.team,
                sa.func.count().label("due"),
                _count_if(c.closed_at <= c.due_at).label("kept"),
            )
            .select_from(_joined(windows, _When(handoffs, c.due_at), cut))
            .where(c.due_at < now)
            .group_by(windows.c.key, c.team)
        )
        found = self._connection.execute(query)
        return tuple(HandoffPromises.model_validate(dict(row._mapping)) for row in found)

    def facts(self, cut: Cut) -> Iterator[Fact]:
        c, d = item_facts.c, decision_facts.c
        windows = _windows(self._connection, cut)
        # The last decision: an item that came back to review has several.
        last = (
            sa.select(sa.func.max(d.at)).where(d.item_id == c.item_id).correlate(item_facts)
        ).scalar_subquery()
        names = [name for name in Fact.model_fields if name in c]
        query = (
            sa.select(
                *(c[name] for name in names),
                d.kind.label("decision"),
                d.reason,
                d.edit_permille,
                d.seconds_on_item,
                d.by_id.label("reviewer"),
            )
            .select_from(
                _joined(windows, _EVENTS[Event.RECEIVED], cut).outerjoin(
                    decision_facts, (d.item_id == c.item_id) & (d.at == last)
                )
            )
            .order_by(c.received_at, c.item_id)
        )
        for row in self._connection.execute(query):
            values = dict(row._mapping)
            permille = values.pop("edit_permille")
            ratio = None if permille is None else permille / 1000
            yield Fact.model_validate(values | {"edit_ratio": ratio})


def _windows(connection: sa.Connection, cut: Cut) -> sa.CTE:
    rows = [[w.key, str(w.brand_id), _written(w.start), _written(w.end)] for w in cut.windows]
    query = sa.text(_READ_WINDOWS[connection.dialect.name]).bindparams(windows=json.dumps(rows))
    columns = {"key": sa.Integer, "brand_id": sa.Text, "start": UtcDateTime, "finish": UtcDateTime}
    return query.columns(**columns).cte("windows")


def _written(at: datetime) -> str:
    # As SQLite keeps times, and as PostgreSQL reads them.
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def _joined(windows: sa.CTE, when: _When, cut: Cut) -> sa.Join:
    table = when.table
    on = (
        (table.c.brand_id == windows.c.brand_id)
        & (when.at >= windows.c.start)
        & (when.at < windows.c.finish)
    )
    if cut.channel is not None:
        on &= table.c.channel == cut.channel
    return sa.join(windows, table, on)


def _ranked(connection: sa.Connection, event: Event, cut: Cut, of: str, by: str) -> sa.Subquery:
    when, windows = _EVENTS[event], _windows(connection, cut)
    number = when.table.c[of]
    value: sa.ColumnElement[Any] = when.table.c[by] if by else sa.literal("")
    group = [windows.c.key, value] if by else [windows.c.key]
    return (
        sa.select(
            windows.c.key,
            value.label("value"),
            number.label("number"),
            sa.func.row_number().over(partition_by=group, order_by=number).label("rank"),
            sa.func.count().over(partition_by=group).label("n"),
        )
        .select_from(_joined(windows, when, cut))
        .where(number.is_not(None))
        .subquery()
    )


def _nearest(n: sa.ColumnElement[int], percent: int) -> sa.ColumnElement[int]:
    # The ceiling in whole numbers; both engines divide those without a rest.
    return (n * percent + 99) // 100


def _count_if(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)
