"""init, lint, ingest, index: a brand pack from first file to searchable knowledge."""

from pathlib import Path
from typing import Annotated, Any

import typer

from agent.cli.console import progress

Folder = Annotated[Path, typer.Argument(help="Folder of the brand pack.")]


def register(app: typer.Typer) -> None:
    """Add the commands about brand packs."""
    app.command(rich_help_panel="Brand")(init)
    app.command(rich_help_panel="Brand")(lint)
    app.command(rich_help_panel="Brand")(ingest)
    app.command(rich_help_panel="Brand")(index)


def init(
    folder: Annotated[Path, typer.Argument(help="New or empty folder.")],
    name: Annotated[str, typer.Option(help="The brand's name.")] = "Ma marque",
) -> None:
    """Make a new brand pack from a commented template."""
    from agent.adapters.brand_pack import init_pack

    init_pack(folder, name)
    typer.echo(f"{folder} is ready: edit brand.yaml, then run: portevoix lint {folder}")


def lint(
    folder: Folder,
    as_json: Annotated[bool, typer.Option("--json", help="For a program.")] = False,
) -> None:
    """Check a pack and test the guide with itself: each rule's own examples must hold.

    Exit code 0: no error; 1: errors; 2: the pack does not load.
    """
    import json

    from agent.adapters.clock import SystemClock
    from agent.bootstrap import limits_for, load_brand
    from agent.services.lint import lint_pack

    report = lint_pack(load_brand(folder), SystemClock().now().date(), limits_for)
    if as_json:
        listed = [f.model_dump(mode="json", exclude={"code", "values"}) for f in report.findings]
        typer.echo(json.dumps(listed, indent=1))
    else:
        for finding in report.findings:
            typer.echo(f"{finding.severity}: {finding.where}: {finding.what} ({finding.mend})")
        typer.echo(f"{len(report.errors)} errors, {len(report.warnings)} warnings")
    if report.errors:
        raise typer.Exit(1)


def ingest(
    source: Annotated[
        Path, typer.Argument(help="md, csv, xlsx, jsonl, html, pdf, docx, or a folder.")
    ],
    brand: Annotated[Path, typer.Option("--brand", help="Folder of the brand pack.")],
) -> None:
    """Read documents into the pack's FAQ; each document is reported, nothing is dropped silently.

    Entries already in the pack (same id and language) are left alone, so a run can be repeated.
    """
    from agent.cli.ingesting import ingest_into

    problems = 0
    for report, written in progress(ingest_into(source, brand), "Reading"):
        typer.echo(f"{report.summary()}; {len(written.written)} written, {len(written.kept)} kept")
        for problem in report.problems:
            problems += 1
            typer.echo(f"  {problem}", err=True)
        for passed_over in report.skipped:
            typer.echo(f"  passed over: {passed_over}")
    if problems:
        raise typer.Exit(1)
    typer.echo(f"Now read what came in, then run: portevoix lint {brand}")


def index(
    workspace: Annotated[Path | None, typer.Option(help="Workspace folder.")] = None,
    brand: Annotated[
        Path | None, typer.Option(help="Only this pack, indexed in --workspace.")
    ] = None,
) -> None:
    """Bring the Chroma index up to date, in its folder or on the server; only what changed."""
    from agent.bootstrap import build_embedder, prepare_folder
    from agent.settings import load_settings

    settings = load_settings(workspace)
    embedder = build_embedder(settings)
    prepare_folder(settings.workspace)
    for folder in [brand] if brand else [settings.resolve(one) for one in settings.brands]:
        typer.echo(_indexed(settings, folder, embedder))


def _indexed(settings: Any, folder: Path, embedder: Any) -> str:
    from agent.bootstrap import build_index, load_brand
    from agent.domain.errors import PortevoixError, WorkspaceError
    from knowledge.chroma_index import update_index
    from knowledge.embedding import EmbeddingError
    from knowledge.index_lock import IndexProblem

    pack = load_brand(folder)
    served = build_index(settings, pack.policy.brand.id)
    target = settings.workspace / "index" / pack.policy.brand.id
    try:
        report = (
            served.update(pack.passages, embedder)
            if served
            else update_index(target, pack.passages, embedder)
        )
    except IndexProblem as error:
        raise WorkspaceError(str(error)) from None
    except EmbeddingError as error:
        raise PortevoixError(f"{error}; the passages are stored, their vectors not") from None
    return f"{pack.policy.brand.name}: {_counts(report)}"


def _counts(report: Any) -> str:
    return (
        f"{report.added} added, {report.updated} updated, {report.deleted} deleted, "
        f"{report.unchanged} unchanged"
    )
