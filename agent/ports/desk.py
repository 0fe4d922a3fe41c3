"""What the desk keeps beside the items: approvals, undos, views, authors, saved replies."""

from datetime import datetime
from typing import Protocol

from agent.domain.desk import AuthorHistory, SavedReply
from agent.domain.ids import BrandId, ItemId, PersonId, ReplyId
from agent.domain.records import DecisionRecord, SavedView, UndoRecord


class Approvals(Protocol):
    """First approvals where two people must approve, and decisions taken back."""

    def add(self, record: DecisionRecord) -> None:
        """Store a first approval. It can never be changed or deleted, and lets nothing out."""
        ...

    def of(self, item_id: ItemId) -> tuple[DecisionRecord, ...]:
        """Return the first approvals of an item, of every round and draft, oldest first."""
        ...

    def undo(self, record: UndoRecord) -> None:
        """Take back a decision that let no text out: its item may enter a new round."""
        ...


class Views(Protocol):
    """Filters that people keep under a name."""

    def of(self, person_id: PersonId) -> tuple[SavedView, ...]:
        """Return a person's views, by name."""
        ...

    def put(self, person_id: PersonId, view: SavedView, at: datetime) -> None:
        """Add a view, or replace the one of that name."""
        ...

    def remove(self, person_id: PersonId, name: str) -> bool:
        """Delete a view; return False: there was none of that name."""
        ...


class Authors(Protocol):
    """Who wrote before, without saying who."""

    def history(self, item_id: ItemId, limit: int) -> AuthorHistory:
        """Return what the author of an item wrote before it, the last `limit` of it listed.

        Empty for an item without an author, and for one that does not exist.
        """
        ...


class SavedReplies(Protocol):
    """Texts kept for the next time, by brand."""

    def of(self, brand_id: BrandId) -> tuple[SavedReply, ...]:
        """Return those of a brand, by language and title."""
        ...

    def get(self, reply_id: ReplyId) -> SavedReply:
        """Return one.

        Raises:
            NotFound: there is none with this id.
        """
        ...

    def add(self, reply: SavedReply) -> bool:
        """Add one, or return False: the brand has one of this title in this language."""
        ...

    def save(self, before: SavedReply, after: SavedReply) -> bool:
        """Replace `before` by `after`, or return False: the title is taken in this language.

        Raises:
            StoreError: somebody else changed it.
        """
        ...

    def remove(self, reply_id: ReplyId) -> None:
        """Delete one; one that is not there stays so."""
        ...
