"""Databases of both engines, and the way from each into each."""

import shutil
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import pytest

from agent.adapters.clock import SystemClock
from agent.adapters.store import open_store
from agent.bootstrap.backups import take_backup
from agent.settings import load_settings
from tests.desk_kit import Desk
from tests.integration.backup.a_busy_desk import TOML, Busy, fill, url_of

WAYS = [
    ("sqlite", "sqlite"),
    ("postgres", "postgres"),
]


@pytest.fixture(
    params=[
        pytest.param(way, id="-".join(way), marks=[pytest.mark.postgres] * ("postgres" in way))
        for way in WAYS
    ]
)
def urls(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str]:
    """The URL of a database with the schema, and that of one without a table."""
    source, target = request.param
    blank = f"sqlite:///{tmp_path / 'new' / 'portevoix.db'}"
    if target == "postgres":
        blank = request.getfixturevalue("blank_postgres_url")
    return request.getfixturevalue(f"{source}_url"), blank


@pytest.fixture
def busy(urls: tuple[str, str]) -> Iterator[Busy]:
    """A desk with items in every state, on the first of `urls`."""
    store = open_store(urls[0])
    desk = Desk(store)
    yield Busy(desk, fill(desk))
    store.close()


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Busy]:
    """A workspace with a pack, settings and a busy desk; its backup lies beside it."""
    folder = tmp_path_factory.mktemp("origin") / "space"
    pack = folder / "packs" / "maison"
    (pack / "faq").mkdir(parents=True)
    (pack / "brand.yaml").write_text("brand: {id: maison}\n", "utf-8")
    (pack / "faq" / "délais.md").write_text("# Délais\n", "utf-8")
    (folder / "outbox").mkdir()
    (folder / "outbox" / "forum.jsonl").write_text('{"id": 1}\n', "utf-8")
    (folder / "portevoix.toml").write_text(TOML, "utf-8")
    store = open_store(url_of(folder))
    desk = Desk(store)
    busy = Busy(desk, fill(desk))
    take_backup(load_settings(folder), SystemClock(), str(folder.with_name("kept.tar.gz")))
    store.close()
    return folder, busy


@pytest.fixture
def workspace(origin: tuple[Path, Busy], tmp_path: Path) -> Path:
    """A copy of that workspace."""
    return Path(shutil.copytree(origin[0], tmp_path / "space"))


@pytest.fixture
def archive(origin: tuple[Path, Busy]) -> Path:
    """The backup of it."""
    return origin[0].with_name("kept.tar.gz")


@pytest.fixture
def at_work(origin: tuple[Path, Busy], workspace: Path) -> Iterator[Busy]:
    """The desk at work on the copy, on a network of its own."""
    busy = origin[1]
    store = open_store(url_of(workspace))
    channel, clock = deepcopy(busy.desk.channel), deepcopy(busy.desk.clock)
    yield Busy(Desk(store, clock, channel=channel), busy.items)
    store.close()
