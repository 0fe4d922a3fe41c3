"""Check digits: the right ones pass, one changed digit does not."""

import pytest

from agent.adapters.redactor.checksums import (
    digits_of,
    is_ean13,
    is_iban,
    is_luhn,
    is_nir,
    is_siret,
    is_swiss_ahv,
)


@pytest.mark.parametrize("digits", ["4111111111111111", "378282246310005", "73282932000074"])
def test_luhn_holds_for_published_test_numbers(digits: str) -> None:
    assert is_luhn(digits)


@pytest.mark.parametrize("digits", ["4111111111111112", "378282246310006", "73282932000075"])
def test_luhn_fails_when_one_digit_changes(digits: str) -> None:
    assert not is_luhn(digits)


@pytest.mark.parametrize(
    ("compact", "expected"),
    [
        ("FR7630006000011234567890189", True),
        ("GB82WEST12345698765432", True),
        ("DE89370400440532013000", True),
        ("FR7630006000011234567890188", False),
        ("GB82WEST1234569876543é", False),
    ],
)
def test_iban(compact: str, expected: bool) -> None:
    assert is_iban(compact) is expected


@pytest.mark.parametrize(
    ("compact", "expected"),
    [
        ("255081416802538", True),
        ("2550814168025 8", False),
        ("255081416802539", False),
        ("25508141680253", False),
    ],
)
def test_nir_key(compact: str, expected: bool) -> None:
    assert is_nir(compact) is expected


def test_nir_key_of_corsica_counts_2a_as_19_and_2b_as_18() -> None:
    number = "185052A004012"
    key = 97 - int(number.replace("2A", "19")) % 97
    assert is_nir(f"{number}{key:02d}")
    assert not is_nir(f"{number.replace('2A', '2B')}{key:02d}")


@pytest.mark.parametrize(
    ("digits", "expected"),
    [
        ("73282932000074", True),
        ("35600000000048", True),
        ("35600000049837", True),
        ("73282932000073", False),
        ("732829320", False),
    ],
)
def test_siret_and_the_exception_of_la_poste(digits: str, expected: bool) -> None:
    assert is_siret(digits) is expected


def test_ean_and_swiss_insurance_number_share_their_check_digit() -> None:
    assert is_ean13("3017620422003")
    assert not is_ean13("3017620422004")
    assert is_swiss_ahv("7569217076985")
    assert not is_swiss_ahv("3017620422003")


def test_digits_of_leaves_out_everything_else() -> None:
    assert digits_of("+33 (0)6-12 ٣") == "330612"
