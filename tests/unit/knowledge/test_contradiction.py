"""Two passages that state different facts about the same thing go to a person."""

import pytest

from knowledge.contradiction import find_contradiction
from knowledge.passages import Language, Passage, RetrievalFilter
from knowledge.retriever import PassageRetriever

FR, EN = Language.FR, Language.EN


def pair(lang: Language, left: str, right: str) -> list[Passage]:
    return [
        Passage(id=name, lang=lang, question=f"{name} ?", answer=answer)
        for name, answer in (("a", left), ("b", right))
    ]


@pytest.mark.parametrize(
    ("lang", "left", "right"),
    [
        (FR, "La livraison coûte 3,90 €.", "La livraison est à 4,90 €."),
        (
            FR,
            "Vous avez 14 jours pour renvoyer un article.",
            "Vous avez 30 jours pour renvoyer l'article.",
        ),
        (FR, "La boutique ouvre à 9 h le lundi.", "Le lundi, la boutique ouvre à 10 h."),
        (FR, "La remise étudiante est de 10 %.", "Remise étudiante : 15 %."),
        (EN, "Standard delivery costs £3.50.", "Standard delivery is £4.50."),
        (EN, "You have 14 days to return an item.", "You have 30 days to return an item."),
    ],
)
def test_different_facts_about_one_thing(lang: Language, left: str, right: str) -> None:
    assert find_contradiction(pair(lang, left, right)) == (f"a@{lang}", f"b@{lang}")


@pytest.mark.parametrize(
    ("lang", "left", "right"),
    [
        (FR, "La livraison coûte 3,90 €.", "La livraison coûte 3,90 euros."),
        (
            FR,
            "La livraison en relais coûte 3,90 €.",
            "L'emballage cadeau de votre commande est à 4,90 €.",
        ),
        (FR, "La livraison prend 3 jours.", "La livraison coûte 3,90 €."),
        (FR, "Nos boutiques sont ouvertes le lundi.", "Nos boutiques sont fermées le lundi."),
        (EN, "Delivery takes 3 days.", "Returns take 5 days once your parcel has reached us."),
        (EN, "You have 14 days to return an item.", "You have two weeks to return an item."),
    ],
)
def test_the_same_facts_or_other_things(lang: Language, left: str, right: str) -> None:
    assert find_contradiction(pair(lang, left, right)) is None


def test_two_languages_of_one_entry_are_not_compared() -> None:
    passages = [
        Passage(id="a", lang=FR, question="?", answer="La livraison coûte 3,90 €."),
        Passage(id="a", lang=EN, question="?", answer="Delivery costs £3.90."),
    ]
    assert find_contradiction(passages) is None


def test_the_retriever_reports_a_contradiction_among_its_best() -> None:
    passages = [
        Passage(
            id="frais",
            lang=FR,
            question="Combien coûte la livraison ?",
            answer="La livraison coûte 3,90 €.",
        ),
        Passage(
            id="tarif",
            lang=FR,
            question="Quel est le prix de la livraison ?",
            answer="La livraison coûte 5,90 €.",
        ),
        Passage(id="stock", lang=FR, question="Quand ce pull revient-il ?", answer="En mai."),
    ]
    found = PassageRetriever(passages).search("combien coûte la livraison", RetrievalFilter())
    assert set(found.contradiction or ()) == {"frais@fr", "tarif@fr"}


def test_entries_about_different_things_are_no_contradiction() -> None:
    passages = [
        Passage(
            id="standard",
            lang=FR,
            question="Combien coûte la livraison ?",
            answer="La livraison coûte 3,90 €.",
        ),
        Passage(
            id="express",
            lang=FR,
            question="Combien coûte la livraison express ?",
            answer="La livraison express coûte 9,90 €.",
        ),
    ]
    found = PassageRetriever(passages).search("combien coûte la livraison", RetrievalFilter())
    assert found.contradiction is None
