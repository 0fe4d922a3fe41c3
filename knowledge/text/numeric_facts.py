"""Facts made of a number and what stands around it: money, percent, durations, measures."""

import re
from collections.abc import Sequence
from decimal import Decimal

from knowledge.passages import Language
from knowledge.text.fact_types import Fact, FactKind
from knowledge.text.fact_units import CENTS, CURRENCIES, DURATIONS, MEASURES, alternatives
from knowledge.text.numerals import Numeral, canonical, find_numerals
from knowledge.text.shares import find_ones, find_rhythms, find_shares, find_sizes

_SPACE = r"[ \u00a0\u202f]?"
_CURRENCY_BEFORE = re.compile(r"([€$£]|\b(?:EUR|USD|GBP|CHF))[ \u00a0\u202f]?$")
_AFTER = re.compile(
    rf"{_SPACE}(?:(?P<percent>%|pour ?cents?\b|per ?cent\b)"
    rf"|(?P<symbol>[€$£])(?P<cents>\d{{2}}\b)?"
    rf"|(?P<currency>{alternatives({w: 0 for w in CURRENCIES if w.isalpha()})}|francs suisses)\b"
    rf"(?: (?P<cents2>\d{{2}})\b(?!{_SPACE}[\w%€]))?"
    rf"|(?P<centime>centimes?|cents|pence|p)\b"
    r"|(?: (?:further|more|additional|full|whole|extra|pleine?s?|bonne?s?))?"
    r"[- ]?(?P<open>business|working|calendar)?[- ]?"
    rf"(?P<duration>{alternatives(dict(DURATIONS))})\b"
    rf"(?:{_SPACE}(?P<kind>ouvrée?s?|ouvrables?|calendaires?))?"
    rf"|(?P<measure>{alternatives(dict(MEASURES))})(?![\w²])"
    r"|(?P<ordinal>er|ère|e|ème|nd|st|rd|th)\b)",
    re.IGNORECASE,
)
_LINK = re.compile(r"[ \u00a0\u202f]?(?:à|-|–|—|to|et|and|ou|or)[ \u00a0\u202f]?")
_ONE = re.compile(
    r"\b(?:(?:sous|en|dans|d['’]ici|apr[èe]s|moins d['’]|plus d['’]|d[ée]lai d['’])"
    r" ?(?P<fr>une?)|(?:within|(?<!times )(?<!once )(?<!twice )in|after"
    r"|takes?|than|under|over|up to) (?:(?:about|around|roughly|just|only|nearly) )?(?P<a>an?)"
    r"|(?<!the )(?P<one>one)"
    r"|(?:d['’]|pendant|durant|pour|dure(?:nt)?|compte[zr]|garantie?s?|valables?|avec)"
    r" ?(?P<long_fr>une?)(?= (?:an|ann|mois|sem|heure))"
    r"|(?:for|of|lasts?|valid|covered) (?P<long>an?)(?= (?:(?:full|whole) )?(?:y|month|week|hour))"
    r"|(?P<its>an?)(?= \w+['’]s? ))"
    r"[ -](?:(?:full|whole) )?(?P<open>business |working )?"
    rf"(?P<unit>{alternatives(dict(DURATIONS))})\b"
    r"(?! (?:à|sur) l['’])(?: (?P<kind>ouvrés?|ouvrables?))?",
    re.IGNORECASE,
)
_OPENS_ONE = ("fr", "a", "one", "long_fr", "long", "its")
_SHARE_OF_UNIT = re.compile(
    r" (?:(?P<half>et demie?|and a half)|(?P<quarter>et quart|and a quarter))\b", re.IGNORECASE
)
_ONE_OF_IT = re.compile(
    r"\b(?:une?|an?|one) (?P<unit>heure|an|hour|year)"
    r"(?= (?:et|and) (?:demie?\b|a half|quart|a quarter|[\w-]+ min))",
    re.IGNORECASE,
)
_PARTED = frozenset({FactKind.DURATION, FactKind.QUANTITY})
_OF_THAT_AGE = re.compile(r"\b(?:under|over)[- ]$", re.IGNORECASE)
""" "Under-12s" are people."""
_OF_ONE_DAY = re.compile(r" (?:passes|tickets|travelcards)\b", re.IGNORECASE)
""" "Two day passes" are two, of a day each."""
_TIMES = re.compile(r"[ \u00a0\u202f]?[x×*][ \u00a0\u202f]?(?:\w{1,2} ?)?", re.IGNORECASE)
_AND = re.compile(r",? (?:et |and )?")
_HOUR = 60


def find_numeric(text: str, lang: Language, taken: Sequence[tuple[int, int]]) -> list[Fact]:
    """Return the facts that start from a number outside the stretches already `taken`."""
    parts = (*find_shares(text), *find_sizes(text), *find_rhythms(text))
    shares = [fact for fact in parts if not _overlaps(fact.start, fact.end, taken)]
    taken = [*taken, *((fact.start, fact.end) for fact in shares)]
    found = (*find_numerals(text, lang), *find_ones(text))
    numerals = sorted(n for n in found if not _overlaps(n.start, n.end, taken))
    facts: list[Fact] = []
    index = 0
    while index < len(numerals):
        first = numerals[index]
        if facts and first.start < facts[-1].end:
            index += 1
            continue
        last = _other_end(text, numerals, index)
        fact = _read(text, first, last) if last else None
        if fact is None:
            fact, last = _read(text, first, None), None
        if fact is not None:
            facts.append(fact)
        index += 2 if last and fact else 1
    facts = [*_with_shared_unit(text, facts), *shares]
    return _joined(text, [*facts, *_single_durations(text, facts)])


def _overlaps(start: int, end: int, taken: Sequence[tuple[int, int]]) -> bool:
    return any(start < b and a < end for a, b in taken)


def _other_end(text: str, numerals: list[Numeral], index: int) -> Numeral | None:
    if index + 1 == len(numerals):
        return None
    first, second = numerals[index : index + 2]
    between = text[first.end : second.start]
    is_range = _LINK.fullmatch(between) is not None and first.value < second.value
    return second if is_range else None


def _read(text: str, first: Numeral, last: Numeral | None) -> Fact | None:
    """The fact stated by one number, or by a range whose unit follows its second number."""
    end = (last or first).end
    before = _CURRENCY_BEFORE.search(text[max(0, first.start - 5) : first.start])
    if before and not last:
        start = first.start - len(before[0])
        return Fact(FactKind.MONEY, f"{canonical(first.value)} {_currency(before[1])}", start, end)
    after = _AFTER.match(text, end)
    # « 2 To » is two terabytes, "2 to" is a number and a word.
    if after is None or after["measure"] == "to":
        return None if last else _plain(text, first)
    kind, factor, unit = _unit(after)
    # « 1 an », "six an hour": a year is « an » for one only.
    is_article = (after["duration"] or "").lower() == "an" and (last or first).value != 1
    if kind is FactKind.NUMBER or is_article:
        return None if last else _plain(text, first)
    amounts = [n.value * factor + _cents(after) for n in ((first, last) if last else (first,))]
    value = f"{'..'.join(canonical(_round(a)) for a in amounts)} {unit}".strip()
    return Fact(kind, value, first.start, after.end())


def _plain(text: str, numeral: Numeral) -> Fact | None:
    if _OF_THAT_AGE.search(text, 0, numeral.start) and text[numeral.end : numeral.end + 1] == "s":
        value = f"{canonical(numeral.value * 12)} month"
        return Fact(FactKind.DURATION, value, numeral.start, numeral.end)
    following = text[numeral.end : numeral.end + 3]
    is_glued = bool(following) and (following[0].isalnum() or following[0] == "_")
    if is_glued and not re.match(r"(?:er|e|è|nd|st|rd|th)", following):
        return None
    return Fact(FactKind.NUMBER, canonical(numeral.value), numeral.start, numeral.end)


def _round(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.0001")) if value % 1 else value


def _currency(written: str) -> str:
    return CURRENCIES[written.lower()]


def _cents(after: re.Match[str]) -> Decimal:
    return Decimal(after["cents"] or after["cents2"] or 0) / 100


def _unit(after: re.Match[str]) -> tuple[FactKind, Decimal, str]:
    one = Decimal(1)
    if after["percent"]:
        return FactKind.PERCENT, one, ""
    if (
        after["duration"]
        and after[0].startswith(" ")
        and _OF_ONE_DAY.match(after.string, after.end())
    ):
        return FactKind.NUMBER, one, ""
    if money := after["symbol"] or after["currency"]:
        return FactKind.MONEY, one, _currency(money)
    if after["centime"]:
        return FactKind.MONEY, Decimal("0.01"), CENTS[after["centime"].lower()]
    if after["duration"]:
        factor, unit = _duration(after["duration"], after["open"], after["kind"])
        return FactKind.DURATION, factor, unit
    if after["measure"]:
        unit, factor = MEASURES[after["measure"].lower()]
        return FactKind.QUANTITY, factor, unit
    return FactKind.NUMBER, one, ""


def _duration(word: str, opening: str | None, kind: str | None) -> tuple[Decimal, str]:
    unit, factor = DURATIONS[word.lower()]
    is_day = factor == 1440
    if factor == _HOUR and _is_open(kind):
        return Decimal(1) / 24, "business_days"
    if is_day and ((opening or "").strip().lower() in {"business", "working"} or _is_open(kind)):
        return Decimal(1), "business_days"
    if is_day and kind and kind.lower().startswith("ouvrable"):
        return Decimal(1), "ouvrables"
    return factor, unit


def _is_open(kind: str | None) -> bool:
    return bool(kind) and str(kind).lower().startswith("ouvré")


def _joined(text: str, facts: list[Fact]) -> list[Fact]:
    """« deux heures et demie », "an hour and twenty minutes" are one length of time each."""
    ones = [
        Fact(FactKind.DURATION, _value_of_one(m["unit"]), *m.span())
        for m in _ONE_OF_IT.finditer(text)
        if not _overlaps(*m.span(), [(fact.start, fact.end) for fact in facts])
    ]
    found: list[Fact] = []
    for fact in sorted([*facts, *ones], key=lambda one: one.start):
        minutes = _plain_minutes(fact)
        last = _plain_minutes(found[-1]) if found else None
        if (
            minutes
            and minutes < _HOUR
            and last
            and last % _HOUR == 0
            and _AND.fullmatch(text[found[-1].end : fact.start])
        ):
            found[-1] = _longer(found[-1], minutes, fact.end)
        elif found and (hundredths := _hundredths(text, found[-1], fact)):
            found[-1] = _longer(found[-1], hundredths, fact.end)
        else:
            found.append(_with_share(text, fact))
    return found


def _value_of_one(word: str) -> str:
    unit, size = DURATIONS[word.lower()]
    return f"{canonical(size)} {unit}"


def _plain_minutes(fact: Fact) -> Decimal | None:
    amount, _, unit = fact.value.partition(" ")
    return Decimal(amount) if unit == "min" and ".." not in amount else None


def _longer(fact: Fact, minutes: Decimal, end: int) -> Fact:
    amount, _, unit = fact.value.partition(" ")
    value = f"{canonical(_round(Decimal(amount) + minutes))} {unit}"
    return Fact(fact.kind, value, fact.start, end)


def _with_shared_unit(text: str, facts: list[Fact]) -> list[Fact]:
    """« 160 × 90 × 80 cm »: each figure is of the unit that the last one has."""
    found: list[Fact] = []
    unit, factor = "", Decimal(1)
    for fact in reversed(facts):
        is_side = found and fact.kind is FactKind.NUMBER and unit
        if is_side and _TIMES.fullmatch(text[fact.end : found[-1].start]):
            value = f"{canonical(Decimal(fact.value) * factor)} {unit}"
            fact = fact._replace(kind=FactKind.QUANTITY, value=value)
        else:
            unit, factor = MEASURES.get(_unit_word(text, fact), ("", Decimal(1)))
        found.append(fact)
    return found[::-1]


def _hundredths(text: str, fact: Fact, after: Fact) -> Decimal | None:
    """« 1 m 20 », « un mètre vingt », "two pounds fifty": what a bare number adds."""
    is_beside = after.kind is FactKind.NUMBER and text[fact.end : after.start] in ("", " ")
    if not is_beside or not re.fullmatch(r"[1-9]\d", after.value) or ".." in fact.value:
        return None
    word = _unit_word(text, fact)
    if fact.kind is FactKind.MONEY and word in CURRENCIES:
        return Decimal(after.value) / 100
    is_metre = fact.kind is FactKind.QUANTITY and MEASURES.get(word, ("", 0)) == ("mm", 1000)
    return Decimal(after.value) * 10 if is_metre else None


def _unit_word(text: str, fact: Fact) -> str:
    word = re.search(r"[^\W\d_]+$", text[fact.start : fact.end])
    return word[0].lower() if word else ""


def _with_share(text: str, fact: Fact) -> Fact:
    """Add the « et demie » that follows a number of hours, years or kilos."""
    share = _SHARE_OF_UNIT.match(text, fact.end) if fact.kind in _PARTED else None
    word = _unit_word(text, fact)
    _, factor = DURATIONS.get(word) or MEASURES.get(word) or ("", None)
    if share is None or factor is None or ".." in fact.value:
        return fact
    return _longer(fact, factor / (2 if share["half"] else 4), share.end())


def _single_durations(text: str, facts: list[Fact]) -> list[Fact]:
    """« dans une semaine », "within an hour", « garantie un an »."""
    found: list[Fact] = []
    for match in _ONE.finditer(text):
        if not _overlaps(*match.span("unit"), [(fact.start, fact.end) for fact in facts]):
            factor, unit = _duration(match["unit"], match["open"], match["kind"])
            start = max(match.start(name) for name in _OPENS_ONE)
            found.append(Fact(FactKind.DURATION, f"{canonical(factor)} {unit}", start, match.end()))
    return found
