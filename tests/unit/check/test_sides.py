"""Wordings of one permission, demand or price are one; the contrary of it is found."""

import pytest

from agent.steps.check.grounding.brackets import gives_outcome_of_another
from agent.steps.check.grounding.exclusions import adds_to_what_is_only
from agent.steps.check.grounding.pieces import Part
from agent.steps.check.grounding.reading import read_passage
from agent.steps.check.grounding.sides import takes_other_side, takes_same_side
from agent.steps.check.grounding.things import gives_figure_of_another
from knowledge.passages import Language, Passage

FR, EN = Language.FR, Language.EN
NO_PETS = "Les animaux ne sont pas admis dans nos chalets."
SMOKE = "Smoking is prohibited on the terrace. There is a smoking area behind the building."
TWO = "Les animaux sont admis au Chêne. Ils ne sont pas admis dans le gîte de la Source."
POOL = "Pool: free for under-12s, £5 above."
MUSEUM = "Museum tickets: free under 12, $6 from 12 to 25, $11 above."
COUNTER = "Online transfers: free. Transfers at the counter: £4."


def _parts(text: str, lang: Language) -> tuple[Part, ...]:
    return read_passage(Passage(id="p", lang=lang, question="", answer=text)).parts


@pytest.mark.parametrize(
    ("lang", "passage", "claim", "is_contrary"),
    [
        (FR, NO_PETS, "oui, les chiens sont admis dans nos chalets.", True),
        (FR, NO_PETS, "vous pouvez venir avec votre chien dans le chalet.", True),
        (FR, NO_PETS, "nos chalets n'acceptent pas les animaux.", False),
        (FR, NO_PETS, "pas d'animaux dans les chalets.", False),
        (FR, TWO, "le gite de la source accepte les chiens.", True),
        (FR, TWO, "le gite de la source, lui, n'accepte pas les animaux.", False),
        (EN, SMOKE, "you may smoke on the terrace.", True),
        (EN, SMOKE, "you can't smoke on the terrace.", False),
        (EN, "Booking is not required.", "you must book.", True),
        (EN, "Booking is not required.", "there's no need to book.", False),
        (FR, "Commande possible sans créer de compte.", "un compte est obligatoire.", True),
        (EN, "A permanent wifi connection is required.", "it runs without wifi.", True),
        (EN, "Payment with no fees is possible.", "you can pay with no fees.", False),
    ],
)
def test_the_other_side(lang: Language, passage: str, claim: str, is_contrary: bool) -> None:
    assert takes_other_side(claim, _parts(passage, lang), lang) is is_contrary


def test_the_same_side_in_other_words() -> None:
    assert takes_same_side("nos chalets n'acceptent pas les animaux.", _parts(NO_PETS, FR), FR)
    assert not takes_same_side("les chiens sont admis au chalet.", _parts(NO_PETS, FR), FR)


@pytest.mark.parametrize(
    ("passage", "claim", "is_wrong"),
    [
        (MUSEUM, "at 30 you pay $6.", True),
        (MUSEUM, "at 14 you pay $6.", False),
        (POOL, "at 11 he pays £5.", True),
        (POOL, "for two adults that is £10.", False),
    ],
)
def test_the_price_of_another_bracket(passage: str, claim: str, is_wrong: bool) -> None:
    assert gives_outcome_of_another(claim, EN, _parts(passage, EN)) is is_wrong


def test_what_is_free_is_a_price_like_another() -> None:
    parts = _parts(COUNTER, EN)
    assert gives_figure_of_another("transfers at the counter are free.", (), parts)
    assert not gives_figure_of_another("online transfers cost nothing.", (), parts)


def test_what_is_only_so_is_not_more() -> None:
    parts = ["nous livrons en france et en belgique uniquement."]
    assert adds_to_what_is_only("nous livrons aussi en suisse.", is_denied=False, parts=parts)
    assert not adds_to_what_is_only("nous livrons aussi en belgique.", is_denied=False, parts=parts)
