"""`portevoix demo`: a workspace with the sample brand, its inbox drafted, the desk open."""

import shutil
import socket
from datetime import UTC, datetime, timedelta
from importlib.resources import as_file, files
from pathlib import Path

import typer

from agent.adapters.files.lines import read_lines, write_line
from agent.bootstrap import Workspace, open_workspace, prepare_folder
from agent.cli.console import whole_file
from agent.cli.supervising import desk_and_workers, supervise
from agent.domain.errors import ConfigurationError
from agent.settings import CONFIG_NAME, load_settings

INBOX = "inbox.jsonl"
_OLDEST = timedelta(hours=9)
"""How long ago the first message of the demonstration was written."""
_CONFIG = """\
# This workspace was made by `portevoix demo`. Every key: docs/command-line.md
brands = ["brands/{brand}"]

[channels.inbox]
kind = "file"
brand = "{brand}"
inbox = "inbox/inbox.jsonl"
outbox = "outbox/inbox.jsonl"

[channels.sandbox]
kind = "sandbox"
brand = "{brand}"
"""


def prepare_demo(workspace: Path | None) -> Path:
    """Make the workspace if needed, take the inbox in and draft it; return its folder.

    Each part is skipped when it is there, so an interrupted demo goes on where it stopped.
    """
    folder = load_settings(workspace).workspace
    prepare_folder(folder)
    if not (folder / CONFIG_NAME).exists():
        _make_workspace(folder)
    space = open_workspace(load_settings(folder), owns_index=True)
    _take_in(space)
    _draft(space)
    space.leave_index()
    return folder


def require_free_port(port: int) -> None:
    """Check that the desk will be able to listen, before minutes are spent on drafting.

    Raises:
        ConfigurationError: another program listens on `port`.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise ConfigurationError(
                f"port {port} on 127.0.0.1 is not free; stop the program that uses it, or choose "
                "another: portevoix demo --port 8601"
            ) from None


def open_desk(folder: Path, port: int) -> None:
    """Run the desk and a worker until told to stop (Ctrl+C)."""
    code = supervise(desk_and_workers(folder, 1, port, opens_browser=True))
    if code:
        raise typer.Exit(code)


def _make_workspace(folder: Path) -> None:
    with as_file(files("knowledge").joinpath("brands")) as brands:
        sample = next(p for p in sorted(brands.iterdir()) if (p / "inbox").is_dir())
        _copy_whole(sample, folder / "brands" / sample.name, skip="inbox")
        _write_fresh_inbox(sample / "inbox" / INBOX, folder / "inbox" / INBOX)
    config = folder / f".{CONFIG_NAME}.partial"
    config.write_text(_CONFIG.format(brand=sample.name), encoding="utf-8")
    config.replace(folder / CONFIG_NAME)


def _copy_whole(source: Path, target: Path, skip: str = "") -> None:
    """Copy a folder so that an interruption leaves either all of it or nothing under its name."""
    if target.exists():
        return
    partial = target.with_name(f".{target.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    shutil.copytree(source, partial, ignore=shutil.ignore_patterns("__pycache__", skip))
    partial.replace(target)


def _write_fresh_inbox(source: Path, target: Path) -> None:
    """Copy the inbox with its times brought to the last hours, so that deadlines are alive."""
    rows = [line.record for line in read_lines(source)]
    times = [datetime.fromisoformat(row["created_at"]) for row in rows]
    span = (max(times) - min(times)) or _OLDEST
    now = datetime.now(UTC).replace(microsecond=0)
    for row, time in zip(rows, times, strict=True):
        row["created_at"] = (now - _OLDEST * ((max(times) - time) / span)).isoformat()
    target.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(target) as stream:
        stream.writelines(map(write_line, rows))


def _take_in(space: Workspace) -> None:
    report = space.intake.receive(space.channels["inbox"], space.brand_of("inbox"))
    typer.echo(f"Inbox: {report.added} messages taken in, {report.duplicates} already here.")
    for problem in report.problems:
        typer.echo(f"  {problem}", err=True)


def _draft(space: Workspace) -> None:
    from rich.console import Console
    from rich.progress import Progress

    typer.echo("Drafting (the first time loads the recognisers, a few seconds)…")
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("Drafting", total=None)

        def show(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        drafted = space.intake.draft_pending(on_progress=show)
    typer.echo(f"{drafted} messages drafted; nothing is posted before a person decides.")
