"""`portevoix eval calibrate` and `score --judge` as a person runs them, on a real server."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from agent.cli import build
from agent.domain.errors import PortevoixError
from agent.testing.model_server import ModelFault, ModelServer
from evals.calibration import load_calibration

pytestmark = pytest.mark.evals

CASE = """
- id: tone.fr.formula
  criterion: tone
  owner: equipe
  provenance: synthetic
  cluster: formula
  message: {text: "Dix jours de retard, je suis furieuse."}
  reply: "Dix jours, c'est trop long : nous en sommes désolés."
  expected: {rules: {T2: pass}}
"""


def portevoix(*words: object) -> Result:
    return CliRunner().invoke(build(), ["eval", *map(str, words)])


def code_of(result: Result) -> int:
    if isinstance(result.exception, PortevoixError):
        return result.exception.exit_code
    return result.exit_code


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    path = tmp_path / "labels.jsonl"
    lines = [
        {
            "id": f"r{number}",
            "question": "empathy",
            "lang": "fr",
            "message": "Dix jours de retard, je suis furieuse.",
            "reply": "Dix jours, c'est trop long : nous en sommes désolés."
            if number % 2
            else "Merci de nous avoir contactés.",
            "label": "pass" if number % 2 else "fail",
            "labeller": "maud",
            "provenance": "human",
        }
        for number in range(60)
    ]
    path.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    return path


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as found:
        yield found


def workspace_of(folder: Path, server: ModelServer) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "portevoix.toml").write_text(
        f'[models.judge]\nmodel = "loopback"\nbase_url = "{server.base_url}"\n'
        'api_key = "none"\nretries = 0\n',
        "utf-8",
    )
    return folder


def test_offline_the_rules_are_measured(tmp_path: Path, labels: Path) -> None:
    (tmp_path / "empty").mkdir()
    result = portevoix("calibrate", "--labels", labels, "--judge", tmp_path / "empty")
    assert code_of(result) == 0
    assert "No judge model is set" in result.output
    assert "100%" in result.output
    assert "gating" in result.output


def test_a_judge_that_always_passes_stays_advisory(
    tmp_path: Path, labels: Path, server: ModelServer
) -> None:
    kept = tmp_path / "calibration.json"
    space = workspace_of(tmp_path / "space", server)
    result = portevoix("calibrate", "--labels", labels, "--judge", space, "--out", kept)
    assert code_of(result) == 0
    told = {(one.teller, one.lang): one for one in load_calibration(kept).measured}
    assert told["loopback", "fr"].agreement.kappa == 0.0
    assert told["loopback", "fr"].status == "advisory"
    assert told["rubric", "fr"].status == "gating"


def test_a_judge_that_cannot_answer_makes_it_inconclusive(
    tmp_path: Path, labels: Path, server: ModelServer
) -> None:
    server.faults = [ModelFault.NOT_JSON]
    space = workspace_of(tmp_path / "space", server)
    result = portevoix("calibrate", "--labels", labels, "--judge", space)
    assert code_of(result) == 3
    assert "Not valid" in result.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "nothing to calibrate on"),
        (("--labels", "nowhere.jsonl"), "cannot be read"),
        (("--politeness", "nowhere"), "github.com/sudhof/politeness"),
    ],
)
def test_a_wrong_call_is_told(words: tuple[str, ...], said: str) -> None:
    result = portevoix("calibrate", *words)
    assert code_of(result) == 2
    assert said in f"{result.output}{result.exception}"


def test_an_even_number_of_answers_is_refused(
    tmp_path: Path, labels: Path, server: ModelServer
) -> None:
    space = workspace_of(tmp_path / "space", server)
    result = portevoix("calibrate", "--labels", labels, "--judge", space, "--repeats", 2)
    assert code_of(result) == 2
    assert "odd" in str(result.exception)


def test_a_recorded_run_is_read_by_a_judge(tmp_path: Path, server: ModelServer) -> None:
    cases, run = tmp_path / "cases.yaml", tmp_path / "run"
    cases.write_text(CASE, "utf-8")
    assert code_of(portevoix("run", "--cases", cases, "--out", run, "--no-baseline")) == 0
    space = workspace_of(tmp_path / "space", server)
    score = ("score", run, "--cases", cases, "--no-baseline", "--judge", space)
    result = portevoix(*score)
    assert code_of(result) == 0
    assert "judge.empathy: 100.0 % of 1 pass" in result.output
    # What was answered is kept in the workspace; another workspace has to ask.
    server.faults = [ModelFault.NOT_JSON]
    assert code_of(portevoix(*score)) == 0
    other = workspace_of(tmp_path / "other", server)
    result = portevoix(*score[:-1], other)
    assert code_of(result) == 3
    assert "judge.empathy could not tell 1 of 1 cases" in result.output


def test_a_workspace_without_a_judge_is_told(tmp_path: Path) -> None:
    cases, run = tmp_path / "cases.yaml", tmp_path / "run"
    cases.write_text(CASE, "utf-8")
    portevoix("run", "--cases", cases, "--out", run, "--no-baseline")
    result = portevoix("score", run, "--cases", cases, "--no-baseline", "--judge", tmp_path)
    assert code_of(result) == 2
    assert "no judge model" in str(result.exception)
