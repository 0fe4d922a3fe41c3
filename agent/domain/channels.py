"""Channels: what a network allows, what it hands over and what it answers."""

from datetime import date
from enum import StrEnum

from pydantic import AwareDatetime

from agent.domain.base import Frozen, Text
from agent.domain.ids import ItemId, MessageId, PostId
from agent.domain.messages import InboundMessage, Surface


class CountUnit(StrEnum):
    """How a network counts a text."""

    CODE_POINTS = "code_points"
    GRAPHEMES = "graphemes"
    UTF16 = "utf16"
    UTF8_BYTES = "utf8_bytes"
    WEIGHTED = "weighted"
    """As X: code points outside the Latin ranges count 2, emoji 2, links `link_weight`."""


class Limit(Frozen):
    """One upper bound. A network may have several (Bluesky: graphemes and bytes)."""

    unit: CountUnit
    max: int
    link_weight: int | None = None
    """What any link counts, or None: its own length."""
    is_mention_domain_free: bool = False
    """Mastodon: the domain of `@user@domain` does not count."""


class ChannelLimits(Frozen):
    """The facts of one network, with their source (`agent/adapters/channels/limits/*.yaml`)."""

    network: str
    public: tuple[Limit, ...] = ()
    private: tuple[Limit, ...] = ()
    is_markdown: bool = False
    """Whether the network renders Markdown; elsewhere it would show as characters."""
    are_links_clickable: bool = True
    hashtags_max: int | None = None
    reply_window_hours: int | None = None
    """How long after the customer's message a private reply is allowed."""
    human_agent_window_hours: int | None = None
    """The same where the network has granted that people, not machines, answer later."""
    dedupe_seconds: int = 0
    """How long the network itself refuses a second post with the same key; 0: it keeps no keys."""
    source: str = ""
    checked_on: date | None = None
    confidence: str = ""
    """`V` read at its source, `V2` secondary, `M` from memory (see the reference's marks)."""


class FetchPage(Frozen):
    """New messages and the cursor after them; both are committed together."""

    messages: tuple[InboundMessage, ...] = ()
    cursor: str | None = None
    withdrawn: tuple[MessageId, ...] = ()
    """Deleted by their authors since; of those that are not here nothing is done."""
    problems: tuple[str, ...] = ()
    """One line a message that could not be read: where, what, the mend. Never its text."""
    has_more: bool = False


class ReplyPermission(Frozen):
    """Whether the network lets us answer there now, and if not, why and what else to do."""

    is_allowed: bool
    reason: str = ""


class Reply(Frozen):
    """An approved text on its way out. Only the outbox makes one."""

    item_id: ItemId
    post_id: PostId
    parent_external_id: str
    surface: Surface
    text: Text
    author: str | None = None
    """Whom it answers, for networks that address a mention."""


class PostReceipt(Frozen):
    """The network's word that the reply is there."""

    remote_id: str
    url: str = ""
    posted_at: AwareDatetime | None = None


class PostStatus(StrEnum):
    """Life of a post. `UNKNOWN` is resolved by `find_sent` or a person, never by sending again."""

    READY = "ready"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    RETURNED = "returned"
    """Back to review: the parent was edited, deleted, closed, or the window has passed."""
    CANCELLED = "cancelled"
    """A person undid the decision before the post left."""


class ModerationAction(StrEnum):
    HIDE = "hide"
    REPORT = "report"
    REMOVE = "remove"


class SandboxPost(Frozen):
    """One post of the community sandbox, as its page shows it."""

    id: str
    thread: str
    author: str
    is_brand: bool
    surface: Surface
    text: Text
    reply_to: str | None = None
    at: AwareDatetime
