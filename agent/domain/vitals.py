"""How an installation is: figures of one moment, as true in every process, and what is wrong."""

from collections.abc import Mapping
from datetime import datetime

from pydantic import AwareDatetime

from agent.domain.base import Frozen
from agent.domain.channels import PostStatus
from agent.domain.ids import BrandId
from agent.domain.reviews import ReviewStatus
from agent.domain.work import Breaker, JobKind

JobCounts = Mapping[tuple[JobKind, str], int]
"""Jobs that have not ended well, by kind and state: `queued`, `delayed`, `running`, `failed`."""


class BrandVitals(Frozen):
    """One brand's queue."""

    brand_id: BrandId
    items: Mapping[ReviewStatus, int]
    """Every status, with its number of review items."""
    overdue: int = 0
    """Open items past their deadline."""
    oldest_open_at: AwareDatetime | None = None
    """When the message of the oldest open item came in."""
    undrafted: int = 0
    """Messages without a review item."""
    oldest_undrafted_at: AwareDatetime | None = None


class Vitals(Frozen):
    """What the store says at `at`."""

    at: AwareDatetime
    brands: tuple[BrandVitals, ...]
    posts: Mapping[PostStatus, int]
    waiting: Mapping[tuple[str, PostStatus], int]
    """Posts whose life goes on, by channel instance and status."""
    dead_letters: Mapping[JobKind, int]
    workers_alive: int
    workers_silent: int
    """Without a heartbeat, and not buried yet."""
    frozen: frozenset[str]
    """Brands on which posting is stopped; `*`: all."""
    breakers: tuple[Breaker, ...]


class Finding(Frozen):
    """One thing that is not as it should be; no secret and no customer in it."""

    name: str
    problem: str


def age_seconds(since: datetime | None, now: datetime) -> float:
    """Return how long ago `since` was, at least 0; 0 for None."""
    return max(0.0, (now - since).total_seconds()) if since else 0.0
