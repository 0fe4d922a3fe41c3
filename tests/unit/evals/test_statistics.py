"""The statistics, against published values and against another library's formulas."""

import math
from itertools import product

import numpy as np
import pytest
from scipy import stats

from evals.statistics import (
    Interval,
    cluster_bootstrap,
    clustered_error,
    fewest_broken,
    holm,
    is_non_inferior,
    mcnemar,
    pass_hat,
    wilson,
)


@pytest.mark.parametrize(
    ("successes", "total", "low", "high"),
    [
        # Newcombe (1998), Statistics in Medicine 17, table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
        # Nine in ten, at the sizes of an eval suite.
        (36, 40, 0.77, 0.96),
        (54, 60, 0.80, 0.95),
        (90, 100, 0.83, 0.945),
        (180, 200, 0.85, 0.93),
    ],
)
def test_wilson_is_as_published(successes: int, total: int, low: float, high: float) -> None:
    found = wilson(successes, total)
    digits = 3 if low < 0.7 else 2
    assert found.low == pytest.approx(low, abs=0.6 * 10**-digits)
    assert found.high == pytest.approx(high, abs=0.6 * 10**-digits)


@pytest.mark.parametrize(("total", "confidence"), list(product([1, 7, 40, 333], [0.9, 0.95, 0.99])))
def test_wilson_is_scipys(total: int, confidence: float) -> None:
    for successes in {0, 1, total // 2, total}:
        test = stats.binomtest(successes, total)
        other = test.proportion_ci(confidence_level=confidence, method="wilson")
        assert wilson(successes, total, confidence) == pytest.approx((other.low, other.high))


def test_no_failure_in_sixty_is_no_proof_of_none() -> None:
    assert 1 - wilson(60, 60).low == pytest.approx(3 / 60, abs=0.012)
    assert wilson(0, 0) == Interval(0.0, 1.0)


@pytest.mark.parametrize(("broken", "fixed"), [(6, 0), (8, 1), (10, 2), (3, 3), (1, 9), (0, 0)])
def test_mcnemar_is_the_binomial_test(broken: int, fixed: int) -> None:
    changed = broken + fixed
    other = stats.binomtest(broken, changed).pvalue if changed else 1.0
    assert mcnemar(broken, fixed) == pytest.approx(other)
    assert mcnemar(fixed, broken) == mcnemar(broken, fixed)


def test_few_broken_cases_prove_nothing() -> None:
    assert [fewest_broken(fixed) for fixed in (0, 1, 2)] == [6, 8, 10]
    assert mcnemar(5, 0) == 0.0625
    assert mcnemar(6, 0) == 0.03125


@pytest.mark.parametrize(
    ("rate", "k", "said"), [(0.95, 3, 0.857), (0.95, 5, 0.774), (0.90, 3, 0.729), (0.90, 5, 0.590)]
)
def test_pass_hat_tends_to_the_power(rate: float, k: int, said: float) -> None:
    assert pass_hat(round(rate * 100_000), 100_000, k) == pytest.approx(said, abs=0.001)


def test_pass_hat_counts_the_draws() -> None:
    outcomes = [True] * 4 + [False]
    draws = [all(outcomes[i] for i in (a, b)) for a in range(5) for b in range(a)]
    assert pass_hat(4, 5, 2) == sum(draws) / len(draws)
    assert pass_hat(2, 3, 3) == 0
    with pytest.raises(ValueError, match="cannot be told"):
        pass_hat(2, 3, 4)


def test_holm_is_as_published() -> None:
    # Holm's own example of a sequentially rejective procedure, and ties kept in order.
    assert holm({"a": 0.01, "b": 0.04, "c": 0.03, "d": 0.005}) == pytest.approx(
        {"a": 0.03, "b": 0.06, "c": 0.06, "d": 0.02}
    )
    assert holm({"x": 0.6, "y": 0.9}) == {"x": 1.0, "y": 1.0}
    assert holm({}) == {}


def test_a_cluster_of_one_is_the_ordinary_standard_error() -> None:
    values = [1.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0]
    names = [str(at) for at in range(len(values))]
    plain = float(np.std(values, ddof=0)) / math.sqrt(len(values))
    assert clustered_error(values, names) == pytest.approx(plain)
    # The same case seen twice is one case: the error of n pairs is that of n cases.
    assert clustered_error(values * 2, names * 2) == pytest.approx(plain)


def test_the_bootstrap_agrees_with_the_clustered_error() -> None:
    rng = np.random.default_rng(3)
    names, values = [], []
    for cluster in range(60):
        level = rng.normal()
        for _ in range(int(rng.integers(1, 6))):
            names.append(f"c{cluster}")
            values.append(level + 0.3 * rng.normal())
    low, high = cluster_bootstrap(values, names)
    half = 1.96 * clustered_error(values, names)
    mean = sum(values) / len(values)
    assert low == pytest.approx(mean - half, abs=0.12 * half)
    assert high == pytest.approx(mean + half, abs=0.12 * half)
    naive = 1.96 * float(np.std(values)) / math.sqrt(len(values))
    assert high - low > 2.5 * naive


def test_the_bootstrap_says_the_same_twice_and_follows_no_order() -> None:
    values, names = [1.0, 0.0, 0.0, 1.0, 1.0], ["a", "b", "b", "c", "d"]
    first = cluster_bootstrap(values, names)
    assert first == cluster_bootstrap(values, names)
    assert first == cluster_bootstrap(values[::-1], names[::-1])
    with pytest.raises(ValueError, match="one cluster for each value"):
        cluster_bootstrap([], [])


def test_non_inferiority_looks_at_the_lower_bound() -> None:
    assert is_non_inferior(Interval(-0.02, 0.05), margin=0.03)
    assert not is_non_inferior(Interval(-0.04, 0.05), margin=0.03)
