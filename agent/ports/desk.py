"""What the desk keeps beside the decisions: first approvals, undos and people's views."""

from datetime import datetime
from typing import Protocol

from agent.domain.ids import ItemId, PersonId
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
