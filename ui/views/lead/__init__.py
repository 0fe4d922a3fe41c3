"""The brand lead's pages: the guide and its proposals, suggestions, evals."""

from collections.abc import Callable

from agent.domain.people import SignedIn
from ui.desk.leading import guided_brands
from ui.views.lead.guide import guide_page

Page = Callable[[SignedIn], None]


def lead_pages(person: SignedIn) -> tuple[tuple[Page, str], ...]:
    """Return the pages of a person who may read a guide; none for anybody else."""
    return ((guide_page, "guide"),) if guided_brands(person) else ()
