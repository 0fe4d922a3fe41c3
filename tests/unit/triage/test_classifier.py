"""The classifier on weights small enough to add up by hand."""

from pathlib import Path

import numpy as np
import pytest

from agent.steps.triage.classifier import Classifier, Weights, save_weights
from agent.steps.triage.examples import HEADS
from agent.steps.triage.features import letters_of, neuter
from agent.steps.triage.reading import Reading
from agent.steps.triage.scanner import Scanner
from knowledge.text.language import detect

INJURY, PRAISE = HEADS.index("injury_safety"), HEADS.index("praise")


@pytest.fixture(scope="module")
def scanner() -> Scanner:
    return Scanner()


@pytest.fixture(scope="module")
def weights() -> Weights:
    """Return weights that know two words: one of injuries, one of praise."""
    matrix = np.zeros((2, len(HEADS)), dtype=np.float32)
    matrix[0, INJURY], matrix[1, PRAISE] = 8.0, 8.0
    matrix[1, INJURY] = -20.0
    return Weights(
        names=("w:croutes", "w:sublime"),
        idf=np.ones(2, dtype=np.float32),
        matrix=matrix,
        bias=np.full(len(HEADS), -4.0, dtype=np.float32),
        heads=HEADS,
        thresholds=np.full(len(HEADS), 0.5, dtype=np.float32),
    )


def _read(scanner: Scanner, text: str) -> Reading:
    return scanner.read(text, *detect(text))


def test_a_head_speaks_and_points_at_its_word(scanner: Scanner, weights: Weights) -> None:
    text = "Depuis hier j'ai des croûtes au menton"
    opinion = Classifier(weights).judge(_read(scanner, text))
    assert set(opinion.telling) == {"injury_safety"}
    span = opinion.telling["injury_safety"]
    assert span is not None
    assert text[span[0] : span[1]] == "croûtes"


def test_a_later_sentence_never_hides_a_grave_one(scanner: Scanner, weights: Weights) -> None:
    classifier = Classifier(weights)
    grave = "J'ai des croûtes au menton."
    before = classifier.judge(_read(scanner, grave))
    after = classifier.judge(_read(scanner, f"{grave} Sinon l'emballage est sublime."))
    assert "injury_safety" in after.telling
    assert after.scores["injury_safety"] >= before.scores["injury_safety"]


def test_a_silent_message_has_small_scores(scanner: Scanner, weights: Weights) -> None:
    opinion = Classifier(weights).judge(_read(scanner, "Quand ouvrez-vous dimanche ?"))
    assert not opinion.telling
    assert max(opinion.scores.values()) < 0.1


def test_weights_are_stored_whole(tmp_path: Path, weights: Weights) -> None:
    save_weights(weights, str(tmp_path / "weights.npz"))
    with np.load(tmp_path / "weights.npz") as stored:
        assert tuple(str(stored["names"]).split("\n")) == weights.names
        assert tuple(str(stored["heads"]).split("\n")) == HEADS
        assert np.array_equal(stored["matrix"].astype(np.float32), weights.matrix)


def test_a_misspelt_word_shares_most_letters() -> None:
    right, wrong = set(letters_of("brulure")), set(letters_of("brulurre"))
    assert len(right & wrong) > len(right) / 2


def test_words_of_both_genders_read_alike() -> None:
    assert neuter("vendeuse") == neuter("vendeur") == "vendeur"
    assert neuter("daughter") == "son"
    assert neuter("daughters") == "daughters"
