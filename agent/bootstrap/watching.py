"""What a worker tells whoever watches it: its figures, and whether it can work."""

import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from threading import Lock
from typing import TYPE_CHECKING

from agent.bootstrap.parts import build_index
from agent.bootstrap.workspace import Workspace
from agent.domain.errors import PortevoixError, WorkspaceError
from agent.domain.vitals import Finding
from agent.ports.journal import Happened, note
from knowledge.addresses import without_credentials

if TYPE_CHECKING:
    from agent.adapters.metrics import FigureServer
    from agent.bootstrap.shift import Shift
    from agent.services.vitals import VitalsService

_ROUNDS = 5
"""Rounds a worker may miss before it is taken to hang."""
_ROUND_AT_LEAST = timedelta(seconds=60)


class Readiness:
    """Looks at each part a worker needs; asked at once by many, it looks once at a time."""

    def __init__(self, space: Workspace, shift: "Shift", every: float) -> None:
        """`every`: seconds between the shift's rounds."""
        self._space = space
        self._shift = shift
        self._patience = max(_ROUND_AT_LEAST, timedelta(seconds=every * _ROUNDS))
        self._lock = Lock()

    def failing(self) -> tuple[Finding, ...]:
        """Return what keeps this worker from working; nothing: it is ready."""
        looks: dict[str, Callable[[], None]] = {
            "database": self._space.store.verify,
            "heartbeat": self._heartbeat,
            "engine": self._engine,
        }
        settings = self._space.settings
        if settings.chroma.url or (settings.models.embedder and self._space.owns_index):
            looks["index"] = self._index
        with self._lock:
            return tuple(_failed(looks))

    def _heartbeat(self) -> None:
        since = self._space.clock.now() - timedelta(
            seconds=self._space.settings.work.dead_after_seconds
        )
        with self._space.store.read() as work:
            beats = {worker.executor_id: worker.beat_at for worker in work.workers.all()}
        if beats.get(self._shift.executor_id, since) <= since:
            raise WorkspaceError("no fresh heartbeat of this worker; others take its jobs over")

    def _engine(self) -> None:
        last = self._shift.last_round_at
        if last is None or self._space.clock.now() - last > self._patience:
            raise WorkspaceError(f"no round has ended since {last or 'the start'}")
        if self._shift.problem:
            raise WorkspaceError(f"the last round failed: {self._shift.problem}")

    def _index(self) -> None:
        from knowledge.index_lock import IndexProblem
        from knowledge.index_state import index_state

        served = build_index(self._space.settings, "any")
        for pack in self._space.packs.values():
            try:
                if served is not None:
                    served.server.version()
                    return
                index_state(self._space.index_folder(pack), pack.passages)
            except IndexProblem as error:
                raise WorkspaceError(str(error)) from None


def _failed(looks: dict[str, Callable[[], None]]) -> Iterator[Finding]:
    for name, look in looks.items():
        try:
            look()
        except PortevoixError as error:
            yield Finding(name=name, problem=without_credentials(str(error)))
        except Exception as error:
            # A library's own words may quote anything.
            yield Finding(name=name, problem=type(error).__name__)


def build_vitals(space: Workspace) -> "VitalsService":
    """Return what reads the figures of an installation from its store."""
    from agent.services.vitals import VitalsService

    dead_after = timedelta(seconds=space.settings.work.dead_after_seconds)
    return VitalsService(space.store, space.clock, tuple(space.packs), dead_after)


def serve_figures(
    space: Workspace, shift: "Shift", every: float, port: int
) -> "FigureServer | None":
    """Tell figures and health on `port` of 127.0.0.1; None: the port is taken.

    A worker does not stop for it: a second one on the machine has the same settings.
    """
    from agent.adapters.metrics import Figures, FigureServer

    figures = Figures(build_vitals(space).look, shift.count_jobs)
    server = FigureServer(figures, Readiness(space, shift, every).failing, port)
    try:
        server.start()
    except WorkspaceError as error:
        note(Happened.METRICS_NOT_SERVED, logging.WARNING, port=port, error=type(error).__name__)
        return None
    return server
