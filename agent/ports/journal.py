"""The journal: what happened, under closed names, with ids and figures and nothing else.

The logs and the counters are made from the same entries, so they cannot disagree. What a customer
wrote, a name, an address or a secret has no field here to stand in.
"""

import logging
from enum import StrEnum
from typing import TypedDict, Unpack

NAME = "portevoix"
"""The logger that carries the entries; nothing else is written to it."""
_LOG = logging.getLogger(NAME)
# Without it, a program that set no logs up would print warnings on standard error.
_LOG.addHandler(logging.NullHandler())


class Happened(StrEnum):
    """Every name of an entry."""

    PROCESS_STARTED = "process.started"
    PROCESS_STOPPED = "process.stopped"
    PROCESS_FAILED = "process.failed"
    """An error nobody foresaw, in a thread or a process."""
    CHANNEL_READ = "channel.read"
    CHANNEL_FAILED = "channel.failed"
    CHANNEL_LEFT_ALONE = "channel.left_alone"
    CHANNEL_BACK = "channel.back"
    MESSAGE_DRAFTED = "message.drafted"
    DECIDED = "item.decided"
    POST = "post.attempted"
    JOB_DONE = "job.done"
    JOB_FAILED = "job.failed"
    JOB_GIVEN_UP = "job.given_up"
    JOBS_TAKEN_OVER = "jobs.taken_over"
    ROUND_FAILED = "round.failed"
    MODEL_CALLED = "model.called"
    CHECKS_FAILED = "checks.failed"
    """The rubric could not run on a text on screen; it counts as not checked."""
    PAGE_FAILED = "page.failed"
    METRICS_NOT_SERVED = "metrics.not_served"
    LIBRARY = "library"
    """A library logged something: told by its name and place, never in its words."""


class Facts(TypedDict, total=False):
    """The fields there are. Ids, closed names, counts and durations."""

    brand: str
    channel: str
    message: str
    """A message's id, as every name here: never its text."""
    item: str
    post: str
    decision: str
    job: str
    """The subject of a job: an id."""
    kind: str
    worker: str
    role: str
    model: str
    outcome: str
    """A closed name: what came of it."""
    route: str
    drafter: str
    rules: tuple[str, ...]
    """Ids of the rules that a draft does not pass."""
    steps: tuple[str, ...]
    """Steps of the flow that failed."""
    error: str
    """An error's class."""
    place: str
    """File and line."""
    port: int
    count: int
    edited: int
    attempt: int
    prompt_tokens: int
    completion_tokens: int
    duration_ms: float


def note(what: Happened, level: int = logging.INFO, **facts: Unpack[Facts]) -> None:
    """Write one entry."""
    _LOG.log(level, what.value, extra={"facts": facts})
