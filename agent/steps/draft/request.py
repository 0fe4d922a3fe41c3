"""What a drafter is given, and what it must be able to do."""

from datetime import date
from enum import StrEnum
from typing import Protocol

from agent.domain.base import Frozen, Text
from agent.domain.channels import ChannelLimits
from agent.domain.decisions import Triage
from agent.domain.drafts import Draft
from agent.domain.messages import InboundMessage
from knowledge.passages import Passage, Retrieval


class Style(StrEnum):
    """How much courtesy surrounds the answer; each style is safer and barer than the one before."""

    FULL = "full"
    PLAIN = "plain"
    """The situation's general acknowledgement only; no closing."""
    BARE = "bare"
    """No acknowledgement at all."""


class DraftRequest(Frozen):
    """One message, ready to be answered."""

    message: InboundMessage
    """Its raw `text` is never read by a drafter: `text` below is."""
    text: Text
    """The message without personal data."""
    triage: Triage
    retrieval: Retrieval = Retrieval()
    limits: ChannelLimits
    day: date
    """Today where the brand is: validity dates are read against it."""


class Drafter(Protocol):
    """Writes drafts. The extractive one is the default; a chat model's has the same shape."""

    def draft(self, request: DraftRequest, style: Style = Style.FULL) -> Draft:
        """Return the texts for this message, possibly none with a note that says why.

        Raises:
            StepFailed: no text could be made; the message goes to a person.
        """
        ...

    def with_passage(
        self, request: DraftRequest, passage: Passage, style: Style = Style.FULL
    ) -> Draft:
        """Return the draft that answers with this passage: a person chose it."""
        ...
