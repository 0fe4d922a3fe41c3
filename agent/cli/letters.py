"""`portevoix jobs`: what was given up, and trying it again."""

from collections.abc import Iterator
from pathlib import Path

from agent.bootstrap import open_workspace
from agent.cli.console import operator
from agent.domain.errors import ConfigurationError, NotAllowed
from agent.domain.work import DeadLetter, LetterStatus
from agent.settings import load_settings


def listing(workspace: Path | None) -> Iterator[str]:
    """Yield a line a job, and how to go on."""
    letters = open_workspace(load_settings(workspace)).letters
    found, asked = letters.of(LetterStatus.DEAD), letters.of(LetterStatus.RETRYING)
    yield from map(_line, found)
    yield from (f"{_line(one)} (being tried again)" for one in asked)
    if not found and not asked:
        yield "No job waits that was given up."


def _line(letter: DeadLetter) -> str:
    item = f" item {letter.item_id}" if letter.item_id else ""
    return f"{letter.id}  {letter.died_at:%Y-%m-%d %H:%M} UTC{item}: {letter.problem}"


def retry_jobs(
    workspace: Path | None, job: str | None, name: str | None, *, every: bool
) -> Iterator[str]:
    """Ask for one job again, or for all; yield a line each.

    Raises:
        ConfigurationError: neither or both were named.
        NotFound: nothing of that name was given up.
        NotAllowed: only a person can do it now.
    """
    if (job is None) != every:
        raise ConfigurationError("name one job, or say --all: portevoix jobs dead lists them")
    letters, by = open_workspace(load_settings(workspace)).letters, operator(name)
    if job is not None:
        yield f"{letters.retry(job, by).id}: a worker tries it again at its next round"
        return
    for letter in letters.of(LetterStatus.DEAD):
        try:
            letters.retry(letter.id, by)
        except NotAllowed as error:
            yield str(error)
        else:
            yield f"{letter.id}: a worker tries it again at its next round"


def close_job(workspace: Path | None, job: str, name: str | None) -> str:
    """Take a job off the list; return what to say.

    Raises:
        NotFound: nothing of that name was given up.
    """
    open_workspace(load_settings(workspace)).letters.close(job, operator(name))
    return f"{job}: closed"
