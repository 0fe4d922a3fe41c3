"""Measure the store under review: the queue at 100,000 items, decisions, four people at once.

Run: .venv/bin/python benchmarks/approvals.py [--items 100000] [--engine sqlite|postgres|both]
PostgreSQL is a throwaway server that waits for the disk at each commit, as in production.
"""

import argparse
import multiprocessing
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import sqlalchemy as sa

sys.path.insert(0, str(Path(__file__).parents[1]))

from agent.adapters.store import open_store
from agent.adapters.store.engine import make_engine, transaction
from agent.adapters.store.rows import new_item
from agent.adapters.store.tables import drafts, items, messages, queue_counts
from agent.domain.decisions import Category, Route, Triage, Urgency
from agent.domain.errors import AlreadyDecided
from agent.domain.ids import ItemId, TeamId
from agent.domain.outcome import Outcome
from agent.domain.records import StoredMessage
from agent.domain.reviews import QueueQuery, ReviewStatus
from agent.testing import ScriptedPipeline
from knowledge.passages import Language
from tests.desk_kit import AWA, BRAND, Desk, message
from tests.postgres_server import running_server

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
CHUNK = 2000
PROCESSES = 4
CONTESTED = 500


def outcomes(count: int) -> Iterator[tuple[StoredMessage, Outcome]]:
    """Yield messages as drafted: a spread of urgencies, deadlines, categories and channels."""
    rng = Random(2)
    usual = ScriptedPipeline().run(message("Où est mon colis ? Je l'attends depuis lundi."))
    for number in range(count):
        stored = StoredMessage(
            message=message(
                f"Message {number} : où est mon colis ? Je l'attends depuis lundi dernier.",
                id=f"m{number}",
                channel=rng.choice(["instagram", "facebook", "x", "email"]),
                author=f"client{rng.randrange(20_000)}",
                created_at=NOW - timedelta(minutes=rng.randrange(10_000)),
            ),
            brand_id=BRAND,
            channel_instance="recording",
            external_id=f"m{number}",
            received_at=NOW,
        )
        yield (
            stored,
            usual.model_copy(update={"message": stored.message, "triage": triage(rng)}),
        )


def triage(rng: Random) -> Triage:
    """Return a triage; one item in a thousand is for the press team."""
    is_rare = rng.random() < 0.001
    return Triage(
        language=rng.choice([Language.FR, Language.FR, Language.EN]),
        language_confidence=1.0,
        category=Category.PRESS if is_rare else rng.choice(list(Category)),
        urgency=rng.choices(list(Urgency), weights=[20, 60, 18, 2])[0],
        route=rng.choice(list(Route)),
        team=TeamId("press") if is_rare else rng.choice([None, TeamId("care")]),
        due_at=NOW + timedelta(minutes=rng.randrange(5000)),
    )


def fill(
    url: str, count: int, pairs: Iterator[tuple[StoredMessage, Outcome]] | None = None
) -> None:
    """Put `count` items in, past the services: this is not what is measured."""
    open_store(url).close()
    engine = make_engine(url)
    pairs = pairs or outcomes(count)
    left = count
    while left > 0:
        chunk = [next(pairs) for _ in range(min(CHUNK, left))]
        left -= len(chunk)
        with transaction(engine, writes=True) as connection:
            connection.execute(sa.insert(messages), [message_row(s) for s, _ in chunk])
            rows = [item_row(stored, outcome) for stored, outcome in chunk]
            connection.execute(sa.insert(items), rows)
            connection.execute(
                sa.insert(drafts),
                [draft_row(row["id"], pair[1]) for row, pair in zip(rows, chunk, strict=True)],
            )
    with transaction(engine, writes=True) as connection:
        names = ("brand_id", "status", "urgency", "category", "channel")
        columns = [items.c[name] for name in names]
        sums = sa.select(*columns, sa.func.count()).group_by(*columns)
        connection.execute(sa.insert(queue_counts).from_select([*names, "n"], sums))
        connection.exec_driver_sql("ANALYZE")
    engine.dispose()


def message_row(stored: StoredMessage) -> dict[str, object]:
    """Return the row of a message."""
    return {
        "id": stored.message.id,
        "channel_instance": stored.channel_instance,
        "external_id": stored.external_id,
        "brand_id": stored.brand_id,
        "received_at": stored.received_at,
        "content_sha256": stored.content_sha256,
        "body": stored.message.model_dump_json(),
        "drafted_at": NOW,
    }


def item_row(stored: StoredMessage, outcome: Outcome) -> dict[str, object]:
    """Return the row of a pending item; every second one is decided already."""
    row = new_item(stored, outcome, NOW)
    is_old = int(stored.external_id[1:]) % 2 == 1
    return row | {"status": ReviewStatus.NO_REPLY.value if is_old else ReviewStatus.PENDING.value}


def draft_row(item_id: str, outcome: Outcome) -> dict[str, object]:
    """Return the row of a draft."""
    return {
        "item_id": item_id,
        "revision": 1,
        "guideline_version": outcome.guideline_version,
        "created_at": NOW,
        "outcome": outcome.model_dump_json(),
    }


def timed(label: str, work: Callable[[], object], times: int = 30) -> None:
    """Run `work` and print its median and 95th percentile in milliseconds."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1000)
    taken.sort()
    p95 = taken[int(len(taken) * 0.95)]
    print(f"  {label:<44} median {statistics.median(taken):8.1f} ms   p95 {p95:8.1f} ms")


QUERIES = {
    "queue, first page": QueueQuery(),
    "queue, one brand": QueueQuery(brand_id=BRAND),
    "queue, one category": QueueQuery(category=Category.COMPLAINT),
    "queue, one language": QueueQuery(lang=Language.EN),
    "queue, a rare team": QueueQuery(team=TeamId("press")),
    "queue, rare category and route": QueueQuery(category=Category.PRESS, route=Route.HOLD),
    "queue, a language nobody wrote in": QueueQuery(lang=Language.UNKNOWN),
    "queue, a text that is there once": QueueQuery(text="message 77776 "),
    "queue, a text that is not there": QueueQuery(text="introuvable"),
    "queue, decided items": QueueQuery(statuses=(ReviewStatus.NO_REPLY,)),
    "queue, assigned to nobody": QueueQuery(is_unassigned=True),
    "queue, overdue": QueueQuery(due_before=NOW),
    "queue, overdue, a language": QueueQuery(due_before=NOW, lang=Language.UNKNOWN),
    "queue, a second approval awaited": QueueQuery(awaits_second=True),
}


def measure_queue(url: str) -> None:
    """Print how long the queue's pages and counters take."""
    review = Desk(open_store(url)).review
    for label, query in QUERIES.items():
        timed(label, lambda query=query: review.queue(query))  # type: ignore[misc]
    deep = QueueQuery(limit=200)
    for _ in range(40):
        deep = deep.model_copy(update={"after": review.queue(deep).next})
    timed("queue, 8,000 rows down", lambda: review.queue(deep.model_copy(update={"limit": 25})))
    timed("counters", review.counts)
    for label, query in QUERIES.items():
        counted = label.replace("queue", "count")
        timed(counted, lambda query=query: review.size(query))  # type: ignore[misc]


def measure_approvals(url: str) -> None:
    """Print how long one person's approve-and-next takes in the services."""
    desk = Desk(open_store(url))
    query = QueueQuery(brand_id=BRAND)
    here = [desk.review.next_item(query)]

    def approve_and_next() -> None:
        current = here[0]
        if current is None:
            raise SystemExit("the queue is empty: ask for more items")
        desk.review.claim(current, AWA)
        desk.approve(current, by=AWA)
        here[0] = desk.review.next_item(query, current)
        desk.review.item(here[0] or current)

    timed("claim, approve, next item shown", approve_and_next, times=200)


def approve_all(url: str, number: int, wanted: list[ItemId]) -> tuple[int, int]:
    """Approve every item, as one of several people; return how many were ours, and were not."""
    desk = Desk(open_store(url))
    made = told = 0
    for item_id in Random(number).sample(wanted, len(wanted)):
        try:
            desk.approve(item_id, version=1)
            made += 1
        except AlreadyDecided:
            told += 1
    return made, told


def measure_contest(url: str) -> None:
    """Print what four processes make of the same 500 items."""
    desk = Desk(open_store(url))
    page = desk.review.queue(QueueQuery(limit=200))
    wanted = [row.id for row in page.rows]
    while len(wanted) < CONTESTED and page.next:
        page = desk.review.queue(QueueQuery(limit=200, after=page.next))
        wanted += [row.id for row in page.rows]
    wanted = wanted[:CONTESTED]
    tasks = [(url, number, wanted) for number in range(PROCESSES)]
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        pool.starmap(time.sleep, [(0.5,)] * PROCESSES)
        start = time.perf_counter()
        results = pool.starmap(approve_all, tasks, chunksize=1)
        seconds = time.perf_counter() - start
    made, told = (sum(column) for column in zip(*results, strict=True))
    print(
        f"  four processes, the same {len(wanted)} items: {made} decisions, {told} told who did,"
        f" {(made + told) / seconds:.0f} attempts/s"
    )


@contextmanager
def databases(engine: str) -> Iterator[Iterator[tuple[str, str]]]:
    """Give the URLs of new databases of the engines asked for."""
    with tempfile.TemporaryDirectory() as folder, running_server(is_durable=True) as server:
        urls = {
            "sqlite": f"sqlite:///{folder}/portevoix.db",
            "postgres": server.url(server.create()),
        }
        yield ((name, url) for name, url in urls.items() if engine in {name, "both"})


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--engine", choices=["sqlite", "postgres", "both"], default="both")
    given = parser.parse_args()
    with databases(given.engine) as each:
        for name, url in each:
            start = time.perf_counter()
            fill(url, given.items)
            print(f"{name}: {given.items} items (filled in {time.perf_counter() - start:.0f} s)")
            measure_queue(url)
            measure_approvals(url)
            measure_contest(url)


if __name__ == "__main__":
    main()
