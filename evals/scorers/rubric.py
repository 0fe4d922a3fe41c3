"""The agent's own rubric and claim ledger, as recorded: on every draft, and rule by rule."""

from collections.abc import Iterator

from agent.bootstrap import limits_for
from agent.domain.brand.identity import Register
from agent.domain.checks import Check, Severity, Verdict
from agent.domain.counting import is_within
from agent.domain.drafts import LedgerLine, LedgerStatus
from agent.steps.draft.phrases import register_of
from evals.cases import AutofailWanted, Wanted
from evals.results import Score
from evals.scorers.base import Exhibit, does_not_apply, listed, told


def completed(exhibit: Exhibit) -> Iterator[Score]:
    """Score that every step of the pipeline ran through."""
    if exhibit.observed is not None:
        failures = [f"{one.step} ({one.kind})" for one in exhibit.observed.failures]
        yield told("completed", f"failed: {listed(failures)}" if failures else "")


def autofail(exhibit: Exhibit) -> Iterator[Score]:
    """Score that no rule that forbids approval fails on a text proposed.

    On a reply case, only if it expects so: its reply may be meant to be bad.
    """
    wanted = exhibit.case.expected.autofail
    if exhibit.case.is_reply and wanted is None:
        return
    if not exhibit.checks:
        yield does_not_apply("autofail", "no text proposed")
        return
    found = [check for check in exhibit.checks if _is_autofail(check)]
    if wanted is AutofailWanted.ANY:
        yield told(
            "autofail",
            "" if found else "an auto-fail rule should have failed, and none did",
            is_autofail=True,
        )
    else:
        yield told("autofail", "; ".join(map(_said, found)), is_autofail=True)


def _is_autofail(check: Check) -> bool:
    return check.severity is Severity.AUTOFAIL and check.verdict is Verdict.FAIL


def _said(check: Check) -> str:
    return f"{check.rule}: {check.reason}" if check.reason else check.rule


def ledger(exhibit: Exhibit) -> Iterator[Score]:
    """Score that every sentence is backed; on a reply case, what it expects of its ledger."""
    wanted = exhibit.case.expected.ledger
    if exhibit.case.is_reply and wanted is None:
        return
    if not exhibit.lines:
        yield does_not_apply("ledger", "no text proposed")
        return
    bare = [line for line in exhibit.lines if line.status is LedgerStatus.UNSUPPORTED]
    if wanted is Wanted.UNSUPPORTED:
        yield told("ledger", "" if bare else "every sentence is backed", is_autofail=True)
    else:
        yield told("ledger", "; ".join(map(_bare, bare)), is_autofail=True)


def _bare(line: LedgerLine) -> str:
    return f"« {line.sentence} » {line.reason or 'has no source'}"


def citations(exhibit: Exhibit) -> Iterator[Score]:
    """Score that every factual sentence of a draft names the passage behind it."""
    observed = exhibit.observed
    if observed is None:
        return
    factual = [line for line in exhibit.lines if line.status is LedgerStatus.SUPPORTED]
    if not factual:
        yield does_not_apply("citations", "no factual sentence")
        return
    cited = {citation.sentence for citation in observed.draft.citations}
    missing = [f"« {line.sentence} »" for line in factual if line.sentence not in cited]
    problem = f"no citation behind {listed(missing)}" if missing else ""
    yield told("citations", problem, is_autofail=True)


def register(exhibit: Exhibit) -> Iterator[Score]:
    """Score « tu » and « vous »: the rubric's rule on every draft, and what the case expects."""
    observed, wanted = exhibit.observed, exhibit.case.expected.spoken_register
    if observed is None:
        return
    wrong = [_said(one) for one in _of(exhibit, "T1") if one.verdict is Verdict.FAIL]
    if wanted is not None:
        wrong += [
            f"the text says « {found} », not « {wanted} »"
            for text in observed.texts
            if (found := register_of(text)) not in (None, wanted) and wanted is not Register.MIRROR
        ]
    if exhibit.checks:
        yield told("register", "; ".join(wrong))


def network(exhibit: Exhibit) -> Iterator[Score]:
    """Score that every text proposed fits the network's limits."""
    observed = exhibit.observed
    if observed is None:
        return
    if not observed.all_texts:
        yield does_not_apply("network", "no text proposed")
        return
    limits = limits_for(exhibit.case.message.channel)
    offered = [(one.public, one.private) for one in observed.draft.candidates]
    long = sum(
        not is_within(public or "", limits.public) or not is_within(private or "", limits.private)
        for public, private in ((observed.draft.public, observed.draft.private), *offered)
    )
    yield told("network", f"{long} texts are too long for {limits.network}" if long else "")


def rules(exhibit: Exhibit) -> Iterator[Score]:
    """Score each rule of the rubric that the case names."""
    for rule, wanted in exhibit.case.expected.rules.items():
        found = _of(exhibit, rule)
        verdict = _verdict(found)
        reasons = "; ".join(_said(check) for check in found if check.verdict is not wanted)
        problem = f"expected {wanted}, got {verdict or 'no such rule'} {reasons}".strip()
        yield told(f"rule.{rule}", "" if verdict is wanted else problem)


def _of(exhibit: Exhibit, rule: str) -> list[Check]:
    return [one for one in exhibit.checks if rule in (one.rule, one.rule.partition(".")[0])]


def _verdict(checks: list[Check]) -> Verdict | None:
    """What a rule says of several texts together: the gravest verdict it gave."""
    found = {check.verdict for check in checks}
    order = (Verdict.FAIL, Verdict.ABSTAIN, Verdict.PASS, Verdict.NOT_APPLICABLE)
    return next((verdict for verdict in order if verdict in found), None)
