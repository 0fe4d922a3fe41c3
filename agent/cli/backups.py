"""backup, restore: an installation kept elsewhere, and brought back."""

from pathlib import Path
from typing import Annotated

import typer

from agent.cli.workspace import Space


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(rich_help_panel="People and records")(backup)
    app.command(rich_help_panel="People and records")(restore)


def backup(
    workspace: Space = None,
    out: Annotated[
        str | None,
        typer.Option(help="File, folder, or - for standard output. Default: backups/"),
    ] = None,
    keep: Annotated[
        int | None, typer.Option(min=1, help="Remove all but so many of the newest.")
    ] = None,
    verify: Annotated[
        Path | None, typer.Option(help="Take none: read this one whole and compare every part.")
    ] = None,
) -> None:
    """Write database, brand packs and settings to one file; desk and workers go on meanwhile.

    It holds personal data, and no secret of the settings. Only its owner may read it; to encrypt:
    portevoix backup --out - | age -r KEY > FILE
    """
    from agent.cli.keeping import back_up
    from agent.cli.keeping import verify as verify_archive

    if verify is not None:
        typer.echo(verify_archive(verify))
        return
    back_up(workspace, out, keep)


def restore(
    archive: Annotated[Path, typer.Argument(help="A file that `portevoix backup` wrote.")],
    workspace: Space = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Keep aside what is there, and restore all the same.")
    ] = False,
    name: Annotated[
        str | None, typer.Option("--as", help="Your name. Default: your login.")
    ] = None,
) -> None:
    """Bring an installation back from a backup, on SQLite or PostgreSQL, whichever it came from.

    Every part is compared first. Posting stays frozen until a person lets it go on: what was
    approved may have been sent since the backup.
    """
    from agent.cli.keeping import restore as bring_back

    bring_back(archive, workspace, name, replaces=replace)
