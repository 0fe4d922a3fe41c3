"""`portevoix work`: fetching, drafting and posting as durable jobs, until told to stop."""

import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import typer

from agent.bootstrap import Shift, Workspace, keep_journal, open_workspace, serve_figures
from agent.domain.errors import ChannelError, WorkspaceError
from agent.domain.operations import LogFormat
from agent.settings import Settings, load_settings


def work_rounds(
    workspace: Path | None, *, once: bool, every: float, metrics_port: int | None = None
) -> None:
    """Work until a stop signal as one of any number of workers, or one round in this process."""
    settings = load_settings(workspace)
    keep_journal(settings, "worker")
    if once:
        space = open_workspace(settings, owns_index=True)
        space.adopt_packs()
        one_round(space)
        return
    space = _join(settings)
    space.adopt_packs()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    shift = Shift(space, _sayer(settings))
    port = settings.metrics.port if metrics_port is None else metrics_port
    server = serve_figures(space, shift, every, port) if port else None
    shift.work(stop, every)
    if server is not None:
        server.stop()
    sys.stdout.flush()
    # A job that waits for its next try would hold the process up; another worker goes on with it.
    os._exit(0)


def _sayer(settings: Settings) -> Callable[[str], None]:
    """Return where the worker tells people how it goes: nowhere if a program reads its log."""
    return typer.echo if settings.logs.format is LogFormat.TEXT else lambda _: None


def _join(settings: Settings) -> Workspace:
    """Open the workspace as the index's owner, or beside the worker that owns it."""
    try:
        return open_workspace(settings, owns_index=True)
    except WorkspaceError:
        if settings.models.embedder is not None:
            raise
        space = open_workspace(settings)
    typer.echo("Another process owns the search index; this worker ranks by words alone.")
    return space


def one_round(space: Workspace) -> None:
    """Fetch from each channel, draft what came in, post what was approved, moderate."""
    for name, channel in space.channels.items():
        try:
            report = space.intake.receive(channel, space.brand_of(name))
        except ChannelError as error:
            typer.echo(f"{name}: {error}", err=True)
            continue
        if report.added or report.edited:
            typer.echo(f"{name}: {report.added} new, {report.edited} edited")
        for problem in report.problems:
            typer.echo(f"{name}: {problem}", err=True)
    drafted = space.intake.draft_pending()
    if drafted:
        typer.echo(f"{drafted} drafted")
    _post(space)
    _moderate(space)


def _post(space: Workspace) -> None:
    for report in (space.posting.resolve_unknown(), space.posting.post_ready()):
        if report.sent:
            typer.echo(f"{report.sent} posted")
        for problem in report.problems:
            typer.echo(problem, err=True)


def _moderate(space: Workspace) -> None:
    report = space.posting.moderate_ready()
    if report.done:
        typer.echo(f"{report.done} moderated")
    for problem in report.problems:
        typer.echo(problem, err=True)
