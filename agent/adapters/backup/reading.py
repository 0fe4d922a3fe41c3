"""Reads an archive from its beginning to its end; nothing is taken from it before it is verified.

No path of an archive is ever used as it stands: whoever reads decides where a part goes.
"""

import hashlib
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from pydantic import ValidationError

from agent.adapters.backup.writing import MANIFEST
from agent.domain.backups import BACKUP_FORMAT, FILES, BackupManifest, BackupPart
from agent.domain.errors import WorkspaceError

_CHUNK = 1 << 20
_MOST_MANIFEST = 64 << 20
_DAMAGE = (tarfile.TarError, EOFError, zlib.error, OSError)


class ArchiveReader:
    """The parts of a verified archive, in their order."""

    def __init__(self, path: Path, manifest: BackupManifest) -> None:
        self.path = path
        self.manifest = manifest

    def tables(self) -> Iterator[tuple[str, int, Iterator[bytes]]]:
        """Yield each table: its name, how many rows it has, and its lines."""
        for part, stream in self._parts():
            if part.table is not None:
                yield part.table, part.rows or 0, iter(stream)

    def files(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Yield each file of the workspace: its path below `files/`, and its bytes."""
        for part, stream in self._parts():
            if part.path.startswith(FILES):
                yield part.path.removeprefix(FILES), _chunks(stream)

    def _parts(self) -> Iterator[tuple[BackupPart, IO[bytes]]]:
        known = {part.path: part for part in self.manifest.parts}
        with _opened(self.path) as archive:
            for entry, stream in archive:
                if entry in known:
                    yield known[entry], stream


def verified(path: Path) -> ArchiveReader:
    """Read the whole archive and compare every part with the manifest.

    Raises:
        WorkspaceError: it is no archive of ours, is cut short or was changed, or a newer program
            wrote it.
    """
    found: dict[str, str] = {}
    text = b""
    with _opened(path) as archive:
        for name, stream in archive:
            if name == MANIFEST:
                text = stream.read(_MOST_MANIFEST)
                continue
            digest = hashlib.sha256()
            for chunk in _chunks(stream):
                digest.update(chunk)
            found[name] = digest.hexdigest()
    manifest = _manifest(path, text)
    wrong = [part.path for part in manifest.parts if found.get(part.path) != part.sha256]
    wrong += sorted(set(found) - {part.path for part in manifest.parts})
    if wrong:
        raise WorkspaceError(
            f"{path}: damaged: {', '.join(wrong[:5])} not as the manifest says; take another backup"
        )
    return ArchiveReader(path, manifest)


def _manifest(path: Path, text: bytes) -> BackupManifest:
    if not text:
        raise WorkspaceError(f"{path}: cut short: it has no manifest; take another backup")
    try:
        manifest = BackupManifest.model_validate_json(text)
    except ValidationError:
        raise WorkspaceError(
            f"{path}: its manifest is not one this version reads; install the version that wrote it"
        ) from None
    if manifest.format != BACKUP_FORMAT:
        raise WorkspaceError(
            f"{path}: of format {manifest.format}, and this version reads {BACKUP_FORMAT}; install "
            f"Portevoix {manifest.program}"
        )
    return manifest


@contextmanager
def _opened(path: Path) -> Iterator[Iterator[tuple[str, IO[bytes]]]]:
    if not path.is_file():
        raise WorkspaceError(f"{path}: there is no such file")
    try:
        with tarfile.open(path, mode="r|gz") as archive:
            yield _entries(archive)
    except _DAMAGE as error:
        raise WorkspaceError(
            f"{path}: cannot be read as a backup ({type(error).__name__}): cut short, damaged, or "
            "still encrypted; take another one"
        ) from None


def _entries(archive: tarfile.TarFile) -> Iterator[tuple[str, IO[bytes]]]:
    for entry in archive:
        stream = archive.extractfile(entry) if entry.isreg() else None
        if stream is not None:
            yield entry.name, stream


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    while chunk := stream.read(_CHUNK):
        yield chunk
