"""Workers without their processes: the real engine and services on a store, in this process."""

import time
from collections.abc import Callable
from datetime import timedelta

from agent.adapters.clock import SystemClock
from agent.adapters.work import DbosEngine, Pace
from agent.adapters.work.engine import Tries
from agent.domain.work import JobKind
from agent.services.work import CrewService, Foreman, JobService, LetterService
from tests.desk_kit import Desk

QUICK = Tries(times=3, first_seconds=0.05, rate=1.5)


class Crew:
    """One worker's parts. The engine is one a process, so use it as a context manager."""

    def __init__(
        self, desk: Desk, url: str, executor_id: str = "here", per_minute: int = 6000
    ) -> None:
        clock = SystemClock()
        self.desk = desk
        self.said: list[str] = []
        self.before: Callable[[JobKind, str], None] = lambda kind, subject: None
        """Called as each job begins, to go wrong."""
        letters = LetterService(desk.store, clock, desk.intake, desk.posting)
        self.letters = letters
        self.engine = DbosEngine(
            url,
            executor_id,
            self._perform,
            clock,
            {desk.channel.name: Pace(at_once=2, per_minute=per_minute)},
            drafts_at_once=2,
            tries=QUICK,
        )
        channels = {desk.channel.name: desk.channel}
        self.jobs = JobService(
            clock,
            desk.intake,
            desk.posting,
            letters,
            channels,
            {desk.channel.name: desk.brand},
            lambda: self.engine.purge(clock.now() - timedelta(days=1)),
            self.said.append,
        )
        self.crew = CrewService(desk.store, clock, executor_id, "test", timedelta(seconds=1))
        self.foreman = Foreman(self.engine, self.crew, letters, self.jobs, self.said.append)

    def _perform(self, kind: JobKind, subject: str, is_retry: bool) -> None:
        self.before(kind, subject)
        self.jobs.do(kind, subject, is_retry=is_retry)

    def __enter__(self) -> "Crew":
        self.crew.beat()
        self.engine.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.engine.stop(5)
        self.crew.leave()

    def until(self, is_so: Callable[[], bool], seconds: float = 60.0) -> None:
        """Go round until something is so."""
        deadline = time.monotonic() + seconds
        while not is_so():
            assert time.monotonic() < deadline, self.said
            self.foreman.round(every=0.2)
            time.sleep(0.1)
