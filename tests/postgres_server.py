"""A throwaway PostgreSQL server for tests and benchmarks: loopback only, gone at the end."""

import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from uuid import uuid4

import psycopg

_USER = "portevoix"
_START_ATTEMPTS = 10
_PR_SET_PDEATHSIG = 1
"""Linux, `prctl(2)`: the signal a process gets when its parent ends."""


class PostgresServer:
    """A running server, and databases in it."""

    def __init__(self, data: Path, folder: Path, *, is_durable: bool) -> None:
        """Start it on the cluster in `data`, at a free port."""
        self._data, self._folder, self._is_durable = data, folder, is_durable
        self._port = 0
        self._start()

    def url(self, database: str) -> str:
        """Return the SQLAlchemy URL of a database."""
        return f"postgresql+psycopg://{_USER}@127.0.0.1:{self._port}/{database}"

    def kill_and_restart(self) -> None:
        """Kill -9 the server and start it again at its port: it recovers from its log."""
        self._process.kill()
        self._process.wait()
        self._start()

    def stop(self) -> None:
        """Stop it at once."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait()

    def _start(self) -> None:
        self._process, self._port = _start(
            self._data, self._folder, _account(), self._port, is_durable=self._is_durable
        )

    def create(self, template: str = "template1") -> str:
        """Create a database, as a copy of `template`, and return its name."""
        name = f"t{uuid4().hex}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {template}{self._strategy}")
        return name

    def drop(self, name: str) -> None:
        """Drop a database, whoever is connected to it."""
        self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def _run(self, statement: str) -> None:
        where = f"host=127.0.0.1 port={self._port} user={_USER} dbname=postgres"
        with psycopg.connect(where, autocommit=True) as connection:
            connection.execute(statement.encode())

    @cached_property
    def _strategy(self) -> str:
        """Copy file by file: since version 15 each page goes through the log as well, unasked."""
        where = f"host=127.0.0.1 port={self._port} user={_USER} dbname=postgres"
        with psycopg.connect(where) as connection:
            return " STRATEGY FILE_COPY" if connection.info.server_version >= 150_000 else ""


@contextmanager
def running_server(*, is_durable: bool = False) -> Iterator[PostgresServer]:
    """Start a server in a new folder and stop it at the end, even if this process is killed.

    `is_durable`: wait for the disk at each commit, as in production; tests have no need to.
    """
    folder = Path(tempfile.mkdtemp(prefix="portevoix-pg-"))
    account = _account()
    try:
        if account is not None:
            shutil.chown(folder, account)
        data = folder / "data"
        command = ["initdb", "-D", str(data), "-U", _USER, "-A", "trust", "-E", "UTF8"]
        done = _popen(command, account, folder / "initdb.log").wait()
        assert done == 0, (folder / "initdb.log").read_text()
        server = PostgresServer(data, folder, is_durable=is_durable)
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _account() -> str | None:
    """The account to run the server as: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _start(
    data: Path, folder: Path, account: str | None, port: int, *, is_durable: bool
) -> tuple[subprocess.Popen[bytes], int]:
    quick = [] if is_durable else ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
    log = folder / "log"
    for _ in range(_START_ATTEMPTS):
        chosen = port or _free_port()
        settings = [
            f"port={chosen}",
            "listen_addresses=127.0.0.1",
            f"unix_socket_directories={folder}",
        ]
        options = [word for setting in settings + quick for word in ("-c", setting)]
        process = _popen(["postgres", "-D", str(data), *options], account, log)
        # Somebody may have taken the port between the look and the start: then it ends at once.
        if _answers(process, chosen):
            return process, chosen
        # After a kill, its children hold the memory of the old server for a moment.
        time.sleep(1 if port else 0)
    raise RuntimeError(f"PostgreSQL does not start: {log.read_text()[-500:]}")


def _answers(process: subprocess.Popen[bytes], port: int) -> bool:
    where = f"host=127.0.0.1 port={port} user={_USER} dbname=postgres"
    while process.poll() is None:
        try:
            psycopg.connect(where).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return True
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _popen(command: Sequence[str], account: str | None, log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as output:
        return subprocess.Popen(
            [_program(command[0]), *command[1:]],
            cwd="/",
            stdout=output,
            stderr=output,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"},
            user=account,
            group=pwd.getpwnam(account).pw_gid if account else None,
            preexec_fn=_end_with_parent,
        )


def _end_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)


def _program(name: str) -> str:
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    found = str(versions[0]) if versions else shutil.which(name)
    if found is None:
        raise FileNotFoundError(f"{name}: install PostgreSQL (`make system`) to run these tests")
    return found
