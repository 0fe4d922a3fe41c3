"""Every result says which words, and which rule or model, found it; the same every time."""

from collections.abc import Callable

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
