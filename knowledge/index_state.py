"""How far a search index is from the passages it should hold; nothing is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.chroma_index import read_hashes, wanted_hashes
from knowledge.index_lock import own, release
from knowledge.passages import Passage


@dataclass(frozen=True)
class IndexState:
    """Passages by what the index has of them."""

    missing: int
    changed: int
    gone: int
    """In the index and no longer in the pack."""
    fresh: int

    @property
    def is_fresh(self) -> bool:
        """Whether the index holds exactly the passages."""
        return not (self.missing or self.changed or self.gone)


def index_state(folder: Path, passages: Sequence[Passage]) -> IndexState:
    """Compare the index in `folder` with `passages`.

    Raises:
        IndexInUse: another process owns the folder.
        IndexUnusable: its index is broken.
    """
    own(folder)
    try:
        known = read_hashes(folder)
    finally:
        release(folder)
    wanted = wanted_hashes(passages)
    changed = sum(key in known and known[key] != content for key, content in wanted.items())
    missing = len(wanted.keys() - known.keys())
    return IndexState(
        missing=missing,
        changed=changed,
        gone=len(known.keys() - wanted.keys()),
        fresh=len(wanted) - missing - changed,
    )
