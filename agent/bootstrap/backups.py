"""Backups of a workspace taken, verified and restored."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field

from agent.domain.backups import FILES, TABLES, BackupManifest
from agent.domain.errors import WorkspaceError
from agent.domain.reviews import Reviewer
from agent.ports import Clock
from agent.settings import CONFIG_NAME, Settings, load_settings, workspace_folder

if TYPE_CHECKING:
    from agent.adapters.backup import ArchiveReader, ArchiveWriter

_NETWORKS = ("channels", "outbox", "inbox")
"""What stands for a network in files: never put back over one that is there and knows more."""
_WORKSPACE = "workspace"


class BareSettings(Settings):
    """Settings whose secrets may be missing: enough to find the database and the packs."""

    channels: dict[str, Any] = Field(default_factory=dict)
    sign_in: Any = None
    models: Any = None


class Restored(BaseModel):
    """What a restore did."""

    model_config = ConfigDict(frozen=True)

    manifest: BackupManifest
    in_doubt: int
    """Replies that may have left since the backup."""
    sessions_ended: int
    kept: tuple[str, ...]
    """Where what was there before is now."""


def take_backup(settings: Settings, clock: Clock, target: str) -> BackupManifest:
    """Write one archive; the desk and the workers may run meanwhile.

    Raises:
        WorkspaceError: the database cannot be read.
        PortevoixError: the archive cannot be written; nothing was replaced.
    """
    from agent.adapters.backup import new_archive
    from agent.adapters.store.copying import snapshot
    from agent.adapters.store.restoring import has_rows

    if not has_rows(settings.store_url):
        raise WorkspaceError(f"{settings.workspace}: there is no database in use to back up yet")
    with ExitStack() as stack:
        found = stack.enter_context(snapshot(settings.store_url))
        taken_at = clock.now()
        writer = stack.enter_context(new_archive(target))
        for number, table in enumerate(found.tables):
            path = f"{TABLES}{number:02}-{table}.jsonl"
            writer.add(path, found.lines(table), rows_after=1)
        left_out = (*_add_config(settings, writer), "the search index: it is made again")
        _add_folders(settings, writer)
        manifest = BackupManifest(
            taken_at=taken_at,
            program=version("portevoix"),
            engine=found.engine,
            revision=found.revision,
            audit_head=found.audit_head,
            parts=tuple(writer.parts),
            left_out=left_out,
        )
        writer.finish(manifest)
    return manifest


def _add_config(settings: Settings, writer: "ArchiveWriter") -> tuple[str, ...]:
    from agent.adapters.backup import without_secrets

    path = settings.workspace / CONFIG_NAME
    if not path.is_file():
        return (f"{CONFIG_NAME}: there is none",)
    kept = without_secrets(path.read_text("utf-8"))
    if kept is None:
        return (f"{CONFIG_NAME}: a secret in it cannot be taken out; keep the file elsewhere",)
    text, left_out = kept
    writer.add(f"{FILES}{_WORKSPACE}/{CONFIG_NAME}", [text.encode()])
    return tuple(f"{CONFIG_NAME}: {key}" for key in left_out)


def _add_folders(settings: Settings, writer: "ArchiveWriter") -> None:
    from agent.adapters.backup import Folder

    places = {f"{_WORKSPACE}/{name}": settings.workspace / name for name in _NETWORKS}
    for number, folder in enumerate(settings.brands):
        places[f"brands/{number}"] = settings.resolve(folder)
    for name, place in places.items():
        for path, chunks in Folder(name, place).files():
            writer.add(f"{FILES}{path}", chunks)


def verify_backup(path: Path) -> BackupManifest:
    """Read a whole archive and compare every part with its manifest.

    Raises:
        WorkspaceError: it is damaged, cut short or of a newer program.
    """
    from agent.adapters.backup import verified

    return verified(path).manifest


def restore_backup(
    path: Path, workspace: Path | None, clock: Clock, by: Reviewer, *, replaces: bool
) -> Restored:
    """Bring a workspace back: its settings without secrets, its brand packs and its database.

    `replaces`: what is there is kept aside; without, a workspace that holds anything is refused.

    Raises:
        WorkspaceError: the archive is damaged, of a newer program, or the workspace is not empty.
        StoreError: the rows do not fit or the audit chain is broken; nothing was restored.
    """
    from agent.adapters.backup import verified
    from agent.adapters.store.schema import knows

    archive = verified(path)
    if not knows(archive.manifest.revision):
        raise WorkspaceError(
            f"{path}: its schema {archive.manifest.revision} is newer than this program; install "
            f"Portevoix {archive.manifest.program} or a later one"
        )
    with _Bringing(archive, workspace) as bringing:
        return bringing.back(clock.now(), by, replaces=replaces)


class _Bringing:
    """One restore: files are staged first, then the database, then files take their places."""

    def __init__(self, archive: "ArchiveReader", workspace: Path | None) -> None:
        self._archive = archive
        self._config: Path | None = None
        folder = workspace_folder({"workspace": workspace})
        text = self._config_text()
        target = folder / CONFIG_NAME
        if text is not None and not target.exists():
            folder.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text)
            self._config = target
        try:
            # A channel's secret is not in a backup; it is set again after the restore.
            self._settings = load_settings(workspace, BareSettings)
        except BaseException:
            self._take_config_back()
            raise

    def __enter__(self) -> "_Bringing":
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        from agent.adapters.backup.folders import drop_staged

        for place in self._places().values():
            drop_staged(place)
        if kind is not None:
            self._take_config_back()

    def _take_config_back(self) -> None:
        if self._config is not None:
            self._config.unlink(missing_ok=True)

    def _config_text(self) -> bytes | None:
        wanted = f"{_WORKSPACE}/{CONFIG_NAME}"
        return next(
            (b"".join(chunks) for path, chunks in self._archive.files() if path == wanted), None
        )

    def _places(self) -> dict[str, Path]:
        packs = {
            f"brands/{number}/": self._settings.resolve(folder)
            for number, folder in enumerate(self._settings.brands)
        }
        return packs | {f"{_WORKSPACE}/{n}/": self._settings.workspace / n for n in _NETWORKS}

    def back(self, now: datetime, by: Reviewer, *, replaces: bool) -> Restored:
        from agent.adapters.store.restoring import restore_database

        settings, manifest = self._settings, self._archive.manifest
        aside = settings.workspace / f"before-restore-{now:%Y%m%dT%H%M%S}"
        self._stage()
        if not replaces:
            self._refuse_full()
        self._refuse_working(now)
        settled: list[tuple[int, int]] = []
        kept = restore_database(
            settings.store_url,
            manifest.revision,
            self._archive.tables(),
            aside,
            self._settle(settled, by, now),
        )
        moved = (kept, *self._put_in_place(aside), self._forget_engine(aside))
        doubtful, ended = settled[0]
        return Restored(
            manifest=manifest,
            in_doubt=doubtful,
            sessions_ended=ended,
            kept=tuple(one for one in moved if one),
        )

    def _settle(
        self, settled: list[tuple[int, int]], by: Reviewer, now: datetime
    ) -> Callable[..., None]:
        from agent.ports import UnitOfWork
        from agent.services.restoring import refuse_changed, settle_restored

        manifest = self._archive.manifest

        def settle(work: UnitOfWork) -> None:
            refuse_changed(work, manifest.audit_head)
            settled.append(settle_restored(work, manifest, by, now))

        return settle

    def _stage(self) -> None:
        from agent.adapters.backup import stage

        places = self._places()
        for path, chunks in self._archive.files():
            found = next((prefix for prefix in places if path.startswith(prefix)), None)
            if found is not None:
                stage(places[found], path.removeprefix(found), chunks)

    def _refuse_full(self) -> None:
        from agent.adapters.backup.folders import is_as_staged
        from agent.adapters.store.restoring import has_rows

        mend = "restore into an empty workspace, or add --replace: what is there is kept aside"
        if has_rows(self._settings.store_url):
            raise WorkspaceError(f"the database of {self._settings.workspace} is in use; {mend}")
        for prefix, place in self._places().items():
            is_pack = prefix.startswith("brands/")
            if is_pack and place.is_dir() and any(place.iterdir()) and not is_as_staged(place):
                raise WorkspaceError(f"{place} holds another version of the pack; {mend}")

    def _refuse_working(self, now: datetime) -> None:
        from agent.adapters.store.restoring import working_since

        alive = now - timedelta(seconds=self._settings.work.dead_after_seconds)
        if working_since(self._settings.store_url, alive):
            raise WorkspaceError("a worker is at work on this database; stop it, then restore")

    def _put_in_place(self, aside: Path) -> Iterator[str]:
        from agent.adapters.backup import put_in_place

        for prefix, place in self._places().items():
            is_network = prefix.startswith(_WORKSPACE)
            staged = place.with_name(f".{place.name}.restoring")
            if staged.is_dir() and not (is_network and place.exists()):
                yield put_in_place(place, aside)

    def _forget_engine(self, aside: Path) -> str:
        """Put the jobs of the former database aside: every worker finds again what is due."""
        from agent.adapters.store.restoring import put_engine_aside

        return put_engine_aside(self._settings.store_url, aside)
