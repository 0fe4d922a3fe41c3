"""What stands where nothing could be drafted: no text, the step that failed, a person."""

from datetime import datetime

from agent.domain.brand import BrandPack
from agent.domain.checks import CheckReport
from agent.domain.decisions import Category, EscalationReason, Route, Triage, Urgency
from agent.domain.drafts import Draft, Note, NoteKind
from agent.domain.messages import InboundMessage
from agent.domain.outcome import Failure, Outcome
from agent.domain.redaction import Redaction
from agent.steps.draft.notes import with_notes
from knowledge.passages import Language

WITHHELD = "(text withheld: it could not be searched for personal data)"
"""What stands for a message whose redaction failed."""


def unread(message: InboundMessage, pack: BrandPack, now: datetime) -> Outcome:
    """Return a message before any step: nothing is known, so a person must look now."""
    rule = pack.policy.escalation.rule_for(Category.UNKNOWN_QUESTION)
    return Outcome(
        message=message,
        redaction=Redaction(text=WITHHELD),
        triage=Triage(
            language=message.lang or Language.UNKNOWN,
            language_confidence=0.0,
            category=Category.UNKNOWN_QUESTION,
            urgency=Urgency.HIGH,
            route=Route.ESCALATE,
            team=rule.team if rule else None,
            reason=EscalationReason.STEP_FAILED,
            acknowledge_by=now,
            due_at=now,
        ),
        guideline_version=pack.version,
    )


def handed_over(outcome: Outcome, step: str, error: Exception) -> Outcome:
    """Return `outcome` for a person: what is known so far, no text, and which step failed."""
    note = Note(kind=NoteKind.STEP_FAILED, about=step)
    return outcome.model_copy(
        update={
            "triage": escalated(outcome.triage, EscalationReason.STEP_FAILED),
            "draft": with_notes(Draft(drafter="none", band=outcome.retrieval.band), note),
            "public_report": CheckReport(),
            "private_report": CheckReport(),
            "failures": (*outcome.failures, Failure(step=step, kind=type(error).__name__)),
        }
    )


def escalated(triage: Triage, reason: EscalationReason) -> Triage:
    """Return `triage` for a team, and why."""
    return triage.model_copy(update={"route": Route.ESCALATE, "reason": reason})
