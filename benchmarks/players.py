"""The processes of a kill test: who plays, who is killed and when, and comes back at once."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Protocol

ROOT = Path(__file__).resolve().parents[1]
BRAND = next(path.parent for path in sorted((ROOT / "knowledge" / "brands").glob("*/inbox")))
ONCE = ("postgres", "chroma")
"""Servers that die once; everybody else may die again and again."""


@dataclass(frozen=True)
class Plan:
    """What is sent and who is killed."""

    messages: int
    kills: int
    seed: int = 1
    gap: float = 3.0
    """Mean seconds between two kills."""
    has_desk: bool = True
    is_scripted: bool = False
    lost_answers: float = 0.05
    refusals: float = 0.01

    def schedule(self, victims: Sequence[str]) -> list[tuple[float, str]]:
        """Return each kill: seconds after the one before, and whom. A server dies once."""
        rng = Random(self.seed)
        usual = [name for name in victims if name not in ONCE]
        kills = [(rng.uniform(0.3, 1.7) * self.gap, rng.choice(usual)) for _ in range(self.kills)]
        servers = [name for name in ONCE if name in victims][: self.kills]
        for name, at in zip(servers, rng.sample(range(len(kills)), len(servers)), strict=True):
            kills[at] = (kills[at][0], name)
        return kills


class Server(Protocol):
    """A server that the processes stand on."""

    def kill_and_restart(self) -> None:
        """Kill -9 it and start it again on its data."""


class Stage:
    """The processes of one run; whoever is killed is started again at once."""

    def __init__(
        self, folder: Path, url: str, plan: Plan, port: int, servers: Mapping[str, Server]
    ) -> None:
        self._folder = folder
        self._environment = os.environ | {"PORTEVOIX_STORE__URL": url}
        self._servers = servers
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self.killed: Counter[str] = Counter()
        worker = [sys.executable, "-m", "benchmarks.chaos", "--worker", str(folder)]
        worker += ["--port", str(port), *(["--scripted"] if plan.is_scripted else [])]
        self._commands = {"worker 1": worker, "worker 2": worker}
        if plan.has_desk:
            desk = "from agent.cli import main; main()"
            words = ["desk", "--workspace", str(folder), "--no-browser", "--port", str(_free())]
            self._commands["desk"] = [sys.executable, "-c", desk, *words]

    @property
    def victims(self) -> list[str]:
        """Who may be killed."""
        return [*self._commands, *self._servers]

    def start(self, name: str) -> None:
        """Start a process."""
        with (self._folder / "out.log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                self._commands[name],
                cwd=ROOT,
                env=self._environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def start_all(self) -> None:
        """Start every process."""
        for name in self._commands:
            self.start(name)

    def kill(self, name: str) -> None:
        """Kill -9 a process and start it again."""
        self.killed[name] += 1
        if name in self._servers:
            self._servers[name].kill_and_restart()
            return
        _kill(self._running[name])
        self.start(name)

    def end(self) -> None:
        """Kill every process."""
        for process in self._running.values():
            _kill(process)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill -9 a process and its children: the desk's server is a child of its command."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _free() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
