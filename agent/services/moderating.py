"""Moderation: a person's decision carried out on the network, or handed back to a person."""

from collections.abc import Mapping
from datetime import timedelta

from agent.domain.errors import CannotReply, ChannelError, OutcomeUnknown
from agent.domain.ids import DecisionId
from agent.domain.records import ModerationRecord, ModerationStatus, StoredMessage
from agent.domain.reports import ModerationReport
from agent.domain.work import Direction
from agent.ports import Channel, Clock, Store, UnitOfWork
from agent.services.breakers import BreakerService
from agent.services.freezing import is_frozen

_TRIES = 3
"""After so many refusals the network is taken at its word."""
_WAIT = timedelta(minutes=1)


class Moderating:
    """Carries decisions out at least once: hiding twice does no harm.

    It is done in the brand's name, as a reply is: a freeze and an open breaker hold it back.
    """

    def __init__(
        self, store: Store, clock: Clock, channels: Mapping[str, Channel], lease: timedelta
    ) -> None:
        self._store = store
        self._clock = clock
        self._channels = channels
        self._lease = lease
        self._breakers = BreakerService(store, clock)

    def carry_out(self, only: DecisionId | None = None) -> ModerationReport:
        """Carry out what is due, or `only` that one, and return what became of it."""
        done = postponed = by_hand = 0
        problems: list[str] = []
        while taken := self._take(only):
            record, stored = taken
            after = self._try(record, stored)
            self._save(after)
            done += after.status is ModerationStatus.DONE
            postponed += after.status is ModerationStatus.READY
            by_hand += after.status is ModerationStatus.BY_HAND
            if after.problem:
                problems.append(f"item {after.item_id}: {after.action.value}: {after.problem}")
        return ModerationReport(
            done=done, postponed=postponed, by_hand=by_hand, problems=tuple(problems)
        )

    def _take(self, only: DecisionId | None) -> tuple[ModerationRecord, StoredMessage] | None:
        now = self._clock.now()
        with self._store.write() as work:
            open_now = self._breakers.admitted(work, self._channels, Direction.WRITE)
            taken = work.moderation.take(open_now, now, now + self._lease, only)
            if taken:
                self._breakers.begin(work, taken[0].channel_instance, Direction.WRITE)
            return taken

    def give_up(self, decision_id: DecisionId, because: str) -> ModerationRecord | None:
        """Leave to a person what the machine could not even try; None: it is settled."""
        with self._store.write() as work:
            record = work.moderation.get(decision_id)
            if record is None or record.status is not ModerationStatus.READY:
                return None
            now = self._clock.now()
            changes = {"status": ModerationStatus.BY_HAND, "problem": because, "updated_at": now}
            after = record.model_copy(update=changes)
            self._write(work, after)
            return after

    def _try(self, record: ModerationRecord, stored: StoredMessage) -> ModerationRecord:
        now = self._clock.now()
        if is_frozen(self._store, stored.brand_id):
            # Frozen since it was taken: it was not tried.
            untried = {"attempts": record.attempts - 1, "not_before": now, "updated_at": now}
            return record.model_copy(update=untried)
        channel = self._channels[record.channel_instance]
        changes: dict[str, object] = {"updated_at": now, "problem": ""}
        try:
            channel.moderate(stored.message, record.action)
        except ChannelError as error:
            self._refused(channel.name, error)
            is_last = record.attempts >= _TRIES
            status = ModerationStatus.BY_HAND if is_last else ModerationStatus.READY
            problem = f"{error}; do it on the network by hand" if is_last else str(error)
            changes |= {"status": status, "problem": problem, "not_before": now + _WAIT}
        else:
            self._breakers.worked(channel.name, Direction.WRITE)
            changes |= {"status": ModerationStatus.DONE}
        return record.model_copy(update=changes)

    def _refused(self, channel: str, error: ChannelError) -> None:
        """Count a failure, as for a reply.

        "This network has no hiding" and "cannot be reached" look alike: what may be the first
        counts only on trial, for it must not stop the replies.
        """
        if isinstance(error, CannotReply):
            self._breakers.worked(channel, Direction.WRITE)
        elif isinstance(error, OutcomeUnknown) or self._breakers.has_tripped(channel):
            self._breakers.failed(channel, Direction.WRITE, error)

    def _save(self, record: ModerationRecord) -> None:
        with self._store.write() as work:
            self._write(work, record)

    def _write(self, work: UnitOfWork, record: ModerationRecord) -> None:
        work.moderation.save(record)
        if record.status is not ModerationStatus.READY:
            work.audit.add(
                record.updated_at,
                "posting",
                f"moderation.{record.status.value}",
                record.item_id,
                decision=record.decision_id,
                moderation=record.action.value,
                attempt=record.attempts,
            )
