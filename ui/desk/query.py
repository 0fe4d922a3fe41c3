"""The queue's filters, kept in the URL in codes that no language changes."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from agent.domain.decisions import Category, Route
from agent.domain.ids import BrandId, PersonId, TeamId
from agent.domain.reviews import QueueQuery, ReviewStatus
from knowledge.passages import Language

BULK = "bulk"
KEPT = ("lang", BULK)
"""Parameters of the URL that stay when the filters change."""
PAGE = 25
MOST = 200
_Code = TypeVar("_Code", bound=StrEnum)


class View(StrEnum):
    """The three piles of the queue."""

    OPEN = "open"
    MINE = "mine"
    SNOOZED = "snoozed"


class Due(StrEnum):
    """How near the first deadline is. Each span also holds what is late."""

    LATE = "late"
    HALF_HOUR = "30m"
    TWO_HOURS = "2h"
    DAY = "24h"

    @property
    def within(self) -> timedelta:
        """The span from now to the latest deadline that counts."""
        return {
            Due.LATE: timedelta(),
            Due.HALF_HOUR: timedelta(minutes=30),
            Due.TWO_HOURS: timedelta(hours=2),
            Due.DAY: timedelta(hours=24),
        }[self]


NOBODY, ME = "nobody", "me"
"""The owners of the URL that are not a person's id."""
AWAITED = "awaited"

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
    owner: str = ""
    """`NOBODY`, `ME` or a person's id."""
    due: str = ""
    second: str = ""
    """`AWAITED`: one of two people has approved."""
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
            owner=known["owner"][:200],
            due=_code(Due, known["due"]) or "",
            second=AWAITED if known["second"] == AWAITED else "",
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

    def to_query(self, person: PersonId, limit: int, now: datetime) -> QueueQuery:
        """Return the service's query for this person; deadlines are told from `now`."""
        view = View(self.view)
        is_mine = view is View.MINE or self.owner == ME
        owner = PersonId(self.owner) if self.owner not in {"", NOBODY} else None
        return QueueQuery(
            statuses=STATUSES[view],
            brand_id=BrandId(self.brand) if self.brand else None,
            channel=self.channel or None,
            category=Category(self.category) if self.category else None,
            route=Route(self.route) if self.route else None,
            team=TeamId(self.team) if self.team else None,
            lang=Language(self.language) if self.language else None,
            assignee=person if is_mine else owner,
            is_unassigned=self.owner == NOBODY and not is_mine,
            awaits_second=self.second == AWAITED,
            due_before=now + Due(self.due).within if self.due else None,
            text=self.q,
            limit=min(limit, MOST),
        )


def _code(kind: type[_Code], value: str) -> _Code | None:
    return kind(value) if value in {member.value for member in kind} else None
