"""The order of entries, what keeps one out, and near-duplicates moved down."""

from pathlib import Path

import numpy as np
import pytest

from knowledge.answerability import band_of, probability
from knowledge.asked import QueryReader
from knowledge.features import FEATURES, Evidence, measure
from knowledge.lexical import Entry, EntryIndex, Text
from knowledge.model import (
    Model,
    SignalWeights,
    WeightsError,
    read_model,
    shipped_model,
    write_model,
)
from knowledge.passages import Band, Language
from knowledge.ranker import EXCLUDED, Diversity, Ranker, best_first
from knowledge.signals import INTENT_SIGNALS, SIGNALS, signals

FR = Language.FR
TITLES = (
    "Rendre un vélo loué",
    "Rendre un vélo loué en gare",
    "Rendre un vélo loué en gare le dimanche",
    "Louer un casque",
    "Signaler un vélo volé",
)


def index_of(*titles: str) -> EntryIndex:
    return EntryIndex([Entry(str(at), (Text(one, FR),)) for at, one in enumerate(titles)])


@pytest.fixture(scope="module")
def index() -> EntryIndex:
    return index_of(*TITLES)


def evidence_of(index: EntryIndex, text: str) -> Evidence:
    return measure(index, QueryReader(index).read(text, FR))


def row(found: Evidence, name: str) -> list[float]:
    return [round(float(one), 3) for one in found.features[FEATURES.index(name)]]


def test_a_row_that_says_just_the_query_is_covered_whole(index: EntryIndex) -> None:
    found = evidence_of(index, "signaler un vélo volé")
    assert row(found, "share")[4] == pytest.approx(1.0, abs=0.01)
    assert row(found, "own_share")[4] == pytest.approx(1.0, abs=0.01)
    assert row(found, "cosine")[4] == pytest.approx(1.0, abs=0.01)


def test_a_word_of_no_entry_lowers_every_share(index: EntryIndex) -> None:
    known = row(evidence_of(index, "signaler un vélo volé"), "share")[4]
    more = row(evidence_of(index, "signaler un vélo volé à Perpignan"), "share")[4]
    assert more < known - 0.1


def test_the_best_entry_comes_first(index: EntryIndex) -> None:
    ranking = Ranker(shipped_model()).rank(evidence_of(index, "on m'a volé mon vélo"))
    assert int(ranking.order[0]) == 4


def test_an_entry_that_may_not_be_found_is_not(index: EntryIndex) -> None:
    allowed = np.array([True, True, True, True, False])
    ranking = Ranker(shipped_model()).rank(evidence_of(index, "vélo volé"), allowed=allowed)
    assert 4 not in ranking.order
    assert ranking.scores[4] == EXCLUDED


def test_a_vector_can_bring_an_entry_up(index: EntryIndex) -> None:
    dense = np.array([0, 0, 0, 1, 0], np.float32)
    ranking = Ranker(shipped_model()).rank(evidence_of(index, "protéger sa tête"), dense=dense)
    assert int(ranking.order[0]) == 3


def test_equal_scores_keep_the_order_of_the_faq() -> None:
    scores = np.array([1, 3, 3, 2, EXCLUDED], np.float32)
    assert best_first(scores, 10).tolist() == [1, 2, 3, 0]
    assert best_first(scores, 1).tolist() == [1]


def test_near_duplicates_go_down_and_the_first_stays(index: EntryIndex) -> None:
    ranking = Ranker(shipped_model()).rank(evidence_of(index, "rendre vélo loué gare dimanche"))
    plain = [entry for entry, _ in Diversity(index, 0.0).apply(ranking, 5)]
    apart = Diversity(index, 20.0).apply(ranking, 5)
    assert plain[:3] == [2, 1, 0]
    assert apart[0][0] == 2
    assert apart[1][0] not in (0, 1)
    scores = [score for _, score in apart]
    assert scores == sorted(scores, reverse=True)


def test_signals_are_finite_and_as_many_as_named(index: EntryIndex) -> None:
    for text in ("vélo", "rendre un casque volé en gare le dimanche", "xyzzy"):
        found = evidence_of(index, text)
        ranking = Ranker(shipped_model()).rank(found)
        given = signals(found, ranking.scores, ranking.order)
        assert len(given) == len(SIGNALS) - len(INTENT_SIGNALS)
        assert np.isfinite(given).all()


def test_signals_do_not_tell_how_large_the_faq_is() -> None:
    """Two hundred entries that share nothing with the query change no coverage."""
    few = index_of(*TITLES)
    noise = [f"Recette {number} de la tarte aux quetsches" for number in range(200)]
    many = index_of(*TITLES, *noise)
    named = dict.fromkeys(("wording_coverage", "soft_own_share", "literal_share"))
    pairs = []
    for index in (few, many):
        found = evidence_of(index, "signaler un vélo volé")
        ranking = Ranker(shipped_model()).rank(found)
        pairs.append(signals(found, ranking.scores, ranking.order))
    for place, name in enumerate(SIGNALS):
        if name in named:
            assert pairs[0][place] == pytest.approx(pairs[1][place], abs=0.05)


def test_the_probability_is_the_logistic_of_its_signals() -> None:
    weights = SignalWeights(bias=-1.0, signals={"margin": 2.0})
    assert probability(weights, {"margin": 0.5}) == pytest.approx(0.5)
    assert probability(weights, {"margin": 1e9}) == pytest.approx(1.0)


def test_bands_follow_the_thresholds() -> None:
    bands = shipped_model().bands
    assert band_of(bands.high, bands) is Band.HIGH
    assert band_of(bands.high - 1e-6, bands) is Band.MIDDLE
    assert band_of(bands.middle - 1e-6, bands) is Band.LOW


def test_weights_come_back_as_written(tmp_path: Path) -> None:
    path = tmp_path / "weights.json"
    write_model(shipped_model(), path)
    assert read_model(path) == shipped_model()


def test_weights_of_an_unknown_feature_are_refused_with_the_mend(tmp_path: Path) -> None:
    path = tmp_path / "weights.json"
    model = shipped_model()
    odd = model.plain.model_copy(update={"features": {"zodiac": 1.0}})
    write_model(Model.model_construct(**{**model.__dict__, "plain": odd}), path)
    with pytest.raises(WeightsError, match="unknown feature zodiac; train again"):
        read_model(path)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": 1}'])
def test_a_file_that_is_no_weights_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "weights.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(WeightsError, match=r"weights\.json: not a weights file"):
        read_model(path)


def test_a_word_left_unsaid_counts_however_common_it_is() -> None:
    """Every entry but one is about a bike: the word is not rare, and yet it was asked for."""
    index = index_of("Rendre un vélo", "Louer un vélo", "Un vélo volé", "Rendre une trottinette")
    unsaid = SIGNALS.index("unsaid")
    whole, part = (
        signals(found, ranking.scores, ranking.order)[unsaid]
        for found in (evidence_of(index, text) for text in ("louer un vélo", "louer une voiture"))
        for ranking in (Ranker(shipped_model()).rank(found),)
    )
    assert part > whole + 0.4


def test_the_best_wording_counts_however_many_an_entry_has() -> None:
    texts = (("un vélo",), ("un casque", "un vélo volé", "un antivol"), ("une gare", "un vélo"))
    index = EntryIndex(
        [Entry(str(at), tuple(Text(one, FR) for one in group)) for at, group in enumerate(texts)]
    )
    stacked = np.array([[1, 0, 5, 2, 3, 4], [6, 5, 4, 3, 2, 1]], np.float32)
    assert index.wordings.pooled(stacked).tolist() == [[1, 5, 4], [6, 5, 2]]
