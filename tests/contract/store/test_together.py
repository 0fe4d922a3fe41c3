"""Several processes at once: one decision an item, one chain, at most one post, on both engines."""

import json
import multiprocessing
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from multiprocessing.pool import Pool
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import TypeVar

import pytest
import sqlalchemy as sa

from agent.adapters.channels.file import FileChannel
from agent.adapters.store import open_store
from agent.adapters.store.engine import make_engine
from agent.domain.channels import PostReceipt, PostStatus, Reply
from agent.domain.errors import AlreadyDecided, ClaimedByOther, PortevoixError
from agent.domain.ids import ItemId, PersonId
from agent.domain.reviews import Reviewer, ReviewStatus
from agent.services.posting import PostingService
from agent.testing import FrozenClock
from tests.desk_kit import BRAND, Desk, message

ITEMS = 500
PROCESSES = 4
T = TypeVar("T")


Work = Callable[[Desk, int, list[ItemId]], T]
"""What one process does at its own desk: its number, the items."""

_barriers: list[Barrier] = []
"""In each process of the pool: where they wait for each other."""


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    """Four processes that share nothing with this one, started once for all these tests."""
    spawn = multiprocessing.get_context("spawn")
    barrier = spawn.Barrier(PROCESSES, timeout=60)
    with spawn.Pool(PROCESSES, initializer=_meet_at, initargs=(barrier,)) as started:
        yield started


def _meet_at(barrier: Barrier) -> None:
    _barriers.append(barrier)


def at_once(pool: Pool, work: Work[T], url: str, items: list[ItemId]) -> list[T]:
    """Run `work` in the four processes at once, and return what each returned."""
    tasks = [(work, url, number, items) for number in range(PROCESSES)]
    return pool.starmap(_at_a_desk, tasks, chunksize=1)


def _at_a_desk(work: Work[T], url: str, number: int, items: list[ItemId]) -> T:
    store = open_store(url)
    _barriers[0].wait()
    try:
        return work(Desk(store), number, items)
    finally:
        store.close()


def person(number: int) -> Reviewer:
    return Reviewer(id=PersonId(f"p{number}"), name=f"Person {number}")


def counts(url: str) -> dict[str, int]:
    engine = make_engine(url)
    with engine.connect() as connection:
        found = {
            table: int(connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one())  # noqa: S608
            for table in ("decisions", "outbox", "posts")
        }
    engine.dispose()
    return found


def approve_all(desk: Desk, number: int, items: list[ItemId]) -> tuple[list[ItemId], list[str]]:
    made: list[ItemId] = []
    told: list[str] = []
    for item_id in random.Random(number // 2).sample(items, len(items)):
        try:
            # The version is the one all four have had on screen since the start.
            desk.approve(item_id, by=person(number), version=1)
            made.append(item_id)
        except AlreadyDecided as error:
            told.append(f"{item_id} {error.by} {error.decision}")
    return made, told


@pytest.mark.timeout(300)
def test_four_processes_approve_the_same_500_items(pool: Pool, desk: Desk, store_url: str) -> None:
    items = desk.arrive(*(message(f"Message {n}") for n in range(ITEMS)))
    results = at_once(pool, approve_all, store_url, items)
    assert counts(store_url) == {"decisions": ITEMS, "outbox": ITEMS, "posts": ITEMS}
    decided_by = {item: f"Person {n}" for n, (made, _) in enumerate(results) for item in made}
    assert sorted(decided_by) == sorted(items)
    told = [line for _, lines in results for line in lines]
    assert len(told) == ITEMS * (PROCESSES - 1)
    assert set(told) == {f"{item} {decided_by[item]} approve" for item in items}
    assert desk.review.counts().by_status == {ReviewStatus.APPROVED: ITEMS}
    verdict = desk.trail.verify_audit()
    assert (verdict.is_intact, verdict.entries) == (True, 2 * ITEMS)


def claim_all(desk: Desk, number: int, items: list[ItemId]) -> list[ItemId]:
    mine = []
    for item_id in items:
        try:
            desk.review.claim(item_id, person(number))
            mine.append(item_id)
        except ClaimedByOther:
            continue
    return mine


def test_four_processes_claim_the_same_items(pool: Pool, desk: Desk, store_url: str) -> None:
    items = desk.arrive(*(message() for _ in range(100)))
    claimed = Counter(item for mine in at_once(pool, claim_all, store_url, items) for item in mine)
    assert claimed == Counter(items)


def post_all(desk: Desk, number: int, items: list[ItemId]) -> list[ItemId]:
    del number, items
    desk.posting.post_ready()
    return [reply.item_id for reply in desk.channel.sent.values()]


def test_four_posters_send_each_reply_once(pool: Pool, desk: Desk, store_url: str) -> None:
    items = desk.arrive(*(message() for _ in range(100)))
    for item_id in items:
        desk.approve(item_id)
    sent = Counter(item for mine in at_once(pool, post_all, store_url, items) for item in mine)
    assert sent == Counter(items)


class SlowFileChannel(FileChannel):
    """Says when it has begun, and takes its time: half before the reply is there, half after."""

    def send(self, reply: Reply, key: str) -> PostReceipt:
        time.sleep(0.02)
        receipt = super().send(reply, key)
        (self._outbox.parent / "begun").touch()
        time.sleep(0.02)
        return receipt


def post_to_file(url: str, folder: Path) -> None:
    channel = SlowFileChannel("recording", folder / "in", folder / "out", FrozenClock())
    store = open_store(url)
    PostingService(store, FrozenClock(), {channel.name: channel}).post_ready()


def test_a_killed_poster_loses_nothing_and_doubles_nothing(
    desk: Desk, store_url: str, tmp_path: Path
) -> None:
    items = desk.arrive(*(message() for _ in range(60)))
    for item_id in items:
        desk.approve(item_id)
    spawn = multiprocessing.get_context("spawn")
    posters = [spawn.Process(target=post_to_file, args=(store_url, tmp_path)) for _ in range(3)]
    for poster in posters:
        poster.start()
    while not (tmp_path / "begun").exists():
        time.sleep(0.005)
    posters[0].kill()
    posters[1].kill()
    for poster in posters:
        poster.join()
    desk.clock.advance(timedelta(minutes=3))
    channel = FileChannel("recording", tmp_path / "in", tmp_path / "out", FrozenClock())
    posting = PostingService(desk.store, desk.clock, {channel.name: channel})
    posting.post_ready()
    posting.resolve_unknown()
    posting.post_ready()
    keys = [json.loads(line)["key"] for line in (tmp_path / "out").read_text().splitlines()]
    assert len(keys) == len(set(keys)) == len(items)
    statuses = {desk.review.item(item_id).posts[0].status for item_id in items}
    assert statuses == {PostStatus.SENT}


def take_in_and_draft(desk: Desk, number: int, items: list[ItemId]) -> tuple[int, int]:
    del number
    messages = [message(id=item, external_id=item) for item in items]
    return desk.intake.accept(BRAND, messages, "file").added, desk.intake.draft_pending()


def test_four_processes_take_in_and_draft_the_same_messages(
    pool: Pool, desk: Desk, store_url: str
) -> None:
    ids = [ItemId(f"m{number:03}") for number in range(200)]
    results = at_once(pool, take_in_and_draft, store_url, ids)
    assert [sum(column) for column in zip(*results, strict=True)] == [200, 200]
    assert desk.review.counts().open == 200
    assert desk.trail.verify_audit().is_intact


def churn(desk: Desk, number: int, items: list[ItemId]) -> int:
    rng = random.Random(number)
    done = 0
    for _ in range(60):
        item_id = rng.choice(items)
        action = rng.choice(("claim", "release", "assign", "reject", "approve", "cancel"))
        try:
            _do(desk, action, item_id, person(number))
            done += 1
        except PortevoixError:
            continue
    return done


def _do(desk: Desk, action: str, item_id: ItemId, by: Reviewer) -> None:
    if action == "claim":
        desk.review.claim(item_id, by)
    elif action == "release":
        desk.review.release(item_id, by)
    elif action == "assign":
        desk.review.assign(item_id, by, by)
    elif action == "reject":
        desk.reject(item_id, by)
    elif action == "approve":
        desk.approve(item_id, by=by)
    else:
        desk.posting.cancel(item_id, by)


def test_counters_and_chain_hold_when_everything_happens_at_once(
    pool: Pool, desk: Desk, store_url: str
) -> None:
    items = desk.arrive(*(message() for _ in range(12)))
    assert sum(at_once(pool, churn, store_url, items)) > 0
    engine = make_engine(store_url)
    with engine.connect() as connection:
        rows = connection.execute(sa.text("SELECT status, count(*) FROM items GROUP BY status"))
        truth = {ReviewStatus(status): count for status, count in rows}
    engine.dispose()
    assert desk.review.counts().by_status == truth
    assert desk.trail.verify_audit().is_intact
