"""The shipped baseline: of shipped cases, without a failure, and against itself no change."""

from evals.baseline import OFFLINE, load_baseline
from evals.compare import Change, compare
from evals.gate import Colour, decide
from evals.loading import shipped_cases
from evals.results import ScoreVerdict


def test_it_is_of_shipped_cases_and_none_fails() -> None:
    kept = {record.id: record for record in load_baseline(OFFLINE).cases}
    shipped = {case.id for case in shipped_cases()}
    assert set(kept) <= shipped
    wrong = {ScoreVerdict.FAIL, ScoreVerdict.ERROR}
    assert [record.id for record in kept.values() if record.verdict in wrong] == []


def test_against_itself_it_is_green_and_cannot_be_told_apart() -> None:
    records = load_baseline(OFFLINE).cases
    found = compare(records, records)
    assert found.change is Change.NOT_DISTINGUISHABLE
    assert decide(records, [], found).colour is Colour.GREEN


def test_there_are_enough_cases_of_each_language_to_mean_something() -> None:
    cases = shipped_cases()
    assert len(cases) >= 250
    ids = [case.id for case in cases]
    assert sum(".fr." in one for one in ids) >= 100
    assert sum(".en." in one for one in ids) >= 100
