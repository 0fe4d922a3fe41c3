"""Watching: one round raises what began, resolves what ended, and says whom to tell.

Each part is one transaction. An alert is a row by kind and subject, so two workers, or one that
was killed and begins anew, raise it once; its notices are written in the transaction that marks
it as told.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from agent.domain.alerts import DOWN, Alert, AlertKind, Notice
from agent.domain.ids import BrandId, TeamId
from agent.domain.people import EVERY_BRAND
from agent.domain.work import Breaker, LetterStatus
from agent.ports import Clock, Store, UnitOfWork
from agent.services.alerts.addressing import Addressing

WINDOW = 500
"""Alerts raised, or told of, in one transaction: others write between two."""
_KEPT = timedelta(days=90)
"""How long a resolved alert is kept."""
_BY_QUERY = (
    AlertKind.PROPOSED,
    AlertKind.PASSED,
    AlertKind.DUE_SOON,
    AlertKind.OVERDUE,
    AlertKind.CLAIM_OVER,
    AlertKind.SNOOZE_OVER,
    AlertKind.POST_UNKNOWN,
    AlertKind.POST_RETURNED,
)
_BY_LOOK = (
    AlertKind.JOB_DEAD,
    AlertKind.CHANNEL_OPEN,
    AlertKind.CHANNEL_DOWN,
    AlertKind.CHANNEL_REFUSED,
    AlertKind.WORKER_SILENT,
    AlertKind.FROZEN,
    AlertKind.NOTICE_DEAD,
)


class WatchService:
    """Keeps the alerts in step with the world."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        addressing: Addressing,
        brands: Mapping[str, BrandId],
        silent_after: timedelta,
    ) -> None:
        """`brands`: the brand of each channel. `silent_after`: how long a worker may not beat."""
        self._store = store
        self._clock = clock
        self._addressing = addressing
        self._brands = brands
        self._silent_after = silent_after

    def look(self) -> int:
        """Do one round, and return how many notices were written."""
        now = self._clock.now()
        for kind in _BY_QUERY:
            self._follow(kind, now)
        self._compare(now)
        count = 0
        while (written := self._tell(now)) is not None:
            count += written
        self._forget(now - _KEPT)
        return count

    def seen(self, brands: Collection[BrandId], limit: int = 50) -> tuple[Alert, ...]:
        """Return what the desk lists, the latest first."""
        with self._store.read() as work:
            return work.alerts.seen(brands, limit)

    def _follow(self, kind: AlertKind, now: datetime) -> None:
        with self._store.read() as work:
            ended = work.alerts.ended(kind, now)
            has_begun = bool(work.alerts.begun(kind, now, 1))
        while ended or has_begun:
            with self._store.write() as work:
                begun = work.alerts.begun(kind, now, WINDOW)
                for alert in begun:
                    work.alerts.raise_one(alert)
                work.alerts.resolve(kind, work.alerts.ended(kind, now), now)
            ended, has_begun = (), len(begun) == WINDOW

    def _compare(self, now: datetime) -> None:
        with self._store.read() as work:
            wanted = {alert.key: alert for alert in self._seen_now(work, now)}
            known = {alert.key for alert in work.alerts.open(_BY_LOOK)}
        if wanted.keys() == known:
            return
        with self._store.write() as work:
            for key in wanted.keys() - known:
                work.alerts.raise_one(wanted[key])
            for kind, subject in known - wanted.keys():
                work.alerts.resolve(kind, (subject,), now)

    def _seen_now(self, work: UnitOfWork, now: datetime) -> Iterable[Alert]:
        for breaker in work.breakers.all():
            yield from self._of_channel(breaker, now)
        yield from _of_letters(work, now)
        for freeze in work.freezes.on():
            brand = None if freeze.scope == EVERY_BRAND else BrandId(freeze.scope)
            yield _alert(AlertKind.FROZEN, freeze.scope, now, brand)
        for worker in work.workers.all():
            if not worker.has_left and worker.beat_at <= now - self._silent_after:
                detail = f"{worker.beat_at:%Y-%m-%d %H:%M} UTC"
                yield _alert(AlertKind.WORKER_SILENT, worker.place, now, detail=detail)
        yield from self._still_lost(work, now)
        for address, problem, _ in work.notices.dead():
            yield _alert(AlertKind.NOTICE_DEAD, address, now, detail=problem)

    def _still_lost(self, work: UnitOfWork, now: datetime) -> Iterable[Alert]:
        """A worker others went on for: no fault any more once its machine has a new one."""
        alive = {
            worker.machine: worker.started_at
            for worker in work.workers.all()
            if not worker.has_left and worker.beat_at > now - self._silent_after
        }
        for alert in work.alerts.open((AlertKind.WORKER_SILENT,)):
            started_at = alive.get(alert.subject.rpartition(":")[0])
            is_old = alert.raised_at <= now - timedelta(days=1)
            if not is_old and (started_at is None or started_at <= alert.raised_at):
                yield alert

    def _of_channel(self, breaker: Breaker, now: datetime) -> Iterable[Alert]:
        name, direction = breaker.channel_instance, breaker.direction.value
        brand = self._brands.get(name)
        causes = {
            AlertKind.CHANNEL_REFUSED: breaker.is_refused,
            AlertKind.CHANNEL_OPEN: breaker.has_tripped,
            AlertKind.CHANNEL_DOWN: breaker.since is not None and breaker.since <= now - DOWN,
        }
        for kind, is_so in causes.items():
            if is_so:
                yield _alert(kind, f"{name} {direction}", now, brand, breaker.problem)

    def _tell(self, now: datetime) -> int | None:
        """Write the notices of some alerts; None: every alert has its own."""
        with self._store.read() as work:
            if not work.alerts.untold(1):
                return None
        with self._store.write() as work:
            untold = work.alerts.untold(WINDOW)
            for alert in untold:
                work.alerts.mark_told(alert)
            return sum(work.notices.add(one) for one in self._notices(untold, now))

    def _forget(self, before: datetime) -> None:
        """Drop what is old, if anything is: the next look finds the rest."""
        with self._store.read() as work:
            if not work.alerts.has_resolved(before):
                return
        with self._store.write() as work:
            work.alerts.forget(before, WINDOW)

    def _notices(self, alerts: Iterable[Alert], now: datetime) -> Iterable[Notice]:
        for alert in alerts:
            for address, not_before in self._addressing.of(alert, now):
                yield Notice(alert=alert, address=address, not_before=not_before)


def _of_letters(work: UnitOfWork, now: datetime) -> Iterable[Alert]:
    for letter in work.letters.of(LetterStatus.DEAD):
        alert = _alert(AlertKind.JOB_DEAD, letter.id, now, letter.brand_id, letter.problem)
        yield alert.model_copy(update={"item_id": letter.item_id})


def _alert(
    kind: AlertKind,
    subject: str,
    now: datetime,
    brand_id: BrandId | None = None,
    detail: str = "",
    team: TeamId | None = None,
) -> Alert:
    return Alert(
        kind=kind, subject=subject, brand_id=brand_id, team=team, detail=detail, raised_at=now
    )
