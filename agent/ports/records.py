"""What the store keeps beside the review: handoffs, the archive and the figures."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Protocol

from agent.domain.archives import ArchivePage, ArchiveQuery
from agent.domain.handoffs import (
    Handoff,
    HandoffPage,
    HandoffQuery,
    TeamLoad,
)
from agent.domain.ids import BrandId, DecisionId, ItemId
from agent.domain.measures import (
    Count,
    Cut,
    Edits,
    Event,
    Fact,
    HandoffPromises,
    Promises,
    Spread,
)
from agent.domain.retention import KeptBecause, Purge, PurgeBatch
from agent.domain.reviews import HandBack


class Handoffs(Protocol):
    """Messages passed to teams."""

    def add(self, handoff: Handoff) -> None:
        """Add what a decision passes on."""
        ...

    def get(self, handoff_id: DecisionId) -> Handoff:
        """Return a handoff; in a write nobody else changes it until the end.

        Raises:
            NotFound: there is none.
        """
        ...

    def save(self, before: Handoff, after: Handoff) -> None:
        """Replace `before` by `after`, if it is still at `before.version`.

        Raises:
            StoreError: somebody else changed it.
        """
        ...

    def of(self, item_id: ItemId) -> tuple[Handoff, ...]:
        """Return those of an item, oldest first."""
        ...

    def page(self, query: HandoffQuery) -> HandoffPage:
        """Return one page; a handoff whose item is in a later round is no longer open.

        Raises:
            NotFound: `query.after` is not a place in this list.
        """
        ...

    def loads(self, brands: Collection[BrandId], now: datetime) -> tuple[TeamLoad, ...]:
        """Return what waits for each team that something waits for."""
        ...

    def hand_back(self, item_id: ItemId, round_number: int) -> HandBack | None:
        """Return why a round began, if a team handed the item back."""
        ...


class Archive(Protocol):
    """What was decided, by its words. Only redacted text is indexed."""

    def page(self, query: ArchiveQuery) -> ArchivePage:
        """Return one page, the last decided first."""
        ...

    def channels(self, brands: Collection[BrandId]) -> tuple[str, ...]:
        """Return the networks that decided items came from."""
        ...


class Figures(Protocol):
    """What is counted. Reads only; every answer is one statement of the database."""

    def counts(
        self, event: Event, cut: Cut, by: str = "", only: str | None = None
    ) -> tuple[Count, ...]:
        """Return how many events fall in each window, for each value of `by`.

        `by` is a column of the event's table; events without a value in it are left out.
        `only`: decisions of this kind.
        """
        ...

    def spreads(self, event: Event, cut: Cut, of: str, by: str = "") -> tuple[Spread, ...]:
        """Return the spread of the whole number `of` in each window, for each value of `by`."""
        ...

    def promises(self, cut: Cut, now: datetime) -> tuple[Promises, ...]:
        """Return the first deadlines that fell in each window before `now`."""
        ...

    def edits(self, cut: Cut) -> tuple[Edits, ...]:
        """Return what became of the drafts that were decided in each window."""
        ...

    def handoff_promises(self, cut: Cut, now: datetime) -> tuple[HandoffPromises, ...]:
        """Return the teams' deadlines that fell in each window before `now`."""
        ...

    def facts(self, cut: Cut) -> Iterator[Fact]:
        """Yield the items received in the windows, by arrival; `reviewer` is a person's id."""
        ...


class Retention(Protocol):
    """What is past its retention, and its removal."""

    def waiting(self, purge: Purge) -> int:
        """Return how many texts a purge would remove."""
        ...

    def empty(self, purge: Purge, limit: int) -> PurgeBatch:
        """Remove the texts of up to `limit` settled records."""
        ...

    def kept(self, purge: Purge) -> dict[KeptBecause, int]:
        """Return how many are past their retention too, and why each is kept."""
        ...
