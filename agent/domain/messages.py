"""What a customer wrote, and where."""

from enum import StrEnum

from pydantic import AwareDatetime

from agent.domain.base import Frozen, Text
from agent.domain.ids import BrandId, MessageId
from knowledge.passages import Language


class Surface(StrEnum):
    """Who can read an answer given there."""

    PUBLIC = "public"
    PRIVATE = "private"
    REVIEW = "review"


class ThreadEntry(Frozen):
    """An earlier message of the same thread, oldest first."""

    author: str
    """A label: `brand` (or the brand's own name or handle) for us, anything else for others."""
    text: Text
    created_at: AwareDatetime | None = None


class Attachment(Frozen):
    """Something attached to a message: named, never opened by us."""

    name: Text
    media_type: str = ""
    size: int = 0
    """Bytes, about."""


class InboundMessage(Frozen):
    """One customer message as a channel handed it over, before redaction."""

    id: MessageId
    """Unique in the workspace; a channel derives it from its name and its external id."""
    text: Text
    brand_id: BrandId | None = None
    channel: str = "file"
    """The network whose rules apply: a key of the brand's `channels` and of the limits data."""
    surface: Surface = Surface.PUBLIC
    lang: Language | None = None
    """The language the channel declares; triage detects it when absent."""
    author: str | None = None
    external_id: str | None = None
    """The channel's own id; duplicates are ignored by `(channel, external_id)`."""
    parent_url: str | None = None
    created_at: AwareDatetime | None = None
    """When the customer wrote it: the clock of every deadline. Absent: when we fetched it."""
    thread: tuple[ThreadEntry, ...] = ()
    attachments: tuple[Attachment, ...] = ()
