"""Durable jobs on both engines: all done, once each; what fails for good reaches a person."""

import base64
import logging
import re
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from agent.adapters.clock import SystemClock
from agent.adapters.store import SqlStore
from agent.adapters.work.database import SCHEMA, engine_url
from agent.domain.errors import NotAllowed, NotFound
from agent.domain.people import EVERY_BRAND
from agent.domain.reviews import QueueQuery, ReviewStatus
from agent.domain.work import Job, JobKind, LetterStatus
from agent.services.freezing import FreezeService
from agent.services.work.foreman import DEATHS_PER_JOB
from tests.desk_kit import AWA, Desk, message
from tests.integration.work.crew_kit import Crew

on_sqlite = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
"""What the engine's database makes no difference to."""
SECRET = "jeanne.perrache@exemple.fr"


@pytest.fixture
def desk(store: SqlStore) -> Desk:
    return Desk(store, clock=SystemClock())  # type: ignore[arg-type]


@pytest.fixture
def opened(store_url: str) -> Iterator[list[sqlite3.Connection]]:
    """The connections to the engine's own file, as they are opened; none on PostgreSQL."""
    own = Path(str(engine_url(store_url).database)).name
    found: list[sqlite3.Connection] = []

    def see(connection: object, _entry: object) -> None:
        if isinstance(connection, sqlite3.Connection):
            path = connection.execute("PRAGMA database_list").fetchone()[2]
            found.extend([connection] if Path(path).name == own else [])

    event.listen(sa.pool.Pool, "connect", see)
    yield found
    event.remove(sa.pool.Pool, "connect", see)


@pytest.fixture
def crew(desk: Desk, store_url: str) -> Iterator[Crew]:
    with Crew(desk, store_url) as crew:
        yield crew


def items(desk: Desk) -> int:
    return sum(desk.review.counts().by_status.values())


def kept_by_the_engine(store_url: str) -> str:
    """All the text in the engine's own tables, and what its encoded values hold."""
    url = engine_url(store_url)
    engine = sa.create_engine(url)
    schema = None if url.get_backend_name() == "sqlite" else SCHEMA
    with engine.connect() as connection:
        metadata = sa.MetaData()
        metadata.reflect(connection, schema=schema)
        rows = [row for t in metadata.sorted_tables for row in connection.execute(sa.select(t))]
    engine.dispose()
    values = [str(value) for row in rows for value in row]
    decoded = (base64.b64decode(value, validate=False) for value in values if _is_encoded(value))
    return repr(values) + "".join(found.decode("latin-1") for found in decoded)


def _is_encoded(value: str) -> bool:
    return len(value) % 4 == 0 and re.fullmatch(r"[A-Za-z0-9+/]{8,}={0,2}", value) is not None


def test_messages_go_from_the_channel_to_the_queue_and_approved_replies_back(
    desk: Desk, opened: list[sqlite3.Connection], crew: Crew, store_url: str
) -> None:
    desk.channel.inbox = [
        message(f"{SECRET} demande {n}", id=f"m{n}", external_id=f"x{n}") for n in range(30)
    ]
    crew.until(lambda: items(desk) == 30)
    for row in desk.review.queue(QueueQuery(limit=100)).rows:
        desk.approve(row.id)
    crew.until(lambda: len(desk.channel.sent) == 30)
    crew.until(lambda: not desk.posting.due(1))
    for _ in range(3):
        crew.foreman.round(every=0.1)
        time.sleep(0.2)
    assert sorted(desk.pipeline.runs) == sorted(f"m{n}" for n in range(30))
    assert len(desk.channel.sent) == 30
    kept = kept_by_the_engine(store_url)
    # The ids are there, encoded: so a secret would be found as well.
    assert kept.count("m29") > 1
    assert SECRET not in kept
    # Of 34 jobs in hand each would have its own otherwise, with all it prepared.
    assert len(opened) <= 8


@on_sqlite
def test_a_job_frozen_away_is_done_after_the_thaw(desk: Desk, crew: Crew) -> None:
    item_id = desk.one()
    desk.approve(item_id)
    post_id = desk.review.item(item_id).posts[0].id
    freezing = FreezeService(desk.store, desk.clock)
    freezing.freeze(EVERY_BRAND, AWA)
    # Named before the freeze, run after it: it ends having done nothing.
    crew.engine.enqueue([Job(kind=JobKind.POST, subject=post_id, lane=desk.channel.name)])
    for _ in range(4):
        crew.foreman.round(every=0.1)
        time.sleep(0.3)
    assert desk.channel.sent == {}
    freezing.unfreeze(EVERY_BRAND, AWA)
    crew.until(lambda: len(desk.channel.sent) == 1)


def test_a_job_that_fails_at_every_try_is_a_persons_and_can_be_tried_again(
    desk: Desk, crew: Crew, store_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    tries = []

    def breaks(kind: JobKind, subject: str) -> None:
        if kind is JobKind.DRAFT:
            tries.append(subject)
            raise ValueError(f"cannot read {SECRET}")

    crew.before = breaks
    with caplog.at_level(logging.INFO):
        desk.intake.accept(desk.brand, [message(id="m1")], via=desk.channel.name)
        crew.until(lambda: bool(crew.letters.of()))
    assert tries == ["m1"] * 3
    letter = crew.letters.of()[0]
    assert (letter.id, letter.problem) == ("draft:m1", "ValueError")
    item = desk.review.item(desk.item_of("m1"))  # type: ignore[arg-type]
    assert (item.id, item.status) == (letter.item_id, ReviewStatus.PENDING)
    assert item.outcome.draft.public is None
    assert SECRET not in caplog.text + kept_by_the_engine(store_url) + repr(crew.said)
    with pytest.raises(NotFound, match="jobs dead"):
        crew.letters.retry("draft:m2", AWA)
    crew.letters.retry(letter.id, AWA)
    crew.until(lambda: crew.letters.of()[0].deaths == 2 if crew.letters.of() else False)
    crew.before = lambda kind, subject: None
    crew.letters.retry(letter.id, AWA)
    crew.until(lambda: bool(crew.letters.of(LetterStatus.CLOSED)))
    again = desk.review.item(item.id)
    assert again.outcome.draft.public
    assert again.version > item.version


@on_sqlite
def test_a_post_that_cannot_be_attended_to_comes_back_and_only_a_person_sends_it(
    desk: Desk, crew: Crew
) -> None:
    item_id = desk.one()
    desk.approve(item_id)

    def breaks(kind: JobKind, subject: str) -> None:
        if kind is JobKind.POST:
            raise RuntimeError

    crew.before = breaks
    crew.until(lambda: bool(crew.letters.of()))
    letter = crew.letters.of()[0]
    assert (letter.kind, letter.item_id) == (JobKind.POST, item_id)
    assert desk.review.item(item_id).status is ReviewStatus.PENDING
    with pytest.raises(NotAllowed, match="approve it again"):
        crew.letters.retry(letter.id, AWA)
    assert desk.channel.sent == {}


@on_sqlite
def test_the_pace_of_a_channel_holds(desk: Desk, store_url: str) -> None:
    for _ in range(6):
        desk.approve(desk.one())
    with Crew(desk, store_url, per_minute=3) as crew:
        crew.until(lambda: len(desk.channel.sent) == 3)
        for _ in range(5):
            crew.foreman.round(every=0.2)
            time.sleep(0.4)
        assert len(desk.channel.sent) == 3


@on_sqlite
def test_finished_jobs_are_forgotten_and_their_work_is_not_done_twice(
    desk: Desk, crew: Crew
) -> None:
    desk.channel.inbox = [message(id="m1", external_id="x1")]
    crew.until(lambda: items(desk) == 1)
    crew.until(lambda: not crew.engine.holders())
    assert crew.engine.purge(desk.clock.now()) >= 2
    crew.foreman.round(every=0.0)
    crew.until(lambda: not crew.engine.holders())
    assert desk.pipeline.runs == ["m1"]
    assert items(desk) == 1


def haunt(store_url: str) -> None:
    """Let an executor hold the drafts that nobody knows, as after a restored backup."""
    url = engine_url(store_url)
    table = "workflow_status" if url.get_backend_name() == "sqlite" else f"{SCHEMA}.workflow_status"
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            f"UPDATE {table} SET executor_id = 'ghost' WHERE name = 'draft'"  # noqa: S608
        )
    engine.dispose()


@pytest.mark.parametrize("deaths", [0, DEATHS_PER_JOB])
def test_what_an_unknown_executor_holds_goes_on_unless_workers_die_of_it(
    desk: Desk, crew: Crew, store_url: str, deaths: int
) -> None:
    is_begun, may_end = threading.Event(), threading.Event()

    def hangs_once(kind: JobKind, subject: str) -> None:
        if kind is JobKind.DRAFT and not is_begun.is_set():
            is_begun.set()
            may_end.wait(30)

    crew.before = hangs_once
    desk.intake.accept(desk.brand, [message(id="m1")], via=desk.channel.name)
    crew.until(is_begun.is_set)
    with desk.store.write() as work:
        for _ in range(deaths):
            work.workers.resumed("draft:m1", desk.clock.now())
    haunt(store_url)
    crew.until(lambda: items(desk) == 1)
    may_end.set()
    crew.until(lambda: not crew.engine.holders())
    problems = [letter.problem for letter in crew.letters.of()]
    assert problems == ([f"{DEATHS_PER_JOB} workers died with it in hand"] if deaths else [])
    assert items(desk) == 1
    assert bool(desk.review.item(desk.item_of("m1")).outcome.draft.public) is not bool(deaths)  # type: ignore[arg-type]
