"""Notifying: what waits for an address leaves, in as few messages as urgency allows.

A notice reaches people at least once. Its message is noted as leaving before it leaves, and as
gone afterwards: a worker killed in between lets it be sent once more, and none is ever lost.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import uuid4

from agent.domain.alerts import (
    LEASE,
    Alert,
    AlertKind,
    Bulletin,
    Line,
    Notice,
    NoticeStatus,
    Weight,
)
from agent.domain.destinations import split_address
from agent.domain.errors import NotFound, NoticeFailed, PortevoixError
from agent.ports import Clock, Store
from agent.ports.alerts import Messenger
from agent.services.alerts.addressing import Addressing

TRIES = 8
UNKNOWN_TRIES = 3
"""A message that may have arrived each time is not sent more often than this."""
_FIRST_WAIT = timedelta(seconds=30)
_LAST_WAIT = timedelta(hours=1)
_MESSAGES_AT_ONCE = 20
_MANY = 500
_ALONE = 5
"""Urgent notices up to this number are a message each; more are one, each in full."""
_TEXT_LENGTH = 500
_UNREDACTED = frozenset({"redact", "pipeline"})
"""Steps after whose failure no text is known to be free of personal data."""


class NotifyService:
    """Sends notices. Several workers may do so at once."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        addressing: Addressing,
        messengers: Mapping[str, Messenger],
    ) -> None:
        self._store = store
        self._clock = clock
        self._addressing = addressing
        self._messengers = messengers

    def due(self) -> tuple[str, ...]:
        """Return the addresses for which something waits."""
        with self._store.read() as work:
            return work.notices.due(self._clock.now())

    def send(self, address: str) -> int:
        """Send what may leave for an address; return how many messages left."""
        for count in range(_MESSAGES_AT_ONCE):
            taken = self._take(address)
            if not taken or not self._deliver(address, taken):
                return count
        return _MESSAGES_AT_ONCE

    def test(self, address: str) -> None:
        """Send a message that says it is a test, to each person behind an address.

        Raises:
            NotFound: there is no such destination.
            NoticeFailed: it did not arrive.
        """
        for one in self._addressing.each(address):
            self._test(one)

    def _test(self, address: str) -> None:
        now = self._clock.now()
        alert = Alert(kind=AlertKind.PROPOSED, subject="test", raised_at=now)
        self._messenger(address).deliver(
            self._bulletin(address, "test", (alert,)).model_copy(update={"is_test": True})
        )

    def revive(self) -> int:
        """Let what was given up and still matters be tried again; return how many."""
        with self._store.write() as work:
            return work.notices.revive(self._clock.now())

    def _take(self, address: str) -> tuple[Notice, ...]:
        now = self._clock.now()
        with self._store.write() as work:
            ready = work.notices.ready(address, now, _MANY)
            last = work.notices.last_sent(address)
            pause = timedelta(seconds=self._addressing.digest_seconds(address))
            chosen = _choose(ready, may_digest=last is None or now >= last + pause)
            batch = (chosen[0].batch if chosen else "") or uuid4().hex
            if chosen:
                work.notices.take(chosen, batch, now + LEASE, now)
        attempts = chosen[0].attempts + 1 if chosen else 0
        changes = {"batch": batch, "attempts": attempts, "lease_until": now + LEASE}
        return tuple(one.model_copy(update=changes) for one in chosen)

    def _deliver(self, address: str, taken: Sequence[Notice]) -> bool:
        first = taken[0]
        bulletin = self._bulletin(address, first.batch, [one.alert for one in taken])
        # The last look: whoever was held up must not send what another sends by now.
        if first.lease_until and self._clock.now() + LEASE / 2 >= first.lease_until:
            return False
        try:
            self._messenger(address).deliver(bulletin)
        except NoticeFailed as error:
            self._failed(first, error)
        except NotFound as error:
            self._failed(first, NoticeFailed(str(error), is_final=True))
        except Exception as error:
            said = str(error) if isinstance(error, PortevoixError) else type(error).__name__
            self._failed(first, NoticeFailed(said, is_unknown=True))
        else:
            with self._store.write() as work:
                now = self._clock.now()
                work.notices.settle(first.batch, first.attempts, NoticeStatus.SENT, now)
            return True
        return False

    def _failed(self, first: Notice, error: NoticeFailed) -> None:
        now = self._clock.now()
        most = UNKNOWN_TRIES if error.is_unknown else TRIES
        is_over = error.is_final or first.attempts >= most
        wait = min(_FIRST_WAIT * 2 ** min(first.attempts - 1, 10), _LAST_WAIT)
        asked = timedelta(seconds=min(error.wait_seconds, _LAST_WAIT.total_seconds()))
        status = NoticeStatus.DEAD if is_over else NoticeStatus.PENDING
        after = now + (asked or wait)
        with self._store.write() as work:
            work.notices.settle(first.batch, first.attempts, status, now, after, str(error))

    def _messenger(self, address: str) -> Messenger:
        name = split_address(address)[0]
        if name not in self._messengers:
            raise NotFound(f"notify.destinations has no {name}; `portevoix doctor` lists them")
        return self._messengers[name]

    def _bulletin(self, address: str, key: str, alerts: Sequence[Alert]) -> Bulletin:
        return Bulletin(
            key=key,
            target=split_address(address)[1],
            language=self._addressing.language(address, alerts[0]),
            lines=tuple(self._line(address, alert) for alert in alerts),
            at=self._clock.now(),
            desk_url=self._addressing.desk_url,
        )

    def _line(self, address: str, alert: Alert) -> Line:
        is_shown = alert.item_id is not None and self._addressing.shows_text(address)
        return self._addressing.line(alert, self._redacted(alert) if is_shown else "")

    def _redacted(self, alert: Alert) -> str:
        """Return the message without personal data, or nothing: it may have been erased."""
        assert alert.item_id is not None  # noqa: S101 - asked before
        try:
            with self._store.read() as work:
                revision = work.items.state(alert.item_id).draft_revision
                outcome = work.items.outcome(alert.item_id, revision)
        except NotFound:
            return ""
        # A redaction that failed has no text to show: never the message itself.
        if any(failure.step in _UNREDACTED for failure in outcome.failures):
            return ""
        return outcome.redaction.text[:_TEXT_LENGTH]


def _choose(ready: Sequence[Notice], *, may_digest: bool) -> tuple[Notice, ...]:
    """Return the notices of the next message: one begun before, else urgent, else a digest."""
    if not ready:
        return ()
    if ready[0].batch:
        return tuple(one for one in ready if one.batch == ready[0].batch)
    urgent = [one for one in ready if one.alert.weight is Weight.URGENT]
    if urgent:
        return tuple(urgent[:1] if len(urgent) <= _ALONE else urgent)
    return tuple(ready) if may_digest else ()
