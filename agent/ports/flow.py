"""The flow as the services see it: one brand's pipeline, whoever wires it."""

from datetime import date
from typing import Protocol, runtime_checkable

from agent.domain.checks import CheckReport
from agent.domain.drafts import Draft, Texts
from agent.domain.ids import GuidelineVersion
from agent.domain.messages import InboundMessage
from agent.domain.outcome import Outcome


@runtime_checkable
class KnowsItsDay(Protocol):
    """A pipeline that knows the brand's time zone. One that does not is taken at UTC."""

    def today(self) -> date:
        """Return the day it is where the brand is: what decides which passages are in force."""
        ...


class PipelineLike(Protocol):
    """Every step of one brand, in order."""

    @property
    def guideline_version(self) -> GuidelineVersion:
        """The content hash of the pack this pipeline was built from."""
        ...

    def run(self, message: InboundMessage) -> Outcome:
        """Return the message after every step; a failed step is recorded, never raised."""
        ...

    def check(
        self, outcome: Outcome, public: str | None, private: str | None
    ) -> tuple[CheckReport, CheckReport]:
        """Return the rubric's verdict on these exact texts: public report, private report."""
        ...

    def recompose(self, outcome: Outcome, passage_id: str) -> Draft:
        """Return a draft made from one passage of `outcome`.

        Raises:
            NotFound: the passage is not among those found for this message.
        """
        ...


@runtime_checkable
class Rewrites(Protocol):
    """A pipeline that drafts again as a person asks."""

    @property
    def guideline_version(self) -> GuidelineVersion:
        """As `PipelineLike`."""
        ...

    def rewrite(self, outcome: Outcome, note: str, shown: Texts) -> Outcome:
        """Return `outcome` with its draft made again as `note` on the texts `shown` asks.

        Raises:
            StepFailed: the note could not be searched for personal data.
        """
        ...
