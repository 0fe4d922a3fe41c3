"""Days, spans and shares as each language writes them."""

from datetime import date, timedelta

from agent.domain.measures import Bucket, Step
from ui.locales import NARROW, NO_BREAK, Words

NOTHING = "–"
_TWO_DAYS = timedelta(days=2)


def day(when: date, words: Words, *, with_year: bool = False) -> str:
    """Return `21 nov.` or `21 Nov 2026`."""
    month = words(f"time.month.m{when.month}")
    year = f"{NO_BREAK}{when.year}" if with_year else ""
    return f"{when.day}{NO_BREAK}{month}{year}"


def bucket_label(bucket: Bucket, step: Step, words: Words) -> str:
    """Return the name of a bar; one that is still running carries a star."""
    star = "*" if bucket.is_partial else ""
    if step is Step.MONTH:
        month = words(f"time.month.m{bucket.first.month}")
        return f"{month}{NO_BREAK}{bucket.first.year}{star}"
    return day(bucket.first, words) + star


def period(first: date, last: date, words: Words) -> str:
    """Return `du 1 nov. 2026 au 7 nov. 2026`."""
    named = (day(one, words, with_year=True) for one in (first, last))
    return words("measure.from_to", first=next(named), last=next(named))


def span(seconds: int | None, words: Words) -> str:
    """Return `45 s`, `12 min`, `3 h 05` or `4 j`; a dash where there is nothing to measure."""
    if seconds is None:
        return NOTHING
    if seconds < 60:
        return f"{seconds}{NO_BREAK}s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes}{NO_BREAK}min"
    if timedelta(minutes=minutes) < _TWO_DAYS:
        hours, rest = divmod(minutes, 60)
        return f"{hours}{NO_BREAK}h" + (f"{NO_BREAK}{rest:02}" if rest else "")
    return decimal(minutes / 1440, words) + f"{NO_BREAK}{words('time.day_unit')}"


def share(part: int, whole: int, words: Words) -> str:
    """Return a share of a whole as a percentage; a dash of nothing."""
    return words.percent(part / whole) if whole else NOTHING


def decimal(value: float, words: Words) -> str:
    """Return a number with one decimal, none where it is whole."""
    text = f"{value:,.1f}".removesuffix(".0")
    if words.lang == "fr":
        return text.replace(",", NARROW).replace(".", ",")
    return text


def tick(value: float, words: Words) -> str:
    """Return the number of an axis: whole where it is, below one with the decimals it needs."""
    if 0 < value < 1:
        return words.decimal(value, 3).rstrip("0")
    return decimal(value, words)


def change(now: float, before: float, words: Words) -> str:
    """Return how much more or less than before, as a percentage; empty without a before."""
    if not before:
        return ""
    ratio = (now - before) / before
    sign = "+" if ratio >= 0 else "−"
    return sign + words.percent(abs(ratio))


def points(now: float, before: float, words: Words) -> str:
    """Return the difference of two shares in points."""
    moved = round((now - before) * 100)
    sign = "+" if moved >= 0 else "−"
    return words("measure.points", n=f"{sign}{abs(moved)}")
