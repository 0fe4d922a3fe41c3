"""The archive: decided items by their words, and the proof that one item's record is whole."""

from collections.abc import Collection

from agent.domain.archives import ArchivePage, ArchiveQuery
from agent.domain.ids import BrandId, ItemId
from agent.domain.reports import AuditHead, AuditVerdict
from agent.domain.reviews import GENESIS, AuditEntry
from agent.ports import Store, UnitOfWork


class ArchiveService:
    """Reads only. The caller names the brands that may be seen."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def page(self, query: ArchiveQuery) -> ArchivePage:
        """Return one page, the last decided first."""
        with self._store.read() as work:
            return work.archive.page(query)

    def channels(self, brands: Collection[BrandId]) -> tuple[str, ...]:
        """Return the networks that decided items came from."""
        with self._store.read() as work:
            return work.archive.channels(brands)

    def verify(self, item_id: ItemId) -> AuditVerdict:
        """Check each audit entry of an item: its own seal, and its links to both neighbours.

        Proves that none of them was changed. That none was cut off is for the whole chain to
        prove: `TrailService.verify_audit`.
        """
        with self._store.read() as work:
            entries = work.audit.of(item_id)
            broken = next((e for e in entries if not _is_whole(work, e)), None)
        head = entries[-1] if entries else None
        return AuditVerdict(
            is_intact=broken is None,
            entries=len(entries),
            head=AuditHead(seq=head.seq if head else 0, hash=head.hash if head else GENESIS),
            problem=f"entry {broken.seq} was changed" if broken else "",
        )


def _is_whole(work: UnitOfWork, entry: AuditEntry) -> bool:
    near = work.audit.near(entry.seq)
    before = near.get(entry.seq - 1)
    follows = entry.previous_hash == (before.hash if before else GENESIS)
    after = near.get(entry.seq + 1)
    is_followed = after is None or after.previous_hash == entry.hash
    is_first = entry.seq == 1
    return (
        entry.hash == entry.seal() and follows and is_followed and (before is not None or is_first)
    )
