"""What a person may see: the queue and its counts, of their brands only."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from agent.domain.ids import BrandId
from agent.domain.people import EVERY_BRAND, SignedIn
from agent.domain.reviews import QueuePage, QueueQuery, Reviewer, ReviewStatus
from ui.desk.workspace import workspace

NOTHING = QueuePage(rows=())
COUNTED = 1000
"""Counting stops there: nobody needs to know how far beyond a filtered list goes."""


def visible_brands(person: SignedIn) -> tuple[BrandId, ...]:
    """Return the brands on which the person has a role."""
    return tuple(brand for brand in workspace().packs if person.role_for(brand) is not None)


def visible_page(query: QueueQuery, person: SignedIn) -> QueuePage:
    """Return one page of the queue without what the person may not see."""
    review, brands = workspace().review, visible_brands(person)
    if query.brand_id is not None:
        return review.queue(query) if query.brand_id in brands else NOTHING
    if EVERY_BRAND in person.roles:
        return review.queue(query)
    if len(brands) == 1:
        return review.queue(query.model_copy(update={"brand_id": brands[0]}))
    # Never the whole queue: it may hold items of a brand that is not loaded here.
    return review.queue(query.model_copy(update={"brands": brands})) if brands else NOTHING


def visible_size(query: QueueQuery, page: QueuePage, person: SignedIn) -> int:
    """Return how many items fit, at most `COUNTED`; `page` is the first page of the query."""
    if page.next is None:
        return len(page.rows)
    brands = (query.brand_id,) if query.brand_id else visible_brands(person)
    return workspace().review.size(query.model_copy(update={"brands": brands}), COUNTED)


@dataclass(frozen=True)
class SeenCounts:
    """How many items of the person's brands there are, and from which networks."""

    by_status: Counter[ReviewStatus]
    networks: tuple[str, ...]


def seen_counts(person: SignedIn) -> SeenCounts:
    """Return the counts of the person's brands; read once a page."""
    by_status: Counter[ReviewStatus] = Counter()
    networks: set[str] = set()
    for brand in visible_brands(person):
        counts = workspace().review.counts(brand)
        by_status.update(counts.by_status)
        networks |= set(counts.by_channel)
    return SeenCounts(by_status, tuple(sorted(networks)))


def deciders(brands: Iterable[BrandId]) -> list[Reviewer]:
    """Return the people who may decide on at least one of the brands, by name."""
    found = {one.id: one for brand in brands for one in workspace().review.deciders(brand)}
    return sorted(found.values(), key=lambda one: one.name.casefold())
