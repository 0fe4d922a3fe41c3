"""What-ifs and eval runs in the background: a process of their own, followed through a file.

The desk starts one and goes on serving; any desk process, or the same one after a restart, reads
how far it is. A process that ends without a word is told by the silence of its file.
"""

import subprocess
import sys
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import AwareDatetime, ValidationError

from agent.domain.base import Frozen
from agent.domain.errors import ConfigurationError
from agent.domain.ids import BrandId
from agent.domain.packs import Proposal
from agent.domain.reviews import Reviewer
from agent.services.guards import refuse_guide

if TYPE_CHECKING:
    from agent.bootstrap import Workspace

STATUS = "status.json"
RUNS, WHATIFS = "evals", "what-if"
"""The folders of the workspace they leave their files in."""
SILENCE = timedelta(minutes=3)
"""After this it is taken for dead. Loading the recognisers takes seconds, or many."""
_started: list[subprocess.Popen[bytes]] = []


class JobState(StrEnum):
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    LOST = "lost"
    """It ended without a word: start it again."""


class Job(Frozen):
    """One background run."""

    name: str
    """Of its folder."""
    brand: str
    started_at: AwareDatetime
    beat_at: AwareDatetime
    """When it was last heard of."""
    state: JobState = JobState.RUNNING
    done: int = 0
    total: int = 0
    problem: str = ""

    def as_of(self, now: datetime) -> "Job":
        """Return the job, lost if it has been silent for too long."""
        if self.state is JobState.RUNNING and now - self.beat_at > SILENCE:
            return self.model_copy(update={"state": JobState.LOST})
        return self


def job_in(folder: Path, now: datetime) -> Job | None:
    """Return the job of a folder, or None: nothing was ever started there."""
    try:
        return Job.model_validate_json((folder / STATUS).read_text("utf-8")).as_of(now)
    except (OSError, ValidationError):
        return None


def keep_job(folder: Path, job: Job) -> None:
    """Write the job's file so that a reader never sees half of it."""
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / f".{STATUS}.part"
    partial.write_text(job.model_dump_json(), "utf-8")
    partial.replace(folder / STATUS)


def start_whatif(space: "Workspace", proposal: Proposal, by: Reviewer, last: int) -> Job:
    """Ask in the background what a proposal would have done to the last items and to the cases.

    Raises:
        NotAllowed: this person is no lead of the brand.
        ConfigurationError: the workspace's folder cannot be written.
    """
    given = ["--proposal", proposal.id, "--last", str(last)]
    name = f"{proposal.id}-{proposal.changes_sha256[:12]}"
    return _start(space, WHATIFS, name, proposal.brand_id, by, ["whatif", *given])


def start_run(space: "Workspace", brand_id: BrandId, by: Reviewer, suite: str) -> Job:
    """Run the cases of a brand under its pack in force, in the background.

    Raises:
        NotAllowed: this person is no lead of the brand.
        ConfigurationError: the workspace's folder cannot be written.
    """
    name = f"{space.clock.now():%Y%m%d-%H%M%S}-{brand_id}-{suite}"
    return _start(space, RUNS, name, brand_id, by, ["run", "--suite", suite])


def _start(
    space: "Workspace", place: str, name: str, brand_id: BrandId, by: Reviewer, words: list[str]
) -> Job:
    with space.store.read() as work:
        refuse_guide(work, by, brand_id)
    now = space.clock.now()
    folder = space.settings.workspace / place / name
    known = job_in(folder, now)
    if known is not None and known.state is JobState.RUNNING:
        return known
    job = Job(name=name, brand=brand_id, started_at=now, beat_at=now)
    try:
        keep_job(folder, job)
    except OSError as error:
        raise ConfigurationError(f"{folder}: cannot be written ({error.strerror})") from None
    where = ["--workspace", str(space.settings.workspace.resolve()), "--folder", str(folder)]
    who = ["--brand", brand_id, "--by", by.id, "--name", by.name]
    command = [sys.executable, "-m", "evals.background", *words, *where, *who]
    _started[:] = [process for process in _started if process.poll() is None]
    with (folder / "log.txt").open("wb") as log:
        _started.append(subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log))
    return job


def jobs(space: "Workspace", place: str, brand_id: BrandId) -> tuple[Job, ...]:
    """Return the background runs of a brand, newest first."""
    folder, now = space.settings.workspace / place, space.clock.now()
    if not folder.is_dir():
        return ()
    found = (job_in(one, now) for one in folder.iterdir() if one.is_dir())
    mine = [job for job in found if job is not None and job.brand == brand_id]
    return tuple(sorted(mine, key=lambda job: (job.started_at, job.name), reverse=True))
