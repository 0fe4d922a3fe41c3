"""A disk that is full, a folder that is read-only, a server that is gone: said plainly."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from agent.adapters.store import open_store
from agent.adapters.store.engine import make_engine, transaction
from agent.domain.errors import ConfigurationError, StoreError, WorkspaceError
from tests.desk_kit import BRAND, Desk, message

_NOBODY = 65534


@contextmanager
def without_privileges() -> Iterator[None]:
    """Root may write anywhere: act as somebody who may not."""
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(_NOBODY)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)


@pytest.fixture
def locked_folder(tmp_path: Path) -> Iterator[Path]:
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    folder = tmp_path / "locked"
    folder.mkdir()
    folder.chmod(0o555)
    yield folder
    folder.chmod(0o755)


def test_a_read_only_folder(locked_folder: Path) -> None:
    with (
        without_privileges(),
        pytest.raises(WorkspaceError, match=r"can be written|permissions") as caught,
    ):
        open_store(f"sqlite:///{locked_folder / 'portevoix.db'}")
    assert str(locked_folder) in str(caught.value)


def test_a_folder_that_cannot_be_made(locked_folder: Path) -> None:
    with without_privileges(), pytest.raises(WorkspaceError, match="cannot be made"):
        open_store(f"sqlite:///{locked_folder / 'new' / 'portevoix.db'}")


def test_a_read_only_database(sqlite_url: str) -> None:
    store = open_store(f"{sqlite_url.replace('sqlite:///', 'sqlite:///file:')}?mode=ro&uri=true")
    with pytest.raises(WorkspaceError, match="read-only"):
        Desk(store).intake.accept(BRAND, [message()], "file")
    store.close()


def test_a_full_disk_loses_the_transaction_and_nothing_else(sqlite_url: str) -> None:
    store = open_store(sqlite_url)
    desk = Desk(store)
    desk.one("Avant.")
    sa.event.listen(
        store._engine, "connect", lambda dbapi, _: dbapi.execute("PRAGMA max_page_count = 60")
    )
    store._engine.dispose()
    big = [message("x" * 100_000) for _ in range(5)]
    with pytest.raises(WorkspaceError, match="disk is full; free some space, nothing was written"):
        desk.intake.accept(BRAND, big, "file")
    store.close()
    again = Desk(open_store(sqlite_url))
    assert again.review.counts().open == 1
    assert again.intake.accept(BRAND, big, "file").added == 5


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "portevoix.db"
    path.write_text("Ceci n'est pas une base." * 100)
    with pytest.raises(WorkspaceError, match="not an SQLite database"):
        open_store(f"sqlite:///{path}")


def test_a_database_that_another_program_keeps_busy(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "agent.adapters.store.engine._SQLITE_SETTINGS",
        ("PRAGMA foreign_keys = ON", "PRAGMA busy_timeout = 50"),
    )
    desk = Desk(open_store(sqlite_url))
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(WorkspaceError, match="kept the database busy"):
            desk.intake.accept(BRAND, [message()], "file")


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///:memory:", "mysql://h/d", "nonsense", "sqlite+other:///x"]
)
def test_a_url_that_is_no_store(url: str) -> None:
    with pytest.raises(ConfigurationError, match=r"store\.url"):
        open_store(url)


def test_a_server_that_is_not_there_and_no_password_in_the_message() -> None:
    with pytest.raises(WorkspaceError, match="cannot be reached") as caught:
        open_store("postgresql://awa:s3cr3t@127.0.0.1:1/portevoix")
    assert "s3cr3t" not in str(caught.value)


def test_an_error_of_the_database_quotes_no_customer(desk: Desk, store_url: str) -> None:
    desk.one("Mon secret")
    engine = make_engine(store_url)
    with pytest.raises(StoreError) as caught:
        _double_messages(engine)
    engine.dispose()
    assert "secret" not in str(caught.value)
    assert caught.value.__suppress_context__


def _double_messages(engine: sa.Engine) -> None:
    with transaction(engine, writes=True) as connection:
        connection.exec_driver_sql("INSERT INTO messages SELECT * FROM messages")


def test_it_connects_with_short_postgres_urls(postgres_url: str) -> None:
    short = postgres_url.replace("postgresql+psycopg", "postgres")
    engine = make_engine(short)
    assert engine.dialect.driver == "psycopg"
    engine.dispose()
