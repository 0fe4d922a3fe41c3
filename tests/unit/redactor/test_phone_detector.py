"""Phone numbers in every way of writing them; and dates, prices and codes that resemble them."""

import pytest

from agent.adapters.redactor.detectors.phone import find_phones

FOUND = [
    ("appelez le 06 12 34 56 78 svp", "06 12 34 56 78"),
    ("0612345678", "0612345678"),
    ("06.12.34.56.78.", "06.12.34.56.78"),
    ("07-81-22-33-44", "07-81-22-33-44"),
    ("06–52–14–78–96", "06–52–14–78–96"),
    ("06/45/12/78/96 par sms", "06/45/12/78/96"),
    ("0 6 8 8 1 2 3 4 5 6", "0 6 8 8 1 2 3 4 5 6"),
    ("0 667 889 900", "0 667 889 900"),
    ("06 12 34 56 7 8", "06 12 34 56 7 8"),
    ("+33 6 98 76 54 32", "+33 6 98 76 54 32"),
    ("+33(0)6 12 98 76 54", "+33(0)6 12 98 76 54"),
    ("0033 6 44 55 66 77", "0033 6 44 55 66 77"),
    ("(+33) 7 68 12 34 90", "(+33) 7 68 12 34 90"),
    ("Tél. : 01 23 45 67 89 / 06 98 76 54 32", "06 98 76 54 32"),
    ("+32 470 12 34 56", "+32 470 12 34 56"),
    ("+41 79 123 45 67", "+41 79 123 45 67"),
    ("+41 (0)96 471 07 95", "+41 (0)96 471 07 95"),
    ("+212 6 61 23 45 67", "+212 6 61 23 45 67"),
    ("+213 551 23 45 67", "+213 551 23 45 67"),
    ("+216 20 123 456", "+216 20 123 456"),
    ("+225 07 08 09 10 11", "+225 07 08 09 10 11"),
    ("+1 514 555 0182", "+1 514 555 0182"),
    ("+1 (415) 555-2671", "+1 (415) 555-2671"),
    ("(212) 555-0142", "(212) 555-0142"),
    ("905-674-3793", "905-674-3793"),
    ("345-899-3560x4587", "345-899-3560x4587"),
    ("07911 123456", "07911 123456"),
    ("+44 7911 123456", "+44 7911 123456"),
    ("0494 92 82 32", "0494 92 82 32"),
    ("call me on 9472 7916", "9472 7916"),
    ("Mobile: 723 813 266", "723 813 266"),
    ("788-063-45-Office", "788-063-45"),
    ("zéro six douze trente-quatre cinquante-six soixante-dix-huit",
     "zéro six douze trente-quatre cinquante-six soixante-dix-huit"),
    ("au zero sept, quarante cinq, douze, trente trois, zero neuf",
     "zero sept, quarante cinq, douze, trente trois, zero neuf"),
]  # fmt: skip
LEFT_ALONE = [
    "le 12/11/2025 à 14 h 30",
    "01.02.2003",
    "2025-01-31 12:30:45",
    "1 299,00 € au lieu de 1 499,00 €",
    "100 000 personnes, 1 234 567 vues",
    "EAN 3017620422003",
    "Windows 10.0.19045.3693",
    "le 3631 ne répond pas",
    "appelez le 15 ou le 112",
    "220 x 95 x 80 cm",
    "pneus 205/55 R16",
    "j'en ai six, deux ou trois, dix au plus",
    "commande 448120 appelée hier",
    "rappel du lot 240817",
]


@pytest.mark.parametrize(("text", "value"), FOUND)
def test_found(text: str, value: str) -> None:
    assert value in [text[one.start : one.end] for one in find_phones(text)]


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_left_alone(text: str) -> None:
    assert [text[one.start : one.end] for one in find_phones(text)] == []
