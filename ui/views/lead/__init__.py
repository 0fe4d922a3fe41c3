"""The brand lead's pages: the guide and its proposals, suggestions, evals."""

from collections.abc import Callable

from agent.domain.people import SignedIn
from ui.desk.leading import guided_brands

Page = Callable[[SignedIn], None]


def lead_pages(person: SignedIn) -> tuple[tuple[Page, str], ...]:
    """Return the pages of a person who may read a guide; none for anybody else."""
    if not guided_brands(person):
        return ()
    return ((_guide, "guide"), (_suggestions, "suggestions"), (_evals, "evals"))


# Imported by the page that is opened: charts and tables take a second that the queue never needs.
def _guide(person: SignedIn) -> None:
    from ui.views.lead.guide import guide_page

    guide_page(person)


def _suggestions(person: SignedIn) -> None:
    from ui.views.lead.suggestions import suggestions_page

    suggestions_page(person)


def _evals(person: SignedIn) -> None:
    from ui.views.lead.evals import evals_page

    evals_page(person)
