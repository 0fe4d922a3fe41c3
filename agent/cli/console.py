"""What the commands share: reporting bad lines, progress on a terminal, writing whole files."""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TypeVar

import typer

from agent.domain.errors import InputLineError, PortevoixError
from agent.domain.ids import PersonId
from agent.domain.reviews import Reviewer

T = TypeVar("T")


class BadLines:
    """Counts the lines that were reported, for the exit code."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.count = 0

    def report(self, problem: InputLineError) -> None:
        """Print one problem on standard error."""
        self.count += 1
        typer.echo(f"{self._path}: {problem}", err=True)

    def finish(self, written: int, out: Path) -> None:
        """Say what was done; exit 1 if a line was bad.

        Raises:
            typer.Exit: code 1.
        """
        typer.echo(f"{_lines(written)} written to {out}", err=True)
        if self.count:
            need = "needs" if self.count == 1 else "need"
            typer.echo(f"{_lines(self.count)} {need} a look (see above)", err=True)
            raise typer.Exit(1)


def _lines(count: int) -> str:
    return "1 line" if count == 1 else f"{count} lines"


def progress(items: Iterable[T], label: str, total: int | None = None) -> Iterator[T]:
    """Yield `items` under a progress bar on a terminal, plainly elsewhere."""
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    if not console.is_terminal:
        yield from items
        return
    yield from track(items, label, total=total, console=console, transient=True)


_STANDARD_OUTPUT = {"-", "/dev/stdout"}


@contextmanager
def whole_file(path: Path) -> Iterator[IO[str]]:
    """Open a file that appears under its name only when everything has been written.

    A link is followed; a device or a pipe is written to and never replaced; `-` and `/dev/stdout`
    are the standard output.

    Raises:
        PortevoixError: the folder cannot be written or the disk is full; nothing was replaced.
    """
    if str(path) in _STANDARD_OUTPUT:
        yield sys.stdout
        sys.stdout.flush()
        return
    target = path.resolve()
    is_special = target.exists() and not target.is_file()
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        with (target if is_special else partial).open("w", encoding="utf-8") as stream:
            yield stream
        if not is_special:
            partial.replace(target)
    except OSError as error:
        raise PortevoixError(
            f"{path}: cannot be written ({error.strerror}); free some space, mend its "
            "permissions, or choose another file with --out"
        ) from None
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def operator(name: str | None = None) -> Reviewer:
    """Return the person at this console, who has the machine and needs no role."""
    import getpass

    try:
        shown = name or getpass.getuser()
    except (OSError, KeyError):
        shown = "console"
    return Reviewer(id=PersonId(f"console:{shown}"), name=shown)
