"""People: who may do what on which brand, and who is signed in."""

from enum import StrEnum

from pydantic import AwareDatetime

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
    def may_guide(self) -> bool:
        """Whether the role may propose and activate changes of the brand's pack."""
        return self in {Role.LEAD, Role.ADMIN}


def strongest(roles: dict[str, Role], brand_id: str) -> Role | None:
    """Return the role that `roles` (brand or `*` -> role) give on one brand."""
    held = [roles[key] for key in (brand_id, EVERY_BRAND) if key in roles]
    return min(held, key=list(Role).index, default=None)


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
