"""A real `chroma run` on the loopback for tests and benchmarks."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx


class ChromaProcess:
    """A running server that can be killed and started again at its port."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        self._folder = folder
        self._port = port or _free_port()
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Start it; it answers when this returns."""
        words = ["run", "--path", str(self._folder / "data"), "--host", "127.0.0.1"]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [str(Path(sys.executable).parent / "chroma"), *words, "--port", str(self._port)],
                cwd=self._folder,
                stdout=log,
                stderr=log,
                env={"PATH": os.environ.get("PATH", ""), "HOME": str(self._folder)},
            )
        deadline = time.monotonic() + 60
        while not self._answers():
            said = (self._folder / "log").read_text(errors="replace")[-500:]
            assert self._process.poll() is None, said
            assert time.monotonic() < deadline, said
            time.sleep(0.05)

    def kill(self) -> None:
        """Kill -9 it."""
        self._process.kill()
        self._process.wait()

    def kill_and_restart(self) -> None:
        """Kill -9 it and start it again on the same data."""
        self.kill()
        self.start()

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/api/v2/heartbeat", timeout=1).status_code == 200
        except httpx.HTTPError:
            return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_chroma() -> Iterator[ChromaProcess]:
    """Start a server in a new folder, and stop it at the end."""
    folder = Path(tempfile.mkdtemp(prefix="portevoix-chroma-"))
    server = ChromaProcess(folder)
    try:
        yield server
    finally:
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)
