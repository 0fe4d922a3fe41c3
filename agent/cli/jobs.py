"""jobs, freeze, unfreeze, notify, purge, up: what keeps an installation going or stops it."""

from typing import Annotated

import typer

from agent.cli.workspace import MetricsPort, Space

Brand = Annotated[str | None, typer.Option(help="Brand id. Default: every brand.")]
Why = Annotated[str, typer.Option("--reason", help="Why, for colleagues and the audit trail.")]
Who = Annotated[str | None, typer.Option("--as", help="Your name. Default: your login.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(rich_help_panel="Start")(up)
    app.command(rich_help_panel="Start")(freeze)
    app.command(rich_help_panel="Start")(unfreeze)
    app.command(rich_help_panel="Start")(notify)
    app.command(rich_help_panel="Start")(purge)
    jobs = typer.Typer(help="Jobs that were given up: list them, try them again.")
    jobs.command("dead")(dead)
    jobs.command("retry")(retry)
    jobs.command("close")(close)
    app.add_typer(jobs, name="jobs", rich_help_panel="Start")


def up(
    workspace: Space = None,
    workers: Annotated[int, typer.Option(min=1, max=16, help="Worker processes.")] = 1,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Port of the desk. Default: settings.")
    ] = None,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open the browser.")
    ] = True,
    metrics_port: MetricsPort = None,
) -> None:
    """Run the desk and the workers on this machine; each is started again when it ends.

    Ctrl+C stops all of them. The first worker tells its figures on the metrics port, the second on
    the next one, and so on.
    """
    from agent.cli.supervising import desk_and_workers, refuse_many_owners, supervise
    from agent.settings import load_settings

    settings = load_settings(workspace)
    refuse_many_owners(settings, workers)
    first = settings.metrics.port if metrics_port is None else metrics_port
    children = desk_and_workers(
        settings.workspace, workers, port, opens_browser=browser, metrics_port=first
    )
    raise typer.Exit(supervise(children))


def freeze(
    workspace: Space = None, brand: Brand = None, reason: Why = "", name: Who = None
) -> None:
    """Stop posting at once, on one brand or on every one. What is approved waits."""
    from agent.cli.freezing import switch

    typer.echo(switch(workspace, brand, reason, name, is_on=True))


def unfreeze(
    workspace: Space = None, brand: Brand = None, reason: Why = "", name: Who = None
) -> None:
    """Let posting go on."""
    from agent.cli.freezing import switch

    typer.echo(switch(workspace, brand, reason, name, is_on=False))


def notify(
    workspace: Space = None,
    test: Annotated[
        bool, typer.Option("--test", help="Send a test message to each destination.")
    ] = False,
    again: Annotated[
        bool, typer.Option("--retry", help="Try what was given up again, where it still matters.")
    ] = False,
    to: Annotated[
        str | None, typer.Option("--to", help="With --test: one destination, or NAME:TARGET.")
    ] = None,
) -> None:
    """List who is told of escalations and alerts; send a test message."""
    from agent.cli.notifying import destinations, retry_notices, send_tests

    if again:
        typer.echo(retry_notices(workspace))
    elif test:
        raise typer.Exit(send_tests(workspace, to))
    else:
        for line in destinations(workspace):
            typer.echo(line)


def purge(
    workspace: Space = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Count what would be removed, and change nothing.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The report as JSON.")] = False,
) -> None:
    """Remove texts past their brand's retention; workers do it once a day."""
    from agent.cli.purging import purge_lines

    for line in purge_lines(workspace, is_dry_run=dry_run, as_json=as_json):
        typer.echo(line)


def dead(workspace: Space = None) -> None:
    """List the jobs that were given up, oldest first."""
    from agent.cli.letters import listing

    for line in listing(workspace):
        typer.echo(line)


def retry(
    job: Annotated[str | None, typer.Argument(help="Its name, as `jobs dead` prints it.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every one that a machine can do.")] = False,
    workspace: Space = None,
    name: Who = None,
) -> None:
    """Try a job again that was given up: a worker does it at its next round."""
    from agent.cli.letters import retry_jobs

    for line in retry_jobs(workspace, job, name, every=every):
        typer.echo(line)


def close(
    job: Annotated[str, typer.Argument(help="Its name, as `jobs dead` prints it.")],
    workspace: Space = None,
    name: Who = None,
) -> None:
    """Take a job off the list that a person has seen to."""
    from agent.cli.letters import close_job

    typer.echo(close_job(workspace, job, name))
