"""Up from every earlier version: one database that was in use at each of them, in turn.

A desk's rows are spread over the revisions: at each, an item with all that belongs to it is written
as the schema of that time can hold it. At the end every one of them is there, unchanged.
"""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from agent.adapters.store import open_store, upgrade, verify_invariants
from agent.adapters.store.copying import our_tables
from agent.adapters.store.engine import make_engine
from agent.adapters.store.schema import alembic_config, migrating, run_migrations
from agent.domain.archives import ArchiveQuery
from agent.domain.reviews import QueueQuery, ReviewStatus
from agent.services.trail import TrailService
from tests.desk_kit import BRAND, Desk
from tests.integration.backup.a_busy_desk import fill, fill_the_rest

Row = dict[str, Any]
_NUMBERED_ANEW = {"archive"}
"""The migration that made it numbers what it finds; looked at by searching."""

_FILLED = {"item_facts", "decision_facts", "handoffs"}
"""Tables that 0010 fills from what was there before it, all but what nobody had written down."""
_UNKNOWN_BEFORE = {"seconds_on_item", "opened_at", "opened_by"}


def revisions() -> list[str]:
    scripts = ScriptDirectory.from_config(alembic_config()).walk_revisions()
    return [script.revision for script in scripts][::-1]


@pytest.fixture(scope="module")
def history(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[Row]]:
    """Every row of a busy desk, by table."""
    url = f"sqlite:///{tmp_path_factory.mktemp('history') / 'portevoix.db'}"
    upgrade(url)
    store = open_store(url)
    fill(Desk(store))
    store.close()
    fill_the_rest(url)
    engine = make_engine(url)
    with engine.connect() as connection:
        found = {
            table.name: [row._asdict() for row in connection.execute(_in_order(table))]
            for table in our_tables(connection)
        }
    engine.dispose()
    return found


def _in_order(table: sa.Table) -> sa.Select[Any]:
    return sa.select(table).order_by(*table.primary_key.columns)


def test_rows_of_every_earlier_version_are_intact_at_the_newest(
    blank_url: str, history: dict[str, list[Row]]
) -> None:
    steps, written = revisions(), defaultdict[str, list[Row]](list)
    shares = _shares(history, len(steps))
    _leave_to_the_migration(shares, written, steps.index("0010"))
    engine = make_engine(blank_url)
    for number, revision in enumerate(steps):
        with migrating(engine) as connection:
            run_migrations(connection, revision)
            for table in our_tables(connection):
                new = [row for at, row in shares[table.name] if at <= number]
                shares[table.name] = [one for one in shares[table.name] if one[0] > number]
                kept = [{k: v for k, v in row.items() if k in table.c} for row in new]
                if kept:
                    connection.execute(sa.insert(table), kept)
                    written[table.name] += kept
    upgrade(blank_url)
    verify_invariants(engine)
    assert not any(shares.values()), "rows that no revision took"
    with engine.connect() as connection:
        for table in our_tables(connection):
            if table.name not in _NUMBERED_ANEW:
                assert len(written[table.name]) == len(history[table.name]), table.name
                _compare(connection, table, written[table.name])
    engine.dispose()
    _is_one_to_work_on(blank_url, history)


def _leave_to_the_migration(
    shares: dict[str, list[tuple[int, Row]]], written: dict[str, list[Row]], filling: int
) -> None:
    for table in _FILLED:
        for at, row in shares[table]:
            if at < filling:
                known = {k: v for k, v in row.items() if k not in _UNKNOWN_BEFORE}
                written[table].append(known)
        shares[table] = [one for one in shares[table] if one[0] >= filling]


def _shares(history: dict[str, list[Row]], count: int) -> dict[str, list[tuple[int, Row]]]:
    """Return each row with the step at which it is written: its item's, or its place in turn."""
    # Ids are random; what is searched for at the end is there before 0010 makes the archive.
    items = sorted(history["items"], key=lambda row: ("Insulte" not in row["excerpt"], row["id"]))
    turn = {row["id"]: at * count // len(items) for at, row in enumerate(items)}
    turn |= {row["message_id"]: turn[row["id"]] for row in items}
    links = {link["id"]: link["item_id"] for link in (*history["decisions"], *history["outbox"])}

    def step(table: str, at: int, row: Row) -> int:
        if table == "audit":
            return at * count // len(history["audit"])
        about = row.get("item_id") or row.get("id")
        return turn.get(about, turn.get(links.get(about), 0))

    return {
        table: [(step(table, at, row), row) for at, row in enumerate(rows)]
        for table, rows in history.items()
        if table not in _NUMBERED_ANEW
    } | {table: [] for table in _NUMBERED_ANEW}


def _compare(connection: sa.Connection, table: sa.Table, written: list[Row]) -> None:
    key = [column.name for column in table.primary_key.columns]
    found = {
        tuple(row[name] for name in key): row
        for row in (one._asdict() for one in connection.execute(sa.select(table)))
    }
    for row in written:
        now = found[tuple(row[name] for name in key)]
        assert {name: now[name] for name in row} == row, table.name


def _is_one_to_work_on(url: str, history: dict[str, list[Row]]) -> None:
    store = open_store(url)
    assert TrailService(store).verify_audit().is_intact
    assert TrailService(store).audit_head().seq == len(history["audit"])
    desk = Desk(store)
    with store.read() as work:
        query = QueueQuery(statuses=tuple(ReviewStatus), limit=200)
        assert len(work.queue.page(query).rows) == len(history["items"])
        assert work.archive.page(ArchiveQuery(brands=(BRAND,), text="Insulte")).rows
    for item_id in _ids(history):
        desk.review.item(item_id)
    desk.approve(desk.one("Après la mise à jour"))
    assert desk.posting.post_ready().sent >= 1
    assert desk.trail.verify_audit().is_intact
    store.close()


def _ids(history: dict[str, list[Row]]) -> Iterator[Any]:
    return (row["id"] for row in history["items"])
