"""`portevoix eval …` as a person runs it: files, exit codes, and a clear word for bad input."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from agent.cli import build
from agent.domain.errors import PortevoixError
from evals.run import SAMPLE_BRAND

pytestmark = pytest.mark.evals

ONE = """
- id: tone.fr.{name}
  criterion: tone
  owner: equipe
  provenance: synthetic
  cluster: {name}
  is_gate: true
  message: {{text: "Toujours rien reçu.", channel: facebook}}
  reply: "{reply}"
  expected: {{rules: {{T8: pass}}}}
"""


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    path = tmp_path / "cases.yaml"
    path.write_text(ONE.format(name="calm", reply="Nous regardons cela avec vous."), "utf-8")
    return path


def portevoix(*words: object) -> Result:
    return CliRunner().invoke(build(), ["eval", *map(str, words)])


def code_of(result: Result) -> int:
    """Return the exit code `main` would give."""
    if isinstance(result.exception, PortevoixError):
        return result.exception.exit_code
    return result.exit_code


def said_by(result: Result) -> str:
    return f"{result.output}\n{result.exception or ''}"


@pytest.fixture
def recorded(cases: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "run"
    assert portevoix("record", "--cases", cases, "--out", folder).exit_code == 0
    return folder


def test_a_run_leaves_every_form_and_exits_0(cases: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    result = portevoix("run", "--cases", cases, "--out", folder)
    assert code_of(result) == 0, said_by(result)
    names = {path.name for path in folder.iterdir()}
    assert {"manifest.json", "outputs.jsonl", "report.json", "report.html", "report.md"} <= names
    assert "junit.xml" in names
    assert "Gate: green" in result.output


def test_recording_twice_gives_the_same_bytes(cases: Path, recorded: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    portevoix("record", "--cases", cases, "--out", again)
    assert (again / "outputs.jsonl").read_bytes() == (recorded / "outputs.jsonl").read_bytes()


def test_what_was_recorded_is_scored_again_with_other_expectations(
    cases: Path, recorded: Path
) -> None:
    text = cases.read_text("utf-8").replace("T8: pass", "T8: fail")
    cases.write_text(text, "utf-8")
    result = portevoix("score", recorded, "--cases", cases)
    assert code_of(result) == 1
    assert "tone.fr.calm" in result.output
    assert "expected fail, got pass" in result.output


def test_another_question_needs_another_recording(cases: Path, recorded: Path) -> None:
    cases.write_text(cases.read_text("utf-8").replace("Nous regardons", "On regarde"), "utf-8")
    result = portevoix("score", recorded, "--cases", cases)
    assert code_of(result) == 3
    assert "record again" in result.output


def test_a_planted_regression_exits_1_and_names_its_case(cases: Path, tmp_path: Path) -> None:
    baseline = tmp_path / "base.json"
    portevoix("run", "--cases", cases, "--out", tmp_path / "a", "--save-baseline", baseline)
    cases.write_text(ONE.format(name="calm", reply="Nous regardons cela !!!"), "utf-8")
    result = portevoix("run", "--cases", cases, "--out", tmp_path / "b", "--baseline", baseline)
    assert code_of(result) == 1
    assert "tone.fr.calm" in result.output
    compared = portevoix("compare", baseline, tmp_path / "b")
    assert "not distinguishable" in compared.output
    assert "broke: tone.fr.calm" in compared.output


@pytest.mark.parametrize("form", ["json", "junit", "markdown", "html"])
def test_a_report_is_shown_again_in_any_form(
    cases: Path, recorded: Path, tmp_path: Path, form: str
) -> None:
    portevoix("score", recorded, "--cases", cases)
    out = tmp_path / "again"
    assert portevoix("report", recorded, "--format", form, "--out", out).exit_code == 0
    name = {"json": "report.json", "junit": "junit.xml", "markdown": "report.md"}.get(
        form, "report.html"
    )
    assert out.read_bytes() == (recorded / name).read_bytes()


def test_an_unknown_key_exits_2_with_file_and_line(cases: Path, tmp_path: Path) -> None:
    cases.write_text(cases.read_text("utf-8") + "  colour: red\n", "utf-8")
    result = portevoix("run", "--cases", cases, "--out", tmp_path / "run")
    assert code_of(result) == 2
    assert f"{cases.as_posix()}:11: unknown key `colour`" in said_by(result)


def test_an_id_there_twice_exits_2(cases: Path, tmp_path: Path) -> None:
    cases.write_text(cases.read_text("utf-8") * 2, "utf-8")
    result = portevoix("run", "--cases", cases, "--out", tmp_path / "run")
    assert code_of(result) == 2
    assert "is there twice" in said_by(result)


def test_a_baseline_of_another_version_exits_2(cases: Path, tmp_path: Path) -> None:
    old = tmp_path / "old.json"
    old.write_text(json.dumps({"schema_version": 0, "cases": []}), "utf-8")
    result = portevoix("run", "--cases", cases, "--out", tmp_path / "run", "--baseline", old)
    assert code_of(result) == 2
    assert "schema_version 0, this Portevoix reads 1" in said_by(result)
    assert not (tmp_path / "run").exists()


def test_no_cases_exits_2(cases: Path, tmp_path: Path) -> None:
    words = ("run", "--cases", cases, "--suite", "smoke", "--out", tmp_path / "run")
    result = portevoix(*words)
    assert code_of(result) == 2
    assert "no cases" in said_by(result)


def test_a_run_that_was_never_recorded_exits_2(cases: Path, tmp_path: Path) -> None:
    result = portevoix("score", tmp_path, "--cases", cases)
    assert code_of(result) == 2
    assert "record first" in said_by(result)


def test_too_many_errors_exit_3(cases: Path, recorded: Path) -> None:
    lines = (recorded / "outputs.jsonl").read_text("utf-8").splitlines()
    broken = {**json.loads(lines[1]), "report": None, "error": "TimeoutError"}
    (recorded / "outputs.jsonl").write_text(f"{lines[0]}\n{json.dumps(broken)}\n", "utf-8")
    result = portevoix("score", recorded, "--cases", cases)
    assert code_of(result) == 3
    assert "not valid" in result.output


def test_a_case_of_a_brand_that_is_not_there_exits_2(cases: Path, tmp_path: Path) -> None:
    cases.write_text(cases.read_text("utf-8") + "  brand: autre\n", "utf-8")
    result = portevoix("run", "--cases", cases, "--out", tmp_path / "run")
    assert code_of(result) == 2
    assert "of the brand `autre`" in said_by(result)


def test_a_brands_own_cases_are_run_and_its_version_stays(tmp_path: Path) -> None:
    from agent.bootstrap import load_brand
    from evals.run import plan_of

    folder = tmp_path / "brand"
    shutil.copytree(SAMPLE_BRAND, folder)
    version = load_brand(folder).version
    (folder / "evals").mkdir(exist_ok=True)
    own = ONE.format(name="maison", reply="Merci.").replace("tone.fr", "verjolaine.tone.fr")
    (folder / "evals" / "tone.yaml").write_text(own, "utf-8")
    plan = plan_of([folder])
    assert "verjolaine.tone.fr.maison" in {case.id for case in plan.cases}
    assert load_brand(folder).version == version
