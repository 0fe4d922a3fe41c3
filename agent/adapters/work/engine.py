"""The engine: each job is one durable workflow whose id is the job's key.

DBOS runs a workflow at least once; the job itself says, from our store, whether anything is left
to do (docs/adr/0007). Only ids are given to the engine, and only errors in our words are kept by
it: its tables hold no personal data.
"""

import logging
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from random import uniform
from typing import TYPE_CHECKING, Any

from agent.adapters.work.database import (
    SCHEMA,
    connect,
    count_jobs,
    engine_url,
    pool_options,
    prepare,
    quieten,
)
from agent.adapters.work.gate import Gate
from agent.domain.errors import JobFailed, PortevoixError, WorkspaceError
from agent.domain.vitals import JobCounts
from agent.domain.work import FailedJob, Job, JobKind
from agent.ports import Clock
from agent.ports.journal import Happened, note

if TYPE_CHECKING:
    from dbos import DBOSClient, StepOptions, WorkflowStatus

VERSION = "portevoix-work-1"
"""Changed when the steps of a workflow change: what an older worker began is begun anew."""
NAME = "portevoix"
_TAKEN_AHEAD = 32
"""Drafts a worker takes at a time: the engine hands out jobs only so often a second."""
_POLL_SECONDS = 0.25
_POLL_SLOWLY = 1.0
_FAILED_AT_A_TIME = 100
_PURGED_AT_A_TIME = 1000
_WAITING = {"ENQUEUED", "PENDING", "DELAYED"}
_FAILED = ["ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]

Perform = Callable[[JobKind, str, bool], None]


@dataclass(frozen=True)
class Pace:
    """How fast jobs of one lane may be begun."""

    at_once: int = 2
    """In one worker."""
    per_minute: int = 120
    """By all workers together."""


@dataclass(frozen=True)
class Tries:
    """How often a job is tried, and how long apart: exponential, spread at random."""

    times: int = 5
    first_seconds: float = 1.0
    rate: float = 3.0

    def options(self, kind: JobKind) -> "StepOptions":
        """Return them as the engine wants them."""
        return {
            "name": kind.value,
            "retries_allowed": True,
            "max_attempts": self.times,
            "interval_seconds": self.first_seconds * uniform(0.5, 1.5),  # noqa: S311 - spreads load
            "backoff_rate": self.rate,
        }


class DbosEngine:
    """Shares its database with every worker of the installation."""

    def __init__(
        self,
        store_url: str,
        executor_id: str,
        perform: Perform,
        clock: Clock,
        lanes: Mapping[str, Pace],
        drafts_at_once: int,
        tries: Tries | None = None,
    ) -> None:
        self._url = engine_url(store_url)
        self._executor_id = executor_id
        self._perform = perform
        self._clock = clock
        self._lanes = lanes
        self._tries = tries or Tries()
        self._gates = {kind: Gate(64) for kind in JobKind}
        self._gates[JobKind.DRAFT] = Gate(drafts_at_once)
        self._drafts_ahead = _TAKEN_AHEAD + drafts_at_once
        self._client: DBOSClient | None = None
        self._connections = connect(self._url)

    def start(self) -> None:
        from dbos import DBOS, DBOSClient

        prepare(self._url)
        quieten()
        DBOS(
            config={
                "name": NAME,
                "system_database_url": self._url.render_as_string(hide_password=False),
                "dbos_system_schema": SCHEMA,
                "db_engine_kwargs": pool_options(self._url),
                "application_version": VERSION,
                "executor_id": self._executor_id,
                "use_listen_notify": False,
                "log_level": "WARNING",
            }
        )
        for kind in JobKind:
            DBOS.workflow(name=kind.value, max_recovery_attempts=None)(self._workflow(kind))
        self._launch()
        self._client = DBOSClient(
            system_database_engine=self._connections,
            dbos_system_schema=SCHEMA,
            application_name=NAME,
        )
        self._open_queues()

    def _launch(self) -> None:
        from dbos import DBOS
        from sqlalchemy.exc import ProgrammingError

        try:
            DBOS.launch()
        except ProgrammingError as error:
            DBOS.destroy(destroy_registry=True)
            raise WorkspaceError(
                "the engine's tables are not at this version's schema, and the role of store.url "
                "may not change them: run `portevoix migrate` with the owner's address in "
                "store.owner_url"
            ) from error

    def _open_queues(self) -> None:
        from dbos import DBOS

        for kind in JobKind:
            is_draft = kind is JobKind.DRAFT
            DBOS.register_queue(
                kind.value,
                worker_concurrency=self._drafts_ahead if is_draft else 8,
                polling_interval_sec=_POLL_SECONDS if is_draft else _POLL_SLOWLY,
                on_conflict="always_update",
            )
        for lane, pace in self._lanes.items():
            DBOS.register_queue(
                _queue_of(lane),
                worker_concurrency=pace.at_once,
                limiter={"limit": pace.per_minute, "period": 60.0},
                polling_interval_sec=_POLL_SECONDS,
                on_conflict="always_update",
            )

    def _workflow(self, kind: JobKind) -> Callable[[str, bool], None]:
        from dbos import DBOS
        from dbos import error as dbos_error

        def run(subject: str, is_retry: bool) -> None:
            try:
                DBOS.run_step(self._tries.options(kind), self._once, kind, subject, is_retry)
            except dbos_error.DBOSMaxStepRetriesExceeded as error:
                raise JobFailed(str(error.errors[-1])) from None

        return run

    def _once(self, kind: JobKind, subject: str, is_retry: bool) -> None:
        try:
            # A place is held for one try only: waiting for the next must not hold others up.
            with self._gates[kind].place():
                began = time.perf_counter()
                self._perform(kind, subject, is_retry)
                took = round((time.perf_counter() - began) * 1000, 1)
                note(
                    Happened.JOB_DONE,
                    logging.DEBUG,
                    kind=kind.value,
                    job=subject,
                    duration_ms=took,
                )
        except Exception as error:
            name = type(error).__name__
            note(Happened.JOB_FAILED, logging.WARNING, kind=kind.value, job=subject, error=name)
            # What fails is kept by the engine: an error of ours quotes nobody, another one might.
            said = str(error) if isinstance(error, PortevoixError) else name
            raise JobFailed(said) from None

    def enqueue(self, jobs: Iterable[Job]) -> int:
        wanted = {job.key: job for job in jobs}
        known = {status.workflow_id: status for status in self._statuses(wanted)}
        over = [key for key, status in known.items() if self._is_over(status, wanted[key])]
        self.forget(over)
        new = [job for key, job in wanted.items() if key not in known or key in over]
        if new:
            with self._connections.begin() as connection:
                for job in new:
                    self._add(connection, job)
        return len(new)

    def _statuses(self, keys: Collection[str]) -> "list[WorkflowStatus]":
        from dbos import DBOS

        if not keys:
            return []
        ids = list(keys)
        # SQLite prepares a statement for each length, and keeps it: ten lengths, not five hundred.
        ids += ids[-1:] * ((1 << (len(ids) - 1).bit_length()) - len(ids))
        return DBOS.list_workflows(workflow_ids=ids, load_input=False, load_output=False)

    def _is_over(self, status: "WorkflowStatus", job: Job) -> bool:
        """Whether the job may be done again: it has ended, or another version began it."""
        if status.app_version not in {None, VERSION}:
            return True
        if status.status in _WAITING or status.status in _FAILED:
            return False
        ended = (status.completed_at or 0) / 1000
        return self._clock.now().timestamp() >= ended + job.spacing_seconds

    def _add(self, connection: Any, job: Job) -> None:
        assert self._client is not None  # noqa: S101 - started
        self._client.enqueue_in_transaction(
            connection,
            {
                "workflow_name": job.kind.value,
                "queue_name": _queue_of(job.lane) if job.lane in self._lanes else job.kind.value,
                "workflow_id": job.key,
                "app_version": VERSION,
            },
            job.subject,
            job.is_retry,
        )

    def failed(self) -> tuple[FailedJob, ...]:
        from dbos import DBOS

        found = DBOS.list_workflows(status=_FAILED, limit=_FAILED_AT_A_TIME, load_input=False)
        return tuple(_job(one.workflow_id, str(one.error or "")) for one in found)

    def forget(self, keys: Collection[str]) -> None:
        from dbos import DBOS

        if keys:
            DBOS.delete_workflows(list(keys))

    def holders(self) -> frozenset[str]:
        return frozenset(one.executor_id for one in self._pending() if one.executor_id)

    def held(self, executor_id: str) -> tuple[FailedJob, ...]:
        return tuple(_job(one.workflow_id) for one in self._pending(executor_id))

    def _pending(self, executor_id: str | None = None) -> "list[WorkflowStatus]":
        from dbos import DBOS

        return DBOS.list_workflows(
            status="PENDING", executor_id=executor_id, load_input=False, load_output=False
        )

    def resume(self, keys: Collection[str]) -> None:
        from dbos import DBOS

        queues: dict[str | None, list[str]] = {}
        for status in self._statuses(keys):
            if status.status == "PENDING":
                queues.setdefault(status.queue_name, []).append(status.workflow_id)
        for queue, ids in queues.items():
            DBOS.resume_workflows(ids, queue_name=queue)

    def purge(self, before: datetime) -> int:
        from dbos import DBOS

        count = 0
        while True:
            found = DBOS.list_workflows(
                status=["SUCCESS", "CANCELLED"],
                completed_before=before.isoformat(),
                limit=_PURGED_AT_A_TIME,
                load_input=False,
                load_output=False,
            )
            self.forget([one.workflow_id for one in found])
            count += len(found)
            if len(found) < _PURGED_AT_A_TIME:
                return count

    def count(self) -> JobCounts:
        return count_jobs(self._connections)

    def stop(self, seconds: float) -> None:
        from dbos import DBOS

        for gate in self._gates.values():
            gate.close()
        for gate in self._gates.values():
            gate.wait_empty(seconds)
        if self._client is not None:
            self._client.destroy()
        DBOS.destroy(destroy_registry=True)
        self._connections.dispose()


def _queue_of(lane: str) -> str:
    return f"channel {lane}"


def _job(key: str, problem: str = "") -> FailedJob:
    kind, _, subject = key.partition(":")
    return FailedJob(kind=JobKind(kind), subject=subject, problem=problem)
