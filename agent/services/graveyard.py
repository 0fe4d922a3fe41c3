"""Burying: a job that was given up is listed, in the transaction that gives it to a person."""

from agent.domain.work import DeadLetter, LetterStatus
from agent.ports import UnitOfWork


def bury(work: UnitOfWork, letter: DeadLetter) -> DeadLetter:
    """List a job as given up; one that died before counts once more. Return the letter."""
    before = work.letters.get(letter.kind, letter.subject)
    deaths = before.deaths + 1 if before else 1
    after = letter.model_copy(update={"deaths": deaths, "status": LetterStatus.DEAD})
    work.letters.put(after)
    work.audit.add(
        letter.updated_at,
        "work",
        "job.dead",
        letter.item_id or letter.subject,
        job=letter.id,
        deaths=deaths,
    )
    return after
