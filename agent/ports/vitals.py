"""What the store counts for whoever watches an installation."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

from agent.domain.channels import PostStatus
from agent.domain.ids import BrandId
from agent.domain.vitals import BrandVitals
from agent.domain.work import JobKind


class Census(Protocol):
    """Counts; reads what is open and sums that are kept, never all there ever was."""

    def now(self) -> datetime | None:
        """Return the time of the database's server, or None: it runs on this machine's clock."""
        ...

    def size(self) -> int:
        """Return the bytes of the database."""
        ...

    def brands(self, known: Collection[BrandId], now: datetime) -> tuple[BrandVitals, ...]:
        """Return the queue of each brand that is `known` or has items."""
        ...

    def posts(self) -> Mapping[PostStatus, int]:
        """Return how many posts there are of each status, none included."""
        ...

    def waiting(self) -> Mapping[tuple[str, PostStatus], int]:
        """Return the posts whose life goes on, by channel instance and status."""
        ...

    def dead_letters(self) -> Mapping[JobKind, int]:
        """Return how many jobs are given up, by kind, none included."""
        ...
