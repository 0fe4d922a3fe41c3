"""Every rule's own examples: the good ones fire it, the bad ones leave it silent."""

from collections.abc import Iterator

import pytest

from agent.steps.triage.rules import load_rule_files
from agent.steps.triage.scanner import Scanner
from knowledge.text.language import detect


@pytest.fixture(scope="module")
def scanner() -> Scanner:
    return Scanner()


def _fired(scanner: Scanner, text: str) -> set[str]:
    matches = scanner.find(scanner.read(text, *detect(text)))
    return {f"{match.topic}.{match.rule_id}" for match in matches}


def _examples() -> Iterator[tuple[str, str]]:
    for file in load_rule_files():
        for rule in file.rules:
            yield from ((f"{file.name}.{rule.id}", text) for text in rule.examples)


def _counter_examples() -> Iterator[tuple[str, str]]:
    for file in load_rule_files():
        for rule in file.rules:
            own = (*rule.counter_examples, *file.counter_examples)
            yield from ((f"{file.name}.{rule.id}", text) for text in own)


@pytest.mark.parametrize(("rule", "text"), list(_examples()))
def test_a_rule_finds_its_examples(scanner: Scanner, rule: str, text: str) -> None:
    assert rule in _fired(scanner, text)


@pytest.mark.parametrize(("rule", "text"), list(_counter_examples()))
def test_a_rule_spares_its_counter_examples(scanner: Scanner, rule: str, text: str) -> None:
    assert rule not in _fired(scanner, text)


def test_a_match_stands_where_its_words_stand(scanner: Scanner) -> None:
    text = "Bonjour. Hier soir, g ete brulé par vs bouilloire !"
    found = scanner.find(scanner.read(text, *detect(text)))
    burned = next(match for match in found if match.topic == "injury_safety")
    assert "brulé" in text[burned.start : burned.end]
    assert "Bonjour" not in text[burned.start : burned.end]
