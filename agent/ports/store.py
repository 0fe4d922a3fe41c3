"""The store: one unit of work a transaction, and the collections it gives access to.

Every method of a unit of work runs in its one transaction. `write()` takes the right to write at
once (SQLite: `BEGIN IMMEDIATE`; PostgreSQL: row locks as named below), commits when its block
ends and takes everything back when the block raises.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Protocol

from agent.domain.ids import BrandId, GuidelineVersion, ItemId, MessageId
from agent.domain.messages import InboundMessage
from agent.domain.models import ModelRole, ModelUsage, Spent
from agent.domain.outcome import Outcome
from agent.domain.records import (
    Arrival,
    DraftRecord,
    ItemState,
    StoredMessage,
)
from agent.domain.reports import AuditHead
from agent.domain.reviews import (
    AuditEntry,
    QueueCounts,
    QueuePage,
    QueueQuery,
    ReviewItem,
)
from agent.ports.accounts import Accounts
from agent.ports.alerts import Alerts, Notices
from agent.ports.desk import Approvals, Authors, SavedReplies, Views
from agent.ports.outbox import Moderation, Outbox
from agent.ports.packs import Packs
from agent.ports.people import People
from agent.ports.records import Archive, Figures, Handoffs, Retention
from agent.ports.vitals import Census
from agent.ports.work import Breakers, Freezes, Letters, Workers


class Inbox(Protocol):
    """Messages as taken in, and how far each channel has been read."""

    def cursor(self, channel_instance: str) -> str | None:
        """Return how far a channel has been read, or None: not yet."""
        ...

    def move_cursor(
        self, channel_instance: str, before: str | None, after: str | None, at: datetime
    ) -> bool:
        """Move the cursor on, unless another process moved it since `before` was read."""
        ...

    def take_in(self, stored: StoredMessage) -> Arrival:
        """Add a message, or find that it is here; an edited one replaces its former text."""
        ...

    def see_event(self, channel_instance: str, event_id: str, at: datetime) -> bool:
        """Note an event that a sender pushed, or return False: it was noted within 30 days."""
        ...

    def get(self, message_id: MessageId) -> StoredMessage:
        """Return a message.

        Raises:
            NotFound: there is none with this id.
        """
        ...

    def is_own(self, channel_instance: str, message: InboundMessage) -> bool:
        """Whether `message` is a reply of ours that the channel read back."""
        ...

    def undrafted(self, brands: Collection[BrandId], limit: int) -> tuple[StoredMessage, ...]:
        """Return messages without a review item, first come first."""
        ...

    def undrafted_ids(self, brands: Collection[BrandId], limit: int) -> tuple[MessageId, ...]:
        """Return the ids of messages without a review item, first come first."""
        ...

    def count_undrafted(self, brands: Collection[BrandId]) -> int:
        """Return how many messages have no review item yet."""
        ...


class Items(Protocol):
    """Review items and their drafts."""

    def add(self, stored: StoredMessage, outcome: Outcome, at: datetime) -> ItemState | None:
        """Add the review item of a message, or return None: the message has one."""
        ...

    def redraft(
        self, before: ItemState, stored: StoredMessage, outcome: Outcome, at: datetime
    ) -> ItemState:
        """Store a new draft of an open item, which is pending again."""
        ...

    def of_message(self, message_id: MessageId) -> ItemId | None:
        """Return the item of a message, if it has one."""
        ...

    def state(self, item_id: ItemId) -> ItemState:
        """Return the item's state; in a write nobody else changes it until the end.

        Raises:
            NotFound: there is no such item.
        """
        ...

    def save(self, before: ItemState, after: ItemState, at: datetime) -> None:
        """Replace `before` by `after`, if the item is still at `before.version`.

        Raises:
            StoreError: somebody else changed it.
        """
        ...

    def view(self, item_id: ItemId) -> ReviewItem:
        """Return all that the desk shows of an item.

        Raises:
            NotFound: there is no such item.
        """
        ...

    def outcome(self, item_id: ItemId, revision: int) -> Outcome:
        """Return what the pipeline said at one drafting."""
        ...

    def drafts(self, item_id: ItemId) -> tuple[DraftRecord, ...]:
        """Return every drafting of an item, oldest first."""
        ...

    def mark_stale(
        self, brand_id: BrandId, version: GuidelineVersion, because: str, at: datetime
    ) -> int:
        """Mark open items drafted under another guideline version; return how many."""
        ...

    def sleepers(self, now: datetime) -> tuple[ItemState, ...]:
        """Return the snoozed items whose time has come; in a write they are locked."""
        ...


class Queue(Protocol):
    """The queue: most urgent first, then the earliest deadline, then the oldest."""

    def page(self, query: QueueQuery) -> QueuePage:
        """Return one page.

        Raises:
            NotFound: `query.after` is not a cursor of this queue.
        """
        ...

    def after(self, query: QueueQuery, item_id: ItemId | None) -> ItemId | None:
        """Return the first item, or the one that comes after `item_id`'s place."""
        ...

    def counts(self, brand_id: BrandId | None) -> QueueCounts:
        """Return the counters."""
        ...

    def size(self, query: QueueQuery, most: int) -> int:
        """Return how many items fit, at most `most`: counting stops there."""
        ...

    def ids(self, brand_id: BrandId | None, after: ItemId | None, limit: int) -> Sequence[ItemId]:
        """Return item ids in order of id, for exports."""
        ...


class Audit(Protocol):
    """The chained record of who did what; entries are sealed when the unit of work commits."""

    def add(self, at: datetime, actor: str, action: str, subject: str, **detail: object) -> None:
        """Add an entry. `detail` holds ids, hashes, counts and enums: never a person's words."""
        ...

    def of(self, subject: str) -> tuple[AuditEntry, ...]:
        """Return the entries about one subject, oldest first."""
        ...

    def near(self, seq: int) -> dict[int, AuditEntry]:
        """Return an entry and its neighbours, by number."""
        ...

    def entries(self, after: int = 0) -> Iterator[AuditEntry]:
        """Return every entry after `seq` = `after`, in order."""
        ...

    def head(self) -> AuditHead:
        """Return the last link; `seq` 0 when there is none."""
        ...


class Brands(Protocol):
    """The guideline versions this installation has worked under."""

    def see(self, brand_id: BrandId, version: GuidelineVersion, at: datetime) -> None:
        """Record that a guideline version is in use; seen again, its first time stays."""
        ...

    def versions(self, brand_id: BrandId) -> tuple[tuple[GuidelineVersion, datetime], ...]:
        """Return the versions seen and when first, oldest first."""
        ...


class Spending(Protocol):
    """What brands spend on chat models."""

    def of(self, brand: str, day: date) -> Spent:
        """Return what `brand` spent on `day` (UTC), over all roles and models."""
        ...

    def add(self, brand: str, day: date, role: ModelRole, model: str, usage: ModelUsage) -> None:
        """Add one call."""
        ...


class UnitOfWork(Protocol):
    """One transaction."""

    @property
    def inbox(self) -> Inbox: ...

    @property
    def items(self) -> Items: ...

    @property
    def queue(self) -> Queue: ...

    @property
    def outbox(self) -> Outbox: ...

    @property
    def approvals(self) -> Approvals: ...

    @property
    def moderation(self) -> Moderation: ...

    @property
    def audit(self) -> Audit: ...

    @property
    def people(self) -> People: ...

    @property
    def accounts(self) -> Accounts: ...

    @property
    def views(self) -> Views: ...

    @property
    def brands(self) -> Brands: ...

    @property
    def spending(self) -> Spending: ...

    @property
    def authors(self) -> Authors: ...

    @property
    def saved_replies(self) -> SavedReplies: ...

    @property
    def handoffs(self) -> Handoffs: ...

    @property
    def archive(self) -> Archive: ...

    @property
    def retention(self) -> Retention: ...

    @property
    def figures(self) -> Figures: ...

    @property
    def packs(self) -> Packs: ...

    @property
    def freezes(self) -> Freezes: ...

    @property
    def breakers(self) -> Breakers: ...

    @property
    def workers(self) -> Workers: ...

    @property
    def letters(self) -> Letters: ...

    @property
    def census(self) -> Census: ...

    @property
    def alerts(self) -> Alerts: ...

    @property
    def notices(self) -> Notices: ...


class Store(Protocol):
    """The database of one workspace."""

    def read(self) -> AbstractContextManager[UnitOfWork]:
        """Open a unit of work that only reads."""
        ...

    def write(self) -> AbstractContextManager[UnitOfWork]:
        """Open a unit of work that writes.

        Raises:
            StoreError: the database refused the change; nothing was written.
            WorkspaceError: the disk is full, read-only, or the server is gone.
        """
        ...

    def scrub(self) -> None:
        """Take texts that were removed out of the database's files too, where it keeps some."""
        ...

    def verify(self) -> None:
        """Check that the database answers, has this program's schema and holds its rules.

        Raises:
            WorkspaceError: it cannot be reached, or has another version's schema.
            InvariantMissing: a trigger or constraint is missing; names it.
        """
        ...

    def close(self) -> None:
        """Close every connection."""
        ...
