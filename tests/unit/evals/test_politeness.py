"""The embedded politeness scorer and the corpus it is measured on, on a small one of our own."""

import csv
from pathlib import Path

import pytest

from agent.domain.errors import ConfigurationError
from evals.politeness import PolitenessScorer, cues, shipped_scorer
from evals.politeness_corpus import COMMUNITIES, measure, read_corpus, sample, train

POLITE = "Thanks for your help! Could you please have a look at number {}?"
PLAIN = "Number {} is in the list of the second page."
RUDE = "Why on earth did you touch number {}? You really have no idea."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for community in COMMUNITIES:
        with (tmp_path / f"{community}.annotated.csv").open("w", encoding="utf-8") as file:
            rows = csv.writer(file)
            rows.writerow(["Community", "Id", "Request", "Normalized Score"])
            for number in range(120):
                text, rating = [(POLITE, 1.0), (PLAIN, 0.0), (RUDE, -1.0), (PLAIN, 0.1)][number % 4]
                name = f"{community}{number}"
                rows.writerow([community, name, text.format(number), rating + number / 1000])
    return tmp_path


def test_the_start_of_a_sentence_is_a_cue() -> None:
    assert "^ please" in cues("Please revert.")
    assert "^ please" not in cues("Could you please revert?")
    assert "you please" in cues("Could YOU please revert?")


@pytest.mark.parametrize(
    ("polite", "rude"),
    [
        ("Hi, thanks for the edit! Would you have a look?", "Why did you edit this?"),
        ("Could you help me with this page, please?", "What exactly is the point of this?"),
    ],
)
def test_the_shipped_weights_tell_polite_from_rude(polite: str, rude: str) -> None:
    scorer = shipped_scorer()
    assert scorer.score(polite) > 0 > scorer.score(rude)


def test_a_text_without_cues_has_the_score_of_all_texts() -> None:
    assert PolitenessScorer({"thanks": 2.0}, 0.25).score("…") == 0.25


def test_training_learns_from_the_development_split_and_repeats_itself(folder: Path) -> None:
    requests = read_corpus(folder)
    trained = train(requests)
    assert trained == train(requests)
    scorer = PolitenessScorer(trained["weights"], trained["intercept"])
    for found in measure([one for one in requests if one.is_test], scorer.score):
        assert found.accuracy == 1.0
        assert found.told >= 10
        assert found.correlation is not None
        assert found.correlation > 0.7


def test_what_cannot_be_told_is_an_error_and_no_wrong_answer(folder: Path) -> None:
    requests = sample([one for one in read_corpus(folder) if one.is_test], 12)
    assert len(requests) == 24
    for found in measure(requests, lambda _: None):
        assert (found.errors, found.told, found.accuracy) == (12, 0, None)


def test_a_missing_corpus_is_told_with_where_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"github\.com/sudhof/politeness"):
        read_corpus(tmp_path)
    (tmp_path / "wikipedia.annotated.csv").write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(ConfigurationError, match="not the politeness corpus"):
        read_corpus(tmp_path)
