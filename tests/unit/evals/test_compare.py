"""Comparing two runs: honest about chance, and not blind to a real change."""

import random

import pytest

from evals.compare import Change, compare
from evals.results import CaseRecord, ScoreVerdict
from tests.unit.evals.kit import record, run_of


def drawn(rates: list[float], seed: int) -> list[CaseRecord]:
    rng = random.Random(seed)
    clusters = [f"t{at % 60}" for at in range(len(rates))]
    return run_of([rng.random() < rate for rate in rates], clusters)


def test_a_run_against_itself_cannot_be_told_apart() -> None:
    run = drawn([0.9] * 250, seed=1)
    found = compare(run, run)
    assert found.change is Change.NOT_DISTINGUISHABLE
    assert (found.broken, found.fixed, found.p_value) == ((), (), 1.0)
    assert found.interval == (0.0, 0.0)


def test_two_runs_of_the_same_thing_are_seldom_told_apart() -> None:
    changes = [
        compare(drawn([0.9] * 250, seed), drawn([0.9] * 250, 10_000 + seed)).change
        for seed in range(60)
    ]
    assert sum(change is not Change.NOT_DISTINGUISHABLE for change in changes) <= 3


def test_ten_points_on_250_cases_are_found() -> None:
    found = [
        compare(drawn([0.92] * 250, seed), drawn([0.82] * 250, 10_000 + seed)).change
        for seed in range(40)
    ]
    assert sum(change is Change.WORSE for change in found) >= 34
    assert Change.BETTER not in found


def test_ten_points_lost_by_a_deterministic_agent_are_always_found() -> None:
    clusters = [f"t{at % 60}" for at in range(250)]
    before = run_of([True] * 250, clusters)
    after = run_of([at >= 25 for at in range(250)], clusters)
    found = compare(before, after)
    assert found.change is Change.WORSE
    assert found.difference == pytest.approx(-0.1)
    assert found.high < 0
    assert found.sentence.startswith("worse: 25 broke and 0 were mended of 250")
    assert compare(after, before).change is Change.BETTER


@pytest.mark.parametrize(("broken", "fixed", "needed"), [(5, 0, 6), (7, 1, 8), (9, 2, 10)])
def test_a_few_broken_cases_are_not_enough(broken: int, fixed: int, needed: int) -> None:
    before = run_of([True] * (200 - fixed) + [False] * fixed)
    after = run_of([at >= broken for at in range(200)])
    found = compare(before, after)
    assert found.change is Change.NOT_DISTINGUISHABLE
    assert f"it takes {needed} broken against {fixed} mended" in found.sentence


def test_cases_of_one_topic_count_together() -> None:
    clusters = ["one" if at < 12 else f"t{at}" for at in range(100)]
    found = compare(
        run_of([True] * 100, clusters), run_of([at >= 12 for at in range(100)], clusters)
    )
    assert found.p_value < 0.001
    assert found.change is Change.NOT_DISTINGUISHABLE
    assert "of a few topics only" in found.sentence


def test_what_one_run_did_not_tell_is_left_out_and_listed() -> None:
    before = [record("a"), record("b"), record("gone")]
    after = [record("a"), record("b", ScoreVerdict.ERROR), record("new", ScoreVerdict.FAIL)]
    found = compare(before, after)
    assert found.common == 1
    assert found.only_before == ("b", "gone")
    assert found.only_after == ("new",)
    assert found.broken == ()


def test_an_autofail_that_comes_back_is_named() -> None:
    then = record("a", scores={"autofail": "pass", "route": "pass"})
    now = record(
        "a",
        ScoreVerdict.FAIL,
        scores={"autofail": "fail", "route": "fail"},
        autofails=("autofail",),
    )
    (found,) = compare([then], [now]).regressions
    assert (found.case, found.scorer) == ("a", "autofail")


def test_each_criterion_is_told_with_a_p_value_for_as_many_as_there_are() -> None:
    before = [record(f"t{at}") for at in range(8)] + [
        record(f"s{at}", criterion="safety") for at in range(8)
    ]
    after = [record(f"t{at}", ScoreVerdict.FAIL) for at in range(8)] + before[8:]
    parts = {part.name: part for part in compare(before, after).parts}
    assert parts["tone"].p_value == pytest.approx(2 / 2**8)
    assert parts["tone"].p_adjusted == pytest.approx(4 / 2**8)
    assert parts["safety"].p_adjusted == 1.0
