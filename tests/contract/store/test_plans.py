"""At 100,000 items no everyday query may walk a whole table: SQLite's plans are read here."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from agent.adapters.store import SqlStore, open_store
from agent.domain.decisions import Category, Route
from agent.domain.ids import BrandId, PersonId, TeamId
from agent.domain.reviews import QueueQuery, ReviewStatus
from agent.services.history import HistoryService
from knowledge.passages import Language
from tests.desk_kit import AWA, BRAND, Desk, message

WIDE = ("items", "messages", "drafts", "decisions", "outbox", "posts", "moderations")
"""The audit trail is walked by its key, and only to its last entry, or to verify it."""


@pytest.fixture
def store(sqlite_url: str) -> SqlStore:
    return open_store(sqlite_url)


def plans(store: SqlStore, work: Callable[[], object]) -> list[str]:
    """Return the plan of each query that `work` makes."""
    statements: list[tuple[str, object]] = []

    def remember(_c: object, _k: object, statement: str, parameters: object, *_: object) -> None:
        if statement.startswith(("SELECT", "UPDATE")):
            statements.append((statement, parameters))

    sa.event.listen(store._engine, "before_cursor_execute", remember)
    work()
    sa.event.remove(store._engine, "before_cursor_execute", remember)
    assert statements
    with store._engine.connect() as connection:
        return [
            str(row[-1])
            for statement, parameters in statements
            for row in connection.exec_driver_sql(
                f"EXPLAIN QUERY PLAN {statement}",
                parameters,  # type: ignore[arg-type]
            )
        ]


def refuse_scans(found: list[str]) -> None:
    assert [plan for plan in found for table in WIDE if plan.startswith(f"SCAN {table}")] == []


QUERIES = [
    QueueQuery(),
    QueueQuery(brand_id=BRAND),
    QueueQuery(brands=(BRAND, BrandId("autre"))),
    QueueQuery(category=Category.PRESS),
    QueueQuery(category=Category.PRESS, brand_id=BRAND, route=Route.HOLD),
    QueueQuery(channel="x"),
    QueueQuery(team=TeamId("legal")),
    QueueQuery(assignee=PersonId("awa"), lang=Language.FR),
    QueueQuery(text="colis"),
    QueueQuery(statuses=tuple(ReviewStatus)),
]


@pytest.mark.parametrize("query", QUERIES, ids=lambda q: str(q.model_dump(exclude_defaults=True)))
@pytest.mark.parametrize("is_first", [True, False])
def test_pages_follow_an_index(store: SqlStore, query: QueueQuery, is_first: bool) -> None:
    desk = Desk(store)
    if not is_first:
        desk.arrive(message(), message())
        first = desk.review.queue(QueueQuery(limit=1))
        query = query.model_copy(update={"after": first.next})
    with store.read() as work:
        page = plans(store, lambda: work.queue.page(query))
        following = plans(store, lambda: work.queue.after(query, None))
    refuse_scans(page + following)
    assert [plan for plan in page + following if "TEMP B-TREE" in plan] == []


def test_everyday_work_looks_rows_up(store: SqlStore) -> None:
    desk = Desk(store)
    desk.one(author="Léa", created_at=desk.at())
    item_id = desk.one(author="Léa", created_at=desk.at() + timedelta(hours=1))

    def a_day() -> None:
        desk.review.counts()
        desk.review.claim(item_id, AWA)
        desk.approve(item_id)
        desk.posting.post_ready()
        desk.posting.resolve_unknown()
        desk.posting.moderate_ready()
        desk.review.history(item_id)
        HistoryService(store).of_author(item_id)
        desk.trail.trail(item_id)
        desk.intake.accept(BRAND, [message()], desk.channel.name)

    found = plans(store, a_day)
    refuse_scans(found)
    assert [plan for plan in found if "ix_items_author" in plan]


def test_finding_what_is_not_drafted_follows_an_index(store: SqlStore) -> None:
    desk = Desk(store)
    desk.intake.accept(BRAND, [message()], "file")
    refuse_scans(plans(store, lambda: desk.intake.draft_pending(limit=1)))
