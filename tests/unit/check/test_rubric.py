"""The rubric as a whole: every item has a rule, overrides hold, nothing is passed unlooked-at."""

import pytest

from agent.domain.brand import BrandPack
from agent.domain.checks import CheckReport, CheckSubject, Severity, Verdict
from agent.domain.decisions import Category, Route, Triage
from agent.steps.check import Rubric
from agent.steps.check.registry import RULES
from knowledge.passages import Language

FR = Language.FR
ITEMS = {"T": 17, "X": 12, "B": 9, "S": 10, "C": 9}
JUDGED = {"T4", "B1", "X11"}


def _report(rubric: Rubric, reply: str, message: str = "", **rest: object) -> CheckReport:
    subject = CheckSubject.model_validate({"reply": reply, "message": message, "lang": FR, **rest})
    return rubric.check(subject, None)


def _failed(report: CheckReport) -> set[str]:
    return {check.rule.partition(".")[0] for check in report.failures}


def test_every_item_of_the_rubric_has_one_rule() -> None:
    expected = {f"{family}{n}" for family, count in ITEMS.items() for n in range(1, count + 1)}
    ids = [rule.id.partition(".")[0] for rule in RULES]
    assert set(ids) == expected
    assert len(ids) == len(expected)


def test_every_decidable_rule_has_examples_in_its_languages() -> None:
    undecidable = {"C4", "C6"}
    french_only = {"T1", "T12"}
    for rule in RULES:
        item = rule.id.partition(".")[0]
        if item in undecidable:
            continue
        for examples in (rule.good, rule.bad):
            languages = {example.lang for example in examples}
            assert "fr" in languages, rule.id
            assert "en" in languages or item in french_only, rule.id


def test_every_rule_speaks_on_every_reply(rubric: Rubric) -> None:
    report = _report(rubric, "Merci pour votre message.")
    assert {check.rule for check in report.checks} == {rule.id for rule in RULES}


def test_no_rule_is_silent_about_why_it_does_not_decide(rubric: Rubric) -> None:
    for check in _report(rubric, "Merci pour votre message.").checks:
        is_silent = check.verdict in (Verdict.NOT_APPLICABLE, Verdict.ABSTAIN)
        assert bool(check.reason) is is_silent


def test_a_judged_rule_is_never_a_pass(rubric: Rubric) -> None:
    checks = _report(rubric, "La boutique est au bout de la rue.", "C'est où ?").checks
    judged = [check for check in checks if check.rule.partition(".")[0] in JUDGED]
    assert {check.verdict for check in judged} == {Verdict.NOT_APPLICABLE}


def test_overrides_replace_and_are_remembered(rubric: Rubric) -> None:
    changed = rubric.with_overrides(
        brand_name="Cyclade", register="tu", competitors=["Pédalix"], products=("VéloX 3",)
    )
    same = rubric.with_overrides(
        brand_name="Cyclade", register="tu", competitors=("Pédalix",), products=["VéloX 3"]
    )
    assert changed is same
    reply = "Vous verrez, le vélox 3 est là, Pédalix aussi."
    assert {"T1", "B4", "B5"} <= _failed(_report(changed, reply))
    assert not {"T1", "B4", "B5"} & _failed(_report(rubric, reply))


def test_no_override_leaves_the_rubric_as_it_is(rubric: Rubric) -> None:
    reply = "Chocoforme en vend aussi."
    assert "B5" in _failed(_report(rubric.with_overrides(brand_name="Autre"), reply))
    assert "B5" not in _failed(_report(rubric.with_overrides(competitors=()), reply))


def test_an_unknown_register_is_refused(rubric: Rubric) -> None:
    with pytest.raises(ValueError, match="thou"):
        rubric.with_overrides(register="thou")


def test_the_category_of_the_triage_is_believed(rubric: Rubric) -> None:
    def triage(category: Category) -> Triage:
        return Triage(language=FR, language_confidence=1, category=category, route=Route.REPLY)

    reply = "Merci pour votre message."
    seen = _report(rubric, reply, "Voilà.", triage=triage(Category.COMPLAINT))
    assert "T2" in _failed(seen)
    calm = _report(rubric, reply, "Toujours rien, inadmissible !", triage=triage(Category.PRAISE))
    assert "T2" not in _failed(calm)


def test_a_crisis_asks_for_the_approved_statement(rubric: Rubric) -> None:
    message = "Je me suis brûlée avec votre tasse, je suis à l'hôpital"
    report = _report(rubric, "Nous sommes navrés, l'équipe vous écrit en privé.", message)
    blockers = {check.rule: check.verdict for check in report.blockers}
    assert blockers["S6.liability"] is Verdict.ABSTAIN


def test_failures_come_gravest_first(rubric: Rubric) -> None:
    report = _report(rubric, "Merci !! Vous serez remboursé demain, promis.", "Je suis ravi")
    severities = [check.severity for check in report.failures]
    assert severities == sorted(severities, key=list(Severity).index)
    assert severities[0] is Severity.AUTOFAIL


@pytest.mark.parametrize("reply", ["", " ", "…", "😊", "\n\n", "?", "https://", "a" * 20_000])
def test_odd_replies_are_checked_too(rubric: Rubric, reply: str) -> None:
    assert len(_report(rubric, reply, "Bonjour ?").checks) >= len(RULES)


def test_the_same_reply_gets_the_same_report(rubric: Rubric, pack: BrandPack) -> None:
    reply = "Bonjour, la livraison est offerte dès 30 €. Promis !"
    assert _report(rubric, reply) == _report(Rubric(pack), reply)
