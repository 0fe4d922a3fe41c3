"""One run in one folder: record what the agent says, score it, tell it in every form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from agent.bootstrap import load_brand
from agent.domain.brand import BrandPack
from agent.domain.errors import ConfigurationError
from evals.baseline import Baseline, save_baseline
from evals.cases import CASES, Case, Suite
from evals.compare import compare
from evals.gate import MARGIN, decide
from evals.loading import load_cases
from evals.manifest import Manifest, manifest_of
from evals.outputs import OUTPUTS, Output, read_outputs, write_outputs
from evals.progress import Progress, Tell
from evals.record import Setup, record
from evals.report.html import to_html
from evals.report.junit import to_junit
from evals.report.markdown import to_markdown
from evals.report.model import Report, pages_of, to_json
from evals.results import CaseRecord, CaseScores
from evals.scorers import Scorer
from evals.scoring import records_of, score
from evals.summary import summary_of
from knowledge.sources import read as _sources

SAMPLE_BRAND = Path(_sources.__file__).parents[1] / "brands" / "verjolaine"
MANIFEST = "manifest.json"
OWN_CASES = "evals"
"""The folder of a pack with the brand's own cases."""


@dataclass(frozen=True)
class Plan:
    """Which cases are run, on which packs, how often."""

    cases: tuple[Case, ...]
    packs: Mapping[str, BrandPack]
    suite: Suite = Suite.FULL
    repeats: int = 1
    workspace: Path | None = None
    """The workspace whose drafting model writes; None: the embedded drafter."""


@dataclass(frozen=True)
class Scored:
    """A run scored: each case with its repeats together, every score, and the outputs."""

    records: tuple[CaseRecord, ...]
    scores: tuple[CaseScores, ...]
    outputs: tuple[Output, ...] = field(repr=False, default=())


def plan_of(
    brands: Sequence[Path] = (),
    places: Sequence[Path] = (),
    suite: Suite = Suite.FULL,
    repeats: int = 1,
    workspace: Path | None = None,
) -> Plan:
    """Return what a run will do.

    `brands`: folders of packs, the sample brand by default; a pack stands for the brand of its id.
    `places`: files or folders of cases; by default the shipped ones and each pack's own `evals/`,
    as far as they are about one of `brands`.

    Raises:
        ConfigurationError: a pack or a case is not valid, or there is no case to run.
    """
    folders = tuple(brands) or (SAMPLE_BRAND,)
    packs = {}
    for folder in folders:
        pack = load_brand(folder)
        packs[pack.policy.brand.id] = pack
    found = load_cases(places) if places else _cases_for(folders, packs)
    cases = tuple(case for case in found if case.is_in(suite))
    if not cases:
        where = ", ".join(map(str, places or folders))
        raise ConfigurationError(
            f"no cases: there is none of the suite `{suite.value}` for {where}; write one in "
            "<brand>/evals/*.yaml, or choose another suite with --suite"
        )
    return Plan(cases, packs, suite, repeats, workspace)


def _cases_for(folders: Sequence[Path], packs: Mapping[str, BrandPack]) -> tuple[Case, ...]:
    own: list[Case] = []
    for folder, name in zip(folders, packs, strict=True):
        place = folder / OWN_CASES
        if place.is_dir():
            own.extend(load_cases([place], brand=name))
    shipped = [case for case in load_cases([CASES]) if case.brand in packs]
    taken = {case.id for case in shipped}
    for case in own:
        if case.id in taken:
            raise ConfigurationError(
                f"{case.source}: the case id `{case.id}` is that of a shipped case; "
                f"begin it with the brand's name: `{case.brand}.{case.id}`"
            )
    return (*shipped, *own)


def record_into(
    folder: Path,
    plan: Plan,
    at: datetime,
    workers: int = 0,
    on_progress: Tell | None = None,
) -> Manifest:
    """Run the pipeline over the plan's cases; `folder` gets the manifest and the outputs.

    `on_progress` hears how much is done, of how much.

    Raises:
        ConfigurationError: the folder cannot be written, or a case cannot be run at all.
    """
    setup = Setup(plan.packs, plan.workspace)
    model = setup.model()
    manifest = manifest_of(
        plan.cases,
        plan.packs,
        at,
        plan.suite.value,
        plan.repeats,
        {"drafter": model.name} if model else None,
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        progress = Progress(len(plan.cases) * plan.repeats, on_progress)
        said = record(plan.cases, setup, plan.repeats, workers)
        write_outputs(folder / OUTPUTS, progress.counted(said))
        (folder / MANIFEST).write_text(manifest.model_dump_json(indent=1) + "\n", "utf-8")
    except OSError as error:
        raise ConfigurationError(f"{folder}: cannot be written ({error.strerror})") from None
    return manifest


def manifest_in(folder: Path) -> Manifest:
    """Read the manifest of a run.

    Raises:
        ConfigurationError: there is none, or it is not what we wrote.
    """
    path = folder / MANIFEST
    mend = "record first: portevoix eval record"
    try:
        return Manifest.model_validate_json(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read ({error.strerror}); {mend}") from None
    except ValidationError as error:
        raise ConfigurationError(f"{path}: {error.errors()[0]['msg']}; {mend}") from None


def score_in(folder: Path, plan: Plan, judges: Sequence[Scorer] = ()) -> Scored:
    """Score the outputs in `folder`, offline.

    Raises:
        ConfigurationError: the outputs cannot be read.
    """
    outputs = tuple(read_outputs(folder / OUTPUTS))
    return scored(plan.cases, outputs, judges)


def scored(
    cases: Sequence[Case], outputs: Sequence[Output], judges: Sequence[Scorer] = ()
) -> Scored:
    """Score outputs at hand."""
    scores = tuple(score(cases, outputs, judges))
    return Scored(records_of(cases, scores, outputs), scores, tuple(outputs))


def report_of(
    cases: Sequence[Case],
    found: Scored,
    manifest: Manifest,
    baseline: Baseline | None = None,
    margin: float = MARGIN,
) -> Report:
    """Return the report of a scored run, compared with `baseline` if there is one."""
    summary = summary_of(found.records, found.scores)
    comparison = compare(baseline.cases, found.records) if baseline else None
    rates = (*summary.by_scorer, *summary.advisory)
    return Report(
        manifest=manifest,
        summary=summary,
        gate=decide(found.records, rates, comparison, margin),
        comparison=comparison,
        baseline=baseline.manifest if baseline else None,
        cases=pages_of(cases, found.records, found.scores, found.outputs, baseline),
    )


FORMS = {
    "report.json": to_json,
    "report.html": to_html,
    "report.md": to_markdown,
    "junit.xml": to_junit,
}
"""File name -> what writes it."""


def write_forms(folder: Path, report: Report) -> None:
    """Write every form of the report into `folder`."""
    for name, form in FORMS.items():
        (folder / name).write_text(form(report), "utf-8")


def keep_as_baseline(path: Path, report: Report) -> None:
    """Write the run as a baseline."""
    save_baseline(path, report.manifest, [page.record for page in report.cases])
