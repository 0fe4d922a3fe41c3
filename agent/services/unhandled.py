"""What a person gets when the flow itself failed: the message, and nothing that could mislead."""

from agent.domain.decisions import Category, EscalationReason, Route, Triage, Urgency
from agent.domain.drafts import Draft, Note, NoteKind
from agent.domain.ids import GuidelineVersion
from agent.domain.messages import InboundMessage
from agent.domain.outcome import Failure, Outcome
from agent.domain.redaction import Redaction
from knowledge.passages import Language


def outcome_of_crash(
    message: InboundMessage, guideline_version: GuidelineVersion, error: Exception
) -> Outcome:
    """Return an outcome that escalates, with no text: nothing of it was redacted or checked."""
    triage = Triage(
        language=Language.UNKNOWN,
        language_confidence=0.0,
        category=Category.UNKNOWN_QUESTION,
        urgency=Urgency.HIGH,
        route=Route.ESCALATE,
        reason=EscalationReason.STEP_FAILED,
    )
    return Outcome(
        message=message,
        redaction=Redaction(text=""),
        triage=triage,
        draft=Draft(
            drafter="none",
            note="The flow failed on this message: read the original.",
            notes=(Note(kind=NoteKind.STEP_FAILED, about="pipeline"),),
        ),
        guideline_version=guideline_version,
        failures=(Failure(step="pipeline", kind=type(error).__name__),),
    )
