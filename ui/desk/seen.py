"""What a person may see: the queue and its counts, of their brands only."""

from collections import Counter

from agent.domain.ids import BrandId
from agent.domain.people import SignedIn
from agent.domain.reviews import QueuePage, QueueQuery, ReviewStatus
from ui.desk.workspace import workspace


def visible_brands(person: SignedIn) -> tuple[BrandId, ...]:
    """Return the brands on which the person has a role."""
    return tuple(brand for brand in workspace().packs if person.role_for(brand) is not None)


def visible_page(query: QueueQuery, person: SignedIn) -> QueuePage:
    """Return one page of the queue without what the person may not see."""
    review, brands = workspace().review, visible_brands(person)
    if query.brand_id is not None:
        return review.queue(query) if query.brand_id in brands else QueuePage(rows=())
    if len(brands) == len(workspace().packs):
        return review.queue(query)
    pages = [review.queue(query.model_copy(update={"brand_id": brand})) for brand in brands]
    rows = [row for page in pages for row in page.rows]
    following = next((page.next for page in pages if page.next), None)
    return QueuePage(rows=tuple(rows), next=following)


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
