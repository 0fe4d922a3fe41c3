"""Measure durable work: messages/s by number of workers around a slow model, and a burst drained.

Run: .venv/bin/python -m benchmarks.work [--messages 160] [--workers 1,2,4] [--delay 2]
     [--in-flight 8] [--burst 10000] [--only scaling|burst]
Workers are real `portevoix work` processes. Scaling: the loopback model reads every message, as
classifier, and answers after `--delay` seconds, `--in-flight` calls at once from a worker, so that
a worker cannot do more than calls / delay; PostgreSQL is a throwaway server that waits for the
disk; the rate is taken between the first and the last tenth, so that starting up does not count.
SQLite with one worker stands beside it. Burst: no model, messages already taken in, one worker;
its own memory (RssAnon) and its processor time are read at each thousand, and a line is fitted
through the memory after the first `WARM` messages, by when the pipeline's caches of words and
sentences are full. About 4 minutes for scaling and 7 for the burst on two idle cores.
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
from dataclasses import dataclass
from pathlib import Path
from statistics import linear_regression, pvariance

sys.path.insert(0, str(Path(__file__).parents[1]))

from agent.bootstrap import Workspace, open_workspace
from agent.domain.ids import MessageId
from agent.domain.messages import InboundMessage
from agent.settings import load_settings
from benchmarks.players import BRAND, ROOT
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
in_flight = {in_flight}
"""
LOOK = 0.25
EACH = 500
WARM = 2500
"""Messages after which memory is to be flat: the caches of words hold 2048."""
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


@dataclass(frozen=True)
class Pace:
    """How fast a crew was, between the first and the last tenth."""

    per_second: float
    cpu_ms: float
    """Processor time of all workers for one message."""


def measure_pace(space: Workspace, folder: Path, messages: int, workers: int) -> Pace:
    """Have a crew draft all messages."""
    with crew(folder, workers) as processes:
        begun, busy = _when(space, messages * 9 // 10), _busy(processes)
        ended, busy_after = _when(space, messages // 10), _busy(processes)
    done = messages * 9 // 10 - messages // 10
    return Pace(done / (ended - begun), 1000 * (busy_after - busy) / done)


def _when(space: Workspace, at_most: int) -> float:
    while left(space) > at_most:
        time.sleep(LOOK)
    return time.monotonic()


def _busy(processes: list[subprocess.Popen[bytes]]) -> float:
    return sum(_of(process.pid)[1] for process in processes)


def measure_scaling(messages: int, workers: list[int], delay: float, in_flight: int) -> None:
    """Print the pace of each number of workers, and beside it SQLite with one."""
    print(f"model of {delay:g} s, {in_flight} calls at once from each worker:")
    print("store    workers  messages/s  times one  of the model's  CPU ms/message", flush=True)
    with model(delay) as address, running_server(is_durable=True) as server:
        more = MODEL.format(address=address, in_flight=in_flight)
        most = in_flight / delay
        first = 0.0
        for count in workers:
            # As many for each worker: a short run would be start and end only.
            total = messages * count
            with space_with(total, server.url(server.create()), more) as (space, folder):
                pace = measure_pace(space, folder, total, count)
            first = first or pace.per_second
            _say("postgres", count, pace, first, most)
        with space_with(messages, None, more) as (space, folder):
            _say("sqlite", 1, measure_pace(space, folder, messages, 1), first, most)


def _say(store: str, workers: int, pace: Pace, first: float, most: float) -> None:
    share = pace.per_second / (workers * most)
    print(
        f"{store:8} {workers:7}  {pace.per_second:10.2f}  {pace.per_second / first:9.2f}"
        f"  {share:14.0%}  {pace.cpu_ms:14.0f}",
        flush=True,
    )


def measure_burst(messages: int) -> None:
    """Print how a backlog drains on SQLite, and the worker's memory and processor time."""
    print(f"burst of {messages} on SQLite, one worker, embedded drafter:")
    print(" drafted  seconds  memory MB  CPU s", flush=True)
    points: list[tuple[float, float]] = []
    with space_with(messages, None) as (space, folder), crew(folder, 1) as processes:
        _when(space, messages - 1)
        started = time.monotonic()
        for target in [*range(EACH, messages, EACH), messages]:
            passed = _when(space, messages - target) - started
            resident, busy = _of(processes[0].pid)
            points.append((target, resident))
            print(f"{target:8}  {passed:7.0f}  {resident:9.1f}  {busy:5.0f}", flush=True)
    print(f"{messages / passed:.1f} messages/s, {1000 * busy / messages:.0f} ms of CPU a message")
    _say_trend([point for point in points if point[0] >= WARM])


def _say_trend(points: list[tuple[float, float]]) -> None:
    """Print the least-squares slope, and two standard errors of it, of (messages, MB)."""
    if len(points) < 3:
        return
    drafted, memory = zip(*points, strict=True)
    slope, base = linear_regression(drafted, memory)
    rest = sum((mb - base - slope * at) ** 2 for at, mb in points) / (len(points) - 2)
    error = (rest / (pvariance(drafted) * len(points))) ** 0.5
    print(
        f"memory after the first {drafted[0]:.0f}: {1000 * slope:+.2f} MB per 1000 messages"
        f" (± {2000 * error:.2f}), peak {max(memory):.1f} MB"
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
    parser.add_argument("--in-flight", type=int, default=8, help="calls at once from a worker")
    parser.add_argument("--burst", type=int, default=10_000)
    parser.add_argument("--only", choices=["scaling", "burst"])
    given = parser.parse_args()
    if given.only != "burst":
        workers = [int(count) for count in given.workers.split(",")]
        measure_scaling(given.messages, workers, given.delay, given.in_flight)
    if given.only != "scaling":
        measure_burst(given.burst)


if __name__ == "__main__":
    main()
