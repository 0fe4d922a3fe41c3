"""The foreman: one round of looking. Every worker has one, and none is needed more than another."""

import logging

from agent.domain.work import FailedJob
from agent.ports.journal import Happened, note
from agent.ports.work import WorkEngine
from agent.services.work.jobs import JobService, Report
from agent.services.work.letters import LetterService
from agent.services.work.workers import CrewService

DEATHS_PER_JOB = 10
"""Workers that may die with a job in hand before the job itself is taken for the cause."""


class Foreman:
    """Gives up what failed, takes over from the dead, and names what is due."""

    def __init__(
        self,
        engine: WorkEngine,
        crew: CrewService,
        letters: LetterService,
        jobs: JobService,
        say: Report,
    ) -> None:
        self._engine = engine
        self._crew = crew
        self._letters = letters
        self._jobs = jobs
        self._say = say

    def round(self, every: float) -> int:
        """Look once, and return how many jobs were added."""
        for failed in self._engine.failed():
            self._give_up(failed)
        self._jobs.tell()
        self._letters.close_settled()
        self.relieve()
        return self._engine.enqueue(self._jobs.due(every))

    def relieve(self) -> None:
        """Let others go on with the jobs of workers that are taken for dead."""
        self._crew.adopt(self._engine.holders())
        while (dead := self._crew.take_dead()) is not None:
            held = self._engine.held(dead)
            fatal = {job for job in held if self._crew.resumed(job.key) > DEATHS_PER_JOB}
            self._engine.resume([job.key for job in held if job not in fatal])
            for job in fatal:
                because = f"{DEATHS_PER_JOB} workers died with it in hand"
                self._give_up(job.model_copy(update={"problem": because}))
            self._crew.bury(dead)
            if held:
                note(Happened.JOBS_TAKEN_OVER, logging.WARNING, worker=dead, count=len(held))
                self._say(f"{len(held)} jobs of worker {dead} go on")

    def _give_up(self, failed: FailedJob) -> None:
        """First to a person, then out of the engine: a crash in between repeats, and loses none."""
        letter = self._letters.give_up(failed)
        self._engine.forget([failed.key])
        if letter is not None:
            kind, subject = failed.kind.value, failed.subject
            note(Happened.JOB_GIVEN_UP, logging.ERROR, kind=kind, job=subject)
            self._say(f"{failed.key}: given up, its item is in review: {failed.problem}")
        elif failed.problem:
            self._say(f"{failed.key}: {failed.problem}")
