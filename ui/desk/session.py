"""Who is at the desk: the cookie's token, looked up in our session table at every run."""

from typing import TYPE_CHECKING

import streamlit as st

from agent.domain.errors import NotAllowed
from ui.desk.workspace import workspace

if TYPE_CHECKING:
    from agent.domain.people import SignedIn


def cookie_name(port: int) -> str:
    """Return the cookie of the desk on `port`: cookies do not tell ports apart by themselves."""
    return f"portevoix_session_{port}"


def session_token() -> str:
    """Return this browser's session token, or nothing."""
    port = int(st.get_option("server.port"))
    return str(st.context.cookies.get(cookie_name(port), ""))


def who() -> "SignedIn | None":
    """Return the signed-in person, or None: no session, an expired or a revoked one."""
    token = session_token()
    return workspace().sessions.who(token) if token else None


def require_reviewer(brand_id: str) -> "SignedIn":
    """Return the signed-in person if they may decide for the brand; asked at every decision.

    Raises:
        NotAllowed: the session has ended, or the role does not allow it.
    """
    person = who()
    if person is None:
        raise NotAllowed("the session has ended; sign in again with a new link")
    if not person.may_decide(brand_id):
        raise NotAllowed(f"{person.person.name} may read but not decide for this brand")
    return person


def sign_out() -> None:
    """End this browser's session at once and for good."""
    workspace().sessions.revoke(session_token())
