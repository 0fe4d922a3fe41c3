"""A long text is read in pieces that together are the text, and no value is lost between two."""

import pytest

from agent.adapters.redactor import PresidioRedactor
from agent.adapters.redactor.windows import windows

FILLER = "Le canapé est arrivé avec un pied en moins et la notice manque aussi. "


@pytest.mark.parametrize("text", ["", "x", FILLER * 400, "x" * 30_000, FILLER * 86, "é \n" * 9_000])
def test_cores_follow_each_other_and_make_up_the_text(text: str) -> None:
    pieces = list(windows(text))
    assert "".join(text[one.first : one.last] for one in pieces) == text
    assert all(one.start <= one.first and one.last <= one.end for one in pieces)
    assert all(one.end - one.start < 8_000 for one in pieces)


def test_a_message_is_one_piece() -> None:
    assert len(list(windows(FILLER))) == 1


@pytest.fixture(scope="module")
def redactor() -> PresidioRedactor:
    return PresidioRedactor(pipelines=())


@pytest.mark.parametrize("shift", range(5_780, 6_020, 12))
def test_a_value_across_the_border_is_found_once_and_whole(
    redactor: PresidioRedactor, shift: int
) -> None:
    before = (FILLER * 90)[:shift] + " J'habite "
    value = "12 bis rue des Lilas, 75011 Paris"
    spans = redactor.redact(before + value + ". " + FILLER * 20).spans
    assert [(one.type, one.start, one.end) for one in spans] == [
        ("ADDRESS", len(before), len(before) + len(value))
    ]


def test_placeholders_are_numbered_across_pieces(redactor: PresidioRedactor) -> None:
    text = "a1@exemple.fr " + FILLER * 120 + "b2@exemple.fr " + FILLER * 120 + "a1@exemple.fr"
    redaction = redactor.redact(text)
    places = [redaction.text.index("[EMAIL_1]"), redaction.text.index("[EMAIL_2]")]
    assert places == sorted(places)
    assert redaction.text.count("[EMAIL_1]") == 2
    assert redaction.restore(redaction.text) == text
