"""Handoffs: a message passed to a team, from the decision to the team's last word."""

from enum import StrEnum

from pydantic import AwareDatetime, Field

from agent.domain.base import Frozen, Text
from agent.domain.ids import BrandId, DecisionId, ItemId, TeamId
from agent.domain.reviews import QueueRow, Reviewer


class HandoffStatus(StrEnum):
    """`open -> taken -> done`, or `returned`: back in the queue for a new round."""

    OPEN = "open"
    TAKEN = "taken"
    DONE = "done"
    RETURNED = "returned"

    @property
    def is_closed(self) -> bool:
        """Whether the team has said its last word."""
        return self in {HandoffStatus.DONE, HandoffStatus.RETURNED}


class Handoff(Frozen):
    """What a team owes: one for each decision that names a team."""

    id: DecisionId
    """The decision that passed the message on."""
    item_id: ItemId
    brand_id: BrandId
    channel: str
    round: int = Field(ge=1)
    version: int = Field(default=1, ge=1)
    status: HandoffStatus = HandoffStatus.OPEN
    team: TeamId
    can_return: bool
    """Whether the queue may have it back: nothing was answered yet."""
    opened_at: AwareDatetime
    due_at: AwareDatetime | None = None
    """When the team must have answered: the brand's matrix, as triage read it."""
    owner: Reviewer | None = None
    closed_by: Reviewer | None = None
    closed_at: AwareDatetime | None = None
    note: Text = ""
    """The team's last word."""


class HandoffRow(Frozen):
    """One line of the escalations page."""

    handoff: Handoff
    item: QueueRow
    asked_by: str
    asked: Text = ""
    """What the person who passed it on wrote to the team."""


class HandoffQuery(Frozen):
    """Filters of the escalations page; no brand: nothing is found."""

    brands: tuple[BrandId, ...]
    team: TeamId | None = None
    is_closed: bool = False
    after: str | None = None
    limit: int = Field(default=50, ge=1, le=200)


class HandoffPage(Frozen):
    """Open ones: the earliest deadline first. Closed ones: the last closed first."""

    rows: tuple[HandoffRow, ...]
    next: str | None = None


class TeamLoad(Frozen):
    """How much waits for one team."""

    brand_id: BrandId
    team: TeamId
    open: int
    overdue: int
