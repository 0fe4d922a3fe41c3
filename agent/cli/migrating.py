"""`portevoix migrate`: the database at this version's schema, and what the application may do."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.workspace import Space

if TYPE_CHECKING:
    from agent.settings import Settings

To = Annotated[
    str | None,
    typer.Option(
        "--grant-to",
        help="PostgreSQL role of the desk and the workers. Default: the one in store.url, "
        "if store.owner_url names another.",
    ),
]
AsSql = Annotated[
    bool, typer.Option("--sql", help="Print the grants for an administrator; change nothing.")
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel="Start")(migrate)


def migrate(workspace: Space = None, grant_to: To = None, as_sql: AsSql = False) -> None:
    """Bring the database to this version's schema and create its triggers afresh.

    On PostgreSQL it connects as store.owner_url, and grants the application's role what it needs:
    it may change no table, no trigger, and nothing that is only ever added to.
    """
    from agent.settings import load_settings

    settings = load_settings(workspace)
    role = grant_to or _application(settings)
    for line in _printed(settings, role) if as_sql else _migrated(settings, role):
        typer.echo(line)


def _owner_url(settings: "Settings") -> str:
    """Return the URL that may change the schema: the owner's, or the only one there is."""
    owner = settings.store.owner_url
    return owner.get_secret_value() if owner is not None else settings.store_url


def _application(settings: "Settings") -> str | None:
    """Return the role of store.url where the owner is another."""
    from sqlalchemy import make_url

    user = make_url(settings.store_url).username
    return user if user != make_url(_owner_url(settings)).username else None


def _printed(settings: "Settings", role: str | None) -> list[str]:
    from agent.adapters.store import grants
    from agent.adapters.work.database import grants as engine_grants

    if role is None:
        raise typer.BadParameter("name the application's role: --grant-to ROLE")
    wanted = (*grants(_owner_url(settings), role), *engine_grants(role))
    return [f"{statement};" for statement in wanted]


def _migrated(settings: "Settings", role: str | None) -> list[str]:
    from agent.adapters.store import grant, upgrade
    from agent.adapters.work.database import engine_url, migrate
    from agent.adapters.work.database import grants as engine_grants

    _make_folder(settings.workspace)
    upgrade(_owner_url(settings))
    migrate(_owner_url(settings))
    lines = ["The database and the engine's tables are at this version's schema."]
    if role is not None:
        grant(_owner_url(settings), role, also=engine_grants(role))
        where = engine_url(_owner_url(settings)).database
        lines.append(f"{role} may use the tables of {where}, and change none of them.")
    return lines


def _make_folder(folder: Path) -> None:
    from agent.bootstrap import prepare_folder

    prepare_folder(folder)
