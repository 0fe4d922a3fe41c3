"""Records of the store: what the services read, change and write back as whole values."""

from enum import StrEnum

from pydantic import AwareDatetime, Field

from agent.domain.base import Frozen, sha256_of
from agent.domain.channels import ModerationAction, PostStatus
from agent.domain.decisions import Category, Urgency
from agent.domain.ids import (
    BrandId,
    DecisionId,
    GuidelineVersion,
    ItemId,
    MessageId,
    OutboxId,
    PostId,
)
from agent.domain.messages import InboundMessage, Surface
from agent.domain.outcome import Outcome
from agent.domain.reviews import Decision, Lease, Reviewer, ReviewStatus


class Arrival(StrEnum):
    """What taking in a message found."""

    NEW = "new"
    DUPLICATE = "duplicate"
    EDITED = "edited"
    """Its author changed it since we read it."""
    CLASH = "clash"
    """Another message of the workspace has its id."""


def content_sha256(message: InboundMessage) -> str:
    """Return the hash of what a customer can change: the text and the thread before it."""
    thread = [(entry.author, entry.text) for entry in message.thread]
    return sha256_of({"text": message.text, "thread": thread})


class StoredMessage(Frozen):
    """A message as taken in."""

    message: InboundMessage
    brand_id: BrandId
    channel_instance: str
    """The name of the Channel object it came through; `message.channel` is the network."""
    external_id: str
    received_at: AwareDatetime
    purged_at: AwareDatetime | None = None
    """When its words were removed, their retention having passed."""
    purged_sha256: str = ""
    """The hash of what they were."""

    @property
    def content_sha256(self) -> str:
        """The hash of the text and thread as they are now, or were when they were removed."""
        return self.purged_sha256 or content_sha256(self.message)


class ItemState(Frozen):
    """What changes in a review item's life, without its texts."""

    id: ItemId
    message_id: MessageId
    brand_id: BrandId
    version: int = Field(ge=1)
    round: int = Field(default=1, ge=1)
    """1, and one more each time a reply comes back to review unsent."""
    status: ReviewStatus
    draft_revision: int = Field(default=1, ge=1)
    channel_instance: str
    channel: str
    category: Category
    urgency: Urgency
    guideline_version: GuidelineVersion
    lease: Lease | None = None
    assignee: Reviewer | None = None
    snoozed_until: AwareDatetime | None = None
    stale_because: str = ""
    approvers_needed: int = Field(default=1, ge=1, le=2)
    first_approver: Reviewer | None = None
    """Who approved a text of this draft already, where two people must."""


class DecisionRecord(Frozen):
    """A decision about to be stored, with what it stands on."""

    decision: Decision
    round: int
    draft_revision: int
    message_sha256: str
    """`content_sha256` of the message the person read."""


class PostRecord(Frozen):
    """One delivery of an approved text on one surface."""

    id: PostId
    outbox_id: OutboxId
    item_id: ItemId
    surface: Surface
    channel_instance: str
    key: str
    """The attempt key: unique to this post, the same at every attempt, known to the network."""
    status: PostStatus = PostStatus.READY
    attempts: int = 0
    lease_until: AwareDatetime | None = None
    """While sending: when the attempt is given up as unknown."""
    not_before: AwareDatetime | None = None
    remote_id: str | None = None
    url: str = ""
    problem: str = ""
    posted_at: AwareDatetime | None = None
    updated_at: AwareDatetime


class ModerationStatus(StrEnum):
    """What became of a decision to moderate."""

    READY = "ready"
    DONE = "done"
    BY_HAND = "by_hand"
    """The network does not let us: a person does it there."""
    CANCELLED = "cancelled"
    """A person undid the decision before the network was asked."""


class ModerationRecord(Frozen):
    """A person's decision to moderate, on its way to the network. Doing it twice does no harm."""

    decision_id: DecisionId
    item_id: ItemId
    channel_instance: str
    action: ModerationAction
    status: ModerationStatus = ModerationStatus.READY
    attempts: int = 0
    not_before: AwareDatetime
    problem: str = ""
    updated_at: AwareDatetime


class UndoRecord(Frozen):
    """A decision without a text taken back by a person: its item is decided anew."""

    decision_id: DecisionId
    item_id: ItemId
    round: int
    by: Reviewer
    at: AwareDatetime


class SavedView(Frozen):
    """Filters of the queue that a person keeps under a name."""

    name: str
    filters: dict[str, str]
    """The filters as the desk's URL says them."""
    is_default: bool = False
    """Whether the desk opens on it."""


class OutboxRecord(Frozen):
    """The permission to post that one decision gives: at most one an item and round."""

    id: OutboxId
    item_id: ItemId
    round: int
    decision_id: DecisionId
    created_at: AwareDatetime


class Delivery(Frozen):
    """A post with all that sending it needs."""

    post: PostRecord
    stored: StoredMessage
    decided: DecisionRecord


class DraftRecord(Frozen):
    """One drafting of an item."""

    item_id: ItemId
    revision: int
    created_at: AwareDatetime
    outcome: Outcome


class SessionRecord(Frozen):
    """A signed-in browser. Only the hash of its token is stored."""

    person: Reviewer
    created_at: AwareDatetime
    last_seen_at: AwareDatetime
    expires_at: AwareDatetime
    is_revoked: bool = False
