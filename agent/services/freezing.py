"""Freezing: posting stopped at once, on one brand or on all of them, and let go on again.

The switch is read in the transaction that claims a post for sending, and again right before the
call; the database refuses the claim as well.
"""

from agent.domain.errors import NotAllowed
from agent.domain.ids import BrandId
from agent.domain.people import EVERY_BRAND, AtDesk, strongest
from agent.domain.reviews import Reviewer
from agent.domain.work import Freeze
from agent.ports import Clock, Store, UnitOfWork
from agent.services.guards import refuse_ended

_REASON_LENGTH = 300


def is_frozen(store: Store, brand_id: BrandId) -> bool:
    """Return whether posting is stopped on a brand, or on every one."""
    with store.read() as work:
        scopes = {freeze.scope for freeze in work.freezes.on()}
    return bool(scopes & {EVERY_BRAND, brand_id})


class FreezeService:
    """Each change is one transaction with its line in the audit trail."""

    def __init__(self, store: Store, clock: Clock, *, is_role_required: bool = False) -> None:
        """`is_role_required`: only a lead of the brand or an administrator may freeze.

        Without, whoever calls has been let in already: the person at the console.
        """
        self._store = store
        self._clock = clock
        self._is_role_required = is_role_required

    def standing(self) -> tuple[Freeze, ...]:
        """Return the freezes that hold, every brand's first."""
        with self._store.read() as work:
            return work.freezes.on()

    def freeze(self, scope: str, by: Reviewer, reason: str = "") -> bool:
        """Stop posting on a brand, or on every one (`*`); False: it was stopped already.

        Raises:
            NotAllowed: the person is neither a lead of the brand nor an administrator.
        """
        return self._switch(scope, by, reason, is_on=True)

    def unfreeze(self, scope: str, by: Reviewer, reason: str = "") -> bool:
        """Let posting go on; False: it was not stopped.

        Raises:
            NotAllowed: the person is neither a lead of the brand nor an administrator.
        """
        return self._switch(scope, by, reason, is_on=False)

    def _switch(self, scope: str, by: Reviewer, reason: str, *, is_on: bool) -> bool:
        now = self._clock.now()
        said = " ".join(reason.split())[:_REASON_LENGTH]
        with self._store.write() as work:
            self._refuse(work, scope, by)
            before = work.freezes.get(scope)
            if is_on == (before is not None and before.is_on):
                return False
            plain = Reviewer(id=by.id, name=by.name)
            work.freezes.put(Freeze(scope=scope, is_on=is_on, reason=said, by=plain, at=now))
            action = "posting.frozen" if is_on else "posting.unfrozen"
            work.audit.add(now, by.id, action, scope, name=by.name, reason=said)
            return True

    def _refuse(self, work: UnitOfWork, scope: str, by: Reviewer) -> None:
        if isinstance(by, AtDesk):
            refuse_ended(work, by)
        if not self._is_role_required:
            return
        role = strongest(work.people.roles(by.id) or {}, BrandId(scope))
        if role is None or not role.may_guide:
            what = "every brand" if scope == EVERY_BRAND else scope
            raise NotAllowed(
                f"{by.name} may not stop or start posting on {what}; ask a brand lead or an"
                " administrator"
            )
