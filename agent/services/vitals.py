"""How an installation is: one reading of the store, for whoever watches it."""

from collections.abc import Collection
from datetime import timedelta

from agent.domain.ids import BrandId
from agent.domain.vitals import Vitals
from agent.ports import Clock, Store


class VitalsService:
    """Reads only."""

    def __init__(
        self, store: Store, clock: Clock, brands: Collection[BrandId], dead_after: timedelta
    ) -> None:
        """`dead_after`: how long without a beat before a worker is taken for dead."""
        self._store = store
        self._clock = clock
        self._brands = brands
        self._dead_after = dead_after

    def look(self) -> Vitals:
        """Return the figures of this moment.

        Raises:
            WorkspaceError: the database cannot be reached.
        """
        now = self._clock.now()
        with self._store.read() as work:
            beats = [worker.beat_at for worker in work.workers.all()]
            alive = sum(beat >= now - self._dead_after for beat in beats)
            return Vitals(
                at=now,
                brands=work.census.brands(self._brands, now),
                posts=work.census.posts(),
                waiting=work.census.waiting(),
                dead_letters=work.census.dead_letters(),
                workers_alive=alive,
                workers_silent=len(beats) - alive,
                frozen=frozenset(freeze.scope for freeze in work.freezes.on()),
                breakers=work.breakers.all(),
            )
