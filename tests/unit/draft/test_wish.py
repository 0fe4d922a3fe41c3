"""What a person's note asks for: the wishes approved text can follow, and the subject left."""

import pytest

from agent.domain.brand.identity import Register
from agent.steps.draft.wish import read


@pytest.mark.parametrize(
    ("note", "shorter", "otherwise", "register"),
    [
        ("plus court", True, False, None),
        ("C'est trop long, raccourcis", True, False, None),
        ("Make it shorter, please", True, False, None),
        ("too wordy", True, False, None),
        ("plus concis et reformule", True, True, None),
        ("Autres mots, moins froid", False, True, None),
        ("Use different wording", False, True, None),
        ("tutoie-le", False, False, Register.TU),
        ("Passe au vouvoiement", False, False, Register.VOUS),
        ("parle des retours", False, False, None),
        ("la cour de la boutique", False, False, None),
        ("il attend depuis longtemps", False, False, None),
    ],
)
def test_wishes(note: str, shorter: bool, otherwise: bool, register: Register | None) -> None:
    asked = read(note)
    assert (asked.is_shorter, asked.is_otherwise, asked.register) == (shorter, otherwise, register)


@pytest.mark.parametrize(
    ("note", "topic"),
    [
        ("plus court", ""),
        ("Please make it shorter", ""),
        ("merci", ""),
        ("parle plutôt du retrait en boutique", "du retrait en boutique"),
        ("Talk about gift cards instead", "gift cards"),
        ("plus court, [PERSON_1] demande la livraison", "la livraison"),
    ],
)
def test_the_subject_is_what_is_left(note: str, topic: str) -> None:
    assert " ".join(read(note).topic.replace(",", " ").split()).endswith(topic)
    assert bool(read(note).topic) == bool(topic)
