"""The queue's counters: changed in the transaction that changes the items."""

from collections import Counter

import sqlalchemy as sa

from agent.adapters.store.statements import upsert
from agent.adapters.store.tables import queue_counts

Place = tuple[str, str, str, str, str]
"""Brand, status, urgency, category, channel."""

_NAMES = ("brand_id", "status", "urgency", "category", "channel")


class Counters:
    """Collects how many items enter and leave each place, and writes the sums at the end."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._moves: Counter[Place] = Counter()

    @property
    def has_changes(self) -> bool:
        """Whether anything is left to write."""
        return any(self._moves.values())

    def enter(self, place: Place, count: int = 1) -> None:
        """Count items in."""
        self._moves[place] += count

    def leave(self, place: Place, count: int = 1) -> None:
        """Count items out."""
        self._moves[place] -= count

    def flush(self) -> None:
        """Write the sums. The caller holds the commit lock."""
        for place, count in sorted(self._moves.items()):
            if count:
                values = dict(zip(_NAMES, place, strict=True)) | {"n": count}
                upsert(self._connection, queue_counts, values, {"n": queue_counts.c.n + count})
        self._moves.clear()
