"""Back up, delete everything, restore: the rows, the queue, the trails and the chain are the same.

What the restore itself then writes is looked at apart: it is written after the backup's last audit
entry, and says that replies in doubt wait, that posting is frozen and that sessions have ended.
"""

import io
import shutil
import stat
import tarfile
from collections.abc import Iterator
from copy import deepcopy
from datetime import timedelta
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
    BareSettings,
    Restored,
    restore_backup,
    take_backup,
    verify_backup,
)
from agent.domain.archives import ArchiveQuery
from agent.domain.channels import PostStatus
from agent.domain.errors import PortevoixError, StoreError, WorkspaceError
from agent.domain.ids import ItemId, PersonId, PostId
from agent.domain.reviews import DecisionKind, QueueQuery, Reviewer, ReviewStatus
from agent.services.freezing import FreezeService
from agent.services.restoring import refuse_changed
from agent.settings import load_settings
from tests.desk_kit import AWA, Desk
from tests.integration.backup.a_busy_desk import Busy, fill, rows, trails

EVE = Reviewer(id=PersonId("console:eve"), name="Eve")
TOML = """brands = ["packs/maison"]
[desk]
language = "en"
[channels.shop]
kind = "webhook"
brand = "maison"
post_url = "https://shop.example.org/hook"
secret = "0123456789abcdef0123456789abcdef"
"""


def test_every_row_comes_back_on_either_engine(
    busy: Busy, urls: tuple[str, str], tmp_path: Path
) -> None:
    source, target = urls
    store = busy.desk.store
    before, head = rows(source), busy.desk.trail.audit_head()
    queue, told = _queue(store), list(trails(store))
    with snapshot(source) as found:
        lines = [(name, list(found.lines(name))) for name in found.tables]
        revision = found.revision
    assert sum(len(kept) - 1 for _, kept in lines) == sum(map(len, before.values()))
    assert all(before[name] for name in before.keys() - _EMPTY), "a table nobody filled"

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


_EMPTY = {
    "channel_cursors",
    "claimed_roles",
    "guideline_versions",
    "identities",
    "local_accounts",
    "login_links",
    "model_spending",
    "pack_proposals",
    "pack_suggestions",
    "pack_versions",
    "pushed_events",
    "resumptions",
    "saved_replies",
    "saved_views",
    "sessions",
    "sign_in_attempts",
    "workers",
}
"""Tables of plain rows like the others, with nothing that a desk at work writes by itself."""


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
    store = open_store(_url(folder))
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
    store = open_store(_url(workspace))
    channel, clock = deepcopy(busy.desk.channel), deepcopy(busy.desk.clock)
    yield Busy(Desk(store, clock, channel=channel), busy.items)
    store.close()


def _restore(archive: Path, workspace: Path, *, replaces: bool = False) -> Restored:
    return restore_backup(archive, workspace, SystemClock(), EVE, replaces=replaces)


def test_all_is_deleted_and_all_comes_back(archive: Path, workspace: Path, at_work: Busy) -> None:
    url = _url(workspace)
    before, head = rows(url), at_work.desk.trail.audit_head()
    at_work.desk.store.close()  # type: ignore[attr-defined]
    shutil.rmtree(workspace)

    done = _restore(archive, workspace)
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert (done.in_doubt, done.kept, done.manifest.audit_head) == (3, (), head)
    after = rows(url)
    changed = {name for name in before if after[name] != before[name]}
    assert changed == {"posts", "freezes", "audit"}
    assert [row for row in after["audit"] if row[0] <= head.seq] == before["audit"]
    assert (workspace / "packs/maison/faq/délais.md").read_text("utf-8") == "# Délais\n"
    assert (workspace / "outbox/forum.jsonl").exists()
    kept = (workspace / "portevoix.toml").read_text("utf-8")
    assert 'language = "en"' in kept
    assert "0123456789" not in kept
    assert "portevoix.toml: channels.shop.secret" in done.manifest.left_out
    assert not list(workspace.glob(".*restoring*"))


def test_nothing_approved_before_the_backup_is_sent_a_second_time_after_the_restore(
    archive: Path, workspace: Path, at_work: Busy
) -> None:
    desk, named = at_work.desk, at_work.items
    # After the backup: one reply leaves, another is taken back and answered anew.
    desk.posting.cancel(named["ready"], AWA)
    desk.approve(named["ready"], public="Une autre réponse.")
    second = desk.one("Arrivé après")
    desk.approve(second)
    assert desk.posting.post_ready().sent == 2
    sent = dict(desk.channel.sent)
    desk.store.close()  # type: ignore[attr-defined]
    shutil.rmtree(workspace)
    done = _restore(archive, workspace)

    store = open_store(_url(workspace))
    clock = desk.clock
    clock.advance(SystemClock().now() - clock.now())
    again = Desk(store, clock, channel=desk.channel)
    assert done.in_doubt == 3
    _work(again)
    # Found on the network: sent. Not found: a person's, though nobody remembers why.
    assert _status(again, named["unknown"]) is PostStatus.SENT
    assert _status(again, named["ready"]) is PostStatus.UNKNOWN
    assert _status(again, named["sending"]) is PostStatus.UNKNOWN
    assert FreezeService(store, clock).unfreeze("*", AWA)
    _work(again)
    assert again.channel.sent == sent
    post_id = again.review.item(named["sending"]).posts[0].id
    again.posting.resolve_by_hand(PostId(post_id), AWA, sent=False)
    _work(again)
    assert len(again.channel.sent) == len(sent) + 1
    assert again.trail.verify_audit(done.manifest.audit_head).is_intact
    store.close()


def _work(desk: Desk) -> None:
    for _ in range(3):
        desk.clock.advance(_LATER)
        desk.posting.resolve_unknown()
        desk.posting.post_ready()


_LATER = timedelta(hours=2)


def _status(desk: Desk, item_id: ItemId) -> PostStatus:
    return desk.review.item(item_id).posts[-1].status


def test_what_is_there_is_refused_and_with_replace_kept_aside(
    archive: Path, workspace: Path, at_work: Busy
) -> None:
    url = _url(workspace)
    at_work.desk.one("Après la sauvegarde")
    (workspace / "packs/maison/brand.yaml").write_text("brand: {id: autre}\n", "utf-8")
    now = rows(url)
    with pytest.raises(WorkspaceError, match="in use"):
        _restore(archive, workspace)
    with pytest.raises(WorkspaceError, match="another process"):
        _restore(archive, workspace, replaces=True)
    assert rows(url) == now
    at_work.desk.store.close()  # type: ignore[attr-defined]

    done = _restore(archive, workspace, replaces=True)
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
    assert _restore(archive, workspace).kept == ()
    first = rows(postgres_url)
    with pytest.raises(WorkspaceError, match="in use"):
        _restore(archive, workspace)
    done = _restore(archive, workspace, replaces=True)
    schema = done.kept[0].removeprefix("schema ")
    engine = make_engine(postgres_url)
    verify_invariants(engine)
    with engine.connect() as connection:
        kept = connection.execute(sa.text(f"SELECT count(*) FROM {schema}.audit"))  # noqa: S608
        assert kept.scalar_one() == len(first["audit"])
    engine.dispose()
    assert {
        k: v for k, v in rows(postgres_url).items() if k not in {"audit", "freezes", "posts"}
    } == {k: v for k, v in first.items() if k not in {"audit", "freezes", "posts"}}


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
        _restore(bad, target)
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
    url = _url(workspace)
    engine = make_engine(url)
    with transaction(engine, writes=True) as connection:
        drop_triggers(connection)
        connection.exec_driver_sql("UPDATE audit SET actor = 'nobody' WHERE seq = 3")
    engine.dispose()
    broken = tmp_path / "broken.tar.gz"
    take_backup(load_settings(workspace), SystemClock(), str(broken))
    target = tmp_path / "elsewhere"
    with pytest.raises(StoreError, match="entry 3 was changed"):
        _restore(broken, target)
    assert not has_rows(_url(target))
    assert not list(target.rglob("portevoix*"))


def test_a_backup_is_written_whole_or_not_at_all(workspace: Path) -> None:
    with pytest.raises(PortevoixError, match="cannot be written"):
        take_backup(load_settings(workspace), SystemClock(), "/proc/none/x.tar.gz")


def _url(workspace: Path) -> str:
    return load_settings(workspace, BareSettings).store_url
