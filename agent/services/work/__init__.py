"""Work as jobs: what is due, doing it, the workers, and what had to be given up."""

from agent.services.work.foreman import Foreman
from agent.services.work.jobs import JobService
from agent.services.work.letters import LetterService
from agent.services.work.workers import CrewService

__all__ = ["CrewService", "Foreman", "JobService", "LetterService"]
