"""The classifier that a FAQ of many wordings fits to itself."""

import numpy as np
import pytest

from knowledge.asked import QueryReader
from knowledge.intents import IntentModel, IntentScores, fit_intents
from knowledge.lexical import Entry, EntryIndex, Text
from knowledge.passages import Language

FR = Language.FR
WORDINGS: dict[str, tuple[str, ...]] = {
    "retard": ("mon colis a du retard", "où est ma commande", "la livraison n'arrive pas"),
    "retour": ("renvoyer un article", "comment faire un retour", "je veux rendre ce pull"),
    "taille": ("quelle taille choisir", "ça taille grand ?", "guide des tailles"),
}


def index_of(wordings: dict[str, tuple[str, ...]]) -> EntryIndex:
    return EntryIndex(
        [Entry(name, tuple(Text(one, FR) for one in texts)) for name, texts in wordings.items()]
    )


def fitted(wordings: dict[str, tuple[str, ...]]) -> tuple[IntentModel, QueryReader]:
    index = index_of(wordings)
    model = fit_intents(index)
    assert model is not None
    return model, QueryReader(index)


def scores(text: str) -> IntentScores:
    model, reader = fitted(WORDINGS)
    return model.scores(reader.read(text, FR))


def test_one_wording_an_entry_is_too_little_to_learn_from() -> None:
    assert fit_intents(index_of({name: texts[:1] for name, texts in WORDINGS.items()})) is None


@pytest.mark.parametrize(("name", "text"), [("retard", "colis en retard"), ("taille", "ma taille")])
def test_a_new_wording_goes_to_its_entry(name: str, text: str) -> None:
    found = scores(text).log_probabilities()
    assert list(WORDINGS)[int(found.argmax())] == name


def test_own_wordings_score_about_as_high_as_usual_and_strange_ones_far_below() -> None:
    own = scores("comment faire un retour")
    strange = scores("combien de satellites tournent autour de Saturne")
    assert float(own.by_entry.max()) / own.usual == pytest.approx(1.0, abs=0.3)
    assert float(strange.by_entry.max()) / strange.usual < 0.6


def test_a_known_concept_among_many_strange_words_stays_strange() -> None:
    """ "colis" names a concept of the FAQ; the rest was never said there."""
    strange = scores("le colis piégé du film d'espionnage tourné à Buenos Aires")
    known = scores("le colis")
    assert float(strange.by_entry.max()) < 0.75 * float(known.by_entry.max())


def test_probabilities_are_shared_among_the_allowed_entries() -> None:
    found = scores("où est mon colis")
    chances = np.exp(found.log_probabilities(np.array([False, True, True])))
    assert chances[0] < 0.001
    assert chances.sum() == pytest.approx(1.0, abs=1e-3)
