"""Measure the figures, the archive's search and the escalations at 100,000 items.

Run: .venv/bin/python -m benchmarks.measure [--items 100000] [--engine sqlite|postgres|both]
Wall time and, where the work is done in this process (SQLite), its processor time. PostgreSQL is
a throwaway server that waits for the disk at each commit, as in production.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import sqlalchemy as sa

sys.path.insert(0, str(Path(__file__).parents[1]))

from agent.adapters.store import open_store
from agent.adapters.store.backfill import fill_read_models
from agent.adapters.store.engine import make_engine, transaction
from agent.adapters.store.facts import item_facts
from agent.adapters.store.rows import new_item
from agent.adapters.store.tables import decisions, drafts, items, messages
from agent.domain.archives import ArchiveQuery
from agent.domain.channels import ModerationAction
from agent.domain.decisions import Category, Route, Sentiment, Triage, Urgency
from agent.domain.drafts import text_sha256
from agent.domain.handoffs import HandoffQuery
from agent.domain.ids import BrandId
from agent.domain.measures import MeasureQuery
from agent.domain.outcome import Outcome
from agent.domain.records import StoredMessage
from agent.domain.redaction import Redaction
from agent.domain.reviews import DecisionKind, RejectionReason, ReviewStatus
from agent.services.archive import ArchiveService
from agent.services.escalations import EscalationService
from agent.services.measuring import MeasuringService
from agent.testing import FrozenClock, ScriptedPipeline
from benchmarks.approvals import databases, draft_row, message_row
from knowledge.passages import Language
from tests.desk_kit import message

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
TODAY = date(2026, 11, 21)
DAYS = 90
BRANDS = tuple(BrandId(name) for name in ("maison", "atelier", "jardin", "epicerie"))
CHUNK = 2000
WORDS = [f"mot{n:04}" for n in range(4000)]
"""Weighted like a language: the first ones are in most messages, the last ones in a few."""
KINDS = [kind.value for kind in DecisionKind]
SHARES = [55, 22, 8, 8, 4, 3]
TIMES = 15


def outcomes(count: int) -> Iterator[tuple[StoredMessage, Outcome]]:
    """Yield messages of 90 days, 40 words each, as drafted."""
    rng = Random(3)
    usual = ScriptedPipeline().run(message("Où est mon colis ?"))
    weights = [1 / (rank + 3) for rank in range(len(WORDS))]
    for number in range(count):
        at = NOW - timedelta(seconds=rng.randrange(DAYS * 86_400))
        text = f"bonjour {' '.join(rng.choices(WORDS, weights, k=38))} unique{number}"
        one = message(
            text,
            id=f"m{number}",
            channel=rng.choice(["instagram", "facebook", "x", "email"]),
            created_at=at,
        )
        stored = StoredMessage(
            message=one,
            brand_id=rng.choices(BRANDS, [70, 20, 9, 1])[0],
            channel_instance="recording",
            external_id=one.id,
            received_at=at,
        )
        seen = {"message": one, "redaction": Redaction(text=text), "triage": triage(rng, at)}
        yield stored, usual.model_copy(update=seen)


def triage(rng: Random, at: datetime) -> Triage:
    """Return a triage."""
    return Triage(
        language=rng.choice([Language.FR, Language.FR, Language.EN]),
        language_confidence=1.0,
        category=rng.choice(list(Category)),
        sentiment=rng.choice(list(Sentiment)),
        urgency=rng.choice(list(Urgency)),
        route=rng.choice(list(Route)),
        due_at=at + timedelta(minutes=rng.choice([60, 240, 1440])),
    )


def fill(url: str, count: int) -> float:
    """Put `count` items in, nine in ten decided; return the seconds that revision 0010 takes."""
    engine = make_engine(url)
    rng, pairs, left = Random(4), outcomes(count), count
    while left > 0:
        chunk = [next(pairs) for _ in range(min(CHUNK, left))]
        left -= len(chunk)
        with transaction(engine, writes=True) as connection:
            fill_chunk(connection, chunk, rng)
    start = time.perf_counter()
    with transaction(engine, writes=True) as connection:
        fill_read_models(connection)
    seconds = time.perf_counter() - start
    with transaction(engine, writes=True) as connection:
        # Posted by all accounts: outbox and posts are not what is measured.
        posted = item_facts.c.is_released.is_(True)
        values = {
            "answered_at": item_facts.c.decided_at,
            "answer_seconds": item_facts.c.decide_seconds,
        }
        connection.execute(sa.update(item_facts).where(posted).values(values))
        connection.exec_driver_sql("ANALYZE")
    engine.dispose()
    return seconds


def fill_chunk(
    connection: sa.Connection, chunk: list[tuple[StoredMessage, Outcome]], rng: Random
) -> None:
    """Insert messages, items, drafts and decisions."""
    connection.execute(sa.insert(messages), [message_row(stored) for stored, _ in chunk])
    rows = [new_item(stored, outcome, drafted_at(stored)) for stored, outcome in chunk]
    made = [decision_row(row, rng) if rng.random() < 0.9 else None for row in rows]
    for row, decision in zip(rows, made, strict=True):
        status = DecisionKind(decision["kind"]).status if decision else ReviewStatus.PENDING
        row["status"] = status.value
    connection.execute(sa.insert(items), rows)
    pairs = zip(rows, chunk, strict=True)
    connection.execute(sa.insert(drafts), [draft_row(row["id"], pair[1]) for row, pair in pairs])
    connection.execute(sa.insert(decisions), [one for one in made if one])


def drafted_at(stored: StoredMessage) -> datetime:
    """Return when a message was drafted."""
    return stored.received_at + timedelta(seconds=20)


def decision_row(item: dict[str, object], rng: Random) -> dict[str, object]:
    """Return a decision on an item."""
    kind = rng.choices(KINDS, SHARES)[0]
    public = "Comptez trois jours ouvrés." if kind in {"approve", "edit"} else None
    at = item["received_at"]
    assert isinstance(at, datetime)  # noqa: S101
    person = f"p{rng.randrange(12)}"
    hides = ModerationAction.HIDE.value if kind == "moderate" else None
    return {
        "id": f"d-{item['id']}",
        "item_id": item["id"],
        "round": 1,
        "draft_revision": 1,
        "kind": kind,
        "by_id": person,
        "by_name": person.upper(),
        "at": min(NOW, at + timedelta(seconds=rng.randrange(30, 40_000))),
        "public_text": public,
        "private_text": None,
        "text_sha256": text_sha256(public, None),
        "message_sha256": "m",
        "reason": rng.choice(list(RejectionReason)).value if kind == "reject" else None,
        "team": rng.choice(["care", "legal"]) if kind == "escalate" else None,
        "edit_ratio": rng.random() / 3 if kind == "edit" else 0.0,
        "guideline_version": "g",
        "detail": json.dumps({"note": "", "moderation": hides}),
    }


def timed(label: str, work: Callable[[], object]) -> None:
    """Run `work` and print its median and slowest wall time and its median processor time."""
    walls, cpus = [], []
    for _ in range(TIMES):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        walls.append((time.perf_counter() - wall) * 1000)
        cpus.append((time.process_time() - cpu) * 1000)
    print(
        f"  {label:<44} median {statistics.median(walls):8.1f} ms   slowest {max(walls):8.1f} ms"
        f"   processor {statistics.median(cpus):8.1f} ms"
    )


SEARCHES = {
    "archive, first page": {},
    "archive, a word in every message": {"text": "bonjour"},
    "archive, two frequent words": {"text": "mot0001 mot0007"},
    "archive, the beginning of many words": {"text": "mo"},
    "archive, a word that is there once": {"text": "unique77771"},
    "archive, a word that is not there": {"text": "introuvable"},
    "archive, a rare brand and a frequent word": {"text": "bonjour", "brands": BRANDS[3:]},
    "archive, a rare kind, person and network": {
        "kinds": (DecisionKind.NO_REPLY,),
        "person": "p3",
        "channel": "x",
    },
    "archive, frequent word, rare filters": {
        "text": "bonjour",
        "kinds": (DecisionKind.NO_REPLY,),
        "person": "p3",
        "brands": BRANDS[3:],
    },
    "archive, one week two months ago": {
        "since": NOW - timedelta(days=67),
        "until": NOW - timedelta(days=60),
    },
}


def measure(url: str) -> None:
    """Print how long everything takes."""
    store, clock = open_store(url), FrozenClock(NOW)
    zones = {brand: ZoneInfo("Europe/Paris") for brand in BRANDS}
    measuring = MeasuringService(store, clock, zones)
    for days in (7, 30, 90):
        query = MeasureQuery(brands=BRANDS, first=TODAY - timedelta(days=days - 1), last=TODAY)
        timed(f"report of {days} days, four brands", lambda q=query: measuring.report(q))  # type: ignore[misc]
    archive = ArchiveService(store)
    for label, given in SEARCHES.items():
        search = ArchiveQuery.model_validate({"brands": BRANDS, **given})
        timed(label, lambda s=search: archive.page(s))  # type: ignore[misc]
    timed("archive, the networks of the filter", lambda: archive.channels(BRANDS))
    teams = EscalationService(store, clock)
    timed("escalations, first page", lambda: teams.page(HandoffQuery(brands=BRANDS)))
    timed("escalations, what waits for each team", lambda: teams.loads(BRANDS))
    store.close()


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--engine", choices=["sqlite", "postgres", "both"], default="both")
    given = parser.parse_args()
    with databases(given.engine) as each:
        for name, url in each:
            open_store(url).close()
            start = time.perf_counter()
            seconds = fill(url, given.items)
            whole = time.perf_counter() - start
            print(
                f"{name}: {given.items} items in {whole:.0f} s, of these {seconds:.0f} s indexing"
            )
            measure(url)


if __name__ == "__main__":
    main()
