"""Who is at the desk: the cookie's token, looked up in our session table at every run."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import streamlit as st

from agent.domain.errors import NotAllowed
from ui.desk.workspace import workspace

if TYPE_CHECKING:
    from agent.domain.people import SignedIn


def cookie_name(port: int, *, is_https: bool = False) -> str:
    """Return the name of the session's cookie.

    Over https a browser takes `__Host-` cookies from this very host only; on loopback the port is
    in the name, as cookies do not tell ports apart by themselves.
    """
    return "__Host-portevoix_session" if is_https else f"portevoix_session_{port}"


def session_token() -> str:
    """Return this browser's session token, or nothing."""
    port, desk = int(st.get_option("server.port")), workspace().settings.desk
    return str(st.context.cookies.get(cookie_name(port, is_https=desk.is_https), ""))


def provider_claims() -> dict[str, Any] | None:
    """Return what the identity provider said of this browser's person, or None."""
    if workspace().federation is None:
        return None
    claims = dict(st.user)
    return claims if claims.get("is_logged_in") else None


def _tokens() -> Iterator[str]:
    own = session_token()
    if own:
        yield own
    federation, claims = workspace().federation, provider_claims()
    if federation is not None and claims is not None:
        yield federation.token_of(claims)


def who() -> "SignedIn | None":
    """Return the signed-in person, or None: no session, an expired or a revoked one."""
    found = (workspace().sessions.who(token) for token in _tokens())
    return next((person for person in found if person is not None), None)


def arrive() -> "SignedIn | None":
    """Return the signed-in person; one who comes from the identity provider is let in here."""
    person = who()
    federation, claims = workspace().federation, provider_claims()
    if person is not None or federation is None or claims is None:
        return person
    try:
        return workspace().sessions.who(federation.admit(claims))
    except NotAllowed:
        # Replayed, too old, or not meant for us: the door says how to sign in.
        return None


def require_reviewer(brand_id: str) -> "SignedIn":
    """Return the signed-in person if they may decide for the brand; asked at every decision.

    Raises:
        NotAllowed: the session has ended, or the role does not allow it.
    """
    person = who()
    if person is None:
        raise NotAllowed("the session has ended; sign in again")
    if not person.may_decide(brand_id):
        raise NotAllowed(f"{person.person.name} may read but not decide for this brand")
    return person


def sign_out() -> None:
    """End this browser's session at once and for good, and the provider's if there is one."""
    for token in _tokens():
        workspace().sessions.revoke(token)
    if provider_claims() is not None:
        st.logout()


def sign_out_everywhere() -> None:
    """End every session of this person, on every browser."""
    person = who()
    if person is not None:
        workspace().sessions.sign_out_everywhere(person.person.id)
    sign_out()
