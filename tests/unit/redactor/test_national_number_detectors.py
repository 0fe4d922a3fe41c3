"""National identity numbers and company numbers."""

import pytest

from agent.adapters.redactor.detectors.company import find_company_numbers
from agent.adapters.redactor.detectors.national_id import find_national_ids

NATIONAL = [
    ("2 55 08 14 168 025 38", "2 55 08 14 168 025 38"),
    ("255081416802538", "255081416802538"),
    ("mon numéro de sécu : 2 55 08 14 168 025 39", "2 55 08 14 168 025 39"),
    ("carte vitale 1 85 05 2A 004 012", "1 85 05 2A 004 012"),
    ("my ssn is 536-90-4399", "536-90-4399"),
    ("Here's my SSN: 536904399", "536904399"),
    ("NI number AB 12 34 56 C", "AB 12 34 56 C"),
    ("AVS 756.9217.0769.85", "756.9217.0769.85"),
    ("registre national 85.07.30-033.28", "85.07.30-033.28"),
    ("passeport n° 12AB34567", "12AB34567"),
    ("my driver's license number is 6940579", "6940579"),
]
NOT_NATIONAL = [
    "255081416802539",
    "900-12-3456",
    "000-12-3456",
    "le 12/11/2025",
    "il faut un passeport valide",
    "permis de conduire obligatoire",
    "2 55 articles en stock",
]


@pytest.mark.parametrize(("text", "value"), NATIONAL)
def test_national_number_found(text: str, value: str) -> None:
    assert value in [text[one.start : one.end] for one in find_national_ids(text)]


@pytest.mark.parametrize("text", NOT_NATIONAL)
def test_national_number_left_alone(text: str) -> None:
    assert not list(find_national_ids(text))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Siret 732 829 320 00074", "732 829 320 00074"),
        ("73282932000074", "73282932000074"),
        ("SIREN 732829320 RCS Paris", "732829320"),
        ("TVA FR40303265045", "FR40303265045"),
        ("La Poste, siret 356 000 000 49837", "356 000 000 49837"),
        ("notre siret : 732 829 320 00075", "732 829 320 00075"),
    ],
)
def test_company_number_found(text: str, value: str) -> None:
    assert value in [text[one.start : one.end] for one in find_company_numbers(text)]


@pytest.mark.parametrize(
    "text",
    ["732829320", "732 829 320", "73282932000075", "100 000 000 d'euros", "réf 303265045"],
)
def test_company_number_left_alone(text: str) -> None:
    assert not list(find_company_numbers(text))
