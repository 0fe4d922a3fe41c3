"""The archive: what was decided, found again by its words, its date and its people."""

from pydantic import AwareDatetime, Field

from agent.domain.base import Frozen
from agent.domain.ids import BrandId, PersonId
from agent.domain.reviews import DecisionKind, QueueRow


class ArchiveQuery(Frozen):
    """Filters of the archive; no brand: nothing is found."""

    brands: tuple[BrandId, ...]
    kinds: tuple[DecisionKind, ...] = ()
    """Empty: every decision."""
    channel: str | None = None
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    """Exclusive."""
    person: PersonId | None = None
    """Who decided."""
    text: str = ""
    """Every word, or its beginning (three letters or more), in the redacted message or reply."""
    after: int | None = None
    """Keyset cursor from the previous page."""
    limit: int = Field(default=25, ge=1, le=200)


class ArchiveRow(Frozen):
    """One decided item."""

    item: QueueRow
    kind: DecisionKind
    by: str
    decided_at: AwareDatetime


class ArchivePage(Frozen):
    """The last decided first."""

    rows: tuple[ArchiveRow, ...]
    next: int | None = None
