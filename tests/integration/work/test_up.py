"""`portevoix up`: the desk and a worker are kept going, and end together."""

import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.acceptance.commands import BRAND, command, environment

CONFIG = """\
brands = ["{brand}"]

[channels.square]
kind = "sandbox"
brand = "{id}"
"""


def until(what: Callable[[], bool], seconds: float = 90.0) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def children(pid: int) -> dict[str, int]:
    """Return a process's children, by the command they run."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            words = (folder / "cmdline").read_bytes().decode().split("\0")
            if parent == pid and len(words) > 3:
                found[words[3]] = int(folder.name)
    return found


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/_stcore/health")
        return connection.getresponse().status == 200
    except OSError:
        return False


@pytest.fixture
def up(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    config = CONFIG.format(brand=BRAND.as_posix(), id=BRAND.name)
    (tmp_path / "portevoix.toml").write_text(config, "utf-8")
    port = free_port()
    words = ("up", "--workspace", tmp_path, "--port", str(port), "--no-browser")
    process = subprocess.Popen(command(*words), env=environment())
    yield process, port
    if process.poll() is None:
        process.kill()
        process.wait()


def test_a_killed_child_is_started_again_and_all_end_together(
    up: tuple[subprocess.Popen[bytes], int],
) -> None:
    process, port = up
    until(lambda: answers(port))
    first = children(process.pid)
    assert set(first) == {"desk", "work"}
    os.kill(first["work"], signal.SIGKILL)
    until(lambda: children(process.pid).get("work", first["work"]) != first["work"])
    assert children(process.pid)["desk"] == first["desk"]
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0
    assert children(process.pid) == {}
    until(lambda: not answers(port))
