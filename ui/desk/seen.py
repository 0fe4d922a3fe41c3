"""What a person may see: the queue and its counts, of their brands only."""

from collections import Counter
from collections.abc import Iterable

from agent.domain.ids import BrandId
from agent.domain.people import SignedIn
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
    if len(brands) == len(workspace().packs):
        return review.queue(query)
    return review.queue(query.model_copy(update={"brands": brands})) if brands else NOTHING


def visible_size(query: QueueQuery, page: QueuePage, person: SignedIn) -> int:
    """Return how many items fit, at most `COUNTED`; `page` is the first page of the query."""
    if page.next is None:
        return len(page.rows)
    brands = (query.brand_id,) if query.brand_id else visible_brands(person)
    return workspace().review.size(query.model_copy(update={"brands": brands}), COUNTED)


def visible_counts(person: SignedIn) -> Counter[ReviewStatus]:
    """Return how many items of the person's brands have each status."""
    counted: Counter[ReviewStatus] = Counter()
    for brand in visible_brands(person):
        counted.update(workspace().review.counts(brand).by_status)
    return counted


def visible_networks(person: SignedIn) -> list[str]:
    """Return the networks from which open items of the person's brands came."""
    counts = (workspace().review.counts(brand).by_channel for brand in visible_brands(person))
    return sorted({network for by_channel in counts for network in by_channel})


def deciders(brands: Iterable[BrandId]) -> list[Reviewer]:
    """Return the people who may decide on at least one of the brands, by name."""
    found = {one.id: one for brand in brands for one in workspace().review.deciders(brand)}
    return sorted(found.values(), key=lambda one: one.name.casefold())
