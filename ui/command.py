"""`portevoix desk`: opens the review desk on this machine and prints its one-time sign-in link."""

import signal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from agent.settings import Settings
    from ui.serving.process import RunningDesk

OPERATOR = "Desk"


def register(app: typer.Typer) -> None:
    """Add `desk` to the command line."""
    app.command(rich_help_panel="Start")(desk)


def desk(
    workspace: Annotated[
        Path | None,
        typer.Option(
            "--workspace", help="Workspace folder. Default: PORTEVOIX_WORKSPACE or ./workspace"
        ),
    ] = None,
    host: Annotated[
        str | None,
        typer.Option(
            help="Address to listen on; beyond loopback only with sign-in and https set up."
            " Default: settings."
        ),
    ] = None,
    port: Annotated[int | None, typer.Option(help="Port. Default: settings (8501).")] = None,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open the browser.")
    ] = True,
    link: Annotated[
        bool,
        typer.Option(
            "--link",
            help="Print an administrator's one-time link though other sign-in is set up.",
        ),
    ] = False,
    name: Annotated[
        str | None, typer.Option("--as", help="Whose name decisions carry. Default: your login.")
    ] = None,
) -> None:
    """Open the review desk and print a sign-in link that works once.

    Fetching and posting are done by `portevoix work`, beside it.
    """
    from agent.settings import load_settings

    settings = load_settings(workspace)
    signal.signal(signal.SIGTERM, _stop)
    typer.echo("Opening the desk: loading brands and recognisers…")
    running = start_desk(settings.workspace, host or settings.desk.host, port or settings.desk.port)
    try:
        _announce(running, settings, name, is_asked=link, opens_browser=browser)
        code = running.process.wait()
    except KeyboardInterrupt:
        code = 0
    finally:
        running.stop()
    if code:
        raise typer.Exit(code)


def _announce(
    running: "RunningDesk",
    settings: "Settings",
    name: str | None,
    *,
    is_asked: bool,
    opens_browser: bool,
) -> None:
    """Say where the desk is; an administrator's link is printed only where it is the way in."""
    if settings.sign_in.is_set_up and not is_asked:
        address = running.url
        typer.echo(f"\nPortevoix is open: {address}\n")
        typer.echo("Stop with Ctrl+C. The first administrator: portevoix desk --link")
    else:
        address = running.sign_in_url(_invite(settings, name))
        typer.echo(f"\nPortevoix is open. Sign in once, within 15 minutes:\n\n    {address}\n")
        typer.echo("Stop with Ctrl+C. Another person: portevoix user add NAME")
    if opens_browser:
        typer.launch(address)


def _stop(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def start_desk(workspace: Path, host: str = "127.0.0.1", port: int = 8501) -> "RunningDesk":
    """Start the desk as a child process and return once it answers; see `ui.serving.process`.

    Raises:
        ConfigurationError: the host is not loopback or the port is busy.
        DeskDidNotStart: the server stopped or stayed silent.
    """
    from ui.serving.process import start_desk as start

    return start(workspace, host, port)


def _invite(settings: "Settings", name: str | None) -> str:
    """Return a one-time token for the person at this console, who administers the workspace."""
    from agent.bootstrap import open_workspace
    from agent.cli.people import person_id
    from agent.domain.people import EVERY_BRAND, Role
    from agent.domain.reviews import Reviewer

    shown = name or _login_name()
    person = Reviewer(id=person_id(shown), name=shown)
    return open_workspace(settings).sessions.issue_link(person, {EVERY_BRAND: Role.ADMIN})


def _login_name() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return OPERATOR
