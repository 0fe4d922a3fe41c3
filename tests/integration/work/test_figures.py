"""What a worker tells whoever watches it: /metrics by Prometheus' own parser, /healthz, /readyz."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from prometheus_client import CollectorRegistry, Metric
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from agent.adapters.metrics import Figures, FigureServer
from agent.adapters.metrics.counters import Counting
from agent.adapters.store import SqlStore
from agent.adapters.store.rules import RULES
from agent.bootstrap import Shift, Workspace, build_vitals, open_workspace, serve_figures
from agent.domain.channels import PostStatus
from agent.domain.people import EVERY_BRAND
from agent.domain.vitals import JobCounts
from agent.domain.work import DeadLetter, JobKind, Worker
from agent.ports.journal import NAME, Happened, note
from agent.services.freezing import FreezeService
from agent.services.graveyard import bury
from agent.services.vitals import VitalsService
from agent.settings import Settings, StoreSettings
from agent.testing import Fault
from tests.acceptance.commands import BRAND
from tests.contract.store.test_missing_rules import alter, drop
from tests.desk_kit import AWA, Desk, message

JOBS: JobCounts = {(JobKind.DRAFT, "queued"): 3, (JobKind.FETCH, "failed"): 1}


@pytest.fixture(autouse=True)
def journal_level() -> Iterator[None]:
    level = logging.getLogger(NAME).level
    yield
    logging.getLogger(NAME).setLevel(level)


def parsed(text: str) -> dict[str, Metric]:
    return {family.name: family for family in text_string_to_metric_families(text)}


def value(families: dict[str, Metric], name: str, **labels: str) -> float:
    """Return the one sample of this name that has at least these labels."""
    (found,) = [
        sample.value
        for family in families.values()
        for sample in family.samples
        if sample.name == name and labels.items() <= sample.labels.items()
    ]
    return found


def lived_in(desk: Desk) -> None:
    """Leave something of everything there is to count."""
    desk.pipeline.crashes_on = {"m2"}
    desk.arrive(*(message(id=f"m{n}", external_id=f"x{n}") for n in range(6)))
    desk.channel.faults = [Fault.TIME_OUT_BEFORE, Fault.REFUSED_FOR_NOW]
    for n in range(3, 6):
        desk.approve(desk.item_of(f"m{n}"))  # type: ignore[arg-type]
    desk.posting.post_ready()
    desk.channel.is_down = True
    for _ in range(5):
        desk.intake.receive(desk.channel, desk.brand)
    desk.clock.advance(timedelta(hours=1))
    desk.intake.accept(desk.brand, [message(id="late", external_id="late")], desk.channel.name)
    FreezeService(desk.store, desk.clock).freeze(EVERY_BRAND, AWA)
    now = desk.at()
    with desk.store.write() as work:
        given = {"subject": "m9", "brand_id": desk.brand, "died_at": now, "updated_at": now}
        bury(work, DeadLetter(kind=JobKind.MODERATE, **given))
        for name, age in (("a", 0), ("b", 1), ("c", 3600)):
            beat = now - timedelta(seconds=age)
            work.workers.beat(Worker(executor_id=name, place="here", started_at=beat, beat_at=beat))
    desk.clock.advance(timedelta(minutes=1))
    with desk.store.write() as work:
        for name in ("a", "b"):
            work.workers.beat(
                Worker(executor_id=name, place="here", started_at=now, beat_at=desk.at())
            )


def test_the_figures_are_those_of_the_store_and_of_the_process(desk: Desk) -> None:
    service = VitalsService(desk.store, desk.clock, [desk.brand], timedelta(seconds=15))
    figures = Figures(service.look, lambda: JOBS)
    figures.start()
    lived_in(desk)
    figures.stop()
    told = figures.exposition("text/plain")[0].decode()
    families = parsed(told)
    brand, channel = str(desk.brand), desk.channel.name
    expected = {
        ("portevoix_store_up", ()): 1,
        ("portevoix_items", ("pending",)): 3,
        ("portevoix_items", ("approved",)): 3,
        ("portevoix_items", ("rejected",)): 0,
    }
    for (name, labels), n in expected.items():
        more = {"brand": brand, "status": labels[0]} if labels else {}
        assert value(families, name, **more) == n, (name, labels)
    assert value(families, "portevoix_oldest_open_item_age_seconds", brand=brand) == 3660
    assert value(families, "portevoix_messages_undrafted", brand=brand) == 1
    assert value(families, "portevoix_oldest_undrafted_message_age_seconds", brand=brand) == 60
    by_status = {s: value(families, "portevoix_posts", status=s.value) for s in PostStatus}
    assert (by_status[PostStatus.SENT], by_status[PostStatus.UNKNOWN]) == (1, 1)
    assert value(families, "portevoix_posts_waiting", channel=channel, status="ready") == 1
    assert value(families, "portevoix_jobs", kind="draft", state="queued") == 3
    assert value(families, "portevoix_dead_letters", kind="moderate") == 1
    assert value(families, "portevoix_workers", state="alive") == 2
    assert value(families, "portevoix_workers", state="silent") == 1
    assert value(families, "portevoix_posting_frozen", brand="*") == 1
    assert value(families, "portevoix_posting_frozen", brand=brand) == 0
    assert value(families, "portevoix_channel_left_alone", channel=channel, direction="read") == 1
    assert value(families, "portevoix_drafts_total", brand=brand, outcome="crashed") == 1
    assert value(families, "portevoix_draft_duration_seconds_count", brand=brand) == 6
    for outcome in ("sent", "unknown", "postponed"):
        attempts = value(
            families, "portevoix_post_attempts_total", channel=channel, outcome=outcome
        )
        assert attempts == 1, outcome
    assert value(families, "portevoix_channel_failures_total", direction="read") == 5


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_names_units_and_labels_keep_to_prometheus_conventions(desk: Desk) -> None:
    service = VitalsService(desk.store, desk.clock, [desk.brand], timedelta(seconds=15))
    figures = Figures(service.look, lambda: JOBS)
    figures.start()
    lived_in(desk)
    figures.stop()
    families = parsed(figures.exposition("")[0].decode())
    ours = {name: one for name, one in families.items() if name.startswith("portevoix_")}
    assert len(ours) > 20
    for name, family in ours.items():
        assert family.documentation, name
        names = {sample.name for sample in family.samples}
        if family.type == "counter":
            assert all(one.endswith("_total") for one in names), name
        assert not name.endswith(("_ms", "_minutes", "_count")), name
        labels = {label for sample in family.samples for label in sample.labels}
        assert not labels & {"item", "message", "post", "worker", "job", "author"}, name
    assert {name for name in families if not name.startswith("portevoix_")} <= {
        *(f"process_{what}" for what in ("virtual_memory_bytes", "resident_memory_bytes")),
        *(f"process_{what}" for what in ("cpu_seconds", "open_fds", "max_fds")),
        "process_start_time_seconds",
        *(f"python_gc_{what}" for what in ("objects_collected", "objects_uncollectable")),
        "python_gc_collections",
    }


@pytest.fixture
def space(store: SqlStore, store_url: str, tmp_path: Path) -> Workspace:
    store.close()
    settings = Settings(
        workspace=tmp_path / "space",
        brands=(BRAND,),
        store=StoreSettings(url=SecretStr(store_url)),
    )
    return open_workspace(settings)


@pytest.fixture
def worker(space: Workspace) -> Iterator[FigureServer]:
    """A worker that works, and what it tells."""
    shift, stop = Shift(space, lambda _: None), threading.Event()
    server = serve_figures(space, shift, 0.2, 0)
    assert server is not None
    thread = threading.Thread(target=shift.work, args=(stop, 0.2))
    thread.start()
    yield server
    stop.set()
    thread.join(60)
    server.stop()
    space.store.close()


def get(server: FigureServer, path: str, **headers: str) -> httpx.Response:
    return httpx.get(f"http://127.0.0.1:{server.port}{path}", headers=headers, timeout=30)


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def failing(server: FigureServer) -> set[str]:
    answer = get(server, "/readyz")
    found = answer.json()
    assert answer.status_code == (200 if found["is_ready"] else 503)
    assert found["is_ready"] is (not found["failing"])
    return {one["name"] for one in found["failing"]}


def test_a_worker_is_ready_until_a_rule_is_dropped_or_the_database_is_gone(
    worker: FigureServer, space: Workspace, store_url: str, request: pytest.FixtureRequest
) -> None:
    assert failing(worker) <= {"engine", "heartbeat"}
    until(lambda: not failing(worker))
    told = parsed(get(worker, "/metrics").text)
    assert value(told, "portevoix_workers", state="alive") == 1
    assert value(told, "portevoix_jobs", kind="draft", state="queued") == 0
    assert get(worker, "/metrics", host="portevoix.example").status_code == 400
    alter(store_url, drop(store_url, RULES[0]))
    answer = get(worker, "/readyz")
    (finding,) = answer.json()["failing"]
    assert finding["name"] == "database"
    assert RULES[0].name in finding["problem"]
    with away(space, store_url, request):
        until(lambda: failing(worker) >= {"database", "heartbeat"})
        assert get(worker, "/healthz").status_code == 200
        assert value(parsed(get(worker, "/metrics").text), "portevoix_store_up") == 0


@contextmanager
def away(space: Workspace, store_url: str, request: pytest.FixtureRequest) -> Iterator[None]:
    """Let nobody reach the database for a while."""
    if store_url.startswith("sqlite"):
        path = Path(store_url.removeprefix("sqlite:///"))
        kept = path.rename(path.with_suffix(".kept"))
        path.mkdir()
        space.store.close()
        yield
        path.rmdir()
        kept.rename(path)
        return
    name = store_url.rpartition("/")[2]
    run = request.getfixturevalue("postgres_server")._run
    run(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")  # noqa: S608
    yield
    run(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_a_taken_port_is_noted_and_does_not_end_the_worker(
    space: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    figures = Figures(build_vitals(space).look, dict)
    first = FigureServer(figures, tuple, 0)
    first.start()
    with caplog.at_level(logging.WARNING):
        assert serve_figures(space, Shift(space, lambda _: None), 2.0, first.port) is None
    first.stop()
    assert "metrics.not_served" in caplog.text


def test_a_count_that_fails_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging, "raiseExceptions", False)
    counting = Counting(CollectorRegistry())
    counting.listen()
    try:
        note(Happened.POST)
    finally:
        counting.leave()
