"""Back up, delete everything, restore: the rows, the queue, the trails and the chain are the same.

What the restore itself then writes is looked at apart: it is written after the backup's last audit
entry, and says that replies in doubt wait, that posting is frozen and that sessions have ended.
"""

import io
import shutil
import stat
import tarfile
from pathlib import Path

import pytest
import sqlalchemy as sa

from agent.adapters.clock import SystemClock
from agent.adapters.store import SqlStore, open_store, verify_invariants
from agent.adapters.store.copying import snapshot
from agent.adapters.store.engine import make_engine, transaction
from agent.adapters.store.restoring import has_rows, restore_database
from agent.adapters.store.triggers import drop_triggers
from agent.bootstrap.backups import (
    take_backup,
    verify_backup,
)
from agent.domain.archives import ArchiveQuery
from agent.domain.errors import PortevoixError, StoreError, WorkspaceError
from agent.domain.reviews import DecisionKind, QueueQuery, ReviewStatus
from agent.services.restoring import refuse_changed
from agent.settings import load_settings
from tests.desk_kit import Desk
from tests.integration.backup.a_busy_desk import (
    TOML,
    Busy,
    Rows,
    bring_back,
    fill_the_rest,
    rows,
    trails,
    url_of,
)

SETTLED = {"posts", "freezes", "audit"}
"""Tables in which the restore itself writes."""


def test_every_row_comes_back_on_either_engine(
    busy: Busy, urls: tuple[str, str], tmp_path: Path
) -> None:
    source, target = urls
    store = busy.desk.store
    fill_the_rest(source)
    before, head = rows(source), busy.desk.trail.audit_head()
    queue, told = _queue(store), list(trails(store))
    with snapshot(source) as found:
        lines = [(name, list(found.lines(name))) for name in found.tables]
        revision = found.revision
    assert sum(len(kept) - 1 for _, kept in lines) == sum(map(len, before.values()))
    assert all(before.values()), "a table nobody filled"

    restore_database(
        target,
        revision,
        ((name, len(kept) - 1, iter(kept)) for name, kept in lines),
        tmp_path / "aside",
        lambda work: refuse_changed(work, head),
    )
    assert rows(target) == before
    restored = open_store(target)
    desk = Desk(restored, busy.desk.clock, channel=busy.desk.channel)
    assert (_queue(restored), list(trails(restored))) == (queue, told)
    assert desk.trail.verify_audit(head).is_intact
    assert desk.trail.audit_head() == head
    _go_on(desk, restored)
    restored.close()


def _queue(store: SqlStore) -> object:
    query = QueueQuery(statuses=tuple(ReviewStatus), limit=200)
    with store.read() as work:
        return work.queue.page(query), work.queue.counts(None)


def _go_on(desk: Desk, store: SqlStore) -> None:
    """Numbers go on, words are found, rules hold: the restored database is one to work on."""
    item_id = desk.one("Après la panne, un mot zanzibar")
    desk.decide(item_id, DecisionKind.NO_REPLY)
    with store.read() as work:
        for word, count in (("zanzibar", 1), ("rédigé", 0), ("insulte", 1)):
            found = work.archive.page(ArchiveQuery(brands=(desk.brand,), text=word))
            assert len(found.rows) == count, word
    with (
        pytest.raises(StoreError, match="never deleted"),
        transaction(store._engine, writes=True) as connection,
    ):
        connection.exec_driver_sql("DELETE FROM decisions")


def test_all_is_deleted_and_all_comes_back(archive: Path, workspace: Path, at_work: Busy) -> None:
    url = url_of(workspace)
    before, head = rows(url), at_work.desk.trail.audit_head()
    at_work.desk.store.close()  # type: ignore[attr-defined]
    shutil.rmtree(workspace)

    done = bring_back(archive, workspace)
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert (done.in_doubt, done.kept, done.manifest.audit_head) == (3, (), head)
    after = rows(url)
    changed = {name for name in before if after[name] != before[name]}
    assert changed == SETTLED
    assert [row for row in after["audit"] if row[0] <= head.seq] == before["audit"]
    assert (workspace / "packs/maison/faq/délais.md").read_text("utf-8") == "# Délais\n"
    assert (workspace / "outbox/forum.jsonl").exists()
    kept = (workspace / "portevoix.toml").read_text("utf-8")
    assert 'language = "en"' in kept
    assert "0123456789" not in kept
    assert "portevoix.toml: channels.shop.secret" in done.manifest.left_out
    assert not list(workspace.glob(".*restoring*"))


def test_what_is_there_is_refused_and_with_replace_kept_aside(
    archive: Path, workspace: Path, at_work: Busy
) -> None:
    url = url_of(workspace)
    at_work.desk.one("Après la sauvegarde")
    (workspace / "packs/maison/brand.yaml").write_text("brand: {id: autre}\n", "utf-8")
    now = rows(url)
    with pytest.raises(WorkspaceError, match="in use"):
        bring_back(archive, workspace)
    with pytest.raises(WorkspaceError, match="another process"):
        bring_back(archive, workspace, replaces=True)
    assert rows(url) == now
    at_work.desk.store.close()  # type: ignore[attr-defined]

    done = bring_back(archive, workspace, replaces=True)
    old = Path(done.kept[0])
    assert rows(f"sqlite:///{old}") == now
    assert (old.parent / "maison/brand.yaml").read_text("utf-8") == "brand: {id: autre}\n"
    assert (workspace / "packs/maison/brand.yaml").read_text("utf-8") == "brand: {id: maison}\n"
    assert len(rows(url)["items"]) == len(now["items"]) - 1
    assert (workspace / "portevoix.toml").read_text("utf-8") == TOML


@pytest.mark.postgres
def test_postgresql_keeps_what_it_replaces_in_a_schema_of_its_own(
    archive: Path, workspace: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The move from SQLite: the same archive, and the address of the server."""
    monkeypatch.setenv("PORTEVOIX_STORE__URL", postgres_url)
    source = rows(f"sqlite:///{workspace / 'portevoix.db'}")
    assert bring_back(archive, workspace).kept == ()
    first = rows(postgres_url)
    assert _but_settled(first) == _but_settled(source)
    with pytest.raises(WorkspaceError, match="in use"):
        bring_back(archive, workspace)
    done = bring_back(archive, workspace, replaces=True)
    schema = done.kept[0].removeprefix("schema ")
    engine = make_engine(postgres_url)
    verify_invariants(engine)
    with engine.connect() as connection:
        kept = connection.execute(sa.text(f"SELECT count(*) FROM {schema}.audit"))  # noqa: S608
        assert kept.scalar_one() == len(first["audit"])
    engine.dispose()
    assert _but_settled(rows(postgres_url)) == _but_settled(source)


def _but_settled(found: Rows) -> Rows:
    """Return the rows of all tables but those that a restore itself writes to."""
    return {name: kept for name, kept in found.items() if name not in SETTLED}


@pytest.mark.parametrize("damage", ["cut", "changed", "none", "text"])
def test_a_damaged_archive_restores_nothing(archive: Path, tmp_path: Path, damage: str) -> None:
    bad = tmp_path / "bad.tar.gz"
    if damage == "cut":
        bad.write_bytes(archive.read_bytes()[:-2000])
    elif damage == "text":
        bad.write_text("not an archive", "utf-8")
    elif damage == "changed":
        _change(archive, bad)
    target = tmp_path / "elsewhere"
    with pytest.raises(WorkspaceError, match=str(bad)):
        bring_back(bad, target)
    assert not target.exists()
    assert verify_backup(archive).rows > 0


def _change(archive: Path, bad: Path) -> None:
    with tarfile.open(archive) as source, tarfile.open(bad, "w:gz") as target:
        for entry in source:
            stream = source.extractfile(entry)
            assert stream is not None
            data = stream.read()
            if "-decisions" in entry.name:
                data = data.replace(b"Comptez", b"Comptex")
            entry.size = len(data)
            target.addfile(entry, io.BytesIO(data))


def test_a_chain_that_does_not_hold_restores_nothing(workspace: Path, tmp_path: Path) -> None:
    """An archive whose sums fit, of a database whose trail was changed."""
    url = url_of(workspace)
    engine = make_engine(url)
    with transaction(engine, writes=True) as connection:
        drop_triggers(connection)
        connection.exec_driver_sql("UPDATE audit SET actor = 'nobody' WHERE seq = 3")
    engine.dispose()
    broken = tmp_path / "broken.tar.gz"
    take_backup(load_settings(workspace), SystemClock(), str(broken))
    target = tmp_path / "elsewhere"
    with pytest.raises(StoreError, match="entry 3 was changed"):
        bring_back(broken, target)
    assert not has_rows(url_of(target))
    assert not list(target.rglob("portevoix*"))


def test_a_backup_is_written_whole_or_not_at_all(workspace: Path) -> None:
    with pytest.raises(PortevoixError, match="cannot be written"):
        take_backup(load_settings(workspace), SystemClock(), "/proc/none/x.tar.gz")


def test_a_workspace_without_a_database_has_nothing_to_back_up(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="no database"):
        take_backup(load_settings(tmp_path), SystemClock(), str(tmp_path / "x.tar.gz"))
    assert not list(tmp_path.iterdir())
