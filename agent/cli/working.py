"""`portevoix work`: rounds of fetching, drafting and posting, until told to stop."""

import signal
import threading
from pathlib import Path

import typer

from agent.bootstrap import Workspace, hold_loaded, open_workspace
from agent.domain.errors import ChannelError
from agent.settings import load_settings


def work_rounds(workspace: Path | None, *, once: bool, every: float) -> None:
    """Work until a stop signal, or one round; a round under way is finished first."""
    space = open_workspace(load_settings(workspace), owns_index=True)
    space.adopt_packs()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    one_round(space)
    hold_loaded()
    while not once and not stop.wait(every):
        one_round(space)


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
