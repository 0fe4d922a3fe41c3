"""Masking and restoring personal data: the one undoes the other."""

import pytest

from agent.domain.redaction import Redaction

FOUND = Redaction(
    text="[PERSON_1], [ORDER_ID_1], [PERSON_2], [PLATE_1]",
    values={
        "[PERSON_1]": "Zoé",
        "[ORDER_ID_1]": "V26-104417",
        "[PERSON_2]": "Zoé Martin",
        "[PLATE_1]": "A1",
    },
)


@pytest.mark.parametrize(
    ("said", "masked"),
    [
        ("Merci Zoé, V26-104417 part demain.", "Merci [PERSON_1], [ORDER_ID_1] part demain."),
        ("Zoé Martin et Zoé", "[PERSON_2] et [PERSON_1]"),
        ("Zoéline a écrit", "Zoéline a écrit"),
        ("Salle A1", "Salle A1"),
        ("", ""),
    ],
)
def test_every_value_of_a_word_or_more_is_masked_the_longest_first(said: str, masked: str) -> None:
    assert FOUND.mask(said) == masked
    assert FOUND.restore(masked) == said


def test_nothing_found_masks_nothing() -> None:
    assert Redaction(text="Zoé").mask("Zoé") == "Zoé"
