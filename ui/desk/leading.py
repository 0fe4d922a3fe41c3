"""The brand lead's pages: which brand and proposal are on screen, and acts that tell their errors.

A page only draws what a role may see; every act asks for the person and the role again, and the
service asks the store.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import streamlit as st

from agent.domain.errors import (
    BlockedByGate,
    BrandIdChanged,
    BrandPackError,
    FolderChanged,
    IncompleteDecision,
    NotAllowed,
    NotFound,
    PackConflict,
    PortevoixError,
    ProposalChanged,
    ProposalClosed,
)
from agent.domain.ids import BrandId
from agent.domain.packs import Proposal
from agent.domain.people import Role, SignedIn
from agent.domain.reviews import Reviewer
from agent.services.lint.words import finding_words
from ui.desk import state
from ui.desk.language import words
from ui.desk.seen import visible_brands
from ui.desk.session import who
from ui.desk.state import Notice
from ui.desk.workspace import workspace

P = ParamSpec("P")
BRAND, PROPOSAL, TAB = "lead_brand", "lead_proposal", "lead_tab"
_SEEN = "lead_revision"
_SAID = 3
"""Problems that a notice names."""


def guided_brands(person: SignedIn) -> tuple[BrandId, ...]:
    """Return the brands whose guide the person may read: as lead, administrator or viewer."""
    reading = {Role.LEAD, Role.ADMIN, Role.VIEWER}
    return tuple(b for b in visible_brands(person) if person.role_for(b) in reading)


def require_lead(brand_id: str) -> Reviewer:
    """Return the signed-in person if they may change the brand's guide; asked at every act.

    Raises:
        NotAllowed: the session has ended, or the role does not allow it.
    """
    person = who()
    if person is None:
        raise NotAllowed("the session has ended; sign in again with a new link")
    if not person.may_guide(brand_id):
        raise NotAllowed(f"{person.person.name} may read but not change this guide")
    return person.person


def telling(action: Callable[P, None]) -> Callable[P, None]:
    """Turn the errors of an act into a notice on the page."""

    @wraps(action)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> None:
        state.clear_notice()
        try:
            action(*args, **kwargs)
        except PortevoixError as error:
            state.notify(notice_of(error))

    return guarded


def notice_of(error: PortevoixError) -> Notice:
    """Return what the page says of an error, in the reader's language."""
    match error:
        case FolderChanged():
            return Notice("folder_changed", ", ".join(error.paths))
        case PackConflict():
            return Notice("pack_conflict", ", ".join(error.paths))
        case BrandIdChanged():
            return Notice("brand_id", f"{error.before} → {error.after}", tone="danger")
        case BrandPackError():
            return Notice("pack_invalid", _first_problems(error), tone="danger")
    plain = (notice for kind, notice in _PLAIN.items() if isinstance(error, kind))
    return next(plain, Notice("failed", str(error), tone="danger"))


def _first_problems(error: BrandPackError) -> str:
    """Return what is wrong in the reader's language; the rest stands beside each file."""
    text = words()
    said = [f"{one.where}: {finding_words(one, text)[0]}" for one in error.problems[:_SAID]]
    more = ["…"] if len(error.problems) > _SAID else []
    return " ".join(said + more) or str(error)


_PLAIN: dict[type[PortevoixError], Notice] = {
    NotAllowed: Notice("not_lead", tone="danger"),
    ProposalClosed: Notice("proposal_closed"),
    ProposalChanged: Notice("proposal_changed"),
    BlockedByGate: Notice("gate_blocks", tone="danger"),
    IncompleteDecision: Notice("nothing_changed"),
    NotFound: Notice("gone"),
}
"""What is said of an error that has nothing to add; no class is another's subclass."""


def brand_on_screen(person: SignedIn) -> BrandId | None:
    """Return the brand chosen on the lead's pages, else the first the person may read."""
    brands = guided_brands(person)
    wanted = st.session_state.get(BRAND) or st.query_params.get("brand")
    return next((b for b in brands if b == wanted), brands[0] if brands else None)


def proposal_on_screen(brand_id: BrandId) -> Proposal | None:
    """Return the proposal chosen, or None: the guide in force is on screen."""
    wanted = st.session_state.get(PROPOSAL, st.query_params.get("proposal"))
    if not wanted:
        return None
    try:
        found = workspace().proposals.proposal(str(wanted))
    except NotFound:
        return None
    if found.brand_id != brand_id:
        return None
    st.session_state[_SEEN] = (found.id, found.revision)
    return found


def show_proposal(proposal_id: str | None) -> None:
    """Put another proposal on screen, or (None) the guide in force."""
    st.session_state[PROPOSAL] = proposal_id or ""
    if proposal_id:
        st.query_params["proposal"] = proposal_id
    else:
        st.query_params.pop("proposal", None)


def seen_revision(proposal_id: str) -> int:
    """Return the revision that was on screen when a key was pressed; 0: none was."""
    seen = st.session_state.get(_SEEN, ("", 0))
    return int(seen[1]) if seen[0] == proposal_id else 0


def save(
    proposal_id: str, changes: dict[str, str | None] | None = None, note: str | None = None
) -> None:
    """Save changes of the proposal on screen.

    Raises:
        PortevoixError: as `ProposalService.save`.
    """
    proposals = workspace().proposals
    by = require_lead(proposals.proposal(proposal_id).brand_id)
    saved = proposals.save(proposal_id, seen_revision(proposal_id), by, changes, note)
    st.session_state[_SEEN] = (saved.id, saved.revision)


def said(key: str, **values: object) -> str:
    """Return a text in the reader's language, for a callback to say."""
    return words()(key, **values)
