"""The archive's search and filters, kept in the URL."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from agent.domain.archives import ArchiveQuery
from agent.domain.ids import BrandId, PersonId
from agent.domain.reviews import DecisionKind

PAGE = 25
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Search:
    """What the archive shows; empty: everything."""

    q: str = ""
    decision: str = ""
    brand: str = ""
    channel: str = ""
    person: str = ""
    since: str = ""
    until: str = ""
    after: str = ""
    """How far the list has been paged."""

    @classmethod
    def from_url(cls, parameters: Mapping[str, str]) -> "Search":
        """Read the filters; a code that does not exist is ignored."""
        known = {field.name: parameters.get(field.name, "") for field in fields(cls)}
        kinds = {kind.value for kind in DecisionKind}
        known["decision"] = known["decision"] if known["decision"] in kinds else ""
        known["after"] = known["after"] if known["after"].isdecimal() else ""
        return cls(**known | {"q": known["q"][:200], "after": known["after"][:9]})

    def to_url(self) -> dict[str, str]:
        """Return the parameters that are set."""
        named = ((field.name, str(getattr(self, field.name))) for field in fields(self))
        return {name: value for name, value in named if value}

    def having(self, **changes: str) -> "Search":
        """Return this search with some of it changed, from its first page."""
        return replace(self, **{"after": "", **changes})

    @property
    def narrowing(self) -> int:
        """How many filters of the panel are set."""
        return len({*self.to_url()} - {"q", "after"})

    def to_query(self, seen: tuple[BrandId, ...], zone: ZoneInfo) -> ArchiveQuery:
        """Return the service's query, of brands the person may see only."""
        since, until = read_day(self.since), read_day(self.until)
        return ArchiveQuery(
            brands=tuple(brand for brand in seen if self.brand in {"", brand}),
            kinds=(DecisionKind(self.decision),) if self.decision else (),
            channel=self.channel or None,
            person=PersonId(self.person) if self.person else None,
            since=_midnight(since, zone) if since else None,
            until=_midnight(until + _ONE_DAY, zone) if until else None,
            text=self.q,
            after=int(self.after) if self.after else None,
            limit=PAGE,
        )


def read_day(text: str) -> date | None:
    """Return a day as the URL writes it, or None."""
    with suppress(ValueError, OverflowError):
        found = date.fromisoformat(text)
        return found if 2000 <= found.year <= 2999 else None
    return None


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, tzinfo=zone)
