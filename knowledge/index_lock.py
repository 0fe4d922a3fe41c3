"""One process owns an index folder: Chroma's readers in a second process would be stale."""

import atexit
import os
from pathlib import Path
from typing import IO

LOCK_NAME = "portevoix.lock"
_held: dict[Path, tuple[IO[str], int]] = {}
"""Folder -> open lock file and how many owners within this process."""


class IndexProblem(Exception):
    """The index cannot be used; the message says why, and the mend."""


class IndexInUse(IndexProblem):
    """Another process owns the index folder."""


class IndexUnusable(IndexProblem):
    """The index folder cannot be written, or what is in it cannot be read."""

    def __init__(self, folder: Path, cause: BaseException) -> None:
        super().__init__(
            f"The search index in {folder} cannot be used: {_said(cause)}. {_mend(cause)}"
        )


def _said(cause: BaseException) -> str:
    """Return what went wrong in one line, without the vendor's advice."""
    said = cause.strerror if isinstance(cause, OSError) and cause.strerror else str(cause)
    return said.splitlines()[0].rstrip(".") if said.strip() else type(cause).__name__


def _mend(cause: BaseException) -> str:
    said = str(cause).lower()
    if isinstance(cause, OSError) or "readonly" in said or "read-only" in said:
        return "Let this user write there, or name another workspace."
    return "Nothing in it is lost: delete the folder, then run portevoix index to make it again."


def _lock(file: IO[str]) -> bool:
    """Lock the file for this process; False if another process has it."""
    try:
        import fcntl
    except ImportError:
        import msvcrt

        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        except OSError:
            return False
        return True
    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def own(folder: Path) -> None:
    """Make this process the owner of `folder` until it ends or calls `release` as often as `own`.

    Raises:
        IndexInUse: another process is the owner; the message names it.
        IndexUnusable: the folder cannot be made or written.
    """
    folder = folder.resolve()
    if folder in _held:
        file, owners = _held[folder]
        _held[folder] = (file, owners + 1)
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / LOCK_NAME).open("a+", encoding="utf-8")
    except OSError as error:
        raise IndexUnusable(folder, error) from None
    if not _lock(file):
        file.seek(0)
        owner = file.read().strip() or "unknown"
        file.close()
        raise IndexInUse(
            f"The search index in {folder.name}/ is in use by process {owner}. "
            "Stop that process (desk or worker), or name another workspace. For several workers "
            "with an embedding model, run a Chroma server and set chroma.url "
            "(docs/many-machines.md)."
        )
    file.seek(0)
    file.truncate()
    file.write(str(os.getpid()))
    file.flush()
    _held[folder] = (file, 1)


def owner(folder: Path) -> str:
    """Return the process that owns `folder` now; empty: nobody does."""
    try:
        with (folder / LOCK_NAME).open("r+", encoding="utf-8") as file:
            # A lock of our own on it ends with the file: nobody else is kept out for longer.
            return "" if _lock(file) else (file.read().strip() or "unknown")
    except OSError:
        return ""


def release(folder: Path) -> None:
    """Give the folder up once; the last one to do so frees it for other processes."""
    folder = folder.resolve()
    file, owners = _held.pop(folder, (None, 0))
    if file is None:
        return
    if owners > 1:
        _held[folder] = (file, owners - 1)
    else:
        file.close()


@atexit.register
def release_all() -> None:
    """Give every folder up, so that another process may own it while this one lives on."""
    for file, _ in _held.values():
        file.close()
    _held.clear()
