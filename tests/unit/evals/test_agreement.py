"""Agreement with people, against published figures and scikit-learn."""

import random

import pytest
from sklearn.metrics import cohen_kappa_score

from evals.agreement import (
    Agreement,
    Label,
    Pair,
    agreement,
    cohen_kappa,
    kappa_interval,
    rogan_gladen,
    rogan_gladen_interval,
)

PASS, FAIL, NA = Label.PASS, Label.FAIL, Label.NA


def pairs(true_pass: int, false_pass: int, true_fail: int, false_fail: int) -> list[Pair]:
    return (
        [Pair(PASS, PASS)] * true_pass
        + [Pair(FAIL, PASS)] * false_pass
        + [Pair(FAIL, FAIL)] * true_fail
        + [Pair(PASS, FAIL)] * false_fail
    )


def some_pairs(seed: int, count: int = 200) -> list[Pair]:
    draw = random.Random(seed)
    labels = [PASS, PASS, PASS, FAIL, NA]
    return [
        Pair(one, one if draw.random() < 0.8 else draw.choice(labels))
        for one in (draw.choice(labels) for _ in range(count))
    ]


def test_a_judge_that_always_passes_agrees_at_ninety_per_cent_and_has_kappa_zero() -> None:
    found = agreement(pairs(90, 10, 0, 0))
    assert found.agreement == pytest.approx(0.9)
    assert found.base_rate == pytest.approx(0.9)
    assert found.kappa == pytest.approx(0.0)
    assert (found.sensitivity, found.specificity) == (1.0, 0.0)
    assert not found.may_gate()


@pytest.mark.parametrize("seed", range(6))
def test_kappa_is_that_of_scikit_learn(seed: int) -> None:
    told = some_pairs(seed)
    expected = cohen_kappa_score([one.truth for one in told], [one.told for one in told])
    assert cohen_kappa(told) == pytest.approx(expected)


def test_kappa_of_the_worked_example_of_fleiss() -> None:
    """Fleiss, Statistical Methods for Rates and Proportions, two raters, three diagnoses, n = 100.

    Table 18.1: kappa .676, standard error .088 (Fleiss, Cohen and Everitt 1969, formula for a
    kappa that is not zero).
    """
    table = {
        (PASS, PASS): 75, (PASS, FAIL): 1, (PASS, NA): 4,
        (FAIL, PASS): 5, (FAIL, FAIL): 4, (FAIL, NA): 1,
        (NA, PASS): 0, (NA, FAIL): 0, (NA, NA): 10,
    }  # fmt: skip
    told = [Pair(*both) for both, count in table.items() for _ in range(count)]
    low, high = kappa_interval(told)
    assert cohen_kappa(told) == pytest.approx(0.676, abs=5e-4)
    assert (high - low) / 2 / 1.95996 == pytest.approx(0.088, abs=5e-4)


def test_the_interval_is_near_that_of_resampling() -> None:
    told = some_pairs(7, 300)
    draw = random.Random(1)
    resampled = sorted(cohen_kappa(draw.choices(told, k=len(told))) or 0.0 for _ in range(400))
    found = kappa_interval(told)
    assert found.low == pytest.approx(resampled[10], abs=0.03)
    assert found.high == pytest.approx(resampled[390], abs=0.03)


def test_a_judge_that_never_had_to_choose_has_shown_nothing() -> None:
    found = agreement(pairs(40, 0, 0, 0))
    assert found.agreement == 1.0
    assert found.kappa == 0.0
    assert found.specificity is None
    assert not found.may_gate()
    assert agreement([]).kappa is None


def test_rogan_and_gladen_correct_a_rate() -> None:
    assert rogan_gladen(0.92, 0.98, 0.70) == pytest.approx(0.912, abs=5e-4)
    assert rogan_gladen(0.1, 0.98, 0.8) == 0.0
    assert rogan_gladen(0.99, 0.9, 0.95) == 1.0


def test_a_poor_judge_corrects_nothing() -> None:
    assert rogan_gladen(0.92, 0.98, 0.30) is None
    assert agreement(pairs(90, 10, 0, 0)).corrected is None


def test_a_corrected_rate_is_as_unsure_as_the_judge() -> None:
    few, many = agreement(pairs(49, 6, 14, 1)), agreement(pairs(490, 60, 140, 10))
    narrow = rogan_gladen_interval(0.92, 10_000, many)
    wide = rogan_gladen_interval(0.92, 10_000, few)
    assert wide is not None
    assert narrow is not None
    assert wide.high - wide.low > 2 * (narrow.high - narrow.low)
    assert narrow.low < 0.912 < narrow.high


@pytest.mark.parametrize(
    ("found", "may"),
    [
        (agreement(pairs(60, 4, 36, 2)), True),
        (agreement(pairs(60, 20, 20, 2)), False),  # kappa .51
        (agreement(pairs(60, 1, 8, 1)), False),  # too few failures labelled
    ],
)
def test_a_judge_may_gate_from_the_floor_on(found: Agreement, may: bool) -> None:
    assert found.may_gate() is may


def test_what_does_not_apply_counts_for_agreement_and_not_for_the_error_rates() -> None:
    found = agreement([*pairs(10, 1, 9, 0), Pair(NA, NA), Pair(NA, PASS), Pair(FAIL, NA)])
    assert found.total == 23
    assert found.confusion.total == 20
    assert found.agreement == pytest.approx(20 / 23)
    assert found.specificity == pytest.approx(0.9)
