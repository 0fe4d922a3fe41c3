"""Fixtures for every kind of test: stores of both engines, and a desk on each."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from itertools import chain, zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from agent.adapters.store import SqlStore
    from tests.desk_kit import Desk
    from tests.postgres_server import PostgresServer

ENGINES = [
    pytest.param("sqlite", id="sqlite"),
    pytest.param("postgres", id="postgres", marks=pytest.mark.postgres),
]

HERE = Path(__file__).parent
MEMORY = Path("/dev/shm")  # noqa: S108
ROOM = 4 << 30
"""Bytes."""
SLOW = ("browser", "acceptance", "contract", "integration", "ui")
"""Folders whose tests wait for servers, browsers and other processes, slowest first."""


def pytest_configure() -> None:
    """Keep what tests write in memory where there is room, unless `TMPDIR` names a place.

    They make thousands of small databases, and a disk makes each of their commits wait.
    """
    if "TMPDIR" not in os.environ and _has_room(MEMORY):
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None


def _has_room(folder: Path) -> bool:
    """Whether programs run in `folder`, and it holds what a whole run leaves there."""
    if not (folder.is_dir() and os.access(folder, os.W_OK)):
        return False
    if os.statvfs(folder).f_flag & os.ST_NOEXEC or shutil.disk_usage(folder).free < ROOM:
        return False
    known = dict(line.split(":") for line in Path("/proc/meminfo").read_text().splitlines())
    return int(known["MemAvailable"].split()[0]) * 1024 >= 2 * ROOM


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Return half as many processes again as there are cores: a third of the time is waiting."""
    return max(1, (os.cpu_count() or 1) * 3 // 2)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the slow modules first, so that no worker is left alone with one at the end.

    Those of the browser come in turn with the others: each worker that runs one starts a desk and
    a Chromium, and three at once are slower than one after another.
    """
    modules: dict[Path, list[pytest.Item]] = {}
    for item in items:
        modules.setdefault(item.path, []).append(item)
    ordered = sorted(modules, key=_turn)
    browser = [path for path in ordered if _turn(path) == 0]
    others = [path for path in ordered if _turn(path) > 0]
    turns = chain.from_iterable(zip_longest(browser, others))
    items[:] = [item for path in turns if path is not None for item in modules[path]]


def _turn(path: Path) -> int:
    folder = path.relative_to(HERE).parts[0] if path.is_relative_to(HERE) else ""
    return SLOW.index(folder) if folder in SLOW else len(SLOW)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator["PostgresServer"]:
    """One throwaway server a test process; started when a test first asks for it."""
    from tests.postgres_server import running_server

    with running_server() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres_server: "PostgresServer") -> str:
    """A database with the schema, to be copied."""
    from agent.adapters.store import upgrade

    name = postgres_server.create()
    upgrade(postgres_server.url(name))
    return name


@pytest.fixture
def postgres_url(postgres_server: "PostgresServer", postgres_template: str) -> Iterator[str]:
    """The URL of a new database with the schema and nothing in it."""
    name = postgres_server.create(postgres_template)
    yield postgres_server.url(name)
    postgres_server.drop(name)


@pytest.fixture
def blank_postgres_url(postgres_server: "PostgresServer") -> Iterator[str]:
    """The URL of a new database without a table."""
    name = postgres_server.create()
    yield postgres_server.url(name)
    postgres_server.drop(name)


@pytest.fixture(params=ENGINES)
def blank_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without a table, of each engine."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'blank.db'}"
    url: str = request.getfixturevalue("blank_postgres_url")
    return url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with the schema, to be copied."""
    from agent.adapters.store import upgrade

    path = tmp_path_factory.mktemp("template") / "portevoix.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of a new file with the schema and nothing in it."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path)}"


@pytest.fixture(params=ENGINES)
def store_url(request: pytest.FixtureRequest) -> str:
    """The URL of an empty database with the schema, of each engine."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def store(store_url: str) -> Iterator["SqlStore"]:
    """An open store of each engine."""
    from agent.adapters.store import open_store

    opened = open_store(store_url)
    yield opened
    opened.close()


@pytest.fixture(scope="module", params=ENGINES)
def shared_store(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator["SqlStore"]:
    """An open store of each engine for a whole module: for tests that only read."""
    from agent.adapters.store import open_store

    if request.param == "sqlite":
        template = request.getfixturevalue("sqlite_template")
        opened = open_store(f"sqlite:///{shutil.copy(template, tmp_path_factory.mktemp('shared'))}")
        yield opened
        opened.close()
        return
    server = request.getfixturevalue("postgres_server")
    name = server.create(request.getfixturevalue("postgres_template"))
    opened = open_store(server.url(name))
    yield opened
    opened.close()
    server.drop(name)


@pytest.fixture
def desk(store: "SqlStore") -> "Desk":
    """A desk on each engine."""
    from tests.desk_kit import Desk

    return Desk(store)
