"""Order and parcel numbers, number plates, dates of birth."""

import pytest

from agent.adapters.redactor.detectors.birth_date import find_birth_dates
from agent.adapters.redactor.detectors.order_id import find_order_ids
from agent.adapters.redactor.detectors.plate import find_plates

ORDERS = [
    ("commande n° 4587123.", "4587123"),
    ("ma cmd 778120", "778120"),
    ("CMD20394857", "CMD20394857"),
    ("commande num 3348871 du 12 octobre", "3348871"),
    ("le numéro de commande c'est 2 334 871 je crois", "2 334 871"),
    ("réf. FR-2024-118734", "FR-2024-118734"),
    ("order #4471-2209", "4471-2209"),
    ("Booking reference KX82LP, thanks", "KX82LP"),
    ("ma réservation QX7RPL", "QX7RPL"),
    ("colis 6A12345678901", "6A12345678901"),
    ("1Z999AA10123456784", "1Z999AA10123456784"),
    ("tracking number 9400111899223197428490", "9400111899223197428490"),
    ("Mon ticket : #A77120", "A77120"),
    ("colis Mondial Relay 31245678", "31245678"),
    ("bon de livraison BL778120", "BL778120"),
    ("Dossier n°2024-11-0087", "2024-11-0087"),
    ("n° client : 00451278", "00451278"),
    ("carte de fidélité : 9250 1234 5678 9", "9250 1234 5678 9"),
    ("Contrat EDF 6 004 123 456", "6 004 123 456"),
]
NOT_ORDERS = [
    "commande de 250 t-shirts",
    "commande du 12/10/2025",
    "ma commande de 2024",
    "facture de 129 € pour 2 mois",
    "colis livré le 12 octobre",
    "la référence 3614271982346 est en rupture",
    "produit réf. 45-7812-B introuvable",
    "livraison en 24h/48h",
    "client depuis 2009",
    "mon compte a 2 000 abonnés",
    "ticket de 12h30",
    "Je cherche le modèle MX-450-B",
    "lot 240817B",
    "erreur E-2104",
    "le code NOEL2025",
]


@pytest.mark.parametrize(("text", "value"), ORDERS)
def test_order_found(text: str, value: str) -> None:
    assert value in [text[one.start : one.end] for one in find_order_ids(text)]


@pytest.mark.parametrize("text", NOT_ORDERS)
def test_order_left_alone(text: str) -> None:
    assert [text[one.start : one.end] for one in find_order_ids(text)] == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("immatriculée AB-123-CD", "AB-123-CD"),
        ("aa-229-zk", "aa-229-zk"),
        ("véhicule FX 322 QD", "FX 322 QD"),
        ("plaque FG456HJ", "FG456HJ"),
        ("voiture 1234 AB 75", "1234 AB 75"),
        ("ancienne plaque 456 XYZ 33", "456 XYZ 33"),
        ("camion 12 ABC 2A", "12 ABC 2A"),
    ],
)
def test_plate_found(text: str, value: str) -> None:
    assert value in [text[one.start : one.end] for one in find_plates(text)]


@pytest.mark.parametrize(
    "text",
    ["ref FG456HJ", "IO-123-UI", "plaque à induction 4 feux", "lot 456 XYZ 33", "vol AF1234"],
)
def test_plate_left_alone(text: str) -> None:
    assert not list(find_plates(text))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("je suis né le 14/07/1987", "14/07/1987"),
        ("née le 1er janvier 2000,", "1er janvier 2000"),
        ("né(e) le : 17-05-1999", "17-05-1999"),
        ("date de naissance : 22.11.1965", "22.11.1965"),
        ("ddn 01/02/2003", "01/02/2003"),
        ("born on March 3, 1988", "March 3, 1988"),
        ("DOB: 1988-03-03", "1988-03-03"),
        ("née en 1982", "1982"),
    ],
)
def test_birth_date_found(text: str, value: str) -> None:
    assert [text[one.start : one.end] for one in find_birth_dates(text)] == [value]


@pytest.mark.parametrize(
    "text",
    [
        "livré le 14/07/2025",
        "l'offre finit le 30/11/2025",
        "en 1998 déjà",
        "notre anniversaire de mariage, le 3 mai",
        "une marque née de la mer",
    ],
)
def test_birth_date_left_alone(text: str) -> None:
    assert not list(find_birth_dates(text))
