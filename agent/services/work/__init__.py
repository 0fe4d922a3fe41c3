"""Work as jobs: what is due, doing it, the workers, and what had to be given up."""

from agent.services.work.foreman import Foreman
from agent.services.work.jobs import Alarms, JobService
from agent.services.work.letters import LetterService
from agent.services.work.workers import CrewService

__all__ = ["Alarms", "CrewService", "Foreman", "JobService", "LetterService"]
