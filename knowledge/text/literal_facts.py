"""Facts with a shape of their own: links, e-mails, phones, promo codes, written dates, hours."""

import re
from collections.abc import Iterator

from knowledge.text.clock_words import find_spoken_hours
from knowledge.text.fact_types import Fact, FactKind
from knowledge.text.fact_units import MONTHS, WEEKDAYS, alternatives

_SURE_TLD = "fr|com|eu|org|net|uk|be|ch|ca|io|app|shop|example"
_TLD = (
    _SURE_TLD + "|co|us|de|es|it|lu|store|me|info|tv|ly|gl|gd|tn|link|bio|paris|ai|dev|xyz|biz|"
    "site|online|club|ru|cn|tk|top|re|nc|pf|gg|to|gle|page|test"
)
_HOST = r"[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)*"
_PATH = r"/(?:[^\s<>«»\"“”)\]]*[^\s<>«»\"“”)\].,;:!?…'’])?"
EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}\b")
URL = re.compile(
    r"https?://[^\s<>«»\"“”)\]]*[^\s<>«»\"“”)\].,;:!?…'’]"
    rf"|(?<![\w@.-])www\.{_HOST}\.(?:{_TLD})\b(?:{_PATH})?"
    rf"|(?<![\w@.-]){_HOST}\.(?:{_TLD})(?={_PATH}){_PATH}"
    rf"|(?<![\w@.-]){_HOST}\.(?-i:{_SURE_TLD})\b(?![\w@-]|\.\w)",
    re.IGNORECASE,
)
"""A bare domain counts only under a top-level domain that is no word: « merci.De rien » is none."""
PHONE = re.compile(
    r"(?<![\w+])(?:(?:\+|00)33[ .-]?(?:\(0\)[ .-]?)?[1-9](?:[ .\u00a0\u202f-]?\d{2}){4}"
    r"|0[1-9](?:[ .\u00a0\u202f-]?\d{2}){4}"
    r"|0[ .]?8\d{2}(?:[ .]?\d{3}){2}|0[ .]?8\d{2}(?:[ .]?\d{2}){3}"
    r"|(?:\+|00)44[ .-]?(?:\(0\)[ .-]?)?\d{2,4}[ .-]?\d{3,4}[ .-]?\d{3,4}"
    r"|0\d{3,4}[ -]\d{3}[ -]?\d{3,4}|020[ -]\d{4}[ -]\d{4}"
    r"|\(\d{3}\) ?\d{3}-\d{4}|\d{3}-\d{3}-\d{4}"
    r"|\+\d{1,3}(?:[ .-]?\d{1,4}){3,5})(?![\w])"
)
_SHORT_PHONE = re.compile(
    r"\b(?:appel(?:ez|er|le|ons)|compos(?:ez|er|e)|numéro(?: vert| unique| d['’]urgence)?|"
    r"joignable|call|dial|phone|text|ring|téléphone)(?: (?:le|au|the|sur le|on|:))?[ \u00a0:]+"
    r"(1[0-9]|11[0-9]|112|3\d ?\d{2}|911|999|111|988|741741)\b(?! ?(?:€|%|h\b|heures|jours))",
    re.IGNORECASE,
)
_PROMO = re.compile(
    r"\b(?:code|coupon|voucher|bon)s?(?: (?:promo(?:tionnel)?|avantage|discount|de r[ée]duction|"
    r"de parrainage|d['’]achat|cadeau))?[ \u00a0]*[:=]?[ \u00a0]*[«\"'“‘]?[ \u00a0]*"
    r"((?-i:[A-Z][A-Z0-9_-]{2,19}|\d+[A-Z][A-Z0-9]{2,19}))\b",
    re.IGNORECASE,
)
_BARE_PROMO = re.compile(r"(?<![\w#@/.-])[A-Z]{4,14}\d{1,3}(?![\w-])")
_DISCOUNT = re.compile(
    r"\b(?:codes?|promos?|r[ée]ductions?|remises?|discount|coupon|voucher|offre|off)\b|%", re.I
)
_NOT_CODES = frozenset({"QR", "PIN", "APE", "SMS", "EAN", "IBAN", "BIC", "CVV", "ISO", "IMEI"})
_NOT_CODES |= {"PROMO", "HTML", "NAF", "TVA", "RIB", "VIP", "DVD"}

_MONTH = alternatives(dict(MONTHS))
_DAY = r"(0?[1-9]|[12]\d|3[01])"
_ISO_DATE = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_SLASH_DATE = re.compile(
    rf"(?<![\d/]){_DAY}[/.](0?[1-9]|1[0-2])(?:[/.](\d{{4}}|\d{{2}}))?(?![\d/])"
)
_DAY_MONTH = re.compile(
    rf"\b{_DAY}(?:er|st|nd|rd|th)?(?: of)?[ \u00a0\u202f]({_MONTH})\b\.?"
    r"(?:,?[ \u00a0](\d{4})\b)?",
    re.IGNORECASE,
)
_DAYS_OF_MONTH = re.compile(
    rf"\b{_DAY}(?:er|st|nd|rd|th)?(?= (?:au|to|et|and|ou|or|-|–) {_DAY}(?:er|st|nd|rd|th)?(?: of)? "
    rf"({_MONTH})\b\.?(?:,? (\d{{4}})\b)?)",
    re.IGNORECASE,
)
_MONTH_DAY = re.compile(
    rf"\b({_MONTH})\.? {_DAY}(?:st|nd|rd|th)?\b(?!\d| ?[h:%€])(?:,? (\d{{4}})\b)?", re.IGNORECASE
)
_MONTH_YEAR = re.compile(rf"\b({_MONTH})\.? (20\d{{2}})\b", re.IGNORECASE)
_MONTH_ONLY = re.compile(
    r"\b(?:en|in|fin|d[ée]but|mi|d['’]ici|jusqu['’](?:à|en)|until|by|this|next|depuis|since|"
    r"pour|for|avant|before|apr[èe]s|after|from|d[èe]s|[àa] partir (?:de|d['’])|"
    rf"courant|mois d[e'’]|early|late|end of)[ -]?({_MONTH})\b(?! \d)",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(
    rf"\b({alternatives(dict(WEEKDAYS))})\b(?! (?:de )?(?:p[âa]ques|pentec[ôo]te|saint)\b)"
    rf"(?! ?(?:\d{{1,2}}|1er)\b|,? (?:{_MONTH})\b)",
    re.IGNORECASE,
)
_OF_A_HOLIDAY = re.compile(r"\b(?:easter|black|cyber|good|whit|holiday) $", re.IGNORECASE)
_CLOCK = re.compile(
    r"(?<![\d:.,])([01]?\d|2[0-4])(?:[ \u00a0\u202f]?h[ \u00a0\u202f]?([0-5]\d)\b"
    r"|:([0-5]\d)(?![\d:])(?:[ \u00a0]?([ap])\.?m\b\.?)?|\.([0-5]\d)[ \u00a0]?([ap])\.?m\b\.?"
    r"|[ \u00a0]?([ap])\.?m\b\.?)",
    re.IGNORECASE,
)
_HOURS_RANGE = re.compile(
    r"(?<![\d,.])([01]?\d|2[0-4])(?= ?(?:h|heures)\b ?(?:à|-|–|et|jusqu['’]à) ?"
    r"(?:([01]?\d|2[0-4]) ?(?:h|heures)|midi|minuit)\b)"
    r"|(?<=\d) ?(?:h|heures) ?(?:à|-|–|et|jusqu['’]à) ?"
    r"([01]?\d|2[0-4]) ?(?:h|heures)\b(?! ?\d)",
    re.IGNORECASE,
)
_HOUR_AT = re.compile(
    r"\b(?:à|dès|jusqu['’]à|avant|vers|à partir de|ouvr\w+ à|ferm\w+ à)[ \u00a0\u202f]"
    r"([01]?\d|2[0-4])[ \u00a0\u202f]?(?:h|heures)\b(?! ?\d)"
    r"(?! (?:avant|à l['’]avance|plus tôt|ouvr|consécuti))",
    re.IGNORECASE,
)
_NOON = re.compile(
    r"\b(?<!après[- ])(?<!apres[- ])(?:((?<!\ble )midi|noon)|(minuit|midnight))\b"
    r"(?!-| (?:et|ou|comme) (?:le )?soir)",
    re.IGNORECASE,
)
_PART_OF_HOUR = re.compile(r" (?:et (demie?)|et (quart))\b", re.IGNORECASE)
_PAST = re.compile(r"\b(?:(half)|(quarter)) past $", re.IGNORECASE)
"""« midi et demi », "half past midnight"."""
_ROUND_THE_CLOCK = re.compile(r"\b(?:(24 ?h? ?/ ?24)|(7 ?j? ?/ ?7)|(24 ?/ ?7))\b", re.IGNORECASE)


_SOME_MONTH = re.compile(
    r"\b(?:jan|f[ée]v|feb|mar|avr|apr|ma[iy]|jui|jun|jul|ao[uû]|aug|sep|oct|nov|d[ée]c)",
    re.IGNORECASE,
)
_SOME_CLOCK = re.compile(
    r"\d[ \u00a0\u202f]?(?:h|:\d|\.\d\d ?[ap]|[ap]\.?m)|\d ?j? ?/ ?\d", re.IGNORECASE
)
"""Cheap gates: most texts name no month and no hour."""


def find_literals(text: str, *, has_codes: bool) -> list[Fact]:
    """Return the facts of `text` that are recognised by their whole shape, never overlapping.

    `has_codes`: whether a bare « NOEL20 » is a promo code, see `names_bare_codes`.
    """
    taken = _Taken()
    if "." in text or "@" in text:
        taken.add_all(_emails_and_urls(text))
    has_digits = any(char.isdigit() for char in text)
    if has_digits:
        taken.add_all(_phones(text))
    taken.add_all(_promo_codes(text, has_codes=has_codes))
    has_month = _SOME_MONTH.search(text) is not None
    taken.add_all(find_spoken_hours(text))
    if has_digits:
        taken.add_all(_numeric_dates(text))
        taken.add_all(_days_and_months(text) if has_month else iter(()))
        taken.add_all(_clock_times(text) if _SOME_CLOCK.search(text) else iter(()))
    taken.add_all(_months(text, has_digits) if has_month else iter(()))
    taken.add_all(_days_and_noon(text))
    return taken.facts


class _Taken:
    """Facts so far; the first to claim a stretch of text keeps it."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []

    def add_all(self, facts: Iterator[Fact]) -> None:
        for fact in facts:
            if not any(fact.start < kept.end and kept.start < fact.end for kept in self.facts):
                self.facts.append(fact)


def _emails_and_urls(text: str) -> Iterator[Fact]:
    for match in URL.finditer(text):
        yield Fact(FactKind.URL, normal_url(match[0]), *match.span())
    for match in EMAIL.finditer(text):
        yield Fact(FactKind.EMAIL, match[0].lower(), *match.span())


def normal_url(url: str) -> str:
    """Return `url` without scheme, `www.`, fragment and final slash; the host in lower case."""
    bare = re.sub(r"^(?:https?://)?(?:www\.)?", "", url, flags=re.IGNORECASE).partition("#")[0]
    host, slash, path = bare.partition("/")
    return (host.lower() + slash + path).rstrip("/")


def _phones(text: str) -> Iterator[Fact]:
    for match in PHONE.finditer(text):
        yield Fact(FactKind.PHONE, normal_phone(match[0]), *match.span())
    for match in _SHORT_PHONE.finditer(text):
        yield Fact(FactKind.PHONE, match[1].replace(" ", ""), *match.span(1))


def normal_phone(written: str) -> str:
    """Return the national digits: `+33 (0)1 23 45 67 89` -> `0123456789`."""
    digits = re.sub(r"\(0\)|\D", "", written)
    if written.lstrip().startswith(("+", "00")):
        return re.sub(r"^(?:00)?(?:33|44)", "0", digits)
    return digits


def names_bare_codes(text: str) -> bool:
    """Whether a whole text speaks of a discount, so that « NOEL20 » anywhere in it is a code."""
    return _BARE_PROMO.search(text) is not None and _DISCOUNT.search(text) is not None


def _promo_codes(text: str, *, has_codes: bool) -> Iterator[Fact]:
    for match in _PROMO.finditer(text):
        if match[1] not in _NOT_CODES:
            yield Fact(FactKind.PROMO_CODE, match[1].upper(), *match.span(1))
    if has_codes:
        for match in _BARE_PROMO.finditer(text):
            yield Fact(FactKind.PROMO_CODE, match[0], *match.span())


def _date(year: str | None, month: int, day: str | None) -> str:
    head = (f"20{year}" if len(year) == 2 else year) if year else "-"
    return f"{head}-{month:02d}" + (f"-{int(day):02d}" if day else "")


def _numeric_dates(text: str) -> Iterator[Fact]:
    for match in _ROUND_THE_CLOCK.finditer(text):
        value = "24/24" if match[1] else "7/7" if match[2] else "24/7"
        yield Fact(FactKind.TIME, value, *match.span())
    for match in _ISO_DATE.finditer(text):
        yield Fact(FactKind.DATE, match[0], *match.span())
    for match in _SLASH_DATE.finditer(text):
        if match[3] or "/" in match[0]:
            yield Fact(FactKind.DATE, _date(match[3], int(match[2]), match[1]), *match.span())


def _days_and_months(text: str) -> Iterator[Fact]:
    for match in _DAY_MONTH.finditer(text):
        month = MONTHS[match[2].lower()]
        yield Fact(FactKind.DATE, _date(match[3], month, match[1]), *match.span())
    for match in _DAYS_OF_MONTH.finditer(text):
        month = MONTHS[match[3].lower()]
        yield Fact(FactKind.DATE, _date(match[4], month, match[1]), *match.span())
    for match in _MONTH_DAY.finditer(text):
        month = MONTHS[match[1].lower()]
        yield Fact(FactKind.DATE, _date(match[3], month, match[2]), *match.span())


def _months(text: str, has_digits: bool) -> Iterator[Fact]:
    if has_digits:
        for match in _MONTH_YEAR.finditer(text):
            value = _date(match[2], MONTHS[match[1].lower()], None)
            yield Fact(FactKind.DATE, value, *match.span())
    for match in _MONTH_ONLY.finditer(text):
        if match[1] == "may":
            continue
        yield Fact(FactKind.DATE, _date(None, MONTHS[match[1].lower()], None), *match.span(1))


def _days_and_noon(text: str) -> Iterator[Fact]:
    for match in _WEEKDAY.finditer(text):
        if _OF_A_HOLIDAY.search(text, max(0, match.start() - 8), match.start()):
            continue
        yield Fact(FactKind.DATE, f"wd-{WEEKDAYS[match[1].lower()]}", *match.span())
    for match in _NOON.finditer(text):
        hour = "12" if match[1] else "00"
        share = _PART_OF_HOUR.match(text, match.end())
        minutes = "00" if share is None else "30" if share[1] else "15"
        end = match.end() if share is None else share.end()
        before = _PAST.search(text, 0, match.start())
        start = match.start() if before is None else before.start()
        minutes = minutes if before is None else "30" if before[1] else "15"
        yield Fact(FactKind.TIME, f"{hour}:{minutes}", start, end)


def _clock_times(text: str) -> Iterator[Fact]:
    for match in _CLOCK.finditer(text):
        half = (match[4] or match[6] or match[7] or "").lower()
        minutes = int(match[2] or match[3] or match[5] or 0)
        yield Fact(FactKind.TIME, _time(int(match[1]), minutes, half), *match.span())
    for match in _HOURS_RANGE.finditer(text):
        group = 1 if match[1] else 3
        yield Fact(FactKind.TIME, _time(int(match[group]), 0, ""), *match.span(group))
    for match in _HOUR_AT.finditer(text):
        yield Fact(FactKind.TIME, _time(int(match[1]), 0, ""), *match.span(1))


def _time(hours: int, minutes: int, half: str) -> str:
    if half:
        hours = hours % 12 + (12 if half == "p" else 0)
    return f"{hours % 24:02d}:{minutes:02d}"
