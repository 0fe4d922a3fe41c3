"""One machine: the desk and its workers as children that are started again when they end."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import typer

from agent.domain.errors import ConfigurationError
from agent.settings import Settings

_LOOK_SECONDS = 0.2
_STOP_SECONDS = 30.0
_PAUSE_FIRST = 0.5
_PAUSE_LAST = 30.0
_STEADY_SECONDS = 60.0
"""A child that lived so long is started again at once."""
_CONFIGURATION = 2
"""The exit code of what another start would not mend."""


@dataclass
class Child:
    """One process to keep going."""

    name: str
    words: Sequence[str]
    once_more: Sequence[str] = ()
    """Further words for every start but the first."""
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    starts: int = 0
    failures: int = 0
    next_start: float = 0.0

    def start(self) -> None:
        """Start it."""
        words = [*self.words, *(self.once_more if self.starts else ())]
        # Unbuffered: a sign-in link in a log file is wanted now.
        environment = os.environ | {"PYTHONUNBUFFERED": "1"}
        self.process = subprocess.Popen(
            portevoix(*words), stdin=subprocess.DEVNULL, env=environment
        )
        self.started = time.monotonic()
        self.starts += 1

    def look(self, now: float) -> int | None:
        """Start it again if it ended and its pause is over; return its exit code when it ends."""
        if self.process is None:
            if now >= self.next_start:
                self.start()
            return None
        code = self.process.poll()
        if code is None:
            return None
        self.failures = 0 if now - self.started > _STEADY_SECONDS else self.failures + 1
        pause = min(_PAUSE_FIRST * 2 ** max(0, self.failures - 1), _PAUSE_LAST)
        self.next_start = now + (pause if self.failures else 0.0)
        self.process = None
        return code


def portevoix(*words: str) -> list[str]:
    """Return the command line of a child that runs `portevoix` with these words."""
    return [sys.executable, "-c", "from agent.cli import main; main()", *words]


def desk_and_workers(
    folder: Path,
    workers: int,
    port: int | None,
    *,
    opens_browser: bool,
    metrics_port: int | None = None,
) -> list[Child]:
    """Return the children of one machine.

    `metrics_port`: where the first worker tells its figures, the others on the ports after it;
    0: nowhere, None: as the settings say.
    """
    place = ("--workspace", str(folder))
    desk = ["desk", *place, *(["--port", str(port)] if port else [])]
    quietly = ["--no-browser"]
    return [
        Child("desk", desk if opens_browser else desk + quietly, once_more=quietly),
        *(
            Child(f"worker {number + 1}", ["work", *place, *_figures(metrics_port, number)])
            for number in range(workers)
        ),
    ]


def _figures(first: int | None, number: int) -> list[str]:
    if first is None:
        return []
    return ["--metrics-port", str(first + number if first else 0)]


def refuse_many_owners(settings: Settings, workers: int) -> None:
    """Refuse several workers on an embedded index with vectors: only one could own it.

    Raises:
        ConfigurationError: says how several may share one.
    """
    if workers > 1 and settings.models.embedder is not None and not settings.chroma.url:
        raise ConfigurationError(
            f"{workers} workers with an embedding model cannot share the embedded search index: "
            "run one worker, or a Chroma server (chroma run --path FOLDER) and set chroma.url"
        )


def supervise(children: Sequence[Child]) -> int:
    """Keep the children going until told to stop; return the exit code.

    A child whose first start the settings forbid ends them all: another start mends nothing.
    """
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    code = 0
    try:
        while code == 0 and not stop.wait(_LOOK_SECONDS):
            code = _look(children)
    finally:
        _stop_all(children)
    return code


def _look(children: Sequence[Child]) -> int:
    for child in children:
        ended = child.look(time.monotonic())
        if ended is None:
            continue
        if ended == _CONFIGURATION and child.starts == 1:
            return ended
        typer.echo(f"The {child.name} ended (exit {ended}); it is started again.", err=True)
    return 0


def _stop_all(children: Sequence[Child]) -> None:
    running = [child.process for child in children if child.process is not None]
    for process in running:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
    deadline = time.monotonic() + _STOP_SECONDS
    for process in running:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
