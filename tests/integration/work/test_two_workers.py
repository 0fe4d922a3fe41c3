"""Two worker processes, one of them taken for dead and only paused: nothing is sent twice."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agent.adapters.channels.sandbox import SandboxChannel
from agent.adapters.clock import SystemClock
from agent.adapters.store import SqlStore
from agent.domain.channels import PostStatus
from agent.domain.ids import BrandId
from tests.acceptance.commands import BRAND, ROOT
from tests.desk_kit import Desk

CONFIG = """\
brands = ["{brand}"]

[channels.square]
kind = "sandbox"
brand = "{id}"

[work]
dead_after_seconds = 1
post_lease_seconds = 2
"""


class Workers:
    """Worker processes on one workspace."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self._url = url
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, held: str = "none") -> None:
        self._processes[name] = subprocess.Popen(
            [sys.executable, "-m", "tests.integration.work.worker", str(self.folder), name, held],
            cwd=ROOT,
            env=os.environ | {"PORTEVOIX_STORE__URL": self._url},
        )

    def send(self, name: str, number: signal.Signals) -> None:
        self._processes[name].send_signal(number)

    def end(self) -> None:
        for process in self._processes.values():
            process.send_signal(signal.SIGCONT)
            process.kill()
            process.wait()

    def calls(self) -> list[str]:
        path = self.folder / "calls"
        return path.read_text().splitlines() if path.exists() else []

    def until(self, what: Callable[[], bool], seconds: float = 60.0) -> None:
        deadline = time.monotonic() + seconds
        while not what():
            assert time.monotonic() < deadline
            time.sleep(0.05)


@pytest.fixture
def workers(tmp_path: Path, store_url: str) -> Iterator[Workers]:
    config = CONFIG.format(brand=BRAND.as_posix(), id=BRAND.name)
    (tmp_path / "portevoix.toml").write_text(config, "utf-8")
    started = Workers(tmp_path, store_url)
    yield started
    started.end()


@pytest.fixture
def desk(store: SqlStore, tmp_path: Path) -> Desk:
    square = SandboxChannel("square", tmp_path / "channels" / "square.db", SystemClock())
    return Desk(store, clock=SystemClock(), channel=square, brand=BrandId(BRAND.name))  # type: ignore[arg-type]


@pytest.mark.postgres
@pytest.mark.parametrize("store_url", ["postgres"], indirect=True)
def test_a_worker_paused_before_the_call_never_sends_what_another_sent(
    workers: Workers, desk: Desk
) -> None:
    square: SandboxChannel = desk.channel  # type: ignore[assignment]
    square.write("Ana", "Quels sont vos délais ?")
    desk.intake.receive(square, desk.brand)
    desk.intake.draft_pending()
    with desk.store.read() as work:
        item_id = work.items.of_message(f"square:{square.conversation()[0].id}")  # type: ignore[arg-type]
    assert item_id
    desk.approve(item_id)
    (workers.folder / "held").touch()
    workers.start("first", held="held")
    workers.until((workers.folder / "reading-first").exists)
    workers.send("first", signal.SIGSTOP)
    workers.start("second")

    def is_sent() -> bool:
        return desk.review.item(item_id).posts[-1].status is PostStatus.SENT

    workers.until(is_sent)
    (workers.folder / "held").unlink()
    workers.send("first", signal.SIGCONT)
    workers.until((workers.folder / "read-first").exists)
    # It finds its lease over, and the reply sent: long enough for a second call, had it made one.
    time.sleep(1.0)
    assert [call.split()[0] for call in workers.calls()] == ["second"]
    assert sum(post.is_brand for post in square.conversation()) == 1
    assert is_sent()
