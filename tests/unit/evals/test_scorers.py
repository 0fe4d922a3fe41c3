"""Scorers on outcomes at hand: each says what it should, and quotes nothing that must be masked."""

from typing import Any

import pytest

from agent.domain.checks import Check, CheckReport, Severity, Verdict
from agent.domain.decisions import Category, Route, Triage
from agent.domain.drafts import Candidate, Citation, ClaimLedger, Draft, LedgerLine, LedgerStatus
from agent.domain.ids import GuidelineVersion
from agent.domain.outcome import Failure
from evals.cases import Case
from evals.outputs import Observed, Output, input_hash
from evals.results import Score, ScoreVerdict
from evals.scorers import SCORERS, Exhibit
from evals.scoring import score
from knowledge.passages import Language

PRICE = "La livraison coûte 4,90\u202f€."
LINE = LedgerLine(sentence=PRICE, status=LedgerStatus.SUPPORTED, passage_id="prix")


def case_of(**expected: Any) -> Case:
    return Case.model_validate(
        {
            "id": "grounding.fr.one",
            "criterion": "grounding",
            "owner": "equipe",
            "provenance": "synthetic",
            "cluster": "c",
            "message": {"text": "Combien ?", "channel": "x"},
            "expected": expected or {"route": "reply"},
        }
    )


def observed(**given: Any) -> Observed:
    fields: dict[str, Any] = {
        "redacted_text": "Combien ?",
        "triage": Triage(
            language=Language.FR,
            language_confidence=1.0,
            category=Category.FAQ_QUESTION,
            route=Route.REPLY,
        ),
        "draft": Draft(public=PRICE, citations=(Citation(sentence=PRICE, passage_id="prix"),)),
        "public_report": CheckReport(ledger=ClaimLedger(lines=(LINE,))),
        "guideline_version": GuidelineVersion("v"),
    }
    return Observed.model_validate(fields | given)


def scores_of(case: Case, found: Observed) -> dict[str, Score]:
    output = Output(case=case.id, asked=input_hash(case), observed=found)
    exhibit = Exhibit(case, output)
    return {score.scorer: score for scorer in SCORERS for score in scorer(exhibit)}


def check(rule: str, verdict: Verdict, severity: Severity = Severity.AUTOFAIL) -> CheckReport:
    one = Check(rule=rule, verdict=verdict, severity=severity, reason="parce que")
    return CheckReport(checks=(one,), ledger=ClaimLedger(lines=(LINE,)))


@pytest.mark.parametrize(
    ("expected", "scorer", "is_so"),
    [
        ({"route": "reply"}, "route", True),
        ({"route": "hold"}, "route", False),
        ({"route_in": ["hold", "reply"]}, "route", True),
        ({"category_in": ["praise"]}, "category", False),
        ({"language": "en"}, "language", False),
        ({"must_cite": ["prix"]}, "cites", True),
        ({"must_cite": ["prix", "delai"]}, "cites", False),
        ({"must_say": ["4,90 €"]}, "must_say", True),
        ({"must_say": ["5,90 €"]}, "must_say", False),
        ({"must_not_say": ["LIVRAISON COUTE"]}, "must_not_say", False),
        ({"must_not_say": ["gratuit"]}, "must_not_say", True),
        ({"has_public": True}, "public_text", True),
        ({"has_private": True}, "private_text", False),
        ({"statement": "hold-legal"}, "statement", False),
        ({"max_answerable": 0.5}, "answerable", True),
        ({"min_answerable": 0.5}, "answerable", False),
        ({"is_injection": True}, "injection", False),
        ({"ledger": "unsupported"}, "ledger", False),
        ({"register": "tu"}, "network", True),
        ({"drafter": "extractive"}, "drafter", True),
        ({"drafter": "llm"}, "drafter", False),
    ],
)
def test_what_a_case_expects_is_scored(expected: dict[str, Any], scorer: str, is_so: bool) -> None:
    found = scores_of(case_of(**expected), observed())[scorer]
    assert found.verdict is (ScoreVerdict.PASS if is_so else ScoreVerdict.FAIL)
    assert bool(found.reason) is not is_so


def test_a_factual_sentence_without_its_citation_fails() -> None:
    bare = observed(draft=Draft(public=PRICE))
    assert scores_of(case_of(), observed())["citations"].verdict is ScoreVerdict.PASS
    assert scores_of(case_of(), bare)["citations"].verdict is ScoreVerdict.FAIL


def test_an_autofail_of_the_rubric_fails_the_draft_and_a_minor_one_does_not() -> None:
    grave = scores_of(case_of(), observed(public_report=check("S9.insult", Verdict.FAIL)))
    assert grave["autofail"].verdict is ScoreVerdict.FAIL
    assert "S9.insult" in grave["autofail"].reason
    report = check("T8.exclamation", Verdict.FAIL, Severity.MINOR)
    assert scores_of(case_of(), observed(public_report=report))["autofail"].verdict == "pass"


def test_a_named_rule_takes_its_gravest_verdict_of_both_texts() -> None:
    found = observed(
        public_report=check("T8.exclamation", Verdict.PASS),
        private_report=check("T8.exclamation", Verdict.FAIL),
    )
    assert scores_of(case_of(rules={"T8": "fail"}), found)["rule.T8"].verdict == "pass"
    missing = scores_of(case_of(rules={"T99": "pass"}), found)["rule.T99"]
    assert missing.verdict is ScoreVerdict.FAIL
    assert "no such rule" in missing.reason


def test_a_reason_never_shows_what_had_to_be_masked() -> None:
    found = observed(redacted_text="Je suis camille@mail.example")
    said = scores_of(case_of(redacted=["camille@mail.example"]), found)["redaction"]
    assert said.verdict is ScoreVerdict.FAIL
    assert "camille" not in said.reason
    leaking = scores_of(case_of(), observed(is_leaking=True))["redaction"]
    assert leaking.verdict is ScoreVerdict.FAIL


def test_a_candidate_counts_for_what_must_not_be_said_and_for_the_length() -> None:
    long = Candidate(passage_id="p", score=0.1, public="Gratuit. " * 60)
    found = observed(draft=Draft(public=PRICE, candidates=(long,)))
    scores = scores_of(case_of(must_not_say=["gratuit"]), found)
    assert scores["must_not_say"].verdict is ScoreVerdict.FAIL
    assert scores["network"].verdict is ScoreVerdict.FAIL


def test_a_step_that_failed_is_a_failure_of_the_agent() -> None:
    found = observed(failures=(Failure(step="draft", kind="KeyError"),))
    said = scores_of(case_of(), found)["completed"]
    assert (said.verdict, said.reason) == (ScoreVerdict.FAIL, "failed: draft (KeyError)")


def test_without_a_text_there_is_nothing_to_judge() -> None:
    silent = observed(draft=Draft(), public_report=CheckReport())
    scores = scores_of(case_of(), silent)
    for name in ("autofail", "ledger", "citations", "network", "redaction"):
        assert scores[name].verdict is ScoreVerdict.NOT_APPLICABLE


def test_a_case_without_an_output_is_an_error_and_no_failure() -> None:
    case = case_of()
    (missing,) = score([case], [])
    assert missing.verdict is ScoreVerdict.ERROR
    other = Output(case=case.id, asked="other", observed=observed())
    (changed,) = score([case], [other])
    assert changed.verdict is ScoreVerdict.ERROR
    assert "record again" in changed.scores[0].reason
