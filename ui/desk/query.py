"""The queue's filters, kept in the URL in codes that no language changes."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import TypeVar

from agent.domain.decisions import Category, Route
from agent.domain.ids import BrandId, PersonId, TeamId
from agent.domain.reviews import QueueQuery, ReviewStatus
from knowledge.passages import Language

PAGE = 25
MOST = 200
_Code = TypeVar("_Code", bound=StrEnum)


class View(StrEnum):
    """The three piles of the queue."""

    OPEN = "open"
    MINE = "mine"
    SNOOZED = "snoozed"


STATUSES = {
    View.OPEN: (ReviewStatus.PENDING, ReviewStatus.CLAIMED, ReviewStatus.STALE),
    View.MINE: (ReviewStatus.PENDING, ReviewStatus.CLAIMED, ReviewStatus.STALE),
    View.SNOOZED: (ReviewStatus.SNOOZED,),
}


@dataclass(frozen=True)
class Filters:
    """What the list shows; empty: everything."""

    view: str = View.OPEN
    brand: str = ""
    channel: str = ""
    category: str = ""
    route: str = ""
    team: str = ""
    language: str = ""
    q: str = ""

    @classmethod
    def from_url(cls, parameters: Mapping[str, str]) -> "Filters":
        """Read the filters; a code that does not exist is ignored."""
        known = {field.name: parameters.get(field.name, "") for field in fields(cls)}
        return cls(
            view=_code(View, known["view"]) or View.OPEN,
            brand=known["brand"],
            channel=known["channel"],
            category=_code(Category, known["category"]) or "",
            route=_code(Route, known["route"]) or "",
            team=known["team"],
            language=_code(Language, known["language"]) or "",
            q=known["q"][:200],
        )

    def to_url(self) -> dict[str, str]:
        """Return the parameters that are not at their default."""
        blank = Filters()
        named = ((field.name, str(getattr(self, field.name))) for field in fields(self))
        return {name: value for name, value in named if value != getattr(blank, name)}

    def having(self, **changes: str) -> "Filters":
        """Return these filters with some changed."""
        return replace(self, **changes)

    @property
    def narrowing(self) -> int:
        """How many filters of the panel are set (the view and the search box are not in it)."""
        return len({*self.to_url()} - {"view", "q"})

    def to_query(self, person: PersonId, limit: int) -> QueueQuery:
        """Return the service's query for this person."""
        view = View(self.view)
        return QueueQuery(
            statuses=STATUSES[view],
            brand_id=BrandId(self.brand) if self.brand else None,
            channel=self.channel or None,
            category=Category(self.category) if self.category else None,
            route=Route(self.route) if self.route else None,
            team=TeamId(self.team) if self.team else None,
            lang=Language(self.language) if self.language else None,
            assignee=person if view is View.MINE else None,
            text=self.q,
            limit=min(limit, MOST),
        )


def _code(kind: type[_Code], value: str) -> _Code | None:
    return kind(value) if value in {member.value for member in kind} else None
