"""Alerts and notices, as the store keeps them, and the ways out."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from agent.domain.alerts import Alert, AlertKind, Bulletin, Notice, NoticeStatus
from agent.domain.ids import BrandId


class Alerts(Protocol):
    """What somebody must look at."""

    def raise_one(self, alert: Alert) -> bool:
        """Keep an alert, or return False: it is open already. A resolved one counts once more."""
        ...

    def resolve(self, kind: AlertKind, subjects: Collection[str], at: datetime) -> None:
        """Note that these ended; what was not told yet is not told any more."""
        ...

    def open(self, kinds: Collection[AlertKind] = (), limit: int = 1000) -> tuple[Alert, ...]:
        """Return the open ones of these kinds (none: of every kind), the latest first."""
        ...

    def seen(self, brands: Collection[BrandId], limit: int) -> tuple[Alert, ...]:
        """Return open ones of these brands and of every brand, without what merely waits."""
        ...

    def untold(self, limit: int) -> tuple[Alert, ...]:
        """Return open ones without notices so far; in a write nobody else gets them."""
        ...

    def mark_told(self, alert: Alert) -> None:
        """Note that the notices of an alert are written."""
        ...

    def begun(self, kind: AlertKind, now: datetime, limit: int) -> tuple[Alert, ...]:
        """Return what began on items, escalations and posts and is no open alert yet."""
        ...

    def ended(self, kind: AlertKind, now: datetime) -> tuple[str, ...]:
        """Return the subjects of open alerts on items, escalations and posts that ended."""
        ...

    def has_resolved(self, before: datetime) -> bool:
        """Whether any alert was resolved before a time."""
        ...

    def forget(self, before: datetime, limit: int) -> int:
        """Drop alerts resolved before a time, at most so many, and their notices; return how many.

        Those resolved first go first.
        """
        ...


class Notices(Protocol):
    """Messages to people about alerts."""

    def add(self, notice: Notice) -> bool:
        """Add one, or return False: that occurrence is on its way to that address already."""
        ...

    def due(self, now: datetime) -> tuple[str, ...]:
        """Return the addresses for which something waits."""
        ...

    def ready(self, address: str, now: datetime, limit: int) -> tuple[Notice, ...]:
        """Return what may leave now, urgent first; in a write nobody else takes it."""
        ...

    def last_sent(self, address: str) -> datetime | None:
        """Return when the last message that was not urgent left for an address."""
        ...

    def take(self, taken: Collection[Notice], batch: str, until: datetime, now: datetime) -> None:
        """Note that these leave in one message."""
        ...

    def settle(
        self,
        batch: str,
        attempts: int,
        status: NoticeStatus,
        now: datetime,
        not_before: datetime | None = None,
        problem: str = "",
    ) -> bool:
        """Note what became of a message, or return False: another worker took it meanwhile."""
        ...

    def dead(self) -> tuple[tuple[str, str, int], ...]:
        """Return address, problem and number of what was given up since it last worked."""
        ...

    def revive(self, now: datetime) -> int:
        """Let what was given up and still matters be tried again; return how many."""
        ...


class Messenger(Protocol):
    """One destination."""

    def deliver(self, bulletin: Bulletin) -> None:
        """Hand one message over.

        Raises:
            NoticeFailed: it did not arrive, or nobody knows.
        """
        ...
