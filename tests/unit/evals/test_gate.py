"""The gate: red by name, green within the margin, amber in between, invalid with errors."""

import pytest

from evals.compare import compare
from evals.gate import Colour, Gate, ReasonKind, decide
from evals.results import CaseRecord, Rate, ScoreVerdict
from tests.unit.evals.kit import record, run_of

FAIL, ERROR = ScoreVerdict.FAIL, ScoreVerdict.ERROR


def gate_of(before: list[CaseRecord], after: list[CaseRecord], margin: float = 0.03) -> Gate:
    return decide(after, [], compare(before, after), margin)


def kinds(gate: Gate) -> list[ReasonKind]:
    return [reason.kind for reason in gate.reasons]


def test_one_gate_case_is_red_whatever_the_statistics() -> None:
    before = run_of([True] * 300)
    after = [*run_of([True] * 299), record("c299", FAIL, is_gate=True)]
    gate = gate_of(before, after)
    assert (gate.colour, gate.exit_code) == (Colour.RED, 1)
    assert gate.reasons[0].cases == ("c299",)


def test_a_gate_case_that_could_not_be_told_is_not_green() -> None:
    before = run_of([True] * 300)
    after = [*run_of([True] * 299), record("c299", ERROR, is_gate=True)]
    gate = gate_of(before, after)
    assert (gate.colour, gate.exit_code) == (Colour.AMBER, 3)
    assert gate.reasons[0].cases == ("c299",)


def test_an_autofail_that_comes_back_is_red() -> None:
    scores = {"redaction": "pass"}
    before = [*run_of([True] * 299), record("x", scores=scores)]
    now = record("x", FAIL, scores={"redaction": "fail"}, autofails=("redaction",))
    gate = gate_of(before, [*run_of([True] * 299), now])
    assert (gate.colour, kinds(gate)) == (Colour.RED, [ReasonKind.AUTOFAIL])


def test_worse_beyond_doubt_is_red() -> None:
    gate = gate_of(run_of([True] * 250), run_of([at >= 25 for at in range(250)]))
    assert (gate.colour, kinds(gate)) == (Colour.RED, [ReasonKind.WORSE])


def test_within_the_margin_is_green_and_still_names_what_broke() -> None:
    gate = gate_of(run_of([True] * 300), run_of([at >= 2 for at in range(300)]))
    assert (gate.colour, gate.exit_code) == (Colour.GREEN, 0)
    assert gate.reasons[0].cases == ("c0", "c1")


def test_not_shown_to_be_within_the_margin_is_amber() -> None:
    gate = gate_of(run_of([True] * 60), run_of([at >= 3 for at in range(60)]))
    assert (gate.colour, gate.exit_code) == (Colour.AMBER, 3)
    assert kinds(gate) == [ReasonKind.NOT_SHOWN]


def test_without_a_baseline_only_a_clean_run_is_green() -> None:
    assert decide(run_of([True] * 5), []).colour is Colour.GREEN
    gate = decide(run_of([True, False]), [])
    assert (gate.colour, kinds(gate)) == (Colour.AMBER, [ReasonKind.NO_BASELINE])


@pytest.mark.parametrize(("errors", "is_valid"), [(4, True), (5, False)])
def test_a_judge_that_fails_on_a_third_makes_the_run_invalid(errors: int, is_valid: bool) -> None:
    rate = Rate.of("judge.tone", [ERROR] * errors + [ScoreVerdict.PASS] * (15 - errors))
    gate = decide(run_of([True] * 15), [rate])
    assert gate.is_valid is is_valid
    assert gate.exit_code == (0 if is_valid else 3)


def test_an_invalid_run_is_not_even_red() -> None:
    records = [record(f"e{at}", ERROR) for at in range(10)]
    gate = decide([*records, record("g", FAIL, is_gate=True)], [])
    assert (gate.is_valid, gate.exit_code) == (False, 3)
    assert len(gate.reasons[0].cases) == 10


def test_no_case_at_all_is_not_valid() -> None:
    assert kinds(decide([], [])) == [ReasonKind.NO_CASES]


def test_errors_change_no_rate() -> None:
    rate = Rate.of("x", [ScoreVerdict.PASS, FAIL, ERROR, ScoreVerdict.NOT_APPLICABLE])
    assert (rate.share, rate.total, rate.errors, rate.not_applicable) == (0.5, 2, 1, 1)
