"""What must hold before a proposal becomes the guide."""

from agent.domain.errors import BlockedByGate, BrandPackError, PackConflict
from agent.domain.packs import PackStamp, PackTexts, Proposal
from agent.services.packs.examining import Examination

UNTRIED, LINT = "untried", "lint"


def causes_of(proposal: Proposal, active: PackStamp, seen: Examination) -> tuple[str, ...]:
    """Return what blocks activation unless a person gives a reason.

    Changes that touch the brand's own eval cases only need no what-if: no draft changes.
    """
    causes = [LINT] if seen.errors else []
    if seen.version == active.version:
        return tuple(causes)
    trial = proposal.trial
    if trial is None or not proposal.is_tried_on(active.version):
        causes.append(UNTRIED)
    elif trial.colour.blocks:
        causes.append(trial.colour.value)
    return tuple(causes)


def refuse_blocked(causes: tuple[str, ...], override_reason: str) -> None:
    """Raise `BlockedByGate` unless nothing blocks or a reason is given."""
    if causes and not override_reason.strip():
        raise BlockedByGate(causes)


def refuse_unloadable(seen: Examination) -> None:
    """Raise `BrandPackError` for a pack that does not load: no reason makes it one."""
    if not seen.is_loadable:
        first = seen.problems[0]
        more = len(seen.problems) - 1
        raise BrandPackError(
            f"{first.where}: {first.what} ({first.mend})" + (f"; {more} more" if more else "")
        )


def refuse_conflict(proposal: Proposal, base: PackTexts, active: PackTexts) -> None:
    """Raise `PackConflict` if a file it changes was changed by an activation since."""
    moved = [
        path
        for path, text in proposal.changes.items()
        if base.get(path) != active.get(path) and active.get(path) != text
    ]
    if moved:
        raise PackConflict(tuple(moved))
