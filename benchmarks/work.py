"""Measure durable work: messages/s by number of workers around a slow model, and a burst drained.

Run: .venv/bin/python -m benchmarks.work [--messages 160] [--workers 1,2,4] [--delay 2]
     [--burst 10000] [--only scaling|burst]
Workers are real `portevoix work` processes. Scaling: the loopback model reads every message, as
classifier, and answers after `--delay` seconds, eight calls at once from a worker; PostgreSQL is a
throwaway server that waits for the disk; the rate is taken between the first and the last tenth,
so that starting up does not count. SQLite with one worker stands beside it. Burst: no model,
messages already taken in, one worker; the worker's own memory (RssAnon) and its processor time
are printed as the backlog goes down. The pipeline's caches of words and sentences, each bounded,
fill meanwhile.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from agent.bootstrap import Workspace, open_workspace
from agent.domain.ids import MessageId
from agent.domain.messages import InboundMessage
from agent.settings import load_settings
from benchmarks.chaos import BRAND, ROOT
from tests.postgres_server import running_server

QUESTION = "Bonjour, quels sont vos délais de livraison ?"
CONFIG = """\
brands = ["{brand}"]

[channels.square]
kind = "sandbox"
brand = "{id}"
"""
MODEL = """
[models.classifier]
model = "loopback"
base_url = "{address}"
api_key = "none"
"""
LOOK = 0.25
TICKS = os.sysconf("SC_CLK_TCK")


@contextmanager
def model(delay: float) -> Iterator[str]:
    """Run the loopback model in a process of its own and give its address."""
    words = ["-m", "agent.testing.model_server", "--delay", str(delay)]
    process = subprocess.Popen([sys.executable, *words], stdout=subprocess.PIPE, text=True)
    try:
        yield process.stdout.readline().strip() if process.stdout else ""
    finally:
        process.kill()
        process.wait()


@contextmanager
def space_with(messages: int, url: str | None, more: str = "") -> Iterator[tuple[Workspace, Path]]:
    """Give a workspace that has taken `messages` in and drafted none."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        config = CONFIG.format(brand=BRAND.as_posix(), id=BRAND.name) + more
        (folder / "portevoix.toml").write_text(config, "utf-8")
        os.environ["PORTEVOIX_STORE__URL"] = url or f"sqlite:///{folder / 'portevoix.db'}"
        space = open_workspace(load_settings(folder))
        brand = space.brand_of("square")
        for start in range(0, messages, 500):
            numbers = range(start, min(start + 500, messages))
            space.intake.accept(brand, [message(number) for number in numbers], "square")
        yield space, folder
        space.store.close()


def message(number: int) -> InboundMessage:
    """Return a question that an entry answers, worded like no other."""
    name = f"m{number}"
    return InboundMessage(id=MessageId(name), external_id=name, text=f"{QUESTION} ({number})")


@contextmanager
def crew(folder: Path, workers: int) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Run workers on a workspace."""
    code = "from agent.cli import main; main()"
    words = [sys.executable, "-c", code, "work", "--workspace", str(folder)]
    processes = [
        subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(workers)
    ]
    try:
        yield processes
    finally:
        for process in processes:
            process.send_signal(signal.SIGTERM)
        for process in processes:
            process.wait(60)


def left(space: Workspace) -> int:
    """Return how many messages have no review item yet."""
    with space.store.read() as work:
        return work.inbox.count_undrafted(tuple(space.packs))


def rate(space: Workspace, folder: Path, messages: int, workers: int) -> float:
    """Return messages drafted a second, between the first and the last tenth."""
    with crew(folder, workers):
        begun = _when(space, messages * 9 // 10)
        ended = _when(space, messages // 10)
    return (messages * 9 // 10 - messages // 10) / (ended - begun)


def _when(space: Workspace, at_most: int) -> float:
    while left(space) > at_most:
        time.sleep(LOOK)
    return time.monotonic()


def measure_scaling(messages: int, workers: list[int], delay: float) -> None:
    """Print the rate of each number of workers, and beside it SQLite with one."""
    with model(delay) as address, running_server(is_durable=True) as server:
        more = MODEL.format(address=address)
        first = 0.0
        for count in workers:
            # As many for each worker: a short run would be start and end only.
            total = messages * count
            with space_with(total, server.url(server.create()), more) as (space, folder):
                now = rate(space, folder, total, count)
            first = first or now
            print(f"postgres, {count} workers: {now:6.2f} messages/s, {now / first:.2f} times one")
        with space_with(messages, None, more) as (space, folder):
            print(f"sqlite,   1 worker : {rate(space, folder, messages, 1):6.2f} messages/s")


def measure_burst(messages: int, every: float) -> None:
    """Print how a backlog drains on SQLite, and the worker's memory and processor time."""
    with space_with(messages, None) as (space, folder), crew(folder, 1) as processes:
        _when(space, messages - 1)
        started = time.monotonic()
        print(f"burst of {messages} on SQLite, one worker, embedded drafter:")
        while (waiting := left(space)) > 0:
            resident, busy = _of(processes[0].pid)
            passed = time.monotonic() - started
            print(
                f"  {passed:5.0f} s: {waiting:6} left, memory {resident:6.0f} MB, CPU {busy:5.0f} s"
            )
            time.sleep(every)
        passed = time.monotonic() - started
        resident, busy = _of(processes[0].pid)
        print(
            f"  {passed:5.0f} s:      0 left, memory {resident:6.0f} MB, CPU {busy:5.0f} s;"
            f" {messages / passed:.1f} messages/s, {1000 * busy / messages:.0f} ms of CPU a message"
        )


def _of(pid: int) -> tuple[float, float]:
    """Return a process's resident megabytes and its processor seconds.

    Its own memory only: pages of the database file that the store maps are the system's to drop.
    """
    status = Path(f"/proc/{pid}/status").read_text()
    resident = int(status.partition("RssAnon:")[2].split()[0]) / 1e3
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return resident, (int(fields[11]) + int(fields[12])) / TICKS


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=160, help="for each worker")
    parser.add_argument("--workers", default="1,2,4")
    parser.add_argument("--delay", type=float, default=2.0)
    parser.add_argument("--burst", type=int, default=10_000)
    parser.add_argument("--every", type=float, default=15.0, help="seconds between two lines")
    parser.add_argument("--only", choices=["scaling", "burst"])
    given = parser.parse_args()
    if given.only != "burst":
        workers = [int(count) for count in given.workers.split(",")]
        measure_scaling(given.messages, workers, given.delay)
    if given.only != "scaling":
        measure_burst(given.burst, given.every)


if __name__ == "__main__":
    main()
