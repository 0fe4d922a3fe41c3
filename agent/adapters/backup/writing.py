"""Writes an archive part by part; it has its name only when it is whole and on the disk."""

import gzip
import hashlib
import io
import os
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from agent.domain.backups import BackupManifest, BackupPart
from agent.domain.errors import PortevoixError

MANIFEST = "manifest.json"
STANDARD_OUTPUT = "-"
_LEVEL = 5
_OWNER_ONLY = 0o600
"""Customers' words are in it."""


class ArchiveWriter:
    """Adds parts, then the manifest. Each part waits on the disk until its size is known."""

    def __init__(self, archive: tarfile.TarFile, spool: Path) -> None:
        self._archive = archive
        self._spool = spool
        self.parts: list[BackupPart] = []

    def add(self, path: str, chunks: Iterable[bytes], *, rows_after: int | None = None) -> None:
        """Add one part; with `rows_after` each chunk after so many is counted as a row."""
        digest, size, count = hashlib.sha256(), 0, 0
        with tempfile.TemporaryFile(dir=self._spool) as stream:
            for chunk in chunks:
                stream.write(chunk)
                digest.update(chunk)
                size, count = size + len(chunk), count + 1
            stream.seek(0)
            self._archive.addfile(_entry(path, size), stream)
        rows = None if rows_after is None else max(0, count - rows_after)
        part = BackupPart(path=path, sha256=digest.hexdigest(), size=size, rows=rows)
        self.parts.append(part)

    def finish(self, manifest: BackupManifest) -> None:
        """Add the manifest."""
        text = manifest.model_dump_json(indent=1).encode()
        self._archive.addfile(_entry(MANIFEST, len(text)), io.BytesIO(text))


@contextmanager
def new_archive(target: str) -> Iterator[ArchiveWriter]:
    """Open an archive that appears under its name when everything is written, mode 0600.

    `-`: the standard output, for a program that encrypts it.

    Raises:
        PortevoixError: the folder cannot be written or the disk is full; nothing was replaced.
    """
    if target == STANDARD_OUTPUT:
        with _writing(sys.stdout.buffer, Path(tempfile.gettempdir())) as writer:
            yield writer
        sys.stdout.buffer.flush()
        return
    path = Path(target)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(partial, "wb", opener=_for_owner_only) as stream:
            with _writing(stream, path.parent) as writer:
                yield writer
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(path)
    except OSError as error:
        raise PortevoixError(
            f"{path}: the backup cannot be written ({error.strerror}); free some space, mend the "
            "folder's permissions, or choose another place. Nothing was replaced"
        ) from None
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


@contextmanager
def _writing(stream: IO[bytes], spool: Path) -> Iterator[ArchiveWriter]:
    with (
        gzip.GzipFile(filename="", fileobj=stream, mode="wb", compresslevel=_LEVEL) as packed,
        tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as archive,
    ):
        yield ArchiveWriter(archive, spool)


def _for_owner_only(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_EXCL, _OWNER_ONLY)


def _entry(path: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(path)
    entry.size = size
    entry.mode = _OWNER_ONLY
    return entry
