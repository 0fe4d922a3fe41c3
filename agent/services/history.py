"""What has been through the desk: for replaying it under another guide."""

import heapq
from collections.abc import Iterator

from agent.domain.desk import AuthorHistory
from agent.domain.ids import BrandId, ItemId
from agent.domain.reviews import QueueQuery, QueueRow, ReviewItem, ReviewStatus
from agent.ports import Store

_PAGE = 200
_LISTED = 5
"""Earlier messages of one author that are listed."""


class HistoryService:
    """Reads only."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def last(self, brand_id: BrandId, count: int) -> tuple[ReviewItem, ...]:
        """Return the `count` items that came in last, whatever became of them, oldest first.

        Their messages are as the customers wrote them: redact before showing or keeping any.
        """
        newest = heapq.nlargest(count, self._rows(brand_id), key=lambda r: (r.received_at, r.id))
        with self._store.read() as work:
            return tuple(work.items.view(row.id) for row in reversed(newest))

    def of_author(self, item_id: ItemId) -> AuthorHistory:
        """Return what the author of an item wrote before it to this brand on this network.

        Nobody is named in it.
        """
        with self._store.read() as work:
            return work.authors.history(item_id, _LISTED)

    def _rows(self, brand_id: BrandId) -> Iterator[QueueRow]:
        after: str | None = None
        while True:
            query = QueueQuery(
                brand_id=brand_id, statuses=tuple(ReviewStatus), after=after, limit=_PAGE
            )
            with self._store.read() as work:
                page = work.queue.page(query)
            # What was removed teaches nothing.
            yield from (row for row in page.rows if row.purged_at is None)
            if page.next is None:
                return
            after = page.next
