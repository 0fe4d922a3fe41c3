"""The `portevoix` command: one file a family of commands, heavy imports inside each."""

import os
import sys
import traceback
from importlib.metadata import entry_points
from inspect import getdoc

import typer
from typer.models import CommandInfo

from agent.cli.backups import register as register_backups
from agent.cli.batch import register as register_batch
from agent.cli.jobs import register as register_jobs
from agent.cli.migrating import register as register_migrating
from agent.cli.packs import register as register_packs
from agent.cli.training import register as register_training
from agent.cli.workspace import register as register_workspace

TRACE = "PORTEVOIX_TRACE"
"""Set to 1, an error nobody foresaw is shown with its stack trace, which may quote a message."""
EXIT_DEFECT = 70
_EPILOG = "A first try: portevoix demo. Settings and their state: portevoix doctor."


def build() -> typer.Typer:
    """Return the command with every family registered, the desk's and the evals' included."""
    app = typer.Typer(
        name="portevoix",
        help="First-line community replies: the agent drafts, a person decides, then it is posted.",
        epilog=_EPILOG,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        # Plain help: rich, its Markdown and its highlighter would double the time to start.
        rich_markup_mode=None,
    )
    register_workspace(app)
    register_jobs(app)
    register_migrating(app)
    register_backups(app)
    register_packs(app)
    register_training(app)
    register_batch(app)
    for entry in entry_points(group="portevoix.commands"):
        entry.load()(app)
    for command in app.registered_commands:
        command.short_help = command.short_help or _first_paragraph(command)
    return app


def _first_paragraph(command: CommandInfo) -> str:
    """Return what the list of commands says of one: all of it, where the default would cut it."""
    text = command.help or getdoc(command.callback) or ""
    return " ".join(text.partition("\n\n")[0].split())


def main() -> None:
    """Run the command; an error we foresee is one clear line and its exit code."""
    from agent.domain.errors import PortevoixError

    if "--help" not in sys.argv:
        # Help logs nothing, and is wanted at once.
        from agent.adapters.logs import set_up_logs

        set_up_logs("command", os.environ.get("PORTEVOIX_LOGS__FORMAT", "text"), "warning")
    try:
        build()()
    except PortevoixError as error:
        typer.echo(f"portevoix: {error}", err=True)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        typer.echo("portevoix: stopped; run the same command again to go on", err=True)
        sys.exit(130)
    except Exception as error:
        if os.environ.get(TRACE) == "1":
            raise
        typer.echo(f"portevoix: {_defect(error)}", err=True)
        sys.exit(EXIT_DEFECT)


def _defect(error: Exception) -> str:
    """Say what nobody foresaw and where; not the error's own words, which may quote a customer."""
    frames = traceback.extract_tb(error.__traceback__)
    at = f" in {frames[-1].name}, line {frames[-1].lineno}" if frames else ""
    return (
        f"a defect ({type(error).__name__}{at}). Please report it with what {TRACE}=1 shows, "
        "after removing personal data"
    )
