"""`portevoix user`: people, roles and one-time sign-in links from the console."""

import re
from pathlib import Path

from agent.bootstrap import Workspace, open_workspace
from agent.domain.base import sha256_of
from agent.domain.errors import ConfigurationError, NotFound
from agent.domain.ids import PersonId
from agent.domain.people import EVERY_BRAND, Role
from agent.domain.reviews import Reviewer
from agent.settings import load_settings


def person_id(name: str) -> PersonId:
    """Return the stable id of a person added by name: a slug and a short hash of the name."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:24]
    return PersonId(f"{slug or 'person'}-{sha256_of(name)[:6]}")


def add(workspace: Path | None, name: str, role: str, brand: str | None) -> str:
    """Give a person a role, added to those they hold; return a line with a sign-in link.

    Raises:
        ConfigurationError: no such role or brand.
    """
    space = open_workspace(load_settings(workspace))
    if brand and brand not in space.packs:
        known = ", ".join(sorted(space.packs))
        raise ConfigurationError(f"no brand {brand!r} in this workspace; there is: {known}")
    roles = _roles_of(space, name) or {}
    roles[brand or EVERY_BRAND] = _role(role)
    return _invite(space, name, roles)


def link(workspace: Path | None, name: str) -> str:
    """Return a new sign-in link for a person.

    Raises:
        NotFound: nobody of that name has a role.
    """
    space = open_workspace(load_settings(workspace))
    roles = _roles_of(space, name)
    if not roles:
        raise NotFound(f"nobody named {name!r} has a role; run: portevoix user add {name!r}")
    return _invite(space, name, roles)


def set_password(workspace: Path | None, name: str, login: str | None, password: str) -> str:
    """Set a person's password; return a line that says with which login they sign in.

    Raises:
        ConfigurationError: passwords are off.
        NotFound: nobody has this name.
        NotAllowed: the password is too weak, or another person has this login.
    """
    space = open_workspace(load_settings(workspace))
    if not space.settings.sign_in.local:
        raise ConfigurationError("passwords are off; set sign_in.local = true in portevoix.toml")
    known = next((one for one in space.sessions.known() if one.person.name == name), None)
    if known is None:
        raise NotFound(f"nobody is named {name!r}; run: portevoix user add {name!r}")
    chosen = login or known.login or name
    space.accounts.set_password(known.person, chosen, password, "console")
    return f"{name} signs in with the login {chosen!r}; their other sessions have ended"


def revoke(workspace: Path | None, name: str) -> str:
    """Shut a person out at once; return a line that says so.

    Raises:
        NotFound: nobody has this name.
    """
    space = open_workspace(load_settings(workspace))
    known = next((one for one in space.sessions.known() if one.person.name == name), None)
    if known is None:
        raise NotFound(f"nobody is named {name!r}; portevoix user list shows who is here")
    ended = space.sessions.revoke_person(known.person.id)
    return f"{name} is shut out; {ended} sessions ended"


def listing(workspace: Path | None) -> list[str]:
    """Return one line a person: name, then role and brand."""
    people = open_workspace(load_settings(workspace)).sessions.people()
    return [
        f"{person.name}: " + ", ".join(f"{role.value} ({b})" for b, role in sorted(roles.items()))
        for person, roles in people
    ]


def _role(role: str) -> Role:
    try:
        return Role(role)
    except ValueError:
        known = ", ".join(one.value for one in Role)
        raise ConfigurationError(f"no role {role!r}; there is: {known}") from None


def _roles_of(space: Workspace, name: str) -> dict[str, Role] | None:
    wanted = person_id(name)
    found = (one.roles for one in space.sessions.known() if one.person.id == wanted)
    roles = next(found, None)
    return dict(roles) if roles else None


def _invite(space: Workspace, name: str, roles: dict[str, Role]) -> str:
    token = space.sessions.issue_link(Reviewer(id=person_id(name), name=name), roles)
    desk = space.settings.desk
    url = desk.public_url or f"{'https' if desk.has_tls else 'http'}://{desk.host}:{desk.port}"
    return f"{name} signs in once, within 15 minutes: {url}/sign-in?token={token}"
