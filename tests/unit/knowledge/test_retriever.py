"""The retriever on a small FAQ: what is found first, in which language, and what may be found."""

from datetime import date

import pytest

from knowledge.passages import Audience, Band, Language, Passage, RetrievalFilter
from knowledge.retriever import PassageRetriever, faq_passages, search_faq

FR, EN = Language.FR, Language.EN
ANY = RetrievalFilter(audience=Audience.PUBLIC)
IN_MARCH = RetrievalFilter(audience=Audience.PUBLIC, day=date(2026, 3, 10))


def first(retriever: PassageRetriever, text: str, where: RetrievalFilter = ANY) -> str:
    return retriever.search(text, where).hits[0].passage.id


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Quel est le délai de livraison ?", "livraison-delai"),
        ("c koi le delai de livrezon svp", "livraison-delai"),
        ("jai oublié mon mdp", "mot-de-passe"),
        ("mot de pase oublier", "mot-de-passe"),
        ("l'ouverture de la librairie c'est à quelle heure", "horaires"),
        ("vos HORAIRES ???", "horaires"),
        ("carte cadeau utilisable chez vous ?", "carte-cadeau"),
        ("mon roman est arrivé déchiré, je le renvoie comment", "retour"),
        ("m'abonner a la newsletter", "abonnement"),
        ("vous rachetez des bouquins de seconde main ?", "occasion"),
        ("j'attends toujours ma commande", "livraison-delai"),
        ("how long until I get my parcel", "livraison-delai"),
        ("my book is torn, can I return it", "retour"),
    ],
)
def test_finds_the_entry_whatever_the_wording(
    bookshop: PassageRetriever, text: str, expected: str
) -> None:
    assert first(bookshop, text) == expected


def test_the_question_itself_is_surely_answerable(bookshop: PassageRetriever) -> None:
    found = bookshop.search("Comment renvoyer un livre abîmé ?", ANY)
    assert found.hits[0].passage.id == "retour"
    assert found.band is Band.HIGH


@pytest.mark.parametrize(
    "text",
    [
        "Quelle est la température d'ébullition du plomb ?",
        "Qui a gagné le match hier soir ?",
        "Can you recommend a plumber in Bristol?",
    ],
)
def test_a_question_of_elsewhere_is_not_answered(bookshop: PassageRetriever, text: str) -> None:
    assert bookshop.search(text, ANY).band is not Band.HIGH
    assert bookshop.search(text, ANY).answerable < 0.5


def test_a_foreign_question_is_less_sure_than_its_own(bookshop: PassageRetriever) -> None:
    own = bookshop.search("les liseuses lisent vos livres numériques ?", ANY).answerable
    assert (
        own > 2 * bookshop.search("le lave-vaisselle fuit, que dit la garantie ?", ANY).answerable
    )


def test_a_hit_is_in_the_language_of_the_query(bookshop: PassageRetriever) -> None:
    asked = bookshop.search("How do I send back a damaged book?", ANY)
    assert (asked.hits[0].passage.id, asked.hits[0].passage.lang) == ("retour", EN)


def test_an_entry_is_reached_by_the_wording_of_its_other_language(
    bookshop: PassageRetriever,
) -> None:
    only_french = RetrievalFilter(audience=Audience.PUBLIC, lang=FR)
    found = bookshop.search("send back a damaged book", only_french)
    assert (found.hits[0].passage.id, found.hits[0].passage.lang) == ("retour", FR)
    assert all(hit.passage.lang is FR for hit in found.hits)


def test_private_entries_are_for_the_team_only(bookshop: PassageRetriever) -> None:
    text = "Quelle remise pour les salariés ?"
    public = bookshop.search(text, ANY)
    assert "remise-salaries" not in {hit.passage.id for hit in public.hits}
    assert first(bookshop, text, RetrievalFilter(audience=Audience.PRIVATE)) == "remise-salaries"


def test_an_entry_out_of_date_is_not_found(bookshop: PassageRetriever) -> None:
    text = "Quand a lieu la séance de dédicace ?"
    assert first(bookshop, text, IN_MARCH) == "dedicace-mars"
    later = RetrievalFilter(audience=Audience.PUBLIC, day=date(2026, 3, 15))
    assert "dedicace-mars" not in {hit.passage.id for hit in bookshop.search(text, later).hits}


def test_scores_fall_and_no_entry_comes_twice(bookshop: PassageRetriever) -> None:
    hits = bookshop.search("livre", ANY, top=10).hits
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert len({hit.passage.id for hit in hits}) == len(hits)


@pytest.mark.parametrize("top", [1, 3])
def test_at_most_so_many_hits(bookshop: PassageRetriever, top: int) -> None:
    assert len(bookshop.search("livraison d'un livre", ANY, top=top).hits) == top


@pytest.mark.parametrize("text", ["", "   ", "🙂", "!!!"])
def test_nothing_asked_is_not_answerable(bookshop: PassageRetriever, text: str) -> None:
    assert bookshop.search(text, ANY).answerable == 0.0


def test_an_empty_faq_finds_nothing() -> None:
    assert PassageRetriever(()).search("Quels sont vos horaires ?", ANY).hits == ()


def test_the_same_question_finds_the_same(bookshop: PassageRetriever) -> None:
    again = PassageRetriever(bookshop.passages())
    text = "je peux rendre un livre corné ?"
    assert bookshop.search(text, ANY) == again.search(text, ANY)


def test_a_very_long_message_is_searched(bookshop: PassageRetriever) -> None:
    text = "Bonjour. " + "Je vous écris encore une fois. " * 200 + "J'ai oublié mon mot de passe."
    assert first(bookshop, text) == "mot-de-passe"


def test_a_large_faq_finds_its_needle() -> None:
    entries = [
        Passage(id=f"e{n}", lang=FR, question=f"Comment régler le modèle {n} ?", answer="Ainsi.")
        for n in range(1600)
    ]
    entries.append(Passage(id="x", lang=FR, question="Où trouver un réparateur ?", answer="Ici."))
    assert first(PassageRetriever(entries), "un reparateur près de chez moi ?") == "x"


INTENTS = {
    "suivre": [
        "où est mon colis",
        "je veux suivre ma commande",
        "ma commande est où",
        "suivi du colis",
    ],
    "annuler": [
        "annuler ma commande",
        "je ne veux plus de ma commande",
        "comment annuler un achat",
        "stopper la commande",
    ],
    "facture": [
        "je voudrais une facture",
        "envoyez-moi la facture",
        "facture introuvable",
        "où télécharger ma facture",
    ],
    "adresse": [
        "changer mon adresse",
        "j'ai déménagé",
        "modifier l'adresse de livraison",
        "nouvelle adresse",
    ],
}


def test_intents_with_examples_as_aliases_are_told_apart() -> None:
    faq = [{"id": name, "question": name, "aliases": said} for name, said in INTENTS.items()]
    asked = {
        "suivre": "dites moi ou en est mon paquet",
        "annuler": "je souhaite annuler l'achat",
        "facture": "il me faut la facture svp",
        "adresse": "jai demenager, nouvelle adresse",
    }
    found = search_faq(faq, asked.items())
    assert {row["id"]: row["hits"][0]["id"] for row in found} == {name: name for name in asked}


def test_lines_without_a_language_are_read_in_the_one_of_the_faq() -> None:
    faq = [
        {"id": "a", "question": "Où suivre ma commande ?"},
        {"id": "b", "question": "Points relais", "answer": "Choisissez le relais à l'étape 3."},
        {"id": "c", "question": "Newsletter"},
        {"id": "d", "question": "Comment joindre le service client ?", "lang": "fr"},
    ]
    assert {one.lang for one in faq_passages(faq)} == {FR}


def test_a_bilingual_file_keeps_both_languages() -> None:
    faq = [
        {"id": "a", "question": "Où est passée ma commande ?"},
        {"id": "b", "question": "Where did my order go?"},
        {"id": "c", "question": "Comment puis-je payer en plusieurs fois ?"},
        {"id": "d", "question": "How can I pay in several instalments?"},
    ]
    assert [one.lang for one in faq_passages(faq)] == [FR, EN, FR, EN]


EVERYDAY = {
    "joke": "Do you know a joke?",
    "damaged": "My card is damaged",
    "fewest": "What is the minimum amount?",
    "fraude": "Que faire en cas de fraude ?",
    "blague": "Racontez une blague",
    "delai": "Quel est le délai ?",
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("say something hilarious", "joke"),
        ("it got ruined in the laundry", "damaged"),
        ("the lowest sum i can give", "fewest"),
        ("j'ai vu un truc louche", "fraude"),
        ("dis un truc amusant", "blague"),
    ],
)
def test_everyday_words_stand_for_each_other(text: str, expected: str) -> None:
    lines = [{"id": name, "question": question} for name, question in EVERYDAY.items()]
    assert first(PassageRetriever(faq_passages(lines)), text) == expected
