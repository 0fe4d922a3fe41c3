"""The versions of a brand's pack, and the one act that puts another one in force."""

from agent.domain.base import nfc
from agent.domain.errors import (
    BrandIdChanged,
    ConfigurationError,
    IncompleteDecision,
    ProposalChanged,
)
from agent.domain.ids import BrandId, GuidelineVersion, PersonId
from agent.domain.packs import (
    Changes,
    PackStamp,
    PackTexts,
    Proposal,
    ProposalStatus,
    changed,
    changes_between,
)
from agent.domain.reviews import Reviewer
from agent.ports import Clock, PackShelf, Store, UnitOfWork
from agent.services.packs import activation
from agent.services.packs.examining import Examiner
from agent.services.packs.keeping import active_of, keep, open_proposal, refuse_moved

FOLDER = Reviewer(id=PersonId("folder"), name="folder")
"""Who a version is by that was found in the pack's folder: whoever edited the files there."""
_STALE = "the guidelines changed after this draft was made"


class PackService:
    """Versions and activation; see `ProposalService` for what comes before."""

    def __init__(self, store: Store, clock: Clock, shelf: PackShelf, examiner: Examiner) -> None:
        self._store = store
        self._clock = clock
        self._shelf = shelf
        self._examiner = examiner

    def adopt(self, brand_id: BrandId) -> PackStamp:
        """Take what is in the folder as the version in force; called as a desk or worker starts.

        A folder that is as a former version left it was not edited by hand: an activation was cut
        short before it wrote the folder, or was made on another machine. It is written again.

        Raises:
            BrandPackError: the folder cannot be read, or its pack does not load.
            ConfigurationError: the folder is left behind and cannot be written.
        """
        self.catch_up(brand_id)
        texts = self._shelf.read(brand_id)
        version = self._shelf.version_of(texts)
        with self._store.read() as work:
            active = work.packs.active(brand_id)
        if active is not None and active.version == version:
            return active
        self._shelf.parse(texts)
        with self._store.write() as work:
            active = work.packs.active(brand_id)
            if active is not None and active.version == version:
                return active
            return self._put_in_force(work, brand_id, texts, FOLDER, is_new=active is not None)

    def catch_up(self, brand_id: BrandId) -> bool:
        """Write the folder from the store if it is as a former version left it; say whether.

        Raises:
            BrandPackError: the folder cannot be read.
            ConfigurationError: the folder cannot be written; it is as it was.
        """
        on_disk = self._shelf.read(brand_id)
        with self._store.read() as work:
            wanted = _left_behind(work, brand_id, on_disk, self._shelf.version_of(on_disk))
        if wanted is None:
            return False
        self._shelf.stage(brand_id, on_disk, wanted)
        self._shelf.carry_out(brand_id)
        return True

    def versions(self, brand_id: BrandId) -> tuple[PackStamp, ...]:
        """Return every activation, newest first."""
        with self._store.read() as work:
            return work.packs.versions(brand_id)

    def texts(self, brand_id: BrandId, number: int) -> PackTexts:
        """Return the files of one activation.

        Raises:
            NotFound: there is no such number.
        """
        with self._store.read() as work:
            return work.packs.texts(brand_id, number)

    def current(self, brand_id: BrandId) -> tuple[PackStamp, PackTexts]:
        """Return the version in force and its files.

        Raises:
            ConfigurationError: none was recorded yet.
        """
        with self._store.read() as work:
            stamp = active_of(work, brand_id)
            return stamp, work.packs.texts(brand_id, stamp.number)

    def edited_by_hand(self, brand_id: BrandId) -> Changes:
        """Return what somebody changed in the folder since the last activation.

        Nothing in a folder that is left behind: see `adopt`.
        """
        on_disk = self._shelf.read(brand_id)
        with self._store.read() as work:
            if _left_behind(work, brand_id, on_disk, self._shelf.version_of(on_disk)):
                return {}
            texts = work.packs.texts(brand_id, active_of(work, brand_id).number)
        return changes_between(texts, on_disk)

    def activate(
        self, proposal_id: str, revision: int, by: Reviewer, override_reason: str = ""
    ) -> PackStamp:
        """Put a proposal in force: version and stale drafts, all or nothing; then the folder.

        A folder that cannot take the change refuses it before anything is recorded. One that fails
        afterwards stays as it was; the version is in force, and the next start writes the folder.

        Raises:
            NotAllowed: this person is no lead of the brand, or not the owner.
            ProposalClosed, ProposalChanged: it was closed, or saved by somebody meanwhile.
            PackConflict: a file it changes was changed by another activation since.
            FolderChanged: the folder was edited by hand since the last activation.
            BrandPackError: the result does not load.
            BlockedByGate: no what-if, a red one, or lint errors, and no reason given.
            ConfigurationError: the folder cannot be written; says whether the version is in force.
        """
        with self._store.read() as work:
            planned = work.packs.proposal(proposal_id)
            texts = work.packs.texts(planned.brand_id, active_of(work, planned.brand_id).number)
        self.catch_up(planned.brand_id)
        # Before the transaction: lint takes a second, and everybody else would wait for it.
        result = changed(texts, planned.changes)
        seen = self._examiner.examine(result, self._clock.now().date())
        with self._store.write() as work:
            proposal = open_proposal(work, proposal_id, revision, by)
            brand_id = proposal.brand_id
            active = active_of(work, brand_id)
            before = work.packs.texts(brand_id, active.number)
            refuse_moved(work, proposal, before)
            after = changed(before, proposal.changes)
            if after == before:
                raise IncompleteDecision("this proposal changes nothing; change a file first")
            if after != result:
                raise ProposalChanged
            activation.refuse_unloadable(seen)
            self._refuse_other_brand(after, brand_id)
            causes = activation.causes_of(proposal, active, seen)
            activation.refuse_blocked(causes, override_reason)
            reason = nfc(override_reason.strip()) if causes else ""
            stamp = self._put_in_force(
                work, brand_id, after, by, proposal, reason, causes, is_new=True
            )
            keep(work, proposal, {"status": ProposalStatus.ACTIVATED}, self._clock.now())
            # Last: a folder that refuses takes everything back.
            self._shelf.stage(brand_id, before, after)
        self._write_folder(brand_id, stamp)
        return stamp

    def _write_folder(self, brand_id: BrandId, stamp: PackStamp) -> None:
        """Put what is staged in place; after the commit, so that it is never ahead."""
        try:
            self._shelf.carry_out(brand_id)
        except ConfigurationError as error:
            raise ConfigurationError(
                f"version {stamp.number} is in force, but not in its folder yet: {error}; the next"
                " start writes it"
            ) from None

    def _put_in_force(
        self,
        work: UnitOfWork,
        brand_id: BrandId,
        texts: PackTexts,
        by: Reviewer,
        proposal: Proposal | None = None,
        reason: str = "",
        causes: tuple[str, ...] = (),
        *,
        is_new: bool,
    ) -> PackStamp:
        now = self._clock.now()
        last = work.packs.active(brand_id)
        stamp = PackStamp(
            brand_id=brand_id,
            number=last.number + 1 if last else 1,
            version=self._shelf.version_of(texts),
            at=now,
            by=by,
            note=proposal.note if proposal else "",
            proposal_id=proposal.id if proposal else None,
            override_reason=reason,
        )
        if not work.packs.add_version(stamp, texts):
            raise ProposalChanged("another process recorded a version at this moment; try again")
        stale = work.items.mark_stale(brand_id, stamp.version, _STALE, now) if is_new else 0
        work.brands.see(brand_id, stamp.version, now)
        work.audit.add(
            now,
            by.id,
            "pack.activated",
            brand_id,
            number=stamp.number,
            version=stamp.version,
            proposal=stamp.proposal_id,
            overridden=list(causes) if reason else [],
            stale=stale,
        )
        return stamp

    def _refuse_other_brand(self, texts: PackTexts, brand_id: BrandId) -> None:
        found = self._shelf.parse(texts).policy.brand.id
        if found != brand_id:
            raise BrandIdChanged(brand_id, found)


def _left_behind(
    work: UnitOfWork, brand_id: BrandId, on_disk: PackTexts, version: GuidelineVersion
) -> PackTexts | None:
    """Return what the folder should hold if it holds exactly what a former version did."""
    active = work.packs.active(brand_id)
    if active is None:
        return None
    wanted = work.packs.texts(brand_id, active.number)
    if on_disk == wanted:
        return None
    former = (one.number for one in work.packs.versions(brand_id) if one.version == version)
    is_known = any(work.packs.texts(brand_id, number) == on_disk for number in former)
    return wanted if is_known else None
