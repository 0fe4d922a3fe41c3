"""`portevoix report`: the figures of a period as a page to print, or the items as a table."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from agent.bootstrap import Workspace
    from agent.domain.ids import BrandId
    from agent.domain.measures import MeasureQuery

_SUFFIXES = (".html", ".csv", ".parquet")
_DAY = ["%Y-%m-%d"]


def register(app: typer.Typer) -> None:
    """Add `report` to the command line."""
    app.command(rich_help_panel="People and records")(report)


def report(
    out: Annotated[Path, typer.Option("--out", help="Output: .html to print, .csv or .parquet.")],
    workspace: Annotated[
        Path | None,
        typer.Option(
            "--workspace", help="Workspace folder. Default: PORTEVOIX_WORKSPACE or ./workspace"
        ),
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=3660, help="The last days, today included.")] = 30,
    first: Annotated[
        datetime | None, typer.Option("--from", formats=_DAY, help="First day, instead of --days.")
    ] = None,
    last: Annotated[
        datetime | None, typer.Option("--to", formats=_DAY, help="Last day. Default: today.")
    ] = None,
    brand: Annotated[
        list[str] | None, typer.Option(help="Brand id, may be repeated. Default: every brand.")
    ] = None,
    channel: Annotated[str | None, typer.Option(help="Only this network.")] = None,
    lang: Annotated[str, typer.Option(help="Language of the page: fr or en.")] = "fr",
) -> None:
    """Write the figures of a period: no author, no customer's text, no reviewer's name.

    A page is one file that needs no network; print it from any browser.
    """
    from agent.bootstrap import open_workspace
    from agent.domain.errors import ConfigurationError
    from agent.settings import load_settings
    from ui.locales import LANGUAGES

    if out.suffix not in _SUFFIXES:
        raise ConfigurationError(f"{out}: end the name with one of {', '.join(_SUFFIXES)}")
    if lang not in LANGUAGES:
        raise ConfigurationError(f"--lang {lang}: there is {', '.join(LANGUAGES)}")
    space = open_workspace(load_settings(workspace))
    query = _query(space, _brands(space, brand or []), (first, last, days), channel)
    _write(out, _content(space, query, out.suffix, lang))
    typer.echo(f"{query.first} to {query.last}, {', '.join(query.brands)}: {out}", err=True)


def _brands(space: "Workspace", asked: list[str]) -> tuple["BrandId", ...]:
    from agent.domain.errors import ConfigurationError

    known = {str(brand_id): brand_id for brand_id in space.packs}
    unknown = [name for name in asked if name not in known]
    if unknown:
        there = ", ".join(sorted(known))
        raise ConfigurationError(
            f"no brand {', '.join(unknown)} in this workspace; there is: {there}"
        )
    return tuple(known[name] for name in asked or known)


def _query(
    space: "Workspace",
    brands: tuple["BrandId", ...],
    ends: tuple[datetime | None, datetime | None, int],
    channel: str | None,
) -> "MeasureQuery":
    from datetime import timedelta

    from pydantic import ValidationError

    from agent.domain.errors import ConfigurationError
    from agent.domain.measures import MeasureQuery

    first, last, days = ends
    until = last.date() if last else space.measuring.today(brands[0])
    since = first.date() if first else until - timedelta(days=days - 1)
    try:
        return MeasureQuery(brands=brands, first=since, last=until, channel=channel)
    except ValidationError:
        raise ConfigurationError(
            f"{since} to {until}: the period ends before it starts, or is longer than ten years"
        ) from None


def _content(space: "Workspace", query: "MeasureQuery", suffix: str, lang: str) -> bytes:
    from zoneinfo import ZoneInfo

    from ui.locales import Words
    from ui.reporting.exports import csv_bytes, parquet_bytes
    from ui.reporting.html import report_html
    from ui.reporting.tables import Names

    if suffix == ".csv":
        return csv_bytes(space.measuring.facts(query))
    if suffix == ".parquet":
        return parquet_bytes(space.measuring.facts(query))
    policies = [space.packs[brand].policy for brand in query.brands]
    teams = {str(team.id): team.name for policy in policies for team in policy.escalation.teams}
    title = ", ".join(policy.brand.name for policy in policies)
    zone = ZoneInfo(policies[0].brand.time_zone)
    figures = space.measuring.report(query)
    return report_html(figures, Words(lang), Names(teams=teams), title, zone).encode("utf-8")


def _write(out: Path, content: bytes) -> None:
    from agent.domain.errors import PortevoixError

    partial = out.with_name(f".{out.name}.partial")
    try:
        partial.write_bytes(content)
        partial.replace(out)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise PortevoixError(
            f"{out}: cannot be written ({error.strerror}); choose another file with --out"
        ) from None
