"""Postal addresses, French and of other countries; and streets anybody may name."""

import pytest

from agent.adapters.redactor.detectors.address_french import find_french_addresses
from agent.adapters.redactor.detectors.address_international import find_international_addresses
from agent.adapters.redactor.detectors.address_words import name_end

FRENCH = [
    "12 bis rue des Lilas, 75011 Paris",
    "8, avenue du Général-de-Gaulle\n69300 Caluire-et-Cuire",
    "22 rue victor hugo 69002 lyon",
    "Lieu-dit Kerlann, 56400 Pluvigner",
    "Hameau de Fontclaire, 48400 Florac",
    "BP 40123, 35001 Rennes Cedex",
    "Résidence Les Mimosas, Bât. C, 6 rue des Acacias, 06200 Nice",
    "ZA Les Portes du Sud, 3 rue Ampère, 44840 Les Sorinières",
    "5 quai des Brumes, appartement 12, 76600 Le Havre",
    "64 av. Foch 54000 Nancy",
    "17 bd de la Liberté, 35000 Rennes",
    "rue du Faubourg Saint-Antoine, 75012 Paris",
    "7 villa des Arts, 92200 Neuilly-sur-Seine",
    "Rue de la Loi 16, 1000 Bruxelles",
    "Chemin des Fleurs 8, 1007 Lausanne",
    "14 rue jules guesde à villejuif 94800",
    "6 place du marché 67600 Sélestat",
    "3 avenue du 8 mai 1945, 69500 Bron",
    "97410 Saint-Pierre",
    "44 rue Oberkampf",
]


@pytest.mark.parametrize("address", FRENCH)
@pytest.mark.parametrize("frame", ["{}", "Livrez au {} svp, merci.", "J'habite {}, 2e porte."])
def test_french_address_is_found_whole(address: str, frame: str) -> None:
    text = frame.format(address)
    start = text.index(address)
    end = start + len(address)
    assert any(
        one.start <= start and end <= one.end + text[one.end : end].isspace()
        for one in find_french_addresses(text)
    )


def test_a_street_without_number_counts_when_somebody_lives_there() -> None:
    assert list(find_french_addresses("J'habite rue des Lilas depuis dix ans"))
    assert not list(find_french_addresses("Votre boutique rue des Lilas est fermée"))


def test_the_sentence_after_the_town_is_not_part_of_the_address() -> None:
    text = "Mon adresse : 18 rue Jean Jaurès 59000 Lille. Grégory attend."
    (found,) = [one for one in find_french_addresses(text) if one.score > 0.8]
    assert text[found.start : found.end] == "18 rue Jean Jaurès 59000 Lille"


@pytest.mark.parametrize(
    "text",
    [
        "Magasin de la rue de Rivoli : quels horaires ?",
        "Votre boutique place Bellecour est-elle ouverte ?",
        "table 6 places",
        "3 cours de yoga",
        "100 000 personnes vous suivent",
        "batterie 18650 de 3500 mAh",
        "code 75011",
        "Commande 45000 Orléans",
        "Rue, avenue, boulevard : votre formulaire refuse tout",
        "un mail par jour",
    ],
)
def test_french_look_alikes_are_left_alone(text: str) -> None:
    assert not list(find_french_addresses(text))


@pytest.mark.parametrize(
    "address",
    [
        "221B Baker Street, London NW1 6XE",
        "742 Evergreen Terrace, Springfield, IL 62704",
        "14 Rosewood Close, Bristol BS3 4QT",
        "PSC 6293, Box 8158\nAPO AP 04336",
        "Via Garibaldi 12, 10122 Torino",
        "Calle Mayor 14, 28013 Madrid",
        "Hersnapvej 75",
        "228 Ringvej 144\nApt. 902\nQaqortoq",
        "the corner of Elm Street and Rennie Union",
        "P.O. Box 149",
    ],
)
def test_international_address_is_found_whole(address: str) -> None:
    text = f"Please return it to {address}"
    start, end = text.index(address), len(text)
    covered = {at for one in find_international_addresses(text) for at in range(one.start, one.end)}
    assert all(at in covered for at in range(start, end) if text[at].isalnum())


@pytest.mark.parametrize(
    "text",
    [
        "send a reply to Emily about order 4471",
        "During 1971, they invested heavily",
        "Sortie 12 de l'A86",
        "I moved to Paris",
        "the price went from 49 to 59 dollars",
        "my address is wrong",
        "brigade 3 en renfort",
    ],
)
def test_international_look_alikes_are_left_alone(text: str) -> None:
    assert [text[one.start : one.end] for one in find_international_addresses(text)] == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("des Lilas est fermée", "des Lilas"),
        ("du 8 mai 1945, Bron", "du 8 mai 1945"),
        ("Jean Jaurès. Ensuite", "Jean Jaurès"),
        ("St. Denis", "St. Denis"),
        ("de la ", ""),
        ("d'Alésia", "d'Alésia"),
    ],
)
def test_where_the_name_of_a_street_ends(text: str, name: str) -> None:
    assert text[: name_end(text, 0)] == name
