"""A small bilingual FAQ of a fictional bookshop, and the retriever over it."""

from datetime import date

import pytest

from knowledge.passages import Audience, Language, Passage
from knowledge.retriever import PassageRetriever

FR, EN = Language.FR, Language.EN


def passage(name: str, lang: Language, question: str, answer: str = "", **more: object) -> Passage:
    return Passage.model_validate(
        {"id": name, "lang": lang, "question": question, "answer": answer, **more}
    )


PASSAGES = (
    passage(
        "livraison-delai",
        FR,
        "Quel est le délai de livraison ?",
        "Votre colis arrive en trois jours ouvrés.",
        aliases=("Quand vais-je recevoir mon colis ?",),
    ),
    passage(
        "livraison-delai",
        EN,
        "How long does delivery take?",
        "Your parcel arrives within three working days.",
    ),
    passage(
        "retour",
        FR,
        "Comment renvoyer un livre abîmé ?",
        "Imprimez l'étiquette de retour depuis votre compte.",
    ),
    passage(
        "retour",
        EN,
        "How do I send back a damaged book?",
        "Print the return label from your account.",
    ),
    passage(
        "carte-cadeau",
        FR,
        "Peut-on utiliser une carte-cadeau en librairie ?",
        "Oui, dans nos quatre librairies.",
    ),
    passage(
        "horaires",
        FR,
        "Quels sont les horaires d'ouverture de la librairie ?",
        "Du mardi au samedi, de 10 h à 19 h.",
    ),
    passage(
        "remise-salaries",
        FR,
        "Quelle remise pour les salariés ?",
        "Trente pour cent.",
        audience=Audience.PRIVATE,
    ),
    passage(
        "dedicace-mars",
        FR,
        "Quand a lieu la séance de dédicace ?",
        "Le 14 mars à 18 h.",
        valid_from=date(2026, 3, 1),
        valid_until=date(2026, 3, 14),
    ),
    passage(
        "abonnement",
        FR,
        "Comment m'abonner à la lettre d'information ?",
        "Inscrivez-vous en bas de la page d'accueil.",
    ),
    passage(
        "mot-de-passe",
        FR,
        "J'ai oublié mon mot de passe, que faire ?",
        "Cliquez sur « Mot de passe oublié ».",
    ),
    passage(
        "liseuse",
        FR,
        "Vos livres numériques sont-ils lisibles sur toutes les liseuses ?",
        "Ils sont au format EPUB.",
    ),
    passage(
        "occasion",
        FR,
        "Reprenez-vous les livres d'occasion ?",
        "Oui, le premier samedi du mois.",
    ),
)


@pytest.fixture(scope="session")
def bookshop() -> PassageRetriever:
    return PassageRetriever(PASSAGES)
