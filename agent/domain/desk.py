"""What the desk keeps beside the queue: who wrote before, and texts written to be used again."""

from pydantic import AwareDatetime, Field

from agent.domain.base import Frozen, Text
from agent.domain.decisions import Category
from agent.domain.ids import BrandId, ItemId, ReplyId
from agent.domain.reviews import DecisionKind, Reviewer, ReviewStatus
from knowledge.passages import Language

TITLE_MAX, BODY_MAX = 80, 4_000
"""Characters of a saved reply's title and text."""


class EarlierMessage(Frozen):
    """One earlier message of an author, without personal data, and what became of it."""

    item_id: ItemId
    received_at: AwareDatetime
    excerpt: str
    """The first 160 characters of the redacted text."""
    category: Category
    status: ReviewStatus
    is_toxic: bool
    decision: DecisionKind | None = None
    """The last decision on it; None: nobody has decided yet."""
    decided_by: str = ""
    decided_at: AwareDatetime | None = None


class AuthorHistory(Frozen):
    """What the author of an item wrote before to this brand on this network.

    An author is the name their network shows: two people of one name are not told apart.
    """

    total: int = 0
    """Earlier messages, those that are not listed too."""
    open: int = 0
    """Those that no one has decided yet."""
    toxic: int = 0
    earlier: tuple[EarlierMessage, ...] = ()
    """The last few, newest first."""


class SavedReply(Frozen):
    """A text that people of one brand keep for the next time. It is checked like any other."""

    id: ReplyId
    brand_id: BrandId
    lang: Language
    title: Text = Field(min_length=1, max_length=TITLE_MAX)
    body: Text = Field(min_length=1, max_length=BODY_MAX)
    owner: Reviewer
    updated_at: AwareDatetime
    version: int = Field(default=1, ge=1)
