"""Moderation: a person's decision carried out on the network, or handed back to a person."""

from collections.abc import Mapping
from datetime import timedelta

from agent.domain.errors import ChannelError
from agent.domain.ids import DecisionId
from agent.domain.records import ModerationRecord, ModerationStatus, StoredMessage
from agent.domain.reports import ModerationReport
from agent.ports import Channel, Clock, Store, UnitOfWork

_TRIES = 3
"""After so many refusals the network is taken at its word."""
_WAIT = timedelta(minutes=1)


class Moderating:
    """Carries decisions out at least once: hiding twice does no harm."""

    def __init__(
        self, store: Store, clock: Clock, channels: Mapping[str, Channel], lease: timedelta
    ) -> None:
        self._store = store
        self._clock = clock
        self._channels = channels
        self._lease = lease

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
            return work.moderation.take(tuple(self._channels), now, now + self._lease, only)

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
        changes: dict[str, object] = {"updated_at": now, "problem": ""}
        try:
            self._channels[record.channel_instance].moderate(stored.message, record.action)
        except ChannelError as error:
            is_last = record.attempts >= _TRIES
            status = ModerationStatus.BY_HAND if is_last else ModerationStatus.READY
            problem = f"{error}; do it on the network by hand" if is_last else str(error)
            changes |= {"status": status, "problem": problem, "not_before": now + _WAIT}
        else:
            changes |= {"status": ModerationStatus.DONE}
        return record.model_copy(update=changes)

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
