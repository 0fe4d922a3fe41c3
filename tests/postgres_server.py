"""A throwaway PostgreSQL server for tests and benchmarks: loopback only, gone at the end."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg

_USER = "portevoix"
_START_ATTEMPTS = 5


class PostgresServer:
    """A running server, and databases in it."""

    def __init__(self, port: int) -> None:
        self._port = port

    def url(self, database: str) -> str:
        """Return the SQLAlchemy URL of a database."""
        return f"postgresql+psycopg://{_USER}@127.0.0.1:{self._port}/{database}"

    def create(self, template: str = "template1") -> str:
        """Create a database, as a copy of `template`, and return its name."""
        name = f"t{uuid4().hex}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop(self, name: str) -> None:
        """Drop a database, whoever is connected to it."""
        self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def _run(self, statement: str) -> None:
        where = f"host=127.0.0.1 port={self._port} user={_USER} dbname=postgres"
        with psycopg.connect(where, autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def running_server(*, is_durable: bool = False) -> Iterator[PostgresServer]:
    """Start a server in a new folder and stop it at the end.

    `is_durable`: wait for the disk at each commit, as in production; tests have no need to.
    """
    folder = Path(tempfile.mkdtemp(prefix="portevoix-pg-"))
    account = _account()
    try:
        _give(folder, account)
        data = folder / "data"
        _call(["initdb", "-D", str(data), "-U", _USER, "-A", "trust", "-E", "UTF8"], account)
        port = _start(data, folder, account, is_durable=is_durable)
        try:
            yield PostgresServer(port)
        finally:
            _call(["pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop"], account)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _account() -> str | None:
    """The account to run the server as: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _give(folder: Path, account: str | None) -> None:
    if account is not None:
        shutil.chown(folder, account)


def _start(data: Path, folder: Path, account: str | None, *, is_durable: bool) -> int:
    settings = [] if is_durable else ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
    for attempt in range(_START_ATTEMPTS):
        port = _free_port()
        options = " ".join(
            f"-c {setting}"
            for setting in (
                "listen_addresses=127.0.0.1",
                f"port={port}",
                f"unix_socket_directories={folder}",
                *settings,
            )
        )
        log = str(folder / "log")
        try:
            _call(["pg_ctl", "-D", str(data), "-l", log, "-o", options, "-w", "start"], account)
        except subprocess.CalledProcessError:
            # Somebody may have taken the port between the look and the start.
            if attempt == _START_ATTEMPTS - 1:
                raise
        else:
            return port
    raise AssertionError("unreachable")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _call(command: Sequence[str], account: str | None) -> None:
    program = _program(command[0])
    as_account = {} if account is None else {"user": account, "group": pwd.getpwnam(account).pw_gid}
    subprocess.run(
        [program, *command[1:]],
        check=True,
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"},
        **as_account,
    )


def _program(name: str) -> str:
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    found = str(versions[0]) if versions else shutil.which(name)
    if found is None:
        raise FileNotFoundError(f"{name}: install PostgreSQL (`make system`) to run these tests")
    return found
