"""Deadlines that run in a team's opening hours, in its time zone, around public holidays."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from agent.domain.brand.escalation import Clock, Team, Weekday
from agent.steps.triage.public_holidays import holidays_of

_WEEKDAYS = tuple(Weekday)
_ONE_DAY = timedelta(days=1)
_LONGEST_CLOSURE = 400
"""Days after which a team that never opens is taken as open around the clock."""


class OpeningHours:
    """When one team works."""

    def __init__(self, team: Team | None, brand_zone: str) -> None:
        self._hours = dict(team.hours) if team else {}
        self._zone = ZoneInfo((team.time_zone if team else "") or brand_zone)
        self._country = team.holidays if team else ""

    def after(self, start: datetime, duration: timedelta, clock: Clock) -> datetime:
        """Return when `duration` has run from `start` (aware), in UTC.

        On the business clock whole days are working days, counted from the first open moment;
        any other duration runs in open hours only. A team without hours works around the clock.
        """
        if clock is Clock.CALENDAR or not self._hours or not duration:
            return (start + duration).astimezone(UTC)
        days, rest = divmod(duration, _ONE_DAY)
        moment = self._next_open(start.astimezone(self._zone))
        if rest:
            return self._run(moment, duration).astimezone(UTC)
        for _ in range(days):
            moment = self._same_time_next_working_day(moment)
        return moment.astimezone(UTC)

    def next_open(self, moment: datetime) -> datetime:
        """Return `moment` (aware) if the team works then, or when it next does, in UTC."""
        if not self._hours:
            return moment.astimezone(UTC)
        return self._next_open(moment.astimezone(self._zone)).astimezone(UTC)

    def _window(self, day: date) -> tuple[datetime, datetime] | None:
        """Return when the team opens and closes on `day`, local time, or None if it does not."""
        hours = self._hours.get(_WEEKDAYS[day.weekday()])
        if (
            hours is None
            or hours.closes <= hours.opens
            or day in holidays_of(self._country, day.year)
        ):
            return None
        return self._at(day, hours.opens), self._at(day, hours.closes)

    def _at(self, day: date, moment: time) -> datetime:
        return datetime.combine(day, moment, tzinfo=self._zone)

    def _next_window(self, day: date) -> tuple[datetime, datetime]:
        """Return the first window on `day` or later."""
        for ahead in range(_LONGEST_CLOSURE):
            window = self._window(day + timedelta(days=ahead))
            if window is not None:
                return window
        return self._at(day, time.min), self._at(day + _ONE_DAY, time.min)

    def _next_open(self, moment: datetime) -> datetime:
        opens, closes = self._next_window(moment.date())
        if moment >= closes:
            opens, closes = self._next_window(moment.date() + _ONE_DAY)
        return max(moment, opens)

    def _same_time_next_working_day(self, moment: datetime) -> datetime:
        opens, closes = self._next_window(moment.date() + _ONE_DAY)
        return min(max(self._at(opens.date(), moment.timetz().replace(tzinfo=None)), opens), closes)

    def _run(self, moment: datetime, rest: timedelta) -> datetime:
        """Let `rest` run in open hours; differences are taken in UTC, over clock changes too."""
        while rest:
            opens, closes = self._next_window(moment.date())
            at = max(moment, opens).astimezone(UTC)
            left = closes.astimezone(UTC) - at
            if left >= rest:
                return (at + rest).astimezone(self._zone)
            rest -= max(left, timedelta())
            moment = self._at(opens.date() + _ONE_DAY, time.min)
        return moment
