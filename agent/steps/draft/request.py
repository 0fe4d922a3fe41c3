"""What a drafter is given."""

from datetime import date
from enum import StrEnum

from agent.domain.base import Frozen, Text
from agent.domain.brand.identity import Register
from agent.domain.channels import ChannelLimits
from agent.domain.decisions import Triage
from agent.domain.messages import InboundMessage, ThreadEntry
from knowledge.passages import Retrieval


class Style(StrEnum):
    """How much courtesy surrounds the answer; each style is safer and barer than the one before."""

    FULL = "full"
    PLAIN = "plain"
    """The situation's general acknowledgement only; no closing."""
    BARE = "bare"
    """No acknowledgement at all."""


class Steer(Frozen):
    """How a person's note turns the choices of the extractive drafter."""

    turn: int = 0
    """Shifts the choice among approved phrasings."""
    words: int | None = None
    """The most words wanted in public; a condition of an answer is never cut for it."""
    register_wanted: Register | None = None


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
    thread: tuple[ThreadEntry, ...] = ()
    """The earlier messages, redacted; empty for a drafter that does not ask a model."""
    steer: Steer = Steer()
    note: Text = ""
    """What a person asks of a model that writes again, without personal data."""
    shown: Text = ""
    """The text that the person read, without personal data."""
