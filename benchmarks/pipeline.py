"""Messages per second through the whole pipeline, time per step, memory and cold start.

    .venv/bin/python benchmarks/pipeline.py [--brand DIR] [--messages 600]

The messages are the brand's own inbox, repeated under new ids as often as needed. Figures are
printed, nothing is asserted: DESIGN section 9 has the bars.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from agent.adapters.clock import SystemClock
from agent.adapters.files.lines import read_lines
from agent.adapters.files.messages import message_of
from agent.bootstrap import build_pipeline, hold_loaded, load_brand
from agent.domain.ids import MessageId
from agent.domain.messages import InboundMessage
from agent.pipeline import Pipeline

ROOT = Path(__file__).resolve().parent.parent
BRANDS = ROOT / "knowledge" / "brands"
WARM_UP = 40
COLD_STARTS = 7


def main() -> None:
    """Print every figure."""
    options = _options()
    messages = inbox(options.brand, options.messages)
    started = time.perf_counter()
    pipeline = _pipeline(options.brand)
    print(f"brand {options.brand.name}: {len(messages)} messages")
    print(f"start: {time.perf_counter() - started:.2f} s to a ready pipeline")
    for message in messages[:WARM_UP]:
        pipeline.run(message)
    _print_steps(pipeline, messages)
    print(f"memory: {_peak_mb():.0f} MB at most, one process")
    for processes in (1, 2):
        print(
            f"{processes} process(es): {throughput(options.brand, messages, processes):.0f} msg/s"
        )
    print(f"cold start of `portevoix --help`: {_cold_start():.3f} s (median of {COLD_STARTS})")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    default = next((p.parent for p in sorted(BRANDS.glob("*/inbox"))), BRANDS)
    parser.add_argument("--brand", type=Path, default=default)
    parser.add_argument("--messages", type=int, default=600)
    return parser.parse_args()


def inbox(brand: Path, count: int) -> list[InboundMessage]:
    """Return `count` messages of the brand's inbox, repeated under new ids."""
    read = [
        message_of(line.number, line.record)
        for path in sorted((brand / "inbox").glob("*.jsonl"))
        for line in read_lines(path)
        if line.record is not None and "text" in line.record
    ]
    if not read:
        sys.exit(f"{brand}: no message in inbox/*.jsonl")
    return [
        read[at % len(read)].model_copy(update={"id": MessageId(f"bench-{at}")})
        for at in range(count)
    ]


def _pipeline(brand: Path) -> Pipeline:
    return build_pipeline(load_brand(brand), SystemClock())


def _print_steps(pipeline: Pipeline, messages: Sequence[InboundMessage]) -> None:
    """Time each step of each message, in milliseconds."""
    clock = SystemClock()
    taken: dict[str, list[float]] = {name: [] for name, _ in pipeline.steps}
    for message in messages:
        now = clock.now()
        outcome = pipeline.unread(message, now)
        for name, step in pipeline.steps:
            started = time.perf_counter()
            outcome = step(outcome, now)
            taken[name].append((time.perf_counter() - started) * 1000)
    totals = [sum(times) for times in zip(*taken.values(), strict=True)]
    print(f"{'step':<10}{'p50 ms':>9}{'p95 ms':>9}{'mean ms':>9}")
    for name, times in [*taken.items(), ("whole", totals)]:
        p95 = statistics.quantiles(times, n=20)[-1]
        middle, mean = statistics.median(times), statistics.fmean(times)
        print(f"{name:<10}{middle:>9.2f}{p95:>9.2f}{mean:>9.2f}")


_worker: list[Pipeline] = []


def _start(brand: Path, warm_up: list[InboundMessage]) -> None:
    pipeline = _pipeline(brand)
    hold_loaded()
    for message in warm_up:
        pipeline.run(message)
    _worker.append(pipeline)


def _run(messages: list[InboundMessage]) -> tuple[float, float]:
    """Return when this share was begun and done; the system-wide clock joins processes."""
    started = time.time()
    for message in messages:
        _worker[0].run(message)
    return started, time.time()


def throughput(brand: Path, messages: list[InboundMessage], processes: int) -> float:
    """Return messages per second over warm processes, from the first begun to the last done."""
    shares = [messages[at::processes] for at in range(processes)]
    arguments = (brand, messages[:WARM_UP])
    with ProcessPoolExecutor(processes, initializer=_start, initargs=arguments) as pool:
        list(pool.map(_wait_for_all, [processes] * processes))
        spans = list(pool.map(_run, shares))
    return len(messages) / (max(end for _, end in spans) - min(start for start, _ in spans))


def _wait_for_all(processes: int) -> int:
    """Keep a worker busy until the others are up, so that each gets one share."""
    time.sleep(0.5 * processes)
    return os.getpid()


def _peak_mb() -> float:
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return kilobytes / (1024 * 1024 if sys.platform == "darwin" else 1024)


def _cold_start() -> float:
    """Return the median wall time of `portevoix --help` in a new process, in seconds."""
    command = [Path(sys.executable).parent / "portevoix", "--help"]
    times = []
    for _ in range(COLD_STARTS):
        started = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        times.append(time.perf_counter() - started)
    return statistics.median(times)


if __name__ == "__main__":
    main()
