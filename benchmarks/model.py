"""What the pipeline costs around a chat model, and messages per second with many calls in flight.

    .venv/bin/python benchmarks/model.py [--brand DIR] [--messages 1536] [--delay 2]

The model is a loopback server in a process of its own, on the same cores; its share of their time
is printed. Overhead: milliseconds a message against an instant model. Throughput: two warm
processes with threads, as production has two workers, 1, 8, 32 and 128 messages at once over both,
each call taking `--delay` seconds; and 128 in one process. Every place is filled twelve times over,
so that the first and the last call of a run weigh little. A call more where a draft is repaired is
part of the rate. Every message calls for a reply. Figures are printed, nothing is asserted.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from agent.adapters.clock import SystemClock
from agent.bootstrap import build_chat_model, build_pipeline, hold_loaded, load_brand
from agent.domain.messages import InboundMessage
from agent.domain.models import ChatModelSettings, ModelAnswer, ModelRequest, ModelRole
from agent.pipeline import Pipeline
from agent.ports import ChatModel
from agent.settings import ModelsSettings, Settings
from benchmarks.pipeline import BRANDS, inbox

IN_FLIGHT = ((1, 1), (8, 2), (32, 2), (128, 2), (128, 1))
"""Messages at once, and over how many processes."""
ROUNDS = 12
WARM_UP = 20


def main() -> None:
    """Print every figure."""
    options = _options()
    pool = _worth_a_call(options.brand)
    print(f"brand {options.brand.name}: {len(pool)} inbox messages call for a model")
    with _server(0.0) as url:
        _print_overhead(options.brand, pool, url)
    for at_once, processes in IN_FLIGHT:
        count = min(options.messages, at_once * ROUNDS)
        with _server(options.delay) as url:
            messages = _repeated(pool, count + WARM_UP)
            rate = _throughput(options.brand, messages, url, at_once, processes)
            calls, share = _seen_by(url)
        ceiling = at_once / options.delay
        print(
            f"{at_once:>4} in flight, {processes} process(es), {options.delay:g} s model: "
            f"{rate:6.1f} messages/s of {ceiling:.1f} possible "
            f"({count} messages, {calls / len(messages):.2f} calls each; "
            f"the server took {share:.1f} ms of CPU a call)"
        )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    default = next((p.parent for p in sorted(BRANDS.glob("*/inbox"))), BRANDS)
    parser.add_argument("--brand", type=Path, default=default)
    parser.add_argument("--messages", type=int, default=1536)
    parser.add_argument("--delay", type=float, default=2.0)
    return parser.parse_args()


def _settings(url: str, at_once: int) -> Settings:
    drafter = ChatModelSettings(model="loopback", base_url=url, in_flight=at_once, retries=2)
    return Settings(models=ModelsSettings(drafter=drafter))


class _Timed:
    """A model whose own time is counted."""

    def __init__(self, model: ChatModel) -> None:
        self._model = model
        self.seconds = 0.0
        self.calls = 0

    @property
    def name(self) -> str:
        return self._model.name

    def complete(self, request: ModelRequest) -> ModelAnswer:
        answer = self._model.complete(request)
        self.calls += 1
        return answer


def _worth_a_call(brand: Path) -> list[InboundMessage]:
    """Return the inbox messages that a model would be asked about, each once."""
    model = _Timed(_Refusing())
    pipeline = build_pipeline(load_brand(brand), SystemClock(), drafter=model)
    found = []
    for message in inbox(brand, 246):
        before = model.calls
        pipeline.run(message)
        if model.calls > before:
            found.append(message)
    return found


class _Refusing:
    """Counts as asked, answers with nothing to say."""

    name = "refusing"

    def complete(self, request: ModelRequest) -> ModelAnswer:
        content = {
            "public": [],
            "private": [],
            "route": "escalate",
            "reason": "",
            "open_questions": [],
        }
        return ModelAnswer(content=content, model=self.name)


def _repeated(pool: Sequence[InboundMessage], count: int) -> list[InboundMessage]:
    """Return `count` messages, each with words of its own so that no answer is a kept one."""
    return [
        pool[at % len(pool)].model_copy(
            update={"id": f"bench-{at}", "text": f"{pool[at % len(pool)].text} ({at})"}
        )
        for at in range(count)
    ]


def _print_overhead(brand: Path, pool: Sequence[InboundMessage], url: str) -> None:
    """Compare each message with a model and without, one after the other in the same minute."""
    model = build_chat_model(_settings(url, 8), ModelRole.DRAFTER, SystemClock())
    pack = load_brand(brand)
    with_model = build_pipeline(pack, SystemClock(), drafter=model)
    without = build_pipeline(pack, SystemClock())
    messages = _repeated(pool, len(pool))
    for message in messages[:WARM_UP]:
        with_model.run(message)
        without.run(message)
    whole, plain = [], []
    for message in _repeated(pool, 2 * len(pool))[len(pool) :]:
        whole.append(_milliseconds(with_model, message))
        plain.append(_milliseconds(without, message))
    print(f"whole message around an instant model: {_spread(whole)}")
    print(f"whole message without a model:         {_spread(plain)}")
    extra = [one - other for one, other in zip(whole, plain, strict=True)]
    print(f"difference, message by message:        {_spread(extra)}")


def _milliseconds(pipeline: Pipeline, message: InboundMessage) -> float:
    started = time.perf_counter()
    pipeline.run(message)
    return (time.perf_counter() - started) * 1000


def _spread(times: Sequence[float]) -> str:
    p95 = statistics.quantiles(times, n=20)[-1]
    return f"median {statistics.median(times):6.1f} ms, p95 {p95:6.1f} ms (n={len(times)})"


_worker: list[Pipeline] = []


def _start(brand: Path, url: str, at_once: int, warm_up: Sequence[InboundMessage]) -> None:
    model = build_chat_model(_settings(url, at_once), ModelRole.DRAFTER, SystemClock())
    pipeline = build_pipeline(load_brand(brand), SystemClock(), drafter=model)
    hold_loaded()
    _in_threads(pipeline, warm_up, at_once)
    _worker.append(pipeline)


def _in_threads(pipeline: Pipeline, messages: Sequence[InboundMessage], at_once: int) -> None:
    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(pipeline.run, messages))


def _share(messages: Sequence[InboundMessage], at_once: int) -> tuple[float, float]:
    """Return when this share was begun and done; the system-wide clock joins processes."""
    started = time.time()
    _in_threads(_worker[0], messages, at_once)
    return started, time.time()


def _wait(_: int) -> None:
    """Keep a worker busy until the other is up, so that each gets one share."""
    time.sleep(1.0)


def _throughput(
    brand: Path, messages: Sequence[InboundMessage], url: str, at_once: int, processes: int
) -> float:
    """Return messages per second over warm processes, from the first begun to the last done."""
    threads = at_once // processes
    warm_up, timed = messages[:WARM_UP], messages[WARM_UP:]
    shares = [timed[at::processes] for at in range(processes)]
    arguments = (brand, url, threads, warm_up)
    with ProcessPoolExecutor(processes, initializer=_start, initargs=arguments) as pool:
        list(pool.map(_wait, range(processes)))
        spans = list(pool.map(_share, shares, [threads] * processes))
    return len(timed) / (max(end for _, end in spans) - min(start for start, _ in spans))


def _seen_by(url: str) -> tuple[int, float]:
    """Return the calls that the loopback server got, and its milliseconds of CPU for each."""
    with urllib.request.urlopen(url) as answer:  # noqa: S310 - our own server, on 127.0.0.1
        stats = json.load(answer)
    return stats["calls"], stats["cpu_seconds"] * 1000 / stats["calls"]


@contextmanager
def _server(delay: float) -> Iterator[str]:
    command = [sys.executable, "-m", "agent.testing.model_server", "--delay", str(delay)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        if process.stdout is None:
            raise RuntimeError("the model server has no output")
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


if __name__ == "__main__":
    main()
