"""What every change of a review item refuses: a decided item, another's claim, a lacking role."""

from datetime import datetime

from agent.domain.errors import AlreadyDecided, ClaimedByOther, NotAllowed
from agent.domain.ids import BrandId
from agent.domain.people import AtDesk, strongest
from agent.domain.records import ItemState
from agent.domain.reviews import Reviewer
from agent.ports import UnitOfWork


def refuse_decided(work: UnitOfWork, state: ItemState) -> None:
    """Raise `AlreadyDecided` with who and what, unless the item is open."""
    if state.status.is_open:
        return
    made = [r.decision for r in work.outbox.decisions(state.id) if r.round == state.round]
    by = made[-1].by.name if made else "somebody"
    raise AlreadyDecided(by, made[-1].kind.value if made else state.status.value)


def refuse_claimed(state: ItemState, by: Reviewer, now: datetime) -> None:
    """Raise `ClaimedByOther` while somebody else's claim holds."""
    lease = state.lease
    if lease is not None and lease.by.id != by.id and lease.until > now:
        raise ClaimedByOther(lease.by.name, f"{lease.until:%H:%M} UTC")


def refuse_role(work: UnitOfWork, by: Reviewer, brand_id: BrandId, *, is_required: bool) -> None:
    """Raise `NotAllowed` unless `by` may decide on this brand.

    A person the store does not know is let through only where nobody has to sign in. Somebody at
    the desk must still be signed in: the session is read in this transaction.
    """
    if isinstance(by, AtDesk):
        refuse_ended(work, by)
    roles = work.people.roles(by.id)
    if roles is None and not is_required:
        return
    role = strongest(roles or {}, brand_id)
    if role is None or not role.may_decide:
        raise NotAllowed(f"{by.name} may not decide for {brand_id}; ask an administrator")


def refuse_stranger(work: UnitOfWork, by: Reviewer, *, is_required: bool) -> None:
    """Raise `NotAllowed` unless `by` may still look at some brand: for what is their own alone.

    As `refuse_role` does, this lets a person whom the store does not know through only where
    nobody has to sign in, and reads the session of somebody at the desk in this transaction.
    """
    if isinstance(by, AtDesk):
        refuse_ended(work, by)
    roles = work.people.roles(by.id)
    if roles is None and not is_required:
        return
    if not roles:
        raise NotAllowed(f"{by.name} has no role any more; ask an administrator")


def refuse_ended(work: UnitOfWork, by: AtDesk) -> None:
    """Raise `NotAllowed` if the session somebody acts in was ended since the page was drawn."""
    record = work.people.session(by.session_sha256)
    if record is None or record.is_revoked or record.person.id != by.id:
        raise NotAllowed("the session has ended; sign in again")


def refuse_guide(work: UnitOfWork, by: Reviewer, brand_id: BrandId) -> None:
    """Raise `NotAllowed` unless `by` is known as a lead of this brand or an administrator."""
    if isinstance(by, AtDesk):
        refuse_ended(work, by)
    role = strongest(work.people.roles(by.id) or {}, brand_id)
    if role is None or not role.may_guide:
        raise NotAllowed(
            f"{by.name} may not change the guide of {brand_id}; ask an administrator for the role"
            " of brand lead"
        )
