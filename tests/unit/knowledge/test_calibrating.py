"""Thresholds chosen for each FAQ, not only for the mean of all."""

import numpy as np
import pytest

from knowledge.model import shipped_model
from knowledge.training.calibrating import Rows, high_for_every


def rows(right: dict[str, float]) -> tuple[Rows, np.ndarray]:
    """Return 200 answered questions a FAQ at .91 and 200 at .71, where `right` are right."""
    families = np.repeat(list(right), 400)
    chances = np.tile(np.repeat([0.91, 0.71], 200), len(right))
    is_right = [
        float(place < 200 * share)
        for low in right.values()
        for share in (0.95, low)
        for place in range(200)
    ]
    count = len(chances)
    known = Rows(
        np.zeros((count, 0)),
        np.array(is_right),
        np.ones(count),
        np.full(count, "asked"),
        families,
        families,
        np.ones(count),
    )
    return known, chances


def test_the_threshold_of_all_is_kept_where_every_faq_is_right_often_enough() -> None:
    known, chances = rows({"one": 0.95, "other": 0.95})
    assert high_for_every(known, chances, 0.6) == pytest.approx(0.6)


def test_one_faq_that_is_often_wrong_raises_it() -> None:
    known, chances = rows({"one": 0.95, "other": 0.7})
    assert high_for_every(known, chances, 0.6) == pytest.approx(0.72)


def test_a_faq_without_a_classifier_is_never_answered_more_lightly() -> None:
    model = shipped_model()
    plain, many = (model.limits(has_intents=one) for one in (False, True))
    assert plain.high >= many.high
    assert plain.middle == many.middle
