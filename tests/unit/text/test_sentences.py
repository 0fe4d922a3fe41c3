"""Sentences are cut where a reader would cut them, and offsets point at the source."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.text.sentences import split

CASES: list[tuple[str, list[str]]] = [
    ("", []),
    ("   \n ", []),
    ("Bonjour", ["Bonjour"]),
    ("Bonjour. Nous regardons.", ["Bonjour.", "Nous regardons."]),
    (
        "Un accessoire, p. ex. une théière, est offert. Merci !",
        ["Un accessoire, p. ex. une théière, est offert.", "Merci !"],
    ),
    (
        "M. Dupont et Mme. Martin arrivent. À bientôt !",
        ["M. Dupont et Mme. Martin arrivent.", "À bientôt !"],
    ),
    (
        "Thés, cafés, etc. sont concernés. Les sirops aussi.",
        ["Thés, cafés, etc. sont concernés.", "Les sirops aussi."],
    ),
    ("Thés, cafés, etc. Les sirops aussi.", ["Thés, cafés, etc.", "Les sirops aussi."]),
    (
        "Commande n° 12. Voir n. 14 du règlement. Fin.",
        ["Commande n° 12.", "Voir n. 14 du règlement.", "Fin."],
    ),
    (
        "Le total est de 1 234,50 €. Il est payable en ligne.",
        ["Le total est de 1 234,50 €.", "Il est payable en ligne."],
    ),
    ("We open at 10.30 every day. See you!", ["We open at 10.30 every day.", "See you!"]),
    ("It costs €1,234.50. Shipping is free.", ["It costs €1,234.50.", "Shipping is free."]),
    (
        "Tout est sur https://exemple.fr/a.b?c=d. Bonne visite !",
        ["Tout est sur https://exemple.fr/a.b?c=d.", "Bonne visite !"],
    ),
    (
        "Écrivez à contact@exemple.fr. Nous répondons vite.",
        ["Écrivez à contact@exemple.fr.", "Nous répondons vite."],
    ),
    ("Allez sur exemple.fr/aide. Merci.", ["Allez sur exemple.fr/aide.", "Merci."]),
    ("Hum... on regarde. Voilà.", ["Hum... on regarde.", "Voilà."]),
    ("On regarde… Voilà.", ["On regarde…", "Voilà."]),
    ("Merci pour ce retour 😊 À très vite", ["Merci pour ce retour 😊", "À très vite"]),
    ("Merci ! 😊 À très vite !", ["Merci ! 😊", "À très vite !"]),
    ("On adore 😊 et on partage", ["On adore 😊 et on partage"]),
    ("Voici :\n- le thé ;\n- le café.", ["Voici :", "le thé ;", "le café."]),
    (
        "1. Ouvrez l'application.\n2. Touchez « Aide ».",
        ["Ouvrez l'application.", "Touchez « Aide »."],
    ),
    ("Une ligne coupée\nen deux par un éditeur.", ["Une ligne coupée\nen deux par un éditeur."]),
    ("Un paragraphe\n\nun autre", ["Un paragraphe", "un autre"]),
    (
        "Vous écrivez « c'est trop cher ! » et nous le comprenons. Merci.",
        ["Vous écrivez « c'est trop cher ! » et nous le comprenons.", "Merci."],
    ),
    ("« C'est ouvert ? » Oui, dès lundi.", ["« C'est ouvert ? »", "Oui, dès lundi."]),
    ("C'est vrai ? Oui. Vraiment ?! Oui.", ["C'est vrai ?", "Oui.", "Vraiment ?!", "Oui."]),
    ("c'est nul ! je veux partir", ["c'est nul !", "je veux partir"]),
    (
        "Dr. Smith is here, e.g. today. Mr. Jones left.",
        ["Dr. Smith is here, e.g. today.", "Mr. Jones left."],
    ),
    ("We open at 9 a.m. every day. Bye.", ["We open at 9 a.m. every day.", "Bye."]),
    ("We open at 9 a.m. Please come.", ["We open at 9 a.m.", "Please come."]),
    ("No. We cannot.", ["No.", "We cannot."]),
    ("See No. 5 in the list. Thanks.", ["See No. 5 in the list.", "Thanks."]),
    ("Écrit par J. Martin. Merci.", ["Écrit par J. Martin.", "Merci."]),
    ("C'est le plan B. Nous y tenons.", ["C'est le plan B.", "Nous y tenons."]),
    ("Merci !Nous regardons.", ["Merci !", "Nous regardons."]),
    ("It is fixed.We are sorry.", ["It is fixed.", "We are sorry."]),
    ("Built with Node.js and Vue.js today.", ["Built with Node.js and Vue.js today."]),
    (
        "Offre valable jusqu'au 2 déc. inclus. Merci.",
        [
            "Offre valable jusqu'au 2 déc. inclus.",
            "Merci.",
        ],
    ),
    ("Fin le 2 déc. Livraison ensuite.", ["Fin le 2 déc.", "Livraison ensuite."]),
    ('She said "no." Then left.', ['She said "no."', "Then left."]),
    ("Merci à vous (et bravo !). Bises.", ["Merci à vous (et bravo !).", "Bises."]),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_cuts_where_a_reader_would(text: str, expected: list[str]) -> None:
    assert [sentence.text for sentence in split(text)] == expected


@pytest.mark.parametrize("text", [case[0] for case in CASES])
def test_offsets_point_at_the_source(text: str) -> None:
    for sentence in split(text):
        assert text[sentence.start : sentence.end] == sentence.text


@given(st.text(alphabet="aB é.!?…»« \n1,-😊'", max_size=60))
def test_loses_no_letter(text: str) -> None:
    kept = "".join(sentence.text for sentence in split(text))
    assert [c for c in kept if c.isalpha()] == [c for c in text if c.isalpha()]
