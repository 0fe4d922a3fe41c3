"""Folders that go into a backup whole, and come back whole."""

import hashlib
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from agent.domain.errors import WorkspaceError

_CHUNK = 1 << 20
_DATABASES = {".db", ".sqlite"}


@dataclass(frozen=True)
class Folder:
    """One folder to keep, and what it is called in the archive."""

    name: str
    place: Path

    def files(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Yield each file: its path in the archive, and its bytes."""
        for path in sorted(self.place.rglob("*")):
            if path.is_file() and not path.name.endswith(("-wal", "-shm")):
                inside = path.relative_to(self.place).as_posix()
                yield f"{self.name}/{inside}", _content(path)


def _content(path: Path) -> Iterator[bytes]:
    if path.suffix in _DATABASES:
        yield from _database(path)
        return
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _database(path: Path) -> Iterator[bytes]:
    """Yield a small SQLite file as it is at one moment, whoever writes to it."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.db"
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        with copy.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                yield chunk


def stage(place: Path, inside: str, chunks: Iterator[bytes]) -> None:
    """Write one file beside the place it will have, never outside of it.

    Raises:
        WorkspaceError: its path leads elsewhere, or it cannot be written.
    """
    path = PurePosixPath(inside)
    if path.is_absolute() or ".." in path.parts or not path.parts:
        raise WorkspaceError(f"{inside}: a path of the backup leads out of its folder")
    target = _staged(place) / path
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as stream:
            for chunk in chunks:
                stream.write(chunk)
    except OSError as error:
        raise WorkspaceError(f"{target}: cannot be written ({error.strerror})") from None


def is_as_staged(place: Path) -> bool:
    """Whether a folder holds exactly the staged files already."""
    return _digests(place) == _digests(_staged(place))


def put_in_place(place: Path, aside: Path) -> str:
    """Give a staged folder its place; what is there and differs is kept in `aside`.

    Return where it was kept, or an empty text.
    """
    staged = _staged(place)
    kept = ""
    if place.exists() and not is_as_staged(place):
        aside.mkdir(mode=0o700, parents=True, exist_ok=True)
        kept = str(shutil.move(place, aside / place.name))
    if not place.exists():
        staged.replace(place)
    drop_staged(place)
    return kept


def drop_staged(place: Path) -> None:
    """Remove what was staged for a place and did not take it."""
    shutil.rmtree(_staged(place), ignore_errors=True)


def _staged(place: Path) -> Path:
    return place.with_name(f".{place.name}.restoring")


def _digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }
