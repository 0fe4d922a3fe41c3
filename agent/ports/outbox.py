"""Decisions and what they let out, as the store keeps them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from agent.domain.channels import PostStatus
from agent.domain.ids import DecisionId, ItemId, PostId
from agent.domain.records import (
    DecisionRecord,
    Delivery,
    ModerationRecord,
    OutboxRecord,
    PostRecord,
    StoredMessage,
)


class Outbox(Protocol):
    """Decisions, the permissions to post they give, and the posts."""

    def add_decision(self, record: DecisionRecord) -> None:
        """Store a decision. It can never be changed or deleted."""
        ...

    def release(self, record: OutboxRecord, new_posts: Sequence[PostRecord]) -> None:
        """Let the texts of an approving decision out, one post a surface."""
        ...

    def decisions(self, item_id: ItemId) -> tuple[DecisionRecord, ...]:
        """Return the decisions of an item, one a round, oldest first."""
        ...

    def posts(self, item_id: ItemId) -> tuple[PostRecord, ...]:
        """Return the posts of an item, of every round, oldest first."""
        ...

    def post(self, post_id: PostId) -> PostRecord:
        """Return one post; in a write nobody else changes it until the end.

        Raises:
            NotFound: there is no such post.
        """
        ...

    def take_ready(
        self,
        channels: Collection[str],
        now: datetime,
        lease_until: datetime,
        only: PostId | None = None,
    ) -> PostRecord | None:
        """Mark the oldest ready post of these channels as being sent, and return it.

        `only`: this one and no other. What is frozen is left alone.
        """
        ...

    def ready(self, channel: str, now: datetime, limit: int) -> tuple[PostRecord, ...]:
        """Return posts of a channel that may leave now, oldest first; what is frozen may not."""
        ...

    def delivery(self, post_id: PostId) -> Delivery:
        """Return a post with its message and the decision that lets it out."""
        ...

    def expired(self, now: datetime) -> tuple[PostRecord, ...]:
        """Return posts whose sender has not reported within its lease."""
        ...

    def unknown(self, channels: Collection[str]) -> tuple[PostRecord, ...]:
        """Return posts whose outcome nobody knows, oldest first."""
        ...

    def in_status(self, status: PostStatus) -> tuple[PostRecord, ...]:
        """Return the posts of a status, oldest first."""
        ...

    def count_ready(self, now: datetime) -> dict[str, int]:
        """Return how many posts may leave now, by channel instance."""
        ...

    def save_post(self, before: PostRecord, after: PostRecord) -> bool:
        """Replace `before` by `after`, or return False: somebody else changed it."""
        ...


class Moderation(Protocol):
    """Decisions to moderate, on their way to the network."""

    def add(self, record: ModerationRecord) -> None:
        """Add what a decision to moderate asks of the network."""
        ...

    def take(
        self,
        channels: Collection[str],
        now: datetime,
        until: datetime,
        only: DecisionId | None = None,
    ) -> tuple[ModerationRecord, StoredMessage] | None:
        """Return the oldest that is due, or `only` that one, and keep it from others a while."""
        ...

    def due(
        self, channels: Collection[str], now: datetime, limit: int
    ) -> tuple[ModerationRecord, ...]:
        """Return those that are due on these channels, oldest first; what is frozen is not."""
        ...

    def get(self, decision_id: DecisionId) -> ModerationRecord | None:
        """Return what a decision asks of the network; in a write nobody else changes it."""
        ...

    def save(self, record: ModerationRecord) -> None:
        """Record what became of it."""
        ...

    def cancel(self, decision_id: DecisionId, at: datetime) -> bool:
        """Take it back, or return False: the network was asked already."""
        ...

    def of(self, item_id: ItemId) -> tuple[ModerationRecord, ...]:
        """Return those of an item, oldest first."""
        ...
