"""`portevoix eval calibrate`: a judge, and the rules, against people. Heavy imports inside."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from agent.domain.brand import BrandPack
    from evals.calibration import Calibration, Measured
    from evals.judges import Judge
    from evals.labels import LabelledReply
    from evals.politeness_corpus import Score
    from evals.scorers import Scorer

INCONCLUSIVE = 3
KEPT_ANSWERS = "judge-answers.sqlite"

Labels = Annotated[
    Path | None, typer.Option("--labels", help="People's labels, JSON Lines; see the manual.")
]
Politeness = Annotated[
    Path | None,
    typer.Option("--politeness", help="Folder of the Stanford politeness corpus."),
]
Brands = Annotated[
    list[Path] | None,
    typer.Option("--brand", help="Folder of a brand pack; repeatable. Default: the sample brand."),
]
Repeats = Annotated[
    int, typer.Option("--repeats", min=1, max=15, help="How often a judge is asked; odd.")
]
Confirm = Annotated[
    bool, typer.Option("--confirm", help="Ask again only if the first answer is a failure.")
]
Floor = Annotated[float, typer.Option("--kappa", min=0, max=1, help="From here a judge may gate.")]
LowFloor = Annotated[
    float, typer.Option("--kappa-low", min=-1, max=1, help="And its lower bound must reach this.")
]
SampleSize = Annotated[
    int, typer.Option("--sample", min=20, help="Requests of each community a judge is asked about.")
]
Workspace = Annotated[
    Path | None, typer.Option("--judge", help="The workspace whose judge model is asked.")
]
Out = Annotated[Path | None, typer.Option("--out", help="Where the calibration is kept.")]


def calibrate(
    labels: Labels = None,
    politeness: Politeness = None,
    brand: Brands = None,
    repeats: Repeats = 1,
    confirm: Confirm = False,
    kappa: Floor = 0.6,
    kappa_low: LowFloor = 0.4,
    sample: SampleSize = 200,
    out: Out = None,
    workspace: Workspace = None,
) -> None:
    """Measure the judge, and the rules of the rubric, against people; say which may gate.

    The judge is the model of `[models.judge]`; without one, what works offline is measured alone.
    """
    from agent.bootstrap import load_brand
    from agent.domain.errors import ConfigurationError
    from evals.calibration import save_calibration
    from evals.run import SAMPLE_BRAND

    if labels is None and politeness is None:
        raise ConfigurationError("nothing to calibrate on: give --labels, --politeness, or both")
    packs = {pack.policy.brand.id: pack for pack in map(load_brand, brand or (SAMPLE_BRAND,))}
    judge = judge_of_settings(packs, repeats, workspace, confirms_failures=confirm)
    if judge is None:
        typer.echo("No judge model is set (models.judge): only what works offline is measured.")
    is_valid = True
    if politeness is not None:
        is_valid &= _on_politeness(politeness, judge, next(iter(packs.values())), sample)
    if labels is not None:
        found = _on_labels(labels, judge, packs, (kappa, kappa_low))
        is_valid &= found.is_valid
        if out is not None:
            save_calibration(out, found)
            typer.echo(f"Kept in {out}")
    if not is_valid:
        typer.echo("Not valid: a third of the verdicts or more are missing, see the errors.")
        raise typer.Exit(INCONCLUSIVE)


def judges_of(
    packs: "Mapping[str, BrandPack]", workspace: Path, calibration: Path | None, repeats: int
) -> "tuple[Scorer, ...]":
    """Return every question as a scorer, asked of the judge model of `workspace`.

    Raises:
        ConfigurationError: no judge model is set there, or the calibration cannot be read.
    """
    from agent.domain.errors import ConfigurationError
    from evals.calibration import load_calibration
    from evals.judges.scorer import judge_scorers

    known = load_calibration(calibration) if calibration else None
    judge = judge_of_settings(packs, repeats, workspace)
    if judge is None:
        raise ConfigurationError(f"{workspace}: no judge model; set models.judge in its settings")
    return judge_scorers(judge, packs, known)


def judge_of_settings(
    packs: "Mapping[str, BrandPack]",
    repeats: int,
    workspace: Path | None = None,
    *,
    confirms_failures: bool = False,
) -> "Judge | None":
    """Return the judge of a workspace's settings, or None if no model is set for the role.

    Raises:
        ConfigurationError: the settings or the number of repeats are not usable.
    """
    from agent.adapters.clock import SystemClock
    from agent.bootstrap import build_chat_model, build_redactor
    from agent.domain.errors import ConfigurationError
    from agent.domain.models import ModelRole
    from agent.settings import load_settings
    from evals.judges import Judge

    settings = load_settings(workspace)
    kept = settings.workspace / KEPT_ANSWERS if settings.models.judge else None
    model = build_chat_model(settings, ModelRole.JUDGE, SystemClock(), cache_file=kept)
    if model is None:
        return None
    redactor = build_redactor(next(iter(packs.values())))
    try:
        return Judge(model, redactor, repeats, confirms_failures=confirms_failures)
    except ValueError as error:
        raise ConfigurationError(f"--repeats: {error}") from None


def _on_labels(
    path: Path,
    judge: "Judge | None",
    packs: "Mapping[str, BrandPack]",
    floors: tuple[float, float],
) -> "Calibration":
    from evals.calibration import Calibration
    from evals.labels import read_labels

    labels = read_labels(path)
    measured = tuple(_measured(labels, judge, packs, floors))
    _show(measured)
    return Calibration(measured=measured)


def _measured(
    labels: "Sequence[LabelledReply]",
    judge: "Judge | None",
    packs: "Mapping[str, BrandPack]",
    floors: tuple[float, float],
) -> "list[Measured]":
    from agent.adapters.clock import SystemClock
    from evals.calibration import measure
    from evals.judges.questions import RULES
    from evals.judges.tellers import RUBRIC, judge_teller, rubric_teller

    found: list[Measured] = []
    rubric = rubric_teller(packs, SystemClock().now())
    for question in sorted({one.question for one in labels}):
        if question in RULES:
            found += measure(question, labels, rubric, RUBRIC, "", *floors)
        if judge is not None:
            sha, tell = judge.prompt_sha256(question), judge_teller(judge, packs)
            found += measure(question, labels, tell, judge.model, sha, *floors)
    return found


def _show(measured: "Sequence[Measured]") -> None:
    from rich.console import Console
    from rich.table import Table

    from evals.calibration import to_lines

    rows = list(to_lines(measured))
    # A heading and one line each stay readable in a pipe, where a wide table would be cut.
    console = Console(highlight=False)
    table = Table("", *(f"{row['question']}\n{row['teller']}\n{row['lang']}" for row in rows))
    for name in list(rows[0])[3:] if rows else []:
        table.add_row(name, *(row[name] for row in rows))
    if console.width >= 20 * (len(rows) + 1):
        console.print(table)
        return
    for row in rows:
        said = ", ".join(f"{name} {value}" for name, value in row.items())
        console.print(said, soft_wrap=True)


def _on_politeness(folder: Path, judge: "Judge | None", pack: "BrandPack", most: int) -> bool:
    from evals.politeness import shipped_scorer
    from evals.politeness_corpus import PUBLISHED, measure, read_corpus, sample

    test = [request for request in read_corpus(folder) if request.is_test]
    found = [("embedded words", one) for one in measure(test, shipped_scorer().score)]
    if judge is not None:
        asked = sample(test, most)
        found += [(judge.model, one) for one in measure(asked, _asking(judge, pack))]
    typer.echo("Politeness, test split: the outer quartiles told apart, and Spearman with people")
    for name, one in found:
        right = "–" if one.accuracy is None else f"{one.accuracy:.1%}"
        spread = f"{one.interval.low:.1%} to {one.interval.high:.1%}"
        tied = "–" if one.correlation is None else f"{one.correlation:.2f}"
        typer.echo(
            f"  {one.community}, {name}: {right} ({spread}; n = {one.told}), "
            f"correlation {tied} (n = {one.total - one.errors}), errors {one.errors}"
        )
    for community, rivals in PUBLISHED.items():
        listed = ", ".join(f"{name} {share:.1%}" for name, share in rivals.items())
        typer.echo(f"  {community}, published: {listed}")
    return all(3 * one.errors < one.total for _, one in found)


def _asking(judge: "Judge", pack: "BrandPack") -> "Score":
    """Return the judge as a score: the share of its answers that find a text polite, centred."""
    from evals.agreement import Label
    from evals.judges import JudgedText, Question

    brand = pack.policy.brand

    def score(text: str) -> float | None:
        asked = JudgedText(brand=brand.id, brand_name=brand.name, reply=text)
        told = judge.judge(Question.POLITENESS, asked)
        if told.verdict in (None, Label.NA):
            return None
        return sum(one.verdict is Label.PASS for one in told.opinions) / len(told.opinions) - 0.5

    return score
