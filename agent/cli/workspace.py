"""demo, work, webhooks, export, doctor, user: one installation and the people who use it."""

from pathlib import Path
from typing import Annotated

import typer

Space = Annotated[
    Path | None,
    typer.Option(
        "--workspace", help="Workspace folder. Default: PORTEVOIX_WORKSPACE or ./workspace"
    ),
]
MetricsPort = Annotated[
    int | None,
    typer.Option(
        min=0,
        max=65535,
        help="Port on 127.0.0.1 for /metrics, /healthz and /readyz. Default: settings (0: none).",
    ),
]


def register(app: typer.Typer) -> None:
    """Add the commands about the workspace."""
    app.command(rich_help_panel="Start")(demo)
    app.command(rich_help_panel="Start")(work)
    app.command(rich_help_panel="Start")(webhooks)
    app.command(rich_help_panel="Start")(doctor)
    app.command(rich_help_panel="People and records")(export)
    people = typer.Typer(help="People, their roles and their sign-in links.")
    people.command("add")(add_person)
    people.command("link")(sign_in_link)
    people.command("password")(set_password)
    people.command("revoke")(revoke_person)
    people.command("list")(list_people)
    app.add_typer(people, name="user", rich_help_panel="People and records")


def demo(
    workspace: Space = None,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of the desk.")] = 8501,
    prepare_only: Annotated[bool, typer.Option(help="Draft the inbox and stop.")] = False,
) -> None:
    """Load the sample brand, draft its inbox and open the desk on 127.0.0.1.

    An interrupted demo goes on where it stopped when it is started again.
    """
    from agent.cli.demonstration import open_desk, prepare_demo, require_free_port

    if not prepare_only:
        require_free_port(port)
    folder = prepare_demo(workspace)
    if not prepare_only:
        open_desk(folder, port)


def work(
    workspace: Space = None,
    once: Annotated[bool, typer.Option("--once", help="One round, then stop.")] = False,
    every: Annotated[float, typer.Option(min=0.2, help="Seconds between rounds.")] = 2.0,
    metrics_port: MetricsPort = None,
) -> None:
    """Fetch from the channels, draft what came in, post what was approved."""
    from agent.cli.working import work_rounds

    work_rounds(workspace, once=once, every=every, metrics_port=metrics_port)


def webhooks(
    workspace: Space = None,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port on 127.0.0.1.")] = 8503,
) -> None:
    """Take signed webhooks in, on 127.0.0.1; a reverse proxy in front speaks https."""
    from agent.cli.receiving import serve_webhooks

    serve_webhooks(workspace, port)


def doctor(
    workspace: Space = None,
    as_json: Annotated[bool, typer.Option("--json", help="For a program.")] = False,
    offline: Annotated[
        bool, typer.Option("--offline", help="Call no channel, no model and no other server.")
    ] = False,
) -> None:
    """Show the settings as resolved (secrets masked) and check every part.

    Each channel is read once with its credentials; nothing is posted and nothing is stored. Exit
    code 1 if a part is not in order.
    """
    from agent.cli.health import examine, print_report

    report = examine(workspace, is_offline=offline)
    print_report(report, as_json=as_json)
    if not report.is_healthy:
        raise typer.Exit(1)


def export(
    out: Annotated[Path, typer.Option("--out", help="Output, JSONL: one item a line.")],
    workspace: Space = None,
    item: Annotated[str | None, typer.Option(help="Only this item.")] = None,
    originals: Annotated[
        bool, typer.Option(help="Include the customers' words unredacted: personal data.")
    ] = False,
) -> None:
    """Write the complete trail of each reply: sources, checks, who decided, what was posted."""
    from agent.cli.exporting import export_trails

    count, head = export_trails(workspace, out, item, originals=originals)
    typer.echo(f"{count} items written to {out}; audit head {head}", err=True)


def add_person(
    name: Annotated[str, typer.Argument(help="The person's name, as shown to colleagues.")],
    role: Annotated[str, typer.Option(help="cm, lead, admin or viewer.")] = "cm",
    brand: Annotated[str | None, typer.Option(help="Brand id. Default: every brand.")] = None,
    workspace: Space = None,
) -> None:
    """Add a person, or give a person another role."""
    from agent.cli.people import add

    typer.echo(add(workspace, name, role, brand))


def sign_in_link(
    name: Annotated[str, typer.Argument(help="The person's name.")],
    workspace: Space = None,
) -> None:
    """Print a one-time sign-in link for a person."""
    from agent.cli.people import link

    typer.echo(link(workspace, name))


def set_password(
    name: Annotated[str, typer.Argument(help="The person's name.")],
    workspace: Space = None,
    login: Annotated[
        str | None, typer.Option(help="With which they sign in. Default: the one they have.")
    ] = None,
) -> None:
    """Set a person's password, asked for here or read from standard input.

    At least 15 characters. Never on the command line, where every program could read it.
    """
    import sys

    from agent.cli.people import set_password as store

    if sys.stdin.isatty():
        password = str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    typer.echo(store(workspace, name, login, password))


def revoke_person(
    name: Annotated[str, typer.Argument(help="The person's name.")],
    workspace: Space = None,
) -> None:
    """Shut a person out at once: no role, no link, no session."""
    from agent.cli.people import revoke

    typer.echo(revoke(workspace, name))


def list_people(workspace: Space = None) -> None:
    """List people and roles."""
    from agent.cli.people import listing

    for line in listing(workspace):
        typer.echo(line)
