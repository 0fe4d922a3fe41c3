"""Facts that two wordings state alike although their normal forms differ."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

from knowledge.text.fact_types import Fact, FactKind

_ALL_WEEK = re.compile(
    r"\b(?:(?:7|sept) ?(?:j|jours?|days?)? ?(?:/|sur|out of|over) ?(?:7|sept)|24/7"
    r"|tous les jours|toute la semaine"
    r"|every ?day|daily|(?:all|seven) (?:week|days a week)|7 days a week)"
)
_ALL_DAY = re.compile(
    r"\b(?:24 ?(?:h|heures?|hours?)? ?(?:/|sur|out of) ?(?:24|7)|jour et nuit|nuit et jour"
    r"|day (?:and|or) night|round the clock|24 hours|24h)"
)
_DAYS = (
    r"lun(?:di)?s?|mon(?:day)?s?",
    r"mar(?:di)?s?|tue(?:s(?:day)?)?s?",
    r"mer(?:credi)?s?|wed(?:nesday)?s?",
    r"jeu(?:di)?s?|thu(?:rs?(?:day)?)?s?",
    r"ven(?:dredi)?s?|fri(?:day)?s?",
    r"sam(?:edi)?s?|sat(?:urday)?s?",
    r"dim(?:anche)?s?|sun(?:day)?s?",
)
_ANY_DAY = "|".join(f"(?P<d{at}>{day})" for at, day in enumerate(_DAYS, 1))
_DAY = re.compile(rf"\b(?:{_ANY_DAY})\b\.?")
_TO = re.compile(r"\s*(?:-|–|—|to|au|a|through|until|till)\s*(?:le )?$")
_GROUPS = (
    (re.compile(r"\bweek-?ends?\b"), (6, 7)),
    (re.compile(r"\b(?:weekdays?|en semaine|jours? de semaine|jours? ouvr)"), (1, 2, 3, 4, 5)),
    (_ALL_WEEK, (1, 2, 3, 4, 5, 6, 7)),
)
_CLAUSE = re.compile(r"[,;:.!?]|\b(?:mais|but|et|and)\b")
_NO_DAY = re.compile(r"\b(?:ne|n'\w+|pas|jamais|aucune?|not|no|never)\b|n't\b|\bferme|\bclosed\b")
_DENIED_STRETCH = re.compile(
    r"\b(?:pas d(?:e |')|aucune? |no |sauf |hors |except(?: on)? |excluding )[^.;:!?]*"
)
""" « Pas de livraison le week-end » names Saturday, and serves it not."""
_SHUT = re.compile(r"\b(?:ferm\w+|clos\w*|shut)\b")
_FIGURE = re.compile(r"\d+(?:[.,]\d+)?")
_BY_FIGURES = frozenset({FactKind.NUMBER, FactKind.QUANTITY, FactKind.DATE})
_MIDNIGHTS = frozenset({"00:00", "23:59", "24:00"})
_HOUR_CUE = (
    r"\b(?:from|at|to|till?|until|by|before|after|between|since|de|a|des|vers|jusqu'a|entre|et|and)"
    r" {0}\b(?!['%€$£°]| ?[%€$£])|\b{0} ?(?:to|till|until|-|–|a) ?\d|\b{0} o'clock"
)
_HOLIDAY = re.compile(r"\b(?:jours? feries?|(?:bank|public) holidays?)\b")
_HOLIDAYS = frozenset(
    {"-01-01", "-05-01", "-05-08", "-07-14", "-08-15", "-11-01", "-11-11", "-12-25", "-12-26"}
)
_OF_AGE = re.compile(r"\b(?:majeure?s?|mineure?s?|adult age|of (?:legal )?age|minors?)\b")
_AGE_OF_MAJORITY = "216 month"
_ONE_OF = {
    "60 min": "heure|hour",
    "1440 min": "jour|journee|24-hour|day",
    "10080 min": "semaine|week",
    "1 month": "mois|month",
    "12 month": "an|annee|year",
}
_NAMED = {
    (FactKind.PERCENT, "50"): r"half[- ]price|half off|moitie prix|demi-tarif|(?:la )?moitie",
    (FactKind.DURATION, "20160 min"): r"fortnight|quinzaine|quinze jours|15 jours",
    (FactKind.DURATION, "21600 min"): r"fortnight|quinzaine|two weeks|deux semaines",
    (FactKind.DURATION, "3 month"): r"quarter|trimestre",
    (FactKind.DURATION, "6 month"): r"semestre|half[- ]year|half a year",
    (FactKind.NUMBER, "12"): r"(?<!half a )(?<!demi-)(?:dozen|douzaine)",
    (FactKind.NUMBER, "6"): r"half a dozen|half-dozen|demi-douzaine",
    (FactKind.TIME, "12:00"): r"midi|noon|midday",
}
"""What a figure is called where the source writes no figure."""
_ALIKE = {"00:00": "1440 min", "24:00": "1440 min"}
"""A length of time that is written like an hour."""
_RESUMES = re.compile(
    r"\b(?:again|resum\w+|restart\w*|reopen\w*|repren\w*|reprise|repart\w*|rouvr\w*|reouvr\w*"
    r"|reouverture|(?:de|a) nouveau)\b"
)
_DATE = re.compile(r"(\d{4}|-)-(\d\d)-(\d\d)")
_ANY_YEAR = 2027
_ALL_WEEK_VALUES = frozenset({"10080 min", "7", "7/7", "24/7"})
_ALL_DAY_VALUES = frozenset({"1440 min", "24", "24/24", "24/7", "24:00"})


@lru_cache(maxsize=4096)
def days_named(folded: str) -> frozenset[int]:
    """Return the days (1 is Monday) that a folded text names, with those inside its ranges."""
    days = {day for pattern, group in _GROUPS if pattern.search(folded) for day in group}
    last, end = 0, 0
    for match in _DAY.finditer(folded):
        day = int((match.lastgroup or "d0")[1:])
        days.add(day)
        if last and _TO.fullmatch(folded[end : match.start()]):
            days.update(range(last, day + 1) if last < day else (*range(last, 8), *range(1, day)))
        last, end = day, match.end()
    return frozenset(days)


def _is_day_after(fact: Fact, known: Fact) -> bool:
    """« Reprise le 1er septembre », where the passage has « jusqu'au 31 août »."""
    ours, theirs = _DATE.fullmatch(fact.value), _DATE.fullmatch(known.value)
    if ours is None or theirs is None or ours[1] != theirs[1]:
        return False
    year = _ANY_YEAR if ours[1] == "-" else int(ours[1])
    try:
        first, then = (date(year, int(day[2]), int(day[3])) for day in (theirs, ours))
    except ValueError:
        return False
    return then - first == timedelta(days=1)


def _is_same_day(
    fact: Fact, folded_claim: str, folded_source: str, source_facts: Iterable[Fact]
) -> bool:
    if fact.value.startswith("wd-"):
        return _is_day_of(int(fact.value[3:]), folded_claim, folded_source)
    if fact.value[-6:] in _HOLIDAYS and _HOLIDAY.search(folded_source):
        return True
    is_resumed = _RESUMES.search(folded_claim) is not None
    return is_resumed and any(_is_day_after(fact, known) for known in source_facts)


def is_said_otherwise(
    fact: Fact, folded_claim: str, folded_source: str, source_facts: Iterable[Fact]
) -> bool:
    """Whether the source states `fact` of the claim in other words.

    Weekdays inside « du lundi au vendredi », midnight as 23:59, « 7 jours sur 7 » as every day,
    « la 28e semaine » as 28 weeks, « 27 degrés ici, et 30 là » with its unit said once.
    """
    if _is_same_length(fact, folded_source, source_facts) or _is_named(fact, folded_source):
        return True
    if fact.kind is FactKind.DATE:
        return _is_same_day(fact, folded_claim, folded_source, source_facts)
    if fact.kind is FactKind.TIME and fact.value in _MIDNIGHTS:
        return any(time in folded_source for time in ("23:59", "23h59", "23 h 59", "minuit"))
    for pattern, values in ((_ALL_WEEK, _ALL_WEEK_VALUES), (_ALL_DAY, _ALL_DAY_VALUES)):
        is_idiom = fact.value in values and pattern.search(folded_claim)
        if is_idiom and pattern.search(folded_source):
            return True
    if fact.kind is not FactKind.NUMBER:
        return False
    if _is_bare_hour(fact, folded_claim, source_facts):
        return True
    return _is_rank(fact.value, folded_claim, folded_source) or _is_elliptic(fact, source_facts)


def _is_named(fact: Fact, folded_source: str) -> bool:
    name = _NAMED.get((fact.kind, fact.value))
    return name is not None and re.search(rf"\b(?:{name})\b", folded_source) is not None


def _is_day_of(day: int, folded_claim: str, folded_source: str) -> bool:
    """Whether the source names the day; or names others, and the claim denies this one alone."""
    named = days_named(folded_source)
    clauses = _CLAUSE.split(folded_claim)
    its_own = [clause for clause in clauses if day in days_named(clause)]
    is_denied = bool(its_own) and all(map(_NO_DAY.search, its_own))
    if day in named:
        return is_denied or day in days_named(_DENIED_STRETCH.sub(" ", folded_source))
    return bool(named) and is_denied


def are_shut_alike(fact: Fact, folded_claim: str, folded_source: str) -> bool:
    """Return whether both say closed of the weekday: « fermé le lundi », "Closed Sunday, Monday".

    What is open on other days gives that day no other value.
    """
    if not fact.value.startswith("wd-"):
        return False
    day = int(fact.value[3:])
    return all(
        any(
            day in days_named(clause)
            for clause in re.split(r"[.;:!?]", text)
            if _SHUT.search(clause)
        )
        for text in (folded_claim, folded_source)
    )


def _is_same_length(fact: Fact, folded_source: str, source_facts: Iterable[Fact]) -> bool:
    """« jusqu'à 24 h » as a day long, « 1 an » as « un an », « un mois » as « 30 jours »."""
    if fact.value == _AGE_OF_MAJORITY and _OF_AGE.search(folded_source):
        return True
    alike = _ALIKE.get(fact.value)
    if any(known.value == alike for known in source_facts):
        return True
    word = _ONE_OF.get(fact.value)
    return word is not None and (
        re.search(
            rf"\b(?:(?:une?|an?|one|par|per|chaque|each|every|le|la|l')[ -]?)(?:{word})\b",
            folded_source,
        )
        is not None
    )


def _is_bare_hour(fact: Fact, folded_claim: str, source_facts: Iterable[Fact]) -> bool:
    """ "10 to 4", "from 8", "the 17.40": hours without their « h » or "pm"."""
    if _is_dotted_hour(fact, folded_claim, source_facts):
        return True
    if not fact.value.isdigit() or not re.search(_HOUR_CUE.format(fact.value), folded_claim):
        return False
    hours = {f"{hour:02}:00" for hour in (int(fact.value), int(fact.value) + 12)}
    return any(known.kind is FactKind.TIME and known.value in hours for known in source_facts)


def _is_dotted_hour(fact: Fact, folded_claim: str, source_facts: Iterable[Fact]) -> bool:
    hour, _, minutes = fact.value.partition(".")
    written = re.escape(f"{hour}.{minutes:0<2}")
    if not hour.isdigit() or not re.search(rf"(?<![\d.,]){written}(?![\d%€£$])", folded_claim):
        return False
    clocks = {f"{h:02}:{minutes:0<2}" for h in (int(hour), int(hour) + 12)}
    return any(known.kind is FactKind.TIME and known.value in clocks for known in source_facts)


def _is_rank(value: str, folded_claim: str, folded_source: str) -> bool:
    number = re.escape(value)
    is_rank = re.search(rf"\b{number} ?(?:e|eme|ieme|er|ere|th|st|nd|rd)\b", folded_claim)
    return bool(is_rank and re.search(rf"(?<![\d.,]){number}(?![\d.,]\d|\d)", folded_source))


def _is_elliptic(fact: Fact, source_facts: Iterable[Fact]) -> bool:
    return any(known.value.split(" ")[0] == fact.value for known in source_facts)


def has_same_figures(fact: Fact, written: str, folded_source: str, facts: Iterable[Fact]) -> bool:
    """Whether the source has the very figures of a fact, whatever stands around them.

    « 1,30 m » is said by « 1m30 », « 20 à 300 € » by « entre 20 € et 300 € », "from 11 to 17" by
    "ages 11-17", « juillet » by « juillet-août », and « 5 jours ouvrés (2 jours la nuit) » by
    « 2 jours ouvrés ». Lengths of time and single prices are compared with their unit only.
    """
    if fact.kind is FactKind.DURATION:
        is_short_for = any("business" in other.value for other in facts)
        days = re.fullmatch(r"(\d+) min", fact.value)
        count = int(days[1]) // 1440 if days else 0
        return is_short_for and re.search(rf"(?<!\d){count} jours ouvr", folded_source) is not None
    is_range = fact.kind is FactKind.MONEY and ".." in fact.value
    if fact.kind not in _BY_FIGURES and not is_range:
        return False
    if written and re.search(rf"(?<!\w){re.escape(written)}(?!\w)", folded_source):
        return True
    figures = {piece for one in _FIGURE.findall(written) for piece in re.split("[.,]", one)}
    figures = figures or set(_FIGURE.findall(fact.value.replace("..", " ")))
    known = {p for one in _FIGURE.findall(folded_source) for p in re.split("[.,]", one)}
    return bool(figures) and figures <= known and fact.kind is not FactKind.DATE
