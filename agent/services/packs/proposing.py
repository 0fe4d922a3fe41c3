"""Proposals to change a brand's pack: opened, saved, examined, tried, withdrawn."""

from collections.abc import Mapping
from uuid import uuid4

from agent.domain.base import nfc
from agent.domain.errors import ProposalClosed
from agent.domain.ids import BrandId
from agent.domain.packs import (
    CASES_FOLDER,
    Changes,
    PackTexts,
    Proposal,
    ProposalStatus,
    Trial,
    changed,
    changes_between,
    refuse_path,
)
from agent.domain.reviews import Reviewer
from agent.ports import Clock, PackShelf, Store
from agent.services.guards import refuse_guide
from agent.services.packs import activation
from agent.services.packs.examining import Examination, Examiner
from agent.services.packs.keeping import active_of, keep, open_proposal, refuse_moved


class ProposalService:
    """Every change asks the store for the person's role; nothing here trusts a page."""

    def __init__(self, store: Store, clock: Clock, shelf: PackShelf, examiner: Examiner) -> None:
        self._store = store
        self._clock = clock
        self._shelf = shelf
        self._examiner = examiner

    def proposals(self, brand_id: BrandId) -> tuple[Proposal, ...]:
        """Return the proposals of a brand, the one touched last first."""
        with self._store.read() as work:
            return work.packs.proposals(brand_id)

    def proposal(self, proposal_id: str) -> Proposal:
        """Return a proposal.

        Raises:
            NotFound: there is no such proposal.
        """
        with self._store.read() as work:
            return work.packs.proposal(proposal_id)

    def propose(
        self, brand_id: BrandId, by: Reviewer, note: str = "", changes: Changes | None = None
    ) -> Proposal:
        """Open a proposal against the version in force.

        Raises:
            NotAllowed: this person is no lead of the brand.
        """
        now = self._clock.now()
        with self._store.write() as work:
            refuse_guide(work, by, brand_id)
            active = active_of(work, brand_id)
            proposal = Proposal(
                id=uuid4().hex[:12],
                brand_id=brand_id,
                owner=by,
                note=note.strip(),
                base=active.version,
                changes=_clean(changes or {}, work.packs.texts(brand_id, active.number)),
                created_at=now,
                updated_at=now,
            )
            work.packs.add_proposal(proposal)
            work.audit.add(now, by.id, "proposal.opened", proposal.id, brand=brand_id)
        return proposal

    def restore(self, brand_id: BrandId, number: int, by: Reviewer, note: str = "") -> Proposal:
        """Open a proposal that brings an older version back; its eval cases stay as they are.

        Raises:
            NotFound: there is no such version.
            NotAllowed: this person is no lead of the brand.
        """
        now_in_force = self._in_force(brand_id)
        kept = {p: t for p, t in now_in_force.items() if p.startswith(CASES_FOLDER)}
        with self._store.read() as work:
            old = work.packs.texts(brand_id, number)
        wanted = {p: t for p, t in old.items() if not p.startswith(CASES_FOLDER)} | kept
        return self.propose(brand_id, by, note, changes_between(now_in_force, wanted))

    def save(
        self,
        proposal_id: str,
        revision: int,
        by: Reviewer,
        changes: Mapping[str, str | None] | None = None,
        note: str | None = None,
    ) -> Proposal:
        """Add to a proposal's changes; a file that is as in force again is no change any more.

        The base moves to the version in force: what is saved was seen against it.

        Raises:
            NotAllowed: the person is no lead, or the proposal is somebody else's.
            ProposalClosed, ProposalChanged: it was closed, or saved by somebody meanwhile.
        """
        with self._store.write() as work:
            before = open_proposal(work, proposal_id, revision, by)
            active = active_of(work, before.brand_id)
            texts = work.packs.texts(before.brand_id, active.number)
            if changes:
                refuse_moved(work, before, texts, seen=changes)
            merged = {**before.changes, **(changes or {})}
            update = {"changes": _clean(merged, texts), "base": active.version}
            if note is not None:
                update["note"] = note.strip()
            return keep(work, before, update, self._clock.now())

    def withdraw(self, proposal_id: str, revision: int, by: Reviewer) -> Proposal:
        """Close a proposal without activating it; it stays in the list.

        Raises:
            NotAllowed, ProposalClosed, ProposalChanged: as in `save`.
        """
        with self._store.write() as work:
            before = open_proposal(work, proposal_id, revision, by)
            now = self._clock.now()
            work.audit.add(now, by.id, "proposal.withdrawn", before.id, brand=before.brand_id)
            return keep(work, before, {"status": ProposalStatus.WITHDRAWN}, self._clock.now())

    def take_over(self, proposal_id: str, revision: int, by: Reviewer) -> Proposal:
        """Make another lead the owner: only the owner saves and activates.

        Raises:
            NotAllowed, ProposalClosed, ProposalChanged: as in `save`.
        """
        with self._store.write() as work:
            before = open_proposal(work, proposal_id, revision, by, is_owner_needed=False)
            now = self._clock.now()
            work.audit.add(now, by.id, "proposal.taken_over", before.id, owner=before.owner.id)
            return keep(work, before, {"owner": by}, self._clock.now())

    def result(self, proposal: Proposal) -> PackTexts:
        """Return the pack as the proposal would leave it today."""
        return changed(self._in_force(proposal.brand_id), proposal.changes)

    def problems(self, proposal: Proposal) -> Examination:
        """Return why the result does not load, quickly; lint is left out."""
        texts = self.result(proposal)
        version = self._shelf.version_of(texts)
        return Examination(version=version, problems=self._examiner.problems(texts))

    def examine(self, proposal: Proposal) -> Examination:
        """Return all that is to be said of the result."""
        return self._examiner.examine(self.result(proposal), self._clock.now().date())

    def record_trial(self, proposal_id: str, trial: Trial) -> Proposal:
        """Keep what a what-if found; it counts as long as neither side of it changes.

        Raises:
            NotAllowed: the person who asked is no lead of the brand.
            ProposalClosed: it was closed meanwhile.
        """
        with self._store.write() as work:
            before = work.packs.proposal(proposal_id)
            refuse_guide(work, trial.by, before.brand_id)
            if not before.is_open:
                raise ProposalClosed
            after = before.model_copy(update={"trial": trial})
            work.packs.save_proposal(after)
            colour = trial.colour.value
            detail = {"colour": colour, "current": trial.current, "changes": trial.changes_sha256}
            work.audit.add(trial.at, trial.by.id, "proposal.tried", before.id, **detail)
            return after

    def blockers(self, proposal: Proposal) -> tuple[str, ...]:
        """Return what blocks activation unless a person gives a reason."""
        with self._store.read() as work:
            active = active_of(work, proposal.brand_id)
        return activation.causes_of(proposal, active, self.examine(proposal))

    def _in_force(self, brand_id: BrandId) -> PackTexts:
        with self._store.read() as work:
            return work.packs.texts(brand_id, active_of(work, brand_id).number)


def _clean(changes: Mapping[str, str | None], active: PackTexts) -> Changes:
    """Return the changes that change something, in NFC, in the order of their paths."""
    for path in changes:
        refuse_path(path)
    tidy = {path: None if text is None else nfc(text) for path, text in sorted(changes.items())}
    return {path: text for path, text in tidy.items() if active.get(path) != text}
