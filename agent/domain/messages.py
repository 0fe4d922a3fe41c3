"""What a customer wrote, and where."""

import re
from enum import StrEnum
from urllib.parse import urlsplit

from pydantic import AwareDatetime, field_validator

from agent.domain.base import Frozen, Text
from agent.domain.ids import BrandId, MessageId
from knowledge.passages import Language

_LONGEST_URL = 2_000
_LONGEST_ENDING = 8
_MEDIA_TYPE = re.compile(r"[A-Za-z]{1,20}(?:/[A-Za-z0-9.+-]{1,80})?")


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
    """Bytes, about; 0: the channel does not say."""
    url: str = ""
    """Where the channel keeps it, https or nothing. Never asked for by us."""

    @property
    def suffix(self) -> str:
        """The file's ending as `.pdf`, or nothing: the last one, which is what opens it."""
        ending = self.name.rpartition(".")[2] if "." in self.name else ""
        is_plain = ending.isascii() and ending.isalnum() and len(ending) <= _LONGEST_ENDING
        return f".{ending.lower()}" if is_plain and not ending.isdigit() else ""

    def nameless(self) -> dict[str, str | int]:
        """Return what may be shown without the original: a file's name may name a person."""
        return {"suffix": self.suffix, "media_type": self.plain_type, "size": self.size}

    @property
    def plain_type(self) -> str:
        """The media type if it has the form of one, or nothing: senders write what they like."""
        return self.media_type.lower() if _MEDIA_TYPE.fullmatch(self.media_type) else ""

    @field_validator("url", mode="before")
    @classmethod
    def _https_only(cls, given: object) -> str:
        """Drop what is no plain https address: a message is not refused for its attachment."""
        text = given if isinstance(given, str) else ""
        try:
            parts = urlsplit(text)
        except ValueError:
            return ""
        is_plain = text.isascii() and text.isprintable() and not set(text) & set(" \"'<>\\`")
        is_https = parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc
        return text if is_plain and is_https and len(text) <= _LONGEST_URL else ""


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
