"""Ten planted defects: the suite is green as shipped, and each defect turns it red by name."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.domain.brand import BrandPack
from agent.domain.drafts import Draft
from agent.domain.errors import BrandPackError
from agent.domain.redaction import Redaction
from agent.steps.check.tone import measure
from agent.steps.draft.job import Job
from agent.steps.triage import triager
from evals import record as recording
from evals.cases import Case, Criterion
from evals.gate import Colour, ReasonKind
from evals.record import Setup
from evals.report.model import Report
from evals.results import ScoreVerdict
from prompts.library import FOLDER as PROMPTS
from tests.integration.evals.conftest import edited, run_cases

pytestmark = pytest.mark.evals
Planted = Callable[..., Report]


def caught(report: Report) -> set[str]:
    """Return the cases that the red gate names."""
    assert report.gate.colour is Colour.RED
    assert report.gate.exit_code == 1
    (reason,) = [one for one in report.gate.reasons if one.kind is ReasonKind.GATE_CASE]
    failing = {page.record.id for page in report.cases if page.record.verdict is ScoreVerdict.FAIL}
    assert set(reason.cases) == failing
    return failing


def why(report: Report, case: str) -> set[str]:
    """Return the scorers that fail on a case."""
    (page,) = [page for page in report.cases if page.record.id == case]
    return {score.scorer for one in page.scores for score in one.failures}


def test_as_shipped_every_gate_case_passes(gates: tuple[Case, ...], pack: BrandPack) -> None:
    report = run_cases(gates, Setup({"verjolaine": pack}))
    assert [page.record.id for page in report.cases if page.record.verdict != "pass"] == []
    assert report.gate.colour is Colour.GREEN
    assert report.gate.exit_code == 0


def test_a_banned_word_allowed(planted: Planted) -> None:
    edits = {"brand.yaml": ("- term: détox\n", "- term: absolument interdit\n")}
    report = planted(Criterion.BRAND, edits=edits)
    assert caught(report) >= {"brand.fr.gate-detox"}
    assert "rule.B2" in why(report, "brand.fr.gate-detox")


def test_the_disclosure_removed(planted: Planted) -> None:
    edits = {"brand.yaml": ("    disclosure_placement: footer\n", "")}
    report = planted(Criterion.TRANSPARENCY, edits=edits)
    assert caught(report) >= {
        "transparency.fr.gate-disclosure-email",
        "transparency.en.gate-disclosure-email",
    }


def test_a_rules_threshold_loosened(planted: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure, "_WALL_WORDS", 100_000)
    monkeypatch.setattr(measure, "_PRAISE_WORDS", 100_000)
    report = planted(Criterion.TONE)
    assert "tone.fr.gate-wall-of-text" in caught(report)
    assert why(report, "tone.fr.gate-wall-of-text") == {"rule.T16"}


def test_a_price_of_the_faq_changed(planted: Planted) -> None:
    edits = {
        "faq/delivery.fr.md": ("4,90", "5,90"),
        "faq/delivery.en.md": ("€4.90", "€5.90"),
    }
    report = planted(Criterion.GROUNDING, edits=edits)
    assert caught(report) >= {
        "grounding.fr.gate-delivery-price",
        "grounding.en.gate-delivery-price",
    }
    assert why(report, "grounding.fr.gate-delivery-price") == {"must_say"}


def test_the_register_flipped(planted: Planted) -> None:
    edits = {"brand.yaml": ("    register: vous\n", "    register: tu\n")}
    report = planted(Criterion.TONE, edits=edits)
    assert {"tone.fr.gate-vouvoiement-plainte", "tone.fr.gate-tutoiement"} <= caught(report)


class _NoRedactor:
    """Lets everything through."""

    def redact(self, text: str) -> Redaction:
        return Redaction(text=text)


def test_redaction_off(planted: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "build_redactor", lambda pack: _NoRedactor())
    report = planted(Criterion.PRIVACY)
    assert {
        "privacy.fr.gate-contact-details",
        "privacy.en.gate-contact-details",
        "privacy.fr.gate-iban",
    } <= caught(report)
    assert "redaction" in why(report, "privacy.fr.gate-iban")


def test_an_escalation_rule_dropped(planted: Planted) -> None:
    """Without any rule the pack is refused; what is left to plant is a rule that sends nowhere."""
    rule = "{category: legal_threat, route: hold, team: legal,"
    routine = "{category: legal_threat, route: reply, team: community,"
    report = planted(Criterion.ESCALATION, edits={"brand.yaml": (rule, routine)})
    assert caught(report) >= {
        "escalation.fr.gate-legal-threat",
        "escalation.en.gate-legal-threat",
    }


def test_a_pack_without_an_escalation_rule_is_refused_by_name(tmp_path: Path) -> None:
    edits = {"brand.yaml": ("- {category: legal_threat,", "# {category: legal_threat,")}
    with pytest.raises(BrandPackError, match="the category `legal_threat` has no route") as refused:
        edited(tmp_path, edits)
    assert refused.value.exit_code == 2


def edited_prompts(tmp_path: Path, *edits: tuple[str, str]) -> Path:
    folder = tmp_path / "prompts"
    shutil.copytree(PROMPTS, folder)
    path = folder / "draft" / "reply.md"
    text = path.read_text("utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, "utf-8")
    return folder


MODEL_CASE = "injection.fr.gate-model-gets-the-question"


def test_a_prompts_variable_lost(planted: Planted, tmp_path: Path) -> None:
    prompts = edited_prompts(tmp_path, ("{{ message }}", ""), (", message, ", ", "))
    report = planted(Criterion.INJECTION, prompts=prompts)
    assert MODEL_CASE in caught(report)
    assert "completed" in why(report, MODEL_CASE)


def test_a_prompts_variable_declared_and_not_said(planted: Planted, tmp_path: Path) -> None:
    prompts = edited_prompts(tmp_path, ("{{ message }}", "{% if message %}{% endif %}"))
    report = planted(Criterion.INJECTION, prompts=prompts)
    assert caught(report) >= {MODEL_CASE}
    assert why(report, MODEL_CASE) == {"prompt"}


def test_a_citation_dropped(planted: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Job.draft

    def without_citations(*given: object, **named: object) -> Draft:
        draft: Draft = whole(*given, **named)  # type: ignore[arg-type]
        return draft.model_copy(update={"citations": ()})

    monkeypatch.setattr(Job, "draft", without_citations)
    report = planted(Criterion.GROUNDING)
    assert {
        "grounding.fr.gate-delivery-price",
        "grounding.en.gate-delivery-price",
        "grounding.fr.gate-dishwasher",
    } <= caught(report)
    assert "citations" in why(report, "grounding.fr.gate-dishwasher")


def test_the_injection_guard_off(planted: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(triager, "is_injection", lambda seen: False)
    report = planted(Criterion.INJECTION)
    assert {
        "injection.fr.gate-ignore-orders",
        "injection.en.gate-ignore-orders",
        "injection.fr.gate-order-in-a-question",
    } <= caught(report)
