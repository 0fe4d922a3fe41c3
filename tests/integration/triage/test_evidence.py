"""Every result says which words, and which rule or model, found it; the same every time."""

from collections.abc import Callable

import pytest

from agent.domain.decisions import Category, Evidence, Triage

Look = Callable[[str], Triage]


def _all_evidence(triage: Triage) -> list[Evidence]:
    return [*triage.flags, *(one for finding in triage.findings for one in finding.evidence)]


def test_evidence_quotes_the_message_and_names_its_finder(look: Look, inbox: list[str]) -> None:
    for text in inbox:
        for evidence in _all_evidence(look(text)):
            assert text[evidence.start : evidence.end] == evidence.text
            assert evidence.text.strip()
            assert evidence.found_by.startswith(("rule:", "model:triage."))


def test_what_somebody_found_has_evidence(look: Look, inbox: list[str]) -> None:
    for text in inbox:
        for finding in look(text).findings:
            assert finding.evidence or finding.score == 0, text


def test_the_model_points_at_the_grave_words(look: Look) -> None:
    text = "Bonjour, belle boutique. Depuis votre gommage j'ai des croûtes partout sur les joues."
    injury = next(f for f in look(text).findings if f.category is Category.INJURY_SAFETY)
    assert any("boutique" not in evidence.text for evidence in injury.evidence)


def test_triage_says_the_same_twice(look: Look, inbox: list[str]) -> None:
    assert [look(text) for text in inbox] == [look(text) for text in inbox]


@pytest.mark.parametrize(
    ("text", "wants_human"),
    [
        ("Am I talking to a bot or a real person?", False),
        ("C'est un robot qui répond ou une vraie personne ?", False),
        ("Are you a bot? I want to talk to someone from your team", True),
        ("vous êtes un robot ? passez-moi quelqu'un", True),
    ],
)
def test_asking_who_answers_is_not_asking_for_a_person(
    look: Look, text: str, wants_human: bool
) -> None:
    triage = look(text)
    assert triage.asks_if_bot
    assert triage.wants_human is wants_human
    assert wants_human is any("wants_human" in flag.found_by for flag in triage.flags)
