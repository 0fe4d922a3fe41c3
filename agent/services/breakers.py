"""Circuit breakers: a channel that fails again and again is left alone, then tried once."""

import logging
from collections.abc import Iterable

from agent.domain.errors import ChannelError, CredentialsRefused
from agent.domain.work import Breaker, Direction
from agent.ports import Clock, Store, UnitOfWork
from agent.ports.journal import Happened, note


class BreakerService:
    """One breaker a channel and direction, shared by every worker through the store."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def all(self) -> tuple[Breaker, ...]:
        """Return every breaker there is."""
        with self._store.read() as work:
            return work.breakers.all()

    def admitted(
        self, work: UnitOfWork, channels: Iterable[str], direction: Direction
    ) -> tuple[str, ...]:
        """Return those of these channels that may be called now."""
        now = self._clock.now()
        shut = {
            breaker.channel_instance
            for breaker in work.breakers.all()
            if breaker.direction is direction and not breaker.admits(now)
        }
        return tuple(name for name in channels if name not in shut)

    def begin(self, work: UnitOfWork, channel: str, direction: Direction) -> bool:
        """Say that a call is about to be made; False: not now. A call on trial goes alone."""
        now = self._clock.now()
        breaker = work.breakers.get(channel, direction)
        if breaker is None or not breaker.has_tripped:
            return True
        if not breaker.admits(now):
            return False
        work.breakers.put(breaker.on_trial(now))
        return True

    def may_read(self, channel: str) -> Breaker | None:
        """Return None if a channel may be read now, or the breaker that says no."""
        with self._store.read() as work:
            breaker = work.breakers.get(channel, Direction.READ)
        if breaker is None or not breaker.has_tripped:
            return None
        with self._store.write() as work:
            return None if self.begin(work, channel, Direction.READ) else breaker

    def has_tripped(self, channel: str) -> bool:
        """Return whether a channel is left alone for writing, or on trial."""
        with self._store.read() as work:
            breaker = work.breakers.get(channel, Direction.WRITE)
        return breaker is not None and breaker.has_tripped

    def worked(self, channel: str, direction: Direction) -> None:
        """Record that a call was answered; most of the time there is nothing to write."""
        with self._store.read() as work:
            breaker = work.breakers.get(channel, direction)
        if breaker is None or breaker.failures == 0:
            return
        now = self._clock.now()
        with self._store.write() as work:
            work.breakers.put(breaker.worked(now))
            if breaker.has_tripped:
                work.audit.add(now, "work", "channel.back", channel, direction=direction.value)
        if breaker.has_tripped:
            note(Happened.CHANNEL_BACK, channel=channel, kind=direction.value)

    def failed(self, channel: str, direction: Direction, problem: Exception) -> None:
        """Record that a call failed; a failure that opens the breaker goes to the trail."""
        now = self._clock.now()
        with self._store.write() as work:
            before = work.breakers.get(channel, direction) or Breaker(
                channel_instance=channel, direction=direction, updated_at=now
            )
            is_refused = isinstance(problem, CredentialsRefused)
            after = before.failed(said(problem), now, is_refused=is_refused)
            work.breakers.put(after)
            if after.has_tripped and not before.has_tripped:
                work.audit.add(
                    now, "work", "channel.left_alone", channel, direction=direction.value
                )
        note(
            Happened.CHANNEL_LEFT_ALONE if after.has_tripped else Happened.CHANNEL_FAILED,
            logging.WARNING,
            channel=channel,
            kind=direction.value,
            count=after.failures,
        )


def said(error: Exception) -> str:
    """Return what may be shown of a channel's failure: one that is not ours might quote anyone."""
    is_ours = isinstance(error, ChannelError)
    return str(error) if is_ours else f"the channel failed ({type(error).__name__})"
