"""Databases of both engines, and the way from each into each."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.adapters.store import open_store
from tests.desk_kit import Desk
from tests.integration.backup.a_busy_desk import Busy, fill

WAYS = [
    ("sqlite", "sqlite"),
    ("postgres", "postgres"),
    ("sqlite", "postgres"),
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
