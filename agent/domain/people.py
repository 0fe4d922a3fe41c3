"""People: who may do what on which brand, and who is signed in."""

from collections.abc import Collection, Mapping
from enum import StrEnum

from pydantic import AwareDatetime, Field

from agent.domain.base import Frozen
from agent.domain.reviews import Reviewer

EVERY_BRAND = "*"
"""The brand of a role that holds on every brand of the installation."""


class Role(StrEnum):
    """What a person may do; each role may do all that the later ones may."""

    ADMIN = "admin"
    LEAD = "lead"
    """Brand lead: also guidelines, FAQ, roles of the brand."""
    CM = "cm"
    """Community manager: decides on replies."""
    VIEWER = "viewer"

    @property
    def may_decide(self) -> bool:
        """Whether the role may claim, decide and post."""
        return self is not Role.VIEWER

    @property
    def may_manage(self) -> bool:
        """Whether the role may invite people and give roles, up to itself."""
        return self in {Role.ADMIN, Role.LEAD}

    @property
    def may_guide(self) -> bool:
        """Whether the role may propose and activate changes of the brand's pack."""
        return self in {Role.LEAD, Role.ADMIN}

    def covers(self, other: "Role | None") -> bool:
        """Whether this role may do all that the other may; nobody's role is covered by any."""
        return other is None or _RANK[self] <= _RANK[other]


_RANK = {role: rank for rank, role in enumerate(Role)}


def strongest(roles: Mapping[str, Role], brand_id: str) -> Role | None:
    """Return the role that `roles` (brand or `*` -> role) give on one brand."""
    held = [roles[key] for key in (brand_id, EVERY_BRAND) if key in roles]
    return min(held, key=_RANK.__getitem__, default=None)


def joined(*sources: Mapping[str, Role]) -> dict[str, Role]:
    """Return the roles of several sources together: on each brand the strongest."""
    together: dict[str, Role] = {}
    for roles in sources:
        for brand_id, role in roles.items():
            held = together.get(brand_id)
            together[brand_id] = role if role.covers(held) else held or role
    return together


class AtDesk(Reviewer):
    """A reviewer and the session they act in.

    Every change they make looks the session up again in its own transaction, so that nothing is
    decided by somebody who was signed out meanwhile. The session is never stored with a decision.
    """

    session_sha256: str = Field(exclude=True, repr=False)


class LinkPurpose(StrEnum):
    """What a one-time link is for."""

    SIGN_IN = "sign_in"
    PASSWORD = "password"  # noqa: S105 - a purpose, no secret


class LocalAccount(Frozen):
    """A login with a password kept here."""

    person: Reviewer
    login: str
    password_hash: str | None = Field(default=None, repr=False)
    """None: the person was invited and has not chosen one yet."""
    changed_at: AwareDatetime | None = None
    failures: int = 0
    """Wrong passwords in a row."""
    is_suspended: bool = False


class ClaimGrant(Frozen):
    """A role for whoever the identity provider says this of."""

    role: Role
    brand: str = EVERY_BRAND
    """The brand's id, or `*`."""
    group: str = ""
    email: str = ""

    def fits(self, groups: Collection[str], email: str) -> bool:
        """Whether the role is for somebody in these groups, or with this verified address."""
        if self.group:
            return self.group in groups
        return bool(email) and self.email.casefold() == email.casefold()


class ProviderTerms(Frozen):
    """What makes an identity of the provider one of ours."""

    issuer: str
    client_id: str
    groups_claim: str = "groups"
    trusts_email: bool = False
    """Whether an address counts that the provider does not call verified."""
    grants: tuple[ClaimGrant, ...] = ()


class KnownPerson(Frozen):
    """A person as the people page and the console show them."""

    person: Reviewer
    roles: dict[str, Role]
    """Given here: brand id or `*` to role."""
    claimed: dict[str, Role]
    """Given by the identity provider at the last sign-in."""
    login: str | None = None
    has_password: bool = False
    has_identity: bool = False
    is_suspended: bool = False

    @property
    def effective(self) -> dict[str, Role]:
        """The roles that count."""
        return {} if self.is_suspended else joined(self.roles, self.claimed)


class SignedIn(Frozen):
    """A person with a live session."""

    person: Reviewer
    roles: dict[str, Role]
    """Brand id, or `*` for every brand, to role."""
    expires_at: AwareDatetime

    def role_for(self, brand_id: str) -> Role | None:
        """Return the person's role on a brand, or None: the brand is not to be shown."""
        return strongest(self.roles, brand_id)

    def may_decide(self, brand_id: str) -> bool:
        """Whether the person may decide on replies of a brand."""
        role = self.role_for(brand_id)
        return role is not None and role.may_decide

    def may_guide(self, brand_id: str) -> bool:
        """Whether the person may change the pack of a brand."""
        role = self.role_for(brand_id)
        return role is not None and role.may_guide
