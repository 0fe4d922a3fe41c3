"""Number words and the digits they spell."""

import pytest

from agent.adapters.redactor.detectors.spoken_number import find_spoken_phones, spoken_digits


@pytest.mark.parametrize(
    ("words", "digits"),
    [
        ("zéro six douze", "0612"),
        ("quatre vingt dix neuf", "99"),
        ("quatre vingts", "80"),
        ("soixante dix huit", "78"),
        ("soixante et onze", "71"),
        ("vingt et un", "21"),
        ("septante deux nonante quatre", "7294"),
        ("dix sept dix huit", "1718"),
        ("zero seven nine double one", "07911"),
        ("twenty one forty", "2140"),
        ("zero six 12 34", "061234"),
        ("soixante vingt", "6020"),
    ],
)
def test_digits(words: str, digits: str) -> None:
    assert spoken_digits(words.split()) == digits


def test_a_number_too_short_or_too_long_for_a_phone_is_none() -> None:
    assert not list(find_spoken_phones("zéro six douze trente"))
    assert not list(find_spoken_phones("zéro, un, deux, trois, partez"))


def test_english_digit_by_digit() -> None:
    text = "call oh seven nine one one one two three four five six please"
    assert [text[one.start : one.end] for one in find_spoken_phones(text)] == [
        "oh seven nine one one one two three four five six"
    ]
