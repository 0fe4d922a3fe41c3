"""A shift: one worker process from its first heartbeat to its last."""

import logging
import os
import socket
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

from agent.bootstrap.keeping import build_retention
from agent.bootstrap.live import LazyPipelines
from agent.bootstrap.parts import hold_loaded
from agent.bootstrap.workspace import Workspace
from agent.domain.errors import PortevoixError
from agent.domain.vitals import JobCounts
from agent.domain.work import JobKind
from agent.ports.journal import Happened, note

_HISTORY = timedelta(days=1)
"""How long the engine remembers a finished job."""
_LAST_SECONDS = 20.0
"""What jobs under way get to end in when the worker stops."""

Say = Callable[[str], None]


class Shift:
    """Wires the engine to the services and keeps it going."""

    def __init__(self, space: Workspace, say: Say) -> None:
        from agent.adapters.work import DbosEngine, Pace
        from agent.services.work import Alarms, CrewService, Foreman, JobService

        settings = space.settings
        self._space = space
        self._say = say
        self._beat_seconds = settings.work.dead_after_seconds / 3
        dead_after = timedelta(seconds=settings.work.dead_after_seconds)
        place = f"{socket.gethostname()}:{os.getpid()}"
        executor_id = self.executor_id = f"{place}:{uuid4().hex[:8]}"
        paces = {name: settings.work.pace.get(name) for name in space.channels}
        self._engine = DbosEngine(
            settings.store_url,
            executor_id,
            self._perform,
            space.clock,
            {
                name: Pace(pace.at_once, pace.per_minute) if pace else Pace()
                for name, pace in paces.items()
            },
            settings.models.messages_at_once,
        )
        self._jobs = JobService(
            space.clock,
            space.intake,
            space.posting,
            space.letters,
            space.channels,
            {name: space.brand_of(name) for name in space.channels},
            lambda: self._engine.purge(space.clock.now() - _HISTORY),
            say,
            Alarms(space.watch, space.notify),
            build_retention(space),
        )
        self._crew = CrewService(space.store, space.clock, executor_id, place, dead_after)
        self._foreman = Foreman(self._engine, self._crew, space.letters, self._jobs, say)

        self.last_round_at: datetime | None = None
        """When the last round ended, well or not."""
        self.problem = ""
        """What went wrong in it."""

    def count_jobs(self) -> JobCounts:
        """Return the engine's jobs that have not ended well."""
        return self._engine.count()

    def _perform(self, kind: JobKind, subject: str, is_retry: bool) -> None:
        self._jobs.do(kind, subject, is_retry=is_retry)

    def work(self, stop: threading.Event, every: float) -> None:
        """Work until told to stop: a round `every` so many seconds."""
        from agent.adapters.memory import share_memory

        share_memory()
        self._crew.beat()
        self._engine.start()
        note(Happened.PROCESS_STARTED, worker=self.executor_id)
        threading.Thread(target=self._keep_beating, args=(stop,), daemon=True).start()
        is_held = False
        said = ""
        while True:
            said = self.problem = self._round(every, said)
            self.last_round_at = self._space.clock.now()
            pipelines = self._space.pipelines
            if not is_held and isinstance(pipelines, LazyPipelines) and pipelines.is_any_built:
                hold_loaded()
                is_held = True
            if stop.wait(every):
                break
        self._engine.stop(_LAST_SECONDS)
        self._crew.leave()
        note(Happened.PROCESS_STOPPED, worker=self.executor_id)

    def _round(self, every: float, said: str) -> str:
        """Do one round; a problem that lasts is said once. Return what was said of it."""
        try:
            self._foreman.round(every)
        except Exception as error:
            # Whatever failed, the next round looks again: a worker does not die of a database.
            problem = str(error) if isinstance(error, PortevoixError) else type(error).__name__
            if problem != said:
                note(Happened.ROUND_FAILED, logging.ERROR, error=type(error).__name__)
                self._say(f"this round failed: {problem}")
            return problem
        return ""

    def _keep_beating(self, stop: threading.Event) -> None:
        while not stop.wait(self._beat_seconds):
            try:
                self._crew.beat()
            except Exception:  # noqa: S112
                # The round says what is wrong; a thread that ended here would bury a live worker.
                continue
