"""What the pipeline hands to review: one record a message, whatever happened on the way."""

from agent.domain.base import Frozen
from agent.domain.checks import CheckReport
from agent.domain.decisions import Triage
from agent.domain.drafts import Draft
from agent.domain.ids import GuidelineVersion
from agent.domain.messages import InboundMessage
from agent.domain.redaction import Redaction
from agent.domain.retention import Purged
from knowledge.passages import Passage, Retrieval


class Failure(Frozen):
    """A step that failed. The message still reaches a person."""

    step: str
    kind: str
    """The error's class name: never its text, which might quote the customer."""


class Outcome(Frozen):
    """A message after every step. A failed step leaves its field empty and a `Failure`."""

    message: InboundMessage
    redaction: Redaction
    triage: Triage
    retrieval: Retrieval = Retrieval()
    draft: Draft = Draft(drafter="none")
    public_report: CheckReport = CheckReport()
    private_report: CheckReport = CheckReport()
    guideline_version: GuidelineVersion
    failures: tuple[Failure, ...] = ()
    elapsed_ms: float = 0.0
    purged: Purged = Purged()
    """When its texts were removed, their retention having passed."""

    @property
    def passages(self) -> tuple[Passage, ...]:
        """The passages found, best first."""
        return tuple(hit.passage for hit in self.retrieval.hits)
