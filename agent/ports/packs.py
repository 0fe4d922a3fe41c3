"""Brand packs as the services see them: their folder, and what the store keeps of them."""

from collections.abc import Mapping
from typing import Protocol

from agent.domain.brand import BrandPack
from agent.domain.ids import BrandId, GuidelineVersion
from agent.domain.packs import Learned, PackStamp, PackTexts, Proposal


class PackShelf(Protocol):
    """The folders of the packs, and how their texts are read."""

    def read(self, brand_id: BrandId) -> PackTexts:
        """Return the files of a pack as they are on disk, its own eval cases included.

        Raises:
            BrandPackError: the folder or a file cannot be read.
        """
        ...

    def stage(self, brand_id: BrandId, before: PackTexts, after: PackTexts) -> None:
        """Make all ready to turn the folder from `before` into `after`; no file has changed yet.

        Raises:
            FolderChanged: a file on disk is neither as in `before` nor as in `after`.
            ConfigurationError: the folder cannot be written.
        """
        ...

    def carry_out(self, brand_id: BrandId) -> None:
        """Put what was staged in its place, all of it or nothing.

        Raises:
            ConfigurationError: the folder cannot be written; it is as it was.
        """
        ...

    def parse(self, texts: Mapping[str, str]) -> BrandPack:
        """Return the pack these texts make.

        Raises:
            BrandPackError: every problem, with file and line.
        """
        ...

    def version_of(self, texts: Mapping[str, str]) -> GuidelineVersion:
        """Return the content hash of these texts, valid or not."""
        ...


class Packs(Protocol):
    """Versions that were activated, proposals, and what was said of suggestions."""

    def active(self, brand_id: BrandId) -> PackStamp | None:
        """Return the version in force, or None: none was recorded yet."""
        ...

    def versions(self, brand_id: BrandId) -> tuple[PackStamp, ...]:
        """Return every activation, newest first."""
        ...

    def texts(self, brand_id: BrandId, number: int) -> PackTexts:
        """Return the files of one activation.

        Raises:
            NotFound: there is no such number.
        """
        ...

    def add_version(self, stamp: PackStamp, texts: PackTexts) -> bool:
        """Store an activation; False: another process stored that number first."""
        ...

    def add_proposal(self, proposal: Proposal) -> None:
        """Store a new proposal."""
        ...

    def proposal(self, proposal_id: str) -> Proposal:
        """Return a proposal; in a write nobody else changes it until the end.

        Raises:
            NotFound: there is no such proposal.
        """
        ...

    def proposals(self, brand_id: BrandId) -> tuple[Proposal, ...]:
        """Return the proposals of a brand, the one touched last first."""
        ...

    def save_proposal(self, proposal: Proposal) -> None:
        """Replace a proposal read in this transaction."""
        ...

    def learned(self, brand_id: BrandId) -> tuple[Learned, ...]:
        """Return what was said of suggestions, oldest first."""
        ...

    def settle(self, learned: Learned) -> None:
        """Record what was said of a suggestion; the last word counts."""
        ...
