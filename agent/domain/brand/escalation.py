"""Teams, routes and deadlines: the matrix of rubric section 2.6, owned by the brand."""

import re
from datetime import time, timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

from agent.domain.base import Frozen, Text
from agent.domain.brand.wording import ValueWording
from agent.domain.decisions import Category, Route
from agent.domain.ids import TeamId
from knowledge.passages import Language
from knowledge.problems import Refusal

_UNITS = {"min": 60, "h": 3600, "d": 86400}
_DURATION = re.compile(r"^\s*(\d+)\s*(min|h|d)\s*$")


def parse_duration(value: object) -> timedelta:
    """Read `15 min`, `4 h` or `30 d`; `0` is at once.

    Raises:
        ValueError: anything else, with the forms that are read.
    """
    if isinstance(value, timedelta):
        return value
    if value in (0, "0"):
        return timedelta()
    found = _DURATION.match(str(value))
    if not found:
        raise Refusal(ValueWording.NOT_DURATION, given=repr(value))
    return timedelta(seconds=int(found[1]) * _UNITS[found[2]])


def format_duration(value: timedelta) -> str:
    """Return the shortest exact form that `parse_duration` reads."""
    seconds = int(value.total_seconds())
    for unit, size in reversed(_UNITS.items()):
        if seconds and seconds % size == 0:
            return f"{seconds // size} {unit}"
    return "0"


Duration = Annotated[
    timedelta,
    BeforeValidator(parse_duration),
    PlainSerializer(format_duration, return_type=str),
    WithJsonSchema({"type": ["string", "integer"], "pattern": r"^\s*(\d+\s*(min|h|d)|0)\s*$"}),
]


NotifyAddress = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*(:[^\s:,]+)?$")]


class Clock(StrEnum):
    """Whether a deadline runs in the team's hours or around the clock."""

    BUSINESS = "business"
    CALENDAR = "calendar"


class Weekday(StrEnum):
    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


class Hours(Frozen):
    """Opening hours of one day, local time, `opens` < `closes`."""

    opens: time
    closes: time


class Team(Frozen):
    id: TeamId
    name: Text
    contact: str = ""
    """How to reach the team: an address, a channel name."""
    hours: dict[Weekday, Hours] = Field(default_factory=dict)
    """Days not named are closed; none at all: open around the clock."""
    time_zone: str = ""
    """Empty: the brand's."""
    holidays: str = ""
    """Country code of the public holidays kept, `FR` or `GB`; empty: none."""
    backup: TeamId | None = None
    language: Language | None = None
    """In which its notifications are written; empty: the brand's default."""
    notify: tuple[NotifyAddress, ...] = ()
    """Who is told of what this team must do: destinations of the settings, as `NAME`, or
    `NAME:TARGET` with a Slack channel or a mail address of its own."""


class RouteRule(Frozen):
    """Where one category goes, by when, and whether a draft is allowed."""

    category: Category
    route: Route
    team: TeamId | None = None
    backup: TeamId | None = None
    """Empty: the team's own backup."""
    acknowledge_within: Duration
    own_within: Duration | None = None
    clock: Clock = Clock.BUSINESS
    statements: tuple[str, ...] = ()
    """Ids of approved statements for `hold`, most fitting first."""
    second_approver: bool = False


class Escalation(Frozen):
    teams: tuple[Team, ...]
    routes: tuple[RouteRule, ...]

    def rule_for(self, category: Category) -> RouteRule | None:
        """Return the brand's rule for `category`, or None where the matrix has no line."""
        return next((rule for rule in self.routes if rule.category is category), None)

    def team(self, team_id: TeamId | None) -> Team | None:
        """Return the team of that id."""
        return next((team for team in self.teams if team.id == team_id), None)
