"""What must hold before a text may leave: it is the one on screen, it is fresh, it passes."""

import unicodedata
from datetime import date

from agent.domain.checks import Check, CheckReport, Severity, Verdict
from agent.domain.decisions import Triage
from agent.domain.drafts import ClaimLedger, text_sha256
from agent.domain.errors import BlockedByChecks, IncompleteDecision, TextMismatch
from agent.domain.messages import Surface
from agent.domain.outcome import Outcome
from agent.domain.records import StoredMessage, content_sha256
from agent.domain.redaction import PLACEHOLDER, Redaction
from agent.domain.reviews import Decide, DecisionKind
from agent.ports import PipelineLike, Rewrites

GROUNDING = "grounding"
"""The rule named when a sentence states a fact that no passage carries."""
_PLACEHOLDERS = "redaction.placeholder"
_MUST_CARRY = {
    DecisionKind.REJECT: (("reason", "why the draft is rejected"),),
    DecisionKind.ESCALATE: (("team", "the team that takes over"),),
    DecisionKind.MODERATE: (
        ("charter_rule", "the rule of the charter"),
        ("moderation", "what to do with the message"),
    ),
}


def refuse_incomplete(command: Decide, triage: Triage) -> None:
    """Raise `IncompleteDecision` if the decision lacks what its kind must carry."""
    for name, what in _MUST_CARRY.get(command.kind, ()):
        is_known = name == "team" and triage.team is not None
        if not getattr(command, name) and not is_known:
            raise IncompleteDecision(f"choose {what} first, then decide again")
    if is_release(command.kind) and not has_text(command):
        raise IncompleteDecision("there is no text to approve; write one, or decide otherwise")


def is_release(kind: DecisionKind) -> bool:
    """Whether this decision lets a text out."""
    return kind in {DecisionKind.APPROVE, DecisionKind.EDIT}


def has_text(command: Decide) -> bool:
    """Whether the decision carries a text."""
    return any((text or "").strip() for text in (command.public, command.private))


def refuse_other_text(command: Decide) -> None:
    """Raise `TextMismatch` unless the hash of what was on screen is that of what is sent."""
    if command.shown_sha256 != text_sha256(command.public, command.private):
        raise TextMismatch


def why_stale(stored: StoredMessage, outcome: Outcome, pipeline: PipelineLike | Rewrites) -> str:
    """Return why the draft is no longer to be trusted, or an empty text."""
    if stored.content_sha256 != content_sha256(outcome.message):
        return "the customer changed the message after this draft was made"
    if pipeline.guideline_version != outcome.guideline_version:
        return "the guidelines changed after this draft was made"
    return ""


def expired_citation(outcome: Outcome, report: CheckReport, day: date) -> str:
    """Return why a passage that the text stands on may no longer be cited, or an empty text."""
    cited = {line.passage_id for line in report.ledger.lines} - {None}
    for passage in outcome.passages:
        if {passage.id, passage.key} & cited and not passage.is_in_force(day):
            return f"the entry {passage.id} it stands on is not in force any more"
    return ""


def refuse_placeholders(redaction: Redaction, public: str | None, private: str | None) -> None:
    """Raise `BlockedByChecks` for a placeholder that cannot be sent as it stands.

    A private reply may carry the customer's own data, put back as it leaves; a public one may
    not, and a placeholder that this message did not issue means nothing anywhere.
    """
    both = f"{public or ''}\n{private or ''}"
    unknown = redaction.unknown_placeholders(both)
    if unknown:
        raise BlockedByChecks(
            f"{', '.join(unknown)} stands for nothing in this message: remove it from the reply",
            (_PLACEHOLDERS,),
        )
    published = tuple(dict.fromkeys(m.group(0) for m in PLACEHOLDER.finditer(public or "")))
    if published:
        raise BlockedByChecks(
            f"{', '.join(published)} stands for personal data, which is never published: remove "
            "it from the public reply",
            (_PLACEHOLDERS,),
        )


def refuse_unprintable(public: str | None, private: str | None) -> None:
    """Raise `BlockedByChecks` for a text with characters that nobody can see or send."""
    for text in (public or "", private or ""):
        if any(unicodedata.category(c) in {"Cc", "Cs"} and c not in "\n\r\t" for c in text):
            raise BlockedByChecks(
                "the reply holds control characters that no network accepts: type it again",
                ("text.control_characters",),
            )


def judge(
    pipeline: PipelineLike, outcome: Outcome, public: str | None, private: str | None
) -> CheckReport:
    """Return the rubric's verdict on both texts together; checks that cannot run block."""
    try:
        reports = pipeline.check(outcome, public, private)
    except Exception as error:
        # Checks that crash must not let a text pass: a person overrides, with a reason, or waits.
        return CheckReport(checks=(_unavailable(error),))
    return CheckReport(
        checks=tuple(check for report in reports for check in report.checks),
        ledger=ClaimLedger(lines=tuple(line for r in reports for line in r.ledger.lines)),
    )


def _unavailable(error: Exception) -> Check:
    return Check(
        rule="checks.unavailable",
        verdict=Verdict.ABSTAIN,
        severity=Severity.AUTOFAIL,
        reason=f"the checks could not run ({type(error).__name__})",
        surface=Surface.REVIEW,
    )


def blocking_rules(report: CheckReport) -> tuple[str, ...]:
    """Return the ids of the rules that forbid approval without a reason."""
    rules = [check.rule for check in report.blockers]
    return tuple(dict.fromkeys(rules + [GROUNDING for _ in report.ledger.blocking]))


def refuse_blocked(command: Decide, report: CheckReport) -> None:
    """Raise `BlockedByChecks`, naming the rules, unless the person overrides with a reason."""
    rules = blocking_rules(report)
    if rules and not command.override_reason.strip():
        raise BlockedByChecks(
            f"approval is blocked by {', '.join(rules)}: edit the text, or override with a reason",
            rules,
        )
