"""The crew: which workers are alive, and what a dead one leaves behind."""

from datetime import datetime, timedelta

from agent.domain.alerts import Alert, AlertKind
from agent.domain.work import LEFT, Worker
from agent.ports import Clock, Store

_LONG_GONE = timedelta(days=1)
"""How long it is remembered that a job's worker died."""


class CrewService:
    """Workers know each other by heartbeats in the store."""

    def __init__(
        self, store: Store, clock: Clock, executor_id: str, place: str, dead_after: timedelta
    ) -> None:
        """`dead_after`: how long without a beat before a worker is taken for dead."""
        self._store = store
        self._clock = clock
        self._dead_after = dead_after
        self._me = Worker(
            executor_id=executor_id,
            place=place,
            started_at=clock.now(),
            beat_at=clock.now(),
        )

    def beat(self) -> None:
        """Say that this worker is alive."""
        with self._store.write() as work:
            work.workers.beat(self._me.model_copy(update={"beat_at": self._clock.now()}))

    def take_dead(self) -> str | None:
        """Return a worker that is taken for dead, for this one to see to; nobody else does now."""
        now = self._clock.now()
        with self._store.write() as work:
            dead = work.workers.take_dead(now - self._dead_after, self._me.executor_id, now)
            if dead is None:
                return None
            lost = next((one for one in work.workers.all() if one.executor_id == dead), None)
            if lost is not None and not lost.has_left:
                work.alerts.raise_one(_silent(lost, now))
            return dead

    def adopt(self, holders: frozenset[str]) -> None:
        """Note executors that hold jobs and are not known here, as after a restored backup."""
        now = self._clock.now()
        with self._store.read() as work:
            unknown = holders - {one.executor_id for one in work.workers.all()}
        if not unknown:
            return
        with self._store.write() as work:
            for executor_id in sorted(unknown):
                work.workers.beat(
                    Worker(executor_id=executor_id, place="?", started_at=now, beat_at=now)
                )

    def bury(self, executor_id: str) -> None:
        """Forget a worker that holds nothing any more. If it was only paused, it beats again."""
        with self._store.write() as work:
            work.workers.remove(executor_id)

    def resumed(self, key: str) -> int:
        """Count that a job's worker was taken for dead; return how often that was, this day."""
        now = self._clock.now()
        with self._store.write() as work:
            work.workers.forget_resumed(now - _LONG_GONE)
            return work.workers.resumed(key, now)

    def leave(self) -> None:
        """Go: what this worker still holds is another's at once."""
        with self._store.write() as work:
            work.workers.beat(self._me.model_copy(update={"beat_at": LEFT}))


def _silent(worker: Worker, now: datetime) -> Alert:
    return Alert(
        kind=AlertKind.WORKER_SILENT,
        subject=worker.place,
        detail=f"{worker.beat_at:%Y-%m-%d %H:%M} UTC",
        raised_at=now,
    )
