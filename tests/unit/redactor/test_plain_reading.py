"""The text as detectors read it, and the way back to the message's own offsets."""

import unicodedata

import pytest

from agent.adapters.redactor.plain_text import read_plain


@pytest.mark.parametrize(
    ("message", "plain"),
    [
        ("06\u00a012\u202f34", "06 12 34"),
        ("０６１２", "0612"),
        ("paul＠free．fr", "paul@free.fr"),
        ("l’ami", "l'ami"),
        ("06\u200b12", "0612"),
        ("pa\u00adul", "paul"),
        ("0️⃣6️⃣ 👍🏽", "06 👍🏽"),
        ("𝗽𝗮𝘂𝗹@𝗳𝗿𝗲𝗲.𝗳𝗿", "paul@free.fr"),
        ("٠٦١٢", "0612"),
        ("rue\r\nParis", "rue \nParis"),
        (unicodedata.normalize("NFD", "Hélène"), "Hélène"),
    ],
)
def test_look_alikes_are_made_equal(message: str, plain: str) -> None:
    assert read_plain(message).text == plain


def test_offsets_lead_back_to_the_message() -> None:
    message = unicodedata.normalize("NFD", "été chez Hélène\u200b Dupré ok")
    plain = read_plain(message)
    start = plain.text.index("Hélène")
    begin, end = plain.span(start, start + len("Hélène Dupré"))
    assert unicodedata.normalize("NFC", message[begin:end]) == "Hélène\u200b Dupré"


@pytest.mark.parametrize(
    ("message", "value"),
    [
        ("👨‍👩‍👧 0639\u200b98\u200b ok", "0639\u200b98"),
        ("\ufeff0️⃣6️⃣ fin", "0️⃣6️⃣"),
        ("\ud83d 06\u202f12", "06\u202f12"),
    ],
)
def test_a_span_ends_with_its_last_visible_sign(message: str, value: str) -> None:
    plain = read_plain(message)
    digits = [at for at, char in enumerate(plain.text) if char.isdigit()]
    begin, end = plain.span(digits[0], digits[-1] + 1)
    assert message[begin:end] == value


def test_a_plain_message_keeps_its_offsets() -> None:
    assert read_plain("06 12").span(0, 5) == (0, 5)
