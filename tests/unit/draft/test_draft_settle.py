from collections.abc import Callable, Mapping

import pytest

from agent.domain.checks import Check, CheckReport, Severity, Verdict
from agent.domain.drafts import (
    Candidate,
    Citation,
    ClaimLedger,
    Draft,
    LedgerLine,
    LedgerStatus,
    NoteKind,
)
from agent.steps.draft.settle import Reports, blocking_failures, settle


def report(*rules: str, severity: Severity = Severity.AUTOFAIL) -> CheckReport:
    checks = (Check(rule=rule, verdict=Verdict.FAIL, severity=severity) for rule in rules)
    return CheckReport(checks=tuple(checks))


def checker(verdicts: Mapping[str, CheckReport]) -> Callable[[Draft], Reports]:
    def check(draft: Draft) -> Reports:
        return (
            verdicts.get(draft.public or "", CheckReport()),
            verdicts.get(draft.private or "", CheckReport()),
        )

    return check


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (report("S1.pii"), ("S1.pii",)),
        (report("T1.register", severity=Severity.MAJOR), ()),
        (CheckReport(checks=(Check(rule="S3", verdict=Verdict.ABSTAIN, severity="autofail"),)), ()),
        (
            CheckReport(
                ledger=ClaimLedger(
                    lines=(
                        LedgerLine(sentence="a", status=LedgerStatus.UNSUPPORTED, is_blocking=True),
                    )
                )
            ),
            ("X3",),
        ),
    ],
)
def test_what_blocks(given: CheckReport, expected: tuple[str, ...]) -> None:
    assert blocking_failures((given, CheckReport())) == expected
    assert blocking_failures((CheckReport(), given)) == expected


def test_the_first_sound_composition_is_kept_with_its_reports() -> None:
    minor = report("T7", severity=Severity.MINOR)
    check = checker({"rich": report("S3.account"), "plain": minor})
    settled = settle([Draft(public="rich"), Draft(public="plain"), Draft(public="bare")], check)
    assert settled.draft.public == "plain"
    assert settled.reports[0] == minor
    assert settled.failed == ()


def test_compositions_after_the_sound_one_are_never_made() -> None:
    def compositions() -> object:
        yield Draft(public="sound")
        raise AssertionError("one composition too many")

    assert settle(compositions(), checker({})).draft.public == "sound"  # type: ignore[arg-type]


def test_when_none_is_sound_the_failing_text_goes_and_the_other_stays() -> None:
    draft = Draft(
        public="bad",
        private="good",
        citations=(
            Citation(sentence="bad", passage_id="p"),
            Citation(sentence="good", passage_id="p"),
        ),
    )
    settled = settle([draft, Draft(public="bad")], checker({"bad": report("S1.pii", "S3.x")}))
    assert (settled.draft.public, settled.draft.private) == (None, "good")
    assert [citation.sentence for citation in settled.draft.citations] == ["good"]
    assert settled.failed == ("S1.pii", "S3.x")
    assert settled.reports[0] == CheckReport()
    assert [note.kind for note in settled.draft.notes] == [NoteKind.CHECK_FAILED]
    assert "S1.pii, S3.x" in settled.draft.note


def test_candidates_that_fail_are_dropped() -> None:
    offered = tuple(Candidate(passage_id=name, score=1.0, public=name) for name in ("a", "b"))
    kept = settle([Draft(candidates=offered)], checker({"a": report("S1")})).draft
    assert [candidate.passage_id for candidate in kept.candidates] == ["b"]
    assert not kept.notes
    none = settle([Draft(candidates=offered)], checker({"a": report("S1"), "b": report("S1")}))
    assert none.draft.candidates == ()
    assert "every candidate" in none.draft.note


def test_nothing_to_settle_is_no_text() -> None:
    assert settle([], checker({})).draft == Draft(drafter="none")
