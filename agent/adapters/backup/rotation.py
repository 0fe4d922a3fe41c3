"""Keeps the last backups of a folder and removes older ones."""

from collections.abc import Iterator
from pathlib import Path

PREFIX, SUFFIX = "portevoix-", ".tar.gz"


def rotate(folder: Path, keep: int) -> tuple[Path, ...]:
    """Remove all but the `keep` newest backups named by us; return those removed."""
    # Their names hold the time, so that the order of names is the order of time.
    old = sorted(_ours(folder), reverse=True)[keep:]
    for path in old:
        path.unlink(missing_ok=True)
    return tuple(old)


def _ours(folder: Path) -> Iterator[Path]:
    for path in folder.glob(f"{PREFIX}*{SUFFIX}"):
        stamp = path.name.removeprefix(PREFIX).removesuffix(SUFFIX)
        if path.is_file() and len(stamp) == len("20261128T110000Z") and stamp.endswith("Z"):
            yield path
