"""What the desk shows beside an item, as the store keeps it."""

from typing import Protocol

from agent.domain.desk import AuthorHistory, SavedReply
from agent.domain.ids import BrandId, ItemId, ReplyId


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
