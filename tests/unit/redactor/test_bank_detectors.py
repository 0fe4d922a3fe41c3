"""Account and card numbers; and barcodes, company numbers and parcels that resemble them."""

import pytest

from agent.adapters.redactor.detectors.card import find_cards
from agent.adapters.redactor.detectors.iban import find_ibans


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("IBAN FR76 3000 6000 0112 3456 7890 189.", "FR76 3000 6000 0112 3456 7890 189"),
        ("fr7630006000011234567890189", "fr7630006000011234567890189"),
        ("FR76-3000-6000-0112-3456-7890-189", "FR76-3000-6000-0112-3456-7890-189"),
        ("BE68 5390 0754 7034", "BE68 5390 0754 7034"),
        ("GB82 WEST 1234 5698 7654 32 merci", "GB82 WEST 1234 5698 7654 32"),
        ("mon RIB : FR76 3000 6000 0112 3456 7890 188", "FR76 3000 6000 0112 3456 7890 188"),
    ],
)
def test_iban_found(text: str, value: str) -> None:
    assert [text[one.start : one.end] for one in find_ibans(text)] == [value]


@pytest.mark.parametrize(
    "text",
    [
        "FR76 3000 6000 0112 3456 7890 188",
        "modèle FR7630006",
        "le code ZZ12 3456 7890 1234 5678",
        "BE68 5390 0754 70345",
    ],
)
def test_iban_left_alone(text: str) -> None:
    assert not list(find_ibans(text))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("payé avec 4111 1111 1111 1111", "4111 1111 1111 1111"),
        ("5555-5555-5555-4444", "5555-5555-5555-4444"),
        ("amex 3782 822463 10005", "3782 822463 10005"),
        ("my card 30569309025904 is lost", "30569309025904"),
        ("card # 4222222222222", "4222222222222"),
        ("ma carte 4111 1111 1111 1112 (refusée)", "4111 1111 1111 1112"),
    ],
)
def test_card_found(text: str, value: str) -> None:
    assert [text[one.start : one.end] for one in find_cards(text)] == [value]


@pytest.mark.parametrize(
    "text",
    [
        "SIRET 732 829 320 00074",
        "EAN 3017620422003",
        "4111 1111 1111 1112",
        "suivi 4222222222222",
        "ma carte de 12 points",
        "1234 5678 9012 3456 7890 1234",
    ],
)
def test_card_left_alone(text: str) -> None:
    assert not list(find_cards(text))
