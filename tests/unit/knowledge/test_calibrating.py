"""Thresholds chosen for each FAQ, not only for the mean of all."""

import numpy as np
import pytest

from knowledge.lexical import Entry, Text
from knowledge.model import shipped_model
from knowledge.passages import Language
from knowledge.training.calibrating import FAR, Rows, high_for_every, rows_of
from knowledge.training.data import Task, foreign
from knowledge.training.evidence import see


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


def foreign_weights(wordings: int) -> list[float]:
    """Return the weights of a near and a far question to a FAQ with that many wordings each."""
    texts = {
        "retard": ["mon colis a du retard", "où est ma commande", "rien reçu"],
        "taille": ["quelle taille choisir", "ça taille grand ?", "guide des tailles"],
    }
    entries = tuple(
        Entry(name, tuple(Text(one, Language.FR) for one in found[:wordings]))
        for name, found in texts.items()
    )
    outside = foreign(["un échange"]) + foreign(["la météo à Oslo"], are_far=True)
    seen = see(Task("own", Language.FR, entries, (), outside))
    assert seen.has_intents is (wordings > 1)
    return rows_of(seen, shipped_model(), 1.0).weight.tolist()


def test_a_question_of_another_domain_weighs_more_for_a_faq_with_its_own_classifier() -> None:
    near, far = foreign_weights(3)
    assert far == pytest.approx(FAR * near)
    near, far = foreign_weights(1)
    assert far == pytest.approx(near)
