"""Public holidays of France and of England, computed; of other countries, from `holidays`."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache

from agent.domain.errors import BrandPackError

_MONDAY, _SATURDAY, _SUNDAY = 0, 5, 6


def easter(year: int) -> date:
    """Return Easter Sunday (Gregorian; the anonymous algorithm, Meeus 1991, chapter 8)."""
    century, rest = divmod(year, 100)
    golden = year % 19
    leap, skipped = divmod(century, 4)
    moon = (19 * golden + century - leap - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * skipped + 2 * (rest // 4) - moon - rest % 4) % 7
    shift = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)


def _france(year: int) -> frozenset[date]:
    fixed = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
    moving = (1, 39, 50)
    return frozenset(date(year, month, day) for month, day in fixed) | frozenset(
        easter(year) + timedelta(days=days) for days in moving
    )


def _first_monday(start: date) -> date:
    return start + timedelta(days=(_MONDAY - start.weekday()) % 7)


def _england(year: int) -> frozenset[date]:
    """Bank holidays of England and Wales by rule; one-off royal days are not foreseen."""
    new_year = date(year, 1, 1)
    if new_year.weekday() in {_SATURDAY, _SUNDAY}:
        new_year = _first_monday(new_year)
    days = {
        new_year,
        easter(year) - timedelta(days=2),
        easter(year) + timedelta(days=1),
        _first_monday(date(year, 5, 1)),
        _first_monday(date(year, 5, 25)),
        _first_monday(date(year, 8, 25)),
    }
    return frozenset(days | _english_christmas(year))


def _english_christmas(year: int) -> set[date]:
    """Return Christmas, Boxing Day and their substitutes."""
    days = {date(year, 12, 25), date(year, 12, 26)}
    replaced = sum(1 for day in days if day.weekday() in {_SATURDAY, _SUNDAY})
    substitute = date(year, 12, 27)
    while replaced:
        if substitute.weekday() < _SATURDAY:
            days.add(substitute)
            replaced -= 1
        substitute += timedelta(days=1)
    return days


_COMPUTED: dict[str, Callable[[int], frozenset[date]]] = {"FR": _france, "GB": _england}


@cache
def holidays_of(country: str, year: int) -> frozenset[date]:
    """Return the public holidays of a country (ISO 3166 code, empty: none) in a year.

    Raises:
        BrandPackError: nobody knows this country's holidays.
    """
    code = country.strip().upper()
    if not code:
        return frozenset()
    if code in _COMPUTED:
        return _COMPUTED[code](year)
    return _from_library(code, year)


def _from_library(code: str, year: int) -> frozenset[date]:
    import holidays

    try:
        return frozenset(holidays.country_holidays(code, years=year))
    except NotImplementedError as error:
        raise BrandPackError(
            f"escalation.teams: no public holidays are known for {code!r}; "
            "write FR, GB, another ISO 3166 country code, or nothing"
        ) from error
