"""What every change of a pack asks first, and how a proposal is kept."""

from collections.abc import Mapping
from datetime import datetime

from agent.domain.errors import ConfigurationError, NotAllowed, ProposalChanged, ProposalClosed
from agent.domain.ids import BrandId
from agent.domain.packs import PackStamp, PackTexts, Proposal
from agent.domain.reviews import Reviewer
from agent.ports import UnitOfWork
from agent.services.guards import refuse_guide
from agent.services.packs import activation


def active_of(work: UnitOfWork, brand_id: BrandId) -> PackStamp:
    """Return the version in force.

    Raises:
        ConfigurationError: none was recorded yet.
    """
    active = work.packs.active(brand_id)
    if active is None:
        raise ConfigurationError(f"{brand_id}: no version is recorded; start the desk again")
    return active


def open_proposal(
    work: UnitOfWork,
    proposal_id: str,
    revision: int,
    by: Reviewer,
    *,
    is_owner_needed: bool = True,
) -> Proposal:
    """Return a proposal that `by` may change as they saw it.

    Raises:
        NotAllowed: the person is no lead of the brand, or the proposal is somebody else's.
        ProposalClosed, ProposalChanged: it was closed, or saved by somebody meanwhile.
    """
    proposal = work.packs.proposal(proposal_id)
    refuse_guide(work, by, proposal.brand_id)
    if not proposal.is_open:
        raise ProposalClosed
    if is_owner_needed and proposal.owner.id != by.id:
        raise NotAllowed(f"this proposal is {proposal.owner.name}'s; take it over first")
    if proposal.revision != revision:
        raise ProposalChanged
    return proposal


def keep(
    work: UnitOfWork, before: Proposal, update: Mapping[str, object], now: datetime
) -> Proposal:
    """Store a proposal with some fields changed, as its next revision."""
    step = {"revision": before.revision + 1, "updated_at": now}
    after = before.model_copy(update={**update, **step})
    work.packs.save_proposal(after)
    return after


def refuse_moved(
    work: UnitOfWork,
    proposal: Proposal,
    active: PackTexts,
    seen: Mapping[str, str | None] | None = None,
) -> None:
    """Raise `PackConflict` for a file that an activation changed since, but those `seen` now."""
    versions = work.packs.versions(proposal.brand_id)
    number = next(one.number for one in versions if one.version == proposal.base)
    base = work.packs.texts(proposal.brand_id, number)
    rest = {path: text for path, text in proposal.changes.items() if path not in (seen or {})}
    activation.refuse_conflict(proposal.model_copy(update={"changes": rest}), base, active)
