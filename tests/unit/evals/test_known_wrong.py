"""Cases that the agent gets wrong today: told, of no weight, and promoted once they pass."""

import io
from typing import Any

import pytest
from pydantic import ValidationError
from rich.console import Console

from agent.bootstrap import load_brand
from evals.cases import DEFAULT_AT, Case
from evals.gate import Colour, decide
from evals.manifest import manifest_of
from evals.record import Recorder
from evals.report.terminal import show
from evals.results import CaseRecord, ScoreVerdict
from evals.run import SAMPLE_BRAND, Plan, report_of, scored
from evals.summary import summary_of

PACK = load_brand(SAMPLE_BRAND)


def case(case_id: str, verdict: str, known_wrong: str = "", **changes: Any) -> Case:
    return Case.model_validate(
        {
            "id": case_id,
            "criterion": "tone",
            "owner": "equipe",
            "provenance": "synthetic",
            "cluster": "excuses",
            "message": {"text": "Personne ne m'a dit bonjour."},
            "reply": "Nous sommes désolés si vous avez été gênée.",
            "known_wrong": known_wrong,
            "expected": {"rules": {"T6": verdict}},
            **changes,
        }
    )


CASES = (
    case("tone.fr.right", "fail"),
    case("tone.fr.wrong", "pass", "Not yet."),
    case("tone.fr.mended", "fail", "Not yet."),
)


def records(*cases: Case) -> dict[str, CaseRecord]:
    recorder = Recorder({"verjolaine": PACK})
    outputs = [output for one in cases for output in recorder.run(one)]
    return {record.id: record for record in scored(cases, outputs).records}


def test_an_expected_failure_does_not_count_and_a_mended_one_is_told() -> None:
    found = records(*CASES)
    assert found["tone.fr.wrong"].verdict is ScoreVerdict.NOT_APPLICABLE
    assert not found["tone.fr.wrong"].is_mended
    assert found["tone.fr.wrong"].scores == {}
    assert found["tone.fr.mended"].verdict is ScoreVerdict.PASS
    assert found["tone.fr.mended"].is_mended


def test_an_expected_failure_leaves_the_gate_green() -> None:
    found = list(records(*CASES).values())
    gate = decide(found, summary_of(found, ()).by_scorer)
    assert gate.colour is Colour.GREEN


def test_the_report_names_them() -> None:
    recorder = Recorder({"verjolaine": PACK})
    outputs = [output for one in CASES for output in recorder.run(one)]
    plan = Plan(CASES, {"verjolaine": PACK})
    manifest = manifest_of(plan.cases, plan.packs, DEFAULT_AT, plan.suite.value, 1)
    screen = io.StringIO()
    show(report_of(CASES, scored(CASES, outputs), manifest), Console(file=screen, width=160))
    said = screen.getvalue()
    assert "Known to be wrong: 1 cases" in said
    assert "take their known_wrong out: tone.fr.mended" in said


def test_what_is_known_to_be_wrong_is_no_gate() -> None:
    with pytest.raises(ValidationError, match="cannot be a gate"):
        case("tone.fr.wrong", "pass", "Not yet.", is_gate=True)
