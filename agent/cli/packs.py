"""init, lint, ingest, index: a brand pack from first file to searchable knowledge."""

from enum import StrEnum
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


class FindingLanguage(StrEnum):
    """The languages in which the check says what it finds."""

    EN = "en"
    FR = "fr"


def lint(
    folder: Folder,
    as_json: Annotated[bool, typer.Option("--json", help="For a program.")] = False,
    lang: Annotated[
        FindingLanguage, typer.Option(help="Language of the findings.")
    ] = FindingLanguage.EN,
) -> None:
    """Check a pack and test the guide with itself: each rule's own examples must hold.

    Exit code 0: no error; 1: errors; 2: the pack does not load.
    """
    from agent.adapters.clock import SystemClock
    from agent.bootstrap import limits_for, load_brand
    from agent.domain.errors import BrandPackError
    from agent.services.lint import lint_pack

    try:
        pack = load_brand(folder)
    except BrandPackError as error:
        _tell_unloaded(error, lang)
        raise
    report = lint_pack(pack, SystemClock().now().date(), limits_for)
    _print_report(report, lang, as_json=as_json)
    if report.errors:
        raise typer.Exit(1)


def _tell_unloaded(error: Any, lang: FindingLanguage) -> None:
    """Say in `lang` why a pack does not load; English is what the error itself says."""
    from agent.services.lint.words import LintWords, finding_words

    if lang is FindingLanguage.EN or not error.problems:
        return
    text = LintWords(lang.value)
    typer.echo(f"portevoix: {text('lint.not_loaded')}", err=True)
    for problem in error.problems:
        what, mend = finding_words(problem, text)
        typer.echo(f"{problem.where}: {what} ({mend})", err=True)
    raise typer.Exit(error.exit_code)


def _print_report(report: Any, lang: FindingLanguage, *, as_json: bool) -> None:
    import json

    from agent.services.lint.words import LintWords, finding_words

    text = LintWords(lang.value)
    if as_json:
        listed = []
        for one in report.findings:
            told = one.model_dump(mode="json", exclude={"code", "values"})
            if lang is not FindingLanguage.EN:
                told["what"], told["mend"] = finding_words(one, text)
            listed.append(told)
        typer.echo(json.dumps(listed, indent=1, ensure_ascii=lang is FindingLanguage.EN))
        return
    for one in report.findings:
        said = (one.what, one.mend) if lang is FindingLanguage.EN else finding_words(one, text)
        severity = text(f"lint.{one.severity.value}")
        blanks = {"severity": severity, "where": one.where, "what": said[0], "mend": said[1]}
        typer.echo(text("lint.found", **blanks))
    counts = {"errors": len(report.errors), "warnings": len(report.warnings)}
    typer.echo(text("lint.total", **counts))


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
