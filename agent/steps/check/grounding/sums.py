"""Whether a figure follows by one or two operations from figures that are known.

Only operations of everyday sums, each typed: a price times a count, a share of a price, the
difference of two weights, a day some days after another, the time between two hours. Values are
those of `knowledge.text.fact_types`; a pair of operations is one product and one sum or share.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from enum import StrEnum
from itertools import combinations, product
from typing import NamedTuple

from knowledge.text.fact_types import Fact, FactKind

_CENT = 0.006
_DAY_MINUTES = 24 * 60
_YEAR_MONTHS = 12
_A_COMMON_YEAR, _A_LEAP_YEAR = 2027, 2028
_AMOUNTS_OF = {"min": (1, 60, _DAY_MINUTES, 7 * _DAY_MINUTES), "month": (1, 12)}
"""In how much of their unit a length may be told: minutes, hours, days, weeks; months, years."""
_MOST_TERMS = 120
_FEW_TERMS = 24
_SQUARE_METRES = frozenset({"quantity m2", "quantity m²"})
_SQUARE_MILLIMETRES = 1_000_000
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_DATE = re.compile(r"(\d{4}|-)-(\d\d)(?:-(\d\d))?")
_MEASURES = {
    FactKind.MONEY: "money",
    FactKind.QUANTITY: "quantity",
    FactKind.NUMBER: "number",
    FactKind.DURATION: "length",
}


NUMBER = "number "
COUNT = "count"
_COUNTED = frozenset({"point"})
_OF_ANY_YEAR = "of any year"


class Sort(StrEnum):
    """What kind of thing a figure is, for the operations that it may take part in."""

    AMOUNT = "amount"
    SHARE = "share"
    CLOCK = "clock"
    DAY = "day"
    MONTH = "month"


class Figure(NamedTuple):
    """A value that may enter a sum.

    `unit`: "EUR", "mm", "min", "month" … and "" for a bare number, with the sort in front, so
    that only like is added to like. `value`: an amount, a percentage, a minute of the day, or the
    ordinal of a day or of a month. `fact` is where it was read.
    """

    sort: Sort
    unit: str
    value: float
    fact: Fact
    is_theirs: bool = False
    """Whether the customer gave it, or it was reckoned from what they gave."""


class Term(NamedTuple):
    """A value with the figures that it was made of."""

    value: float
    of: tuple[Figure, ...]


def figures_of(fact: Fact) -> tuple[Figure, ...]:
    """Return the readings of a fact: both ends of a range, both halves of the day."""
    if fact.kind is FactKind.TIME:
        return tuple(_clocks(fact))
    if fact.kind is FactKind.DATE:
        return tuple(_days(fact))
    amounts, _, unit = fact.value.partition(" ")
    try:
        values = [float(amount) for amount in amounts.split("..")]
    except ValueError:
        return ()
    if fact.kind is FactKind.PERCENT:
        return tuple(Figure(Sort.SHARE, "", value, fact) for value in values)
    if fact.kind not in _MEASURES:
        return ()
    measure = NUMBER if unit in _COUNTED else f"{_MEASURES[fact.kind]} {unit}"
    return tuple(Figure(Sort.AMOUNT, measure, value, fact) for value in values)


def _as_length(fact: Fact) -> Iterator[Figure]:
    """« 1 h 15 » is an hour of the day, or a length."""
    if fact.kind is FactKind.TIME:
        for clock in _clocks(fact):
            yield clock._replace(sort=Sort.AMOUNT, unit="length min")


def _clocks(fact: Fact) -> Iterator[Figure]:
    for clock in fact.value.split("|"):
        if found := re.fullmatch(r"(\d\d):(\d\d)", clock):
            yield Figure(Sort.CLOCK, "", int(found[1]) * 60 + int(found[2]), fact)


def _days(fact: Fact) -> Iterator[Figure]:
    """A day without its year is one of a common year and one of a leap year."""
    found = _DATE.fullmatch(fact.value)
    if found is None:
        return
    has_year = found[1] != "-"
    unit = "" if has_year else _OF_ANY_YEAR
    if found[3] is None:
        year = int(found[1]) if has_year else _A_COMMON_YEAR
        yield Figure(Sort.MONTH, unit, year * _YEAR_MONTHS + int(found[2]) - 1, fact)
        return
    for year in (int(found[1]),) if has_year else (_A_COMMON_YEAR, _A_LEAP_YEAR):
        try:
            day = date(year, int(found[2]), int(found[3])).toordinal()
        except ValueError:
            continue
        yield Figure(Sort.DAY, unit, day, fact)


def follows_from(
    fact: Fact, known: Sequence[Figure], counts: Sequence[Figure], *, is_total: bool = False
) -> tuple[Figure, ...] | None:
    """Return the figures from which a fact is reckoned, or None.

    `counts` are numbers, whatever they count, by which an amount may be multiplied or divided;
    what is called a total, also by two of them: « 0,60 € par adulte et par nuit ». Of the figures
    at least one is the customer's, or the sum is called one: what two figures of a passage would
    give by chance is no sum.
    """
    factors = [Term(count.value, (count,)) for count in counts]
    for one, other in combinations(tuple(factors), 2):
        are_theirs = one.of[0].is_theirs and other.of[0].is_theirs
        if is_total or are_theirs:
            factors.append(Term(one.value * other.value, (*one.of, *other.of)))
    for figure in (*figures_of(fact), *_as_length(fact)):
        others = [one for one in known if one[:3] != figure[:3]]
        for term in _terms_for(figure, others, factors):
            is_sum = is_total or any(one.is_theirs for one in term.of)
            if is_sum and _is_same(term.value, figure.value):
                return term.of
    return None


def _terms_for(figure: Figure, known: Sequence[Figure], counts: Sequence[Term]) -> Iterable[Term]:
    if figure.sort is Sort.CLOCK:
        return _moved_clocks(known)
    if figure.sort in (Sort.DAY, Sort.MONTH):
        return _moved_days(figure, known)
    if figure.sort is Sort.SHARE:
        return ()
    return (*_amounts(figure.unit, known, counts), *_between(figure, known), *_years(figure, known))


def _is_same(one: float, other: float) -> bool:
    return abs(one - other) < _CENT


def _amounts(unit: str, known: Sequence[Figure], counts: Sequence[Term]) -> Iterator[Term]:
    plain = _distinct(Term(one.value, (one,)) for one in known if _is_amount_of(unit, one))
    times = _distinct(_times(plain, counts))[:_MOST_TERMS]
    shares = [f for f in known if f.sort is Sort.SHARE]
    yield from times
    yield from _parts(plain, counts)
    yield from _shared([*plain, *times], shares)
    yield from _areas(unit, known)
    others = times if len(times) <= _FEW_TERMS else []
    for one, other in product([*plain, *times], [*plain, *others]):
        if one != other:
            yield Term(one.value + other.value, (*one.of, *other.of))
            yield Term(abs(one.value - other.value), (*one.of, *other.of))


def _areas(unit: str, known: Sequence[Figure]) -> Iterator[Term]:
    """Square metres of the customer's two lengths, which are in millimetres."""
    if unit not in _SQUARE_METRES:
        return
    for one, other in _pairs(known):
        if one.unit == "quantity mm" and one.is_theirs and other.is_theirs:
            yield Term(one.value * other.value / _SQUARE_MILLIMETRES, (one, other))


def _is_amount_of(unit: str, figure: Figure) -> bool:
    """Whether a figure is one of the unit; « forfait à 12,99 » leaves it to be understood."""
    is_bare_price = figure.unit == NUMBER and figure.is_theirs and figure.value % 1 > 0
    return figure.sort is Sort.AMOUNT and (figure.unit == unit or is_bare_price)


def _distinct(terms: Iterable[Term]) -> list[Term]:
    """One term a value, rather one with a figure of the customer's."""
    ordered = sorted(terms, key=lambda term: any(one.is_theirs for one in term.of))
    return list({term.value: term for term in ordered}.values())


def _times(terms: Sequence[Term], counts: Sequence[Term]) -> Iterator[Term]:
    for term, count in product(terms, counts):
        is_itself = term.value == count.value and not any(one.is_theirs for one in count.of)
        if count.value > 1 and not is_itself:
            yield Term(term.value * count.value, (*term.of, *count.of))


def _parts(terms: Sequence[Term], counts: Sequence[Term]) -> Iterator[Term]:
    for term, count in product(terms, counts):
        if count.value > 1:
            yield Term(term.value / count.value, (*term.of, *count.of))


def _shared(terms: Sequence[Term], shares: Sequence[Figure]) -> Iterator[Term]:
    for term, share in product(terms, shares):
        part = term.value * share.value / 100
        for value in (part, term.value - part, term.value + part):
            yield Term(value, (*term.of, share))


def _between(figure: Figure, known: Sequence[Figure]) -> Iterator[Term]:
    """How far two hours, two days, two ages or two amounts of one unit are apart.

    Told in any unit of time: « trois ans » between 13 and 16, « 50 jours » of 4 ml in 200 ml.
    """
    sizes = _AMOUNTS_OF.get(figure.unit.removeprefix("length "), ())
    if not sizes and figure.unit != NUMBER:
        return
    for one, other in _pairs(known):
        if one.sort is Sort.CLOCK and "min" in figure.unit:
            yield Term(abs(one.value - other.value), (one, other))
        if one.sort is Sort.DAY:
            apart = abs(one.value - other.value)
            scale = _DAY_MINUTES if "min" in figure.unit else 1
            yield from (Term((apart + more) * scale, (one, other)) for more in (0, 1))
        if one.unit == NUMBER and sizes:
            apart = abs(one.value - other.value)
            yield from (Term(apart * size, (one, other)) for size in sizes)
        if one.unit == figure.unit == NUMBER and one.is_theirs and other.is_theirs:
            yield Term((one.value + other.value) / 2, (one, other))
        if one.sort is Sort.AMOUNT and other.value:
            ratios = (one.value / other.value, other.value / one.value if one.value else 0.0)
            yield from (Term(r * size, (one, other)) for r in ratios for size in sizes or (1,))


def _pairs(known: Sequence[Figure]) -> Iterator[tuple[Figure, Figure]]:
    for place, one in enumerate(known):
        for other in known[place + 1 :]:
            if one.fact != other.fact and (one.sort, one.unit) == (other.sort, other.unit):
                yield one, other


def _moved_clocks(known: Sequence[Figure]) -> Iterator[Term]:
    hours = [figure for figure in known if figure.sort is Sort.CLOCK]
    lengths = [figure for figure in known if figure.unit == "length min"]
    for hour, length in product(hours, lengths):
        if hour.fact != length.fact:
            for way in (1, -1):
                yield Term((hour.value + way * length.value) % _DAY_MINUTES, (hour, length))


def _years(figure: Figure, known: Sequence[Figure]) -> Iterator[Term]:
    """« Délivré en 2014, valable dix ans : 2024 »."""
    if figure.unit != NUMBER or not _FIRST_YEAR <= figure.value <= _LAST_YEAR:
        return
    for year, length in product(known, known):
        if year.unit == NUMBER and length.unit == "length month":
            yield Term(year.value + length.value / _YEAR_MONTHS, (year, length))


def _moved_days(figure: Figure, known: Sequence[Figure]) -> Iterator[Term]:
    """Some days, months or years after or before; the first or the last day may be counted in."""
    starts = [one for one in known if one.sort is figure.sort]
    for start, length in product(starts, known):
        for way in (1, -1):
            moved = _moved(start, length, way)
            if moved is None:
                continue
            is_of_any_year = _OF_ANY_YEAR in (start.unit, figure.unit)
            for end in (0,) if figure.sort is Sort.MONTH else (0, -way):
                there = _in_year_of(figure, moved + end) if is_of_any_year else moved + end
                yield Term(there, (start, length))


def _in_year_of(figure: Figure, moved: float) -> float:
    """Return the day or month that has the same name in the year of the figure."""
    if figure.sort is Sort.MONTH:
        return figure.value // _YEAR_MONTHS * _YEAR_MONTHS + moved % _YEAR_MONTHS
    day = date.fromordinal(int(moved))
    try:
        return day.replace(year=date.fromordinal(int(figure.value)).year).toordinal()
    except ValueError:
        return moved


def _moved(start: Figure, length: Figure, way: int) -> float | None:
    if length.unit == "length min" and start.sort is Sort.DAY:
        return start.value + way * length.value / _DAY_MINUTES
    if length.unit != "length month" or length.value % 1:
        return None
    if start.sort is Sort.MONTH:
        return start.value + way * length.value
    day = date.fromordinal(int(start.value))
    months = day.year * _YEAR_MONTHS + day.month - 1 + way * int(length.value)
    try:
        return date(months // _YEAR_MONTHS, months % _YEAR_MONTHS + 1, day.day).toordinal()
    except ValueError:
        last = date(months // _YEAR_MONTHS, months % _YEAR_MONTHS + 1, 28) + timedelta(4)
        return (last - timedelta(last.day)).toordinal()
