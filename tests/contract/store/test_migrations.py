"""Migrations: they make the tables the code uses, keep the triggers, and need no working folder."""

import multiprocessing
import os
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations

from agent.adapters.store import open_store, upgrade, verify_invariants
from agent.adapters.store.engine import make_engine, transaction
from agent.adapters.store.rules import RULES
from agent.adapters.store.schema import alembic_config, migrating
from agent.adapters.store.tables import metadata
from agent.adapters.store.triggers import broken_triggers, drop_triggers
from agent.domain.errors import InvariantMissing, StoreError, WorkspaceError
from agent.domain.ids import TeamId
from agent.domain.reviews import DecisionKind
from tests.desk_kit import Desk


def test_migrations_make_exactly_the_tables_the_code_uses(blank_url: str) -> None:
    upgrade(blank_url)
    engine = make_engine(blank_url)
    with engine.connect() as connection:
        options = {"compare_type": True, "include_name": _is_modelled}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []
        checks = {
            (table.name, str(check["name"]))
            for table in metadata.sorted_tables
            for check in sa.inspect(connection).get_check_constraints(table.name)
        }
    engine.dispose()
    assert checks == {
        (table.name, str(constraint.name))
        for table in metadata.sorted_tables
        for constraint in table.constraints
        if isinstance(constraint, sa.CheckConstraint)
    }


def _is_modelled(name: str | None, kind: str, parents: object) -> bool:
    """The words of the archive are indexed by what each engine has for it, beside the tables."""
    return not (kind == "table" and str(name).startswith("archive_fts"))


def test_down_and_up_again(blank_url: str) -> None:
    upgrade(blank_url)
    engine = make_engine(blank_url)
    with transaction(engine, writes=True) as connection:
        drop_triggers(connection)
        config = alembic_config()
        config.attributes["connection"] = connection
        with pytest.MonkeyPatch.context() as patch:
            # Going down leaves fewer tables than the rules of today speak of.
            patch.setattr("agent.adapters.store.triggers.install_triggers", lambda _: None)
            command.downgrade(config, "base")
        assert sa.inspect(connection).get_table_names() == ["alembic_version"]
    upgrade(blank_url)
    verify_invariants(engine)
    engine.dispose()


def test_opening_a_new_database_migrates_it_and_opening_it_again_changes_nothing(
    blank_url: str,
) -> None:
    for _ in range(2):
        store = open_store(blank_url)
        with store.read() as work:
            assert work.audit.head().seq == 0
        store.close()


def test_a_database_of_a_newer_version_is_refused(store_url: str) -> None:
    engine = make_engine(store_url)
    with transaction(engine, writes=True) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()
    with pytest.raises(WorkspaceError, match="9999"):
        open_store(store_url)


@pytest.mark.parametrize("table", ["items", "decisions", "outbox", "posts", "audit"])
def test_a_protected_table_can_be_rebuilt_and_keeps_its_rows_and_rules(
    desk: Desk, store_url: str, table: str
) -> None:
    """SQLite's batch mode drops a table and with it, silently, its triggers."""
    desk.approve(desk.one())
    engine = make_engine(store_url)
    with migrating(engine) as connection:
        drop_triggers(connection)
        operations = Operations(MigrationContext.configure(connection))
        recreate = "always" if connection.dialect.name == "sqlite" else "never"
        with operations.batch_alter_table(table, recreate=recreate) as batch:
            batch.add_column(sa.Column("later", sa.Text()))
        assert broken_triggers(connection)
    with pytest.raises(InvariantMissing, match=table):
        verify_invariants(engine)
    upgrade(store_url)
    verify_invariants(engine)
    assert desk.posting.post_ready().sent == 1
    engine.dispose()


def test_a_migration_that_leaves_rows_pointing_nowhere_is_taken_back(sqlite_url: str) -> None:
    store = open_store(sqlite_url)
    desk = Desk(store)
    desk.approve(desk.one())
    store.close()
    engine = make_engine(sqlite_url)
    with pytest.raises(StoreError, match="outbox point nowhere"):
        _delete_decisions(engine)
    verify_invariants(engine)
    engine.dispose()


def _delete_decisions(engine: sa.Engine) -> None:
    with migrating(engine) as connection:
        drop_triggers(connection)
        connection.exec_driver_sql("DELETE FROM decisions")


def test_every_migration_ends_with_the_triggers_in_place(blank_url: str) -> None:
    engine = make_engine(blank_url)
    with transaction(engine, writes=True) as connection:
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        assert broken_triggers(connection) == ()
    engine.dispose()
    assert RULES


def test_it_runs_from_any_folder_as_a_command(blank_url: str, tmp_path: Path) -> None:
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-m", "agent.adapters.store", blank_url],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
    open_store(blank_url).close()
    left = {path.name for path in tmp_path.iterdir()}
    assert left <= {"blank.db", "blank.db-wal", "blank.db-shm"}


@pytest.mark.parametrize(
    ("arguments", "code"), [([], 2), (["sqlite:////proc/none/x.db"], 2), (["mysql://h/d"], 2)]
)
def test_the_command_says_what_is_wrong(arguments: list[str], code: int) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "agent.adapters.store", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()


def _open(url: str) -> int:
    open_store(url).close()
    return os.getpid()


def test_processes_that_start_together_migrate_once(blank_url: str) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        assert len(pool.map(_open, [blank_url] * 4)) == 4
    open_store(blank_url).close()


def test_what_was_decided_before_there_were_figures_is_counted_and_found(
    desk: Desk, store_url: str
) -> None:
    """The tables of 0010, filled from a database in use, are as if they had always been there."""
    desk.approve(desk.one("Un colis"))
    desk.decide(desk.one("Deux"), DecisionKind.ESCALATE, team=TeamId("care"))
    desk.one("Trois")
    desk.posting.post_ready()
    engine = make_engine(store_url)
    tables = ("item_facts", "decision_facts", "handoffs")
    before = {table: _rows(engine, table) for table in tables}
    archived = _rows(engine, "archive")
    with migrating(engine) as connection:
        drop_triggers(connection)
        config = alembic_config()
        config.attributes["connection"] = connection
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("agent.adapters.store.triggers.install_triggers", lambda _: None)
            command.downgrade(config, "0005")
    upgrade(store_url)
    assert {table: _rows(engine, table) for table in tables} == before
    assert [row[1:] for row in _rows(engine, "archive")] == [row[1:] for row in archived]
    engine.dispose()


def _rows(engine: sa.Engine, table: str) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        known = sa.select(metadata.tables[table]).order_by(metadata.tables[table].c.item_id)
        return [tuple(row) for row in connection.execute(known)]
