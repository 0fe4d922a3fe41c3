"""`portevoix eval`: record, run, score, compare, report. Heavy imports inside each command."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evals.calibrating import calibrate

if TYPE_CHECKING:
    from evals.baseline import Baseline
    from evals.report.model import Report
    from evals.results import CaseRecord

OUT = Path("eval-run")


class SuiteName(StrEnum):
    """The suites, spelled here so that `--help` needs no schema."""

    SMOKE = "smoke"
    FULL = "full"
    REGRESSION = "regression"


class Form(StrEnum):
    """The forms of a report."""

    TERMINAL = "terminal"
    JSON = "json"
    JUNIT = "junit"
    MARKDOWN = "markdown"
    HTML = "html"


Brands = Annotated[
    list[Path] | None,
    typer.Option("--brand", help="Folder of a brand pack; repeatable. Default: the sample brand."),
]
Cases = Annotated[
    list[Path] | None,
    typer.Option(
        "--cases", help="File or folder of cases. Default: the shipped ones and the pack's own."
    ),
]
SuiteOption = Annotated[SuiteName, typer.Option("--suite", help="Which cases.")]
Out = Annotated[Path, typer.Option("--out", help="Folder of the run; files in it are replaced.")]
Repeats = Annotated[
    int, typer.Option(min=1, max=50, help="How often each case is run; pass^k is told.")
]
Workers = Annotated[int, typer.Option(min=0, help="Processes; 0: as many as are of use.")]
BaselineOption = Annotated[
    Path | None,
    typer.Option("--baseline", help="What to compare with. Default: the shipped baseline."),
]
NoBaseline = Annotated[bool, typer.Option("--no-baseline", help="Compare with nothing.")]
Save = Annotated[
    Path | None, typer.Option("--save-baseline", help="Keep this run as a baseline, in this file.")
]
Margin = Annotated[
    float, typer.Option(min=0, max=1, help="The loss, as a share of the cases, that matters.")
]
Model = Annotated[
    Path | None,
    typer.Option("--model", help="A workspace whose drafting model writes. Default: no model."),
]
Run = Annotated[Path, typer.Argument(help="Folder of a run.")]
JudgeOption = Annotated[
    Path | None,
    typer.Option("--judge", help="A workspace whose judge model is asked too. Default: none."),
]
CalibrationOption = Annotated[
    Path | None,
    typer.Option("--calibration", help="What `calibrate --out` kept: which judges count."),
]
JudgeRepeats = Annotated[
    int, typer.Option("--judge-repeats", min=1, max=15, help="How often a judge is asked; odd.")
]

_HELP = """Measure the agent's replies and decisions on cases; compare runs; guard a change.

Exit codes: 0 no worse, 1 a regression, 2 a wrong configuration, 3 inconclusive.
"""


def register(app: typer.Typer) -> None:
    """Add `portevoix eval` and its commands."""
    evals = typer.Typer(help=_HELP, no_args_is_help=True, rich_markup_mode=None)
    for command in (run, record, score, compare, report, calibrate, whatif):
        evals.command()(command)
    app.add_typer(evals, name="eval", rich_help_panel="Quality")


def run(
    brand: Brands = None,
    cases: Cases = None,
    suite: SuiteOption = SuiteName.FULL,
    out: Out = OUT,
    repeats: Repeats = 1,
    workers: Workers = 0,
    model: Model = None,
    baseline: BaselineOption = None,
    no_baseline: NoBaseline = False,
    save_baseline: Save = None,
    margin: Margin = 0.03,
) -> None:
    """Record the agent on the cases, score what it said, and say whether it got worse."""
    from agent.adapters.clock import SystemClock
    from evals.cases import Suite
    from evals.run import plan_of, record_into

    known = _baseline(baseline, no_baseline, brand, cases)
    plan = plan_of(brand or (), cases or (), Suite(suite.value), repeats, model)
    record_into(out, plan, SystemClock().now(), workers)
    _tell(out, _scored(out, brand, cases, known, margin), save_baseline)


def record(
    brand: Brands = None,
    cases: Cases = None,
    suite: SuiteOption = SuiteName.FULL,
    out: Out = OUT,
    repeats: Repeats = 1,
    workers: Workers = 0,
    model: Model = None,
) -> None:
    """Run the agent over the cases and keep what it said; nothing is judged."""
    from agent.adapters.clock import SystemClock
    from evals.cases import Suite
    from evals.run import plan_of, record_into

    plan = plan_of(brand or (), cases or (), Suite(suite.value), repeats, model)
    record_into(out, plan, SystemClock().now(), workers)
    typer.echo(f"{len(plan.cases)} cases recorded in {out}; now: portevoix eval score {out}")


def score(
    folder: Run,
    brand: Brands = None,
    cases: Cases = None,
    baseline: BaselineOption = None,
    no_baseline: NoBaseline = False,
    save_baseline: Save = None,
    margin: Margin = 0.03,
    judge: JudgeOption = None,
    calibration: CalibrationOption = None,
    judge_repeats: JudgeRepeats = 1,
) -> None:
    """Judge what was recorded, offline; the same --brand and --cases as when it was recorded.

    With --judge a chat model reads the replies too. It counts only where --calibration says that
    people's labels agree with it; elsewhere its verdicts are shown.
    """
    known = _baseline(baseline, no_baseline, brand, cases)
    asked = (judge, calibration, judge_repeats) if judge else None
    _tell(folder, _scored(folder, brand, cases, known, margin, asked), save_baseline)


def compare(
    before: Annotated[Path, typer.Argument(help="A run's folder, or a baseline.")],
    after: Annotated[Path, typer.Argument(help="A run's folder, or a baseline.")],
) -> None:
    """Say whether two runs differ, case by case; exit 1 if the second is worse beyond doubt."""
    from evals.compare import Change
    from evals.compare import compare as compared
    from evals.report.words import points

    found = compared(_records(before), _records(after))
    typer.echo(points(found.difference, found.interval))
    typer.echo(found.sentence)
    for part in found.parts:
        if part.broken or part.fixed:
            counts = f"{part.broken} broke, {part.fixed} mended of {part.common}"
            typer.echo(f"  {part.name}: {counts} (p = {part.p_adjusted:.3g}, adjusted)")
    for name, ids in (("broke", found.broken), ("mended", found.fixed)):
        for case in ids:
            typer.echo(f"  {name}: {case}")
    for name, ids in (("only before", found.only_before), ("only after", found.only_after)):
        if ids:
            typer.echo(f"  {name}: {len(ids)} cases")
    if found.change is Change.WORSE or found.regressions:
        raise typer.Exit(1)


def report(
    folder: Run,
    form: Annotated[Form, typer.Option("--format", help="Which form.")] = Form.TERMINAL,
    out: Annotated[Path | None, typer.Option(help="File to write; default: the screen.")] = None,
) -> None:
    """Show a scored run again, in another form."""
    from evals.report.model import from_json
    from evals.run import FORMS

    found = from_json(folder / "report.json")
    if form is Form.TERMINAL:
        _show(found)
        return
    name = {"json": "report.json", "junit": "junit.xml", "markdown": "report.md"}.get(
        form.value, "report.html"
    )
    text = FORMS[name](found)
    if out is None:
        typer.echo(text, nl=False)
    else:
        out.write_text(text, "utf-8")


def whatif(
    brand: Annotated[Path, typer.Option("--brand", help="Folder of the changed pack.")],
    last: Annotated[
        int, typer.Option(min=0, help="How many past items of the workspace are replayed.")
    ] = 200,
    workspace: Annotated[
        Path | None, typer.Option(help="Where the past items and the current pack are.")
    ] = None,
    current: Annotated[
        Path | None, typer.Option(help="The current pack, where there is no workspace.")
    ] = None,
    cases: Cases = None,
    suite: SuiteOption = SuiteName.FULL,
    out: Annotated[Path | None, typer.Option(help="Folder for the pages and the JSON.")] = None,
    workers: Workers = 0,
    gate: Annotated[bool, typer.Option("--gate", help="Exit 1 on a named regression.")] = False,
) -> None:
    """Show what a changed guide would have done to past messages and to the cases."""
    from rich.console import Console

    from agent.adapters.clock import SystemClock
    from evals.report.whatif_terminal import show
    from evals.whatif import ask, write_into
    from evals.whatif_sources import question_of

    question = question_of(brand, workspace, current, last, suite.value, cases or ())
    found = ask(question, SystemClock().now(), workers)
    show(found, Console(highlight=False))
    if out is not None:
        write_into(out, found)
        typer.echo(f"\nSide by side: {out / 'whatif.html'}")
    if gate and (found.gate.exit_code == 1 or not found.gate.is_valid):
        raise typer.Exit(found.gate.exit_code)


def _baseline(
    given: Path | None, is_without: bool, brand: list[Path] | None, cases: list[Path] | None
) -> "Baseline | None":
    """Return the baseline to compare with: the shipped one for the shipped cases only."""
    from evals.baseline import OFFLINE, load_baseline

    if is_without:
        return None
    if given is None and (cases or not OFFLINE.is_file()):
        return None
    return load_baseline(given or OFFLINE)


def _scored(
    folder: Path,
    brand: list[Path] | None,
    cases: list[Path] | None,
    baseline: "Baseline | None",
    margin: float,
    asked: tuple[Path, Path | None, int] | None = None,
) -> "Report":
    from evals.calibrating import judges_of
    from evals.cases import Suite
    from evals.run import manifest_in, plan_of, report_of, score_in

    manifest = manifest_in(folder)
    plan = plan_of(brand or (), cases or (), Suite(manifest.suite), manifest.repeats)
    judges = judges_of(plan.packs, *asked) if asked else ()
    return report_of(plan.cases, score_in(folder, plan, judges), manifest, baseline, margin)


def _tell(folder: Path, found: "Report", save: Path | None) -> None:
    from evals.run import keep_as_baseline, write_forms

    write_forms(folder, found)
    if save is not None:
        keep_as_baseline(save, found)
    _show(found)
    typer.echo(f"\nThe whole report: {folder / 'report.html'}")
    if found.gate.exit_code:
        raise typer.Exit(found.gate.exit_code)


def _show(found: "Report") -> None:
    from rich.console import Console

    from evals.report.terminal import show

    show(found, Console(highlight=False))


def _records(place: Path) -> "tuple[CaseRecord, ...]":
    from evals.baseline import load_baseline
    from evals.report.model import from_json

    if place.is_dir():
        return tuple(page.record for page in from_json(place / "report.json").cases)
    return load_baseline(place).cases
