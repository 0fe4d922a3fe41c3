"""The period and filters of the measure page, kept in the URL."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta

from agent.domain.ids import BrandId
from agent.domain.measures import MeasureQuery

PRESETS = ("7", "30", "90")
CUSTOM = "custom"
_LONGEST = 1830


@dataclass(frozen=True)
class Period:
    """What the page shows; `days` is a preset, or `custom` with both ends."""

    days: str = "30"
    first: str = ""
    last: str = ""
    brand: str = ""
    channel: str = ""

    @classmethod
    def from_url(cls, parameters: Mapping[str, str]) -> "Period":
        """Read the filters; what cannot be read is left at its default."""
        days = parameters.get("days", "30")
        return cls(
            days=days if days in {*PRESETS, CUSTOM} else "30",
            first=parameters.get("from", ""),
            last=parameters.get("to", ""),
            brand=parameters.get("brand", ""),
            channel=parameters.get("channel", ""),
        )

    def to_url(self) -> dict[str, str]:
        """Return the parameters that are not at their default."""
        ends = {"from": self.first, "to": self.last} if self.days == CUSTOM else {}
        named = {"days": self.days, **ends, "brand": self.brand, "channel": self.channel}
        return {
            name: value
            for name, value in named.items()
            if value and (name, value) != ("days", "30")
        }

    def having(self, **changes: str) -> "Period":
        """Return this period with some of it changed."""
        return replace(self, **changes)

    def ends(self, today: date) -> tuple[date, date]:
        """Return both ends; never in the future, never backwards, five years at most."""
        if self.days != CUSTOM:
            return today - timedelta(days=int(self.days) - 1), today
        last = min(_day(self.last) or today, today)
        first = _day(self.first) or last - timedelta(days=29)
        first, last = min(first, last), max(first, last)
        last = min(last, today)
        return max(min(first, last), last - timedelta(days=_LONGEST)), last

    def to_query(self, seen: tuple[BrandId, ...], today: date) -> MeasureQuery:
        """Return the service's query, of brands the person may see only."""
        brands = tuple(brand for brand in seen if self.brand in {"", brand})
        first, last = self.ends(today)
        return MeasureQuery(brands=brands, first=first, last=last, channel=self.channel or None)


def _day(text: str) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(text)
    return None
