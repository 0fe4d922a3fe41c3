"""Hours said in words: « six heures du soir », « huit heures moins le quart », "half past eight".

Without a word for the part of the day, an hour up to twelve may be of the morning or the evening:
its value names both, `08:30|20:30`.
"""

import re
from collections.abc import Iterator

from knowledge.text.fact_types import Fact, FactKind

_FR_HOURS = (
    "une",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "six",
    "sept",
    "huit",
    "neuf",
    "dix",
    "onze",
    "douze",
)
_EN_HOURS = (
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
_HOURS = {w: n for words in (_FR_HOURS, _EN_HOURS) for n, w in enumerate(words, start=1)}
_NOONS = {"midi": 12, "noon": 12, "midday": 12, "minuit": 24, "midnight": 24}
_HOURS |= _NOONS
_MINUTES = {"cinq": 5, "dix": 10, "vingt": 20, "vingt-cinq": 25, "quart": 15, "demi": 30}
_MINUTES |= {"five": 5, "ten": 10, "twenty": 20, "twenty-five": 25, "quarter": 15, "half": 30}
_MINUTES |= {"fifteen": 15, "thirty": 30, "forty-five": 45, "quinze": 15, "trente": 30}
_MINUTES |= {"quarante": 40, "quarante-cinq": 45, "cinquante": 50, "forty": 40, "fifty": 50}

_FR_HOUR = rf"(?P<hour>{'|'.join(_FR_HOURS)}|[01]?\d|2[0-4])"
_EN_HOUR = rf"(?P<hour>{'|'.join(_EN_HOURS)}|1[0-2]|[1-9])"
_FR_PART = r"(?P<part>(?:du|le|ce) (?:matin|soir)|de l['’]apr[eè]s-midi|l['’]apr[eè]s-midi)"
_EN_PART = (
    r"(?P<part>in the (?:morning|afternoon|evening)|at night|this (?:morning|evening|afternoon)"
    r"|[ap]\.?m\b\.?)"
)
_FR_LESS = r"moins (?:(?P<less>cinq|dix|vingt-cinq|vingt)|le (?P<less_quarter>quart))"
_FR_MORE = (
    r"(?:et (?P<share>quart|demi)e?|(?P<more>cinq|dix|quinze|vingt-cinq|vingt|trente|quarante-cinq"
    r"|quarante|cinquante|[0-5]\d))"
)
_OF_THE_DAY = re.compile(
    rf"\b{_FR_HOUR} ?(?:heures?|h)(?: {_FR_LESS}| ?{_FR_MORE})? {_FR_PART}\b", re.IGNORECASE
)
_TO_THE_HOUR = re.compile(rf"\b{_FR_HOUR} ?(?:heures?|h) {_FR_LESS}\b", re.IGNORECASE)
_NOON_LESS = re.compile(rf"\b(?P<hour>midi|minuit) {_FR_LESS}\b", re.IGNORECASE)
_PAST_OR_TO = re.compile(
    r"\b(?:(?:a )?(?P<minutes>half|quarter)|(?<=at )(?P<at>five|ten|twenty-five|twenty))"
    rf" (?:(?P<past>past|after)|to) (?:{_EN_HOUR[:-1]}|noon|midday|midnight))\b(?: ?{_EN_PART})?",
    re.IGNORECASE,
)
_HALF_EIGHT = re.compile(
    r"\b(?:at|from|until|till|by|before|after|around)"
    rf" (?P<all>half[ -]{_EN_HOUR}\b(?: {_EN_PART})?)",
    re.IGNORECASE,
)
_SPOKEN = re.compile(
    rf"\b{_EN_HOUR}(?: (?P<more>fifteen|twenty-five|twenty|thirty|forty-five|forty|fifty|ten))?"
    rf"(?: o['’]clock(?: {_EN_PART})?| {_EN_PART.replace('part>', 'when>')})",
    re.IGNORECASE,
)
_OPENS_RANGE = re.compile(
    r"(?<![\d:.,£$€-])(?P<hour>1[0-2]|[1-9])(?:[.:](?P<minutes>[0-5]\d))?"
    r"(?= ?(?:-|–|—|to|till|until|and) ?(?P<end>1[0-2]|[1-9])(?:[.:][0-5]\d)?"
    r" ?(?P<half>[ap])\.?m\b)",
    re.IGNORECASE,
)
""" "1.30–6 pm", "between 12.30 and 1.30 pm": the half of the day is said once, at the end."""
_OF_A_DEPARTURE = re.compile(
    r"(?<![\d:.,])(?P<hour>[01]?\d|2[0-3])\.(?P<minutes>[0-5]\d)"
    r"(?= (?:train|bus|coach|flight|ferry|service(?! (?:fee|charge))|sailing|departure|show"
    r"|screening)\b)",
    re.IGNORECASE,
)
_LATE = re.compile(r"soir|apr|afternoon|evening|night|^p", re.IGNORECASE)
_NOON = 12
_HOUR = 60
_DAY = 24 * _HOUR
GATE = re.compile(
    r"heures?\b|\d ?[ap]\.?m\b|\d\.\d\d [a-z]|\d ?h\b|moins le|past|clock|half|quarter"
    r"|\bto\b|morning|afternoon|evening|night"
    r"|[a-z] [ap]\.?m\b",
    re.IGNORECASE,
)
"""A cheap look: most texts say no hour in words."""


def find_spoken_hours(text: str) -> Iterator[Fact]:
    """Yield the hours that `text` says in words, but a bare « huit heures »: it may be a length."""
    if GATE.search(text) is None:
        return
    for pattern in (_OF_THE_DAY, _TO_THE_HOUR, _NOON_LESS, _PAST_OR_TO, _HALF_EIGHT, _SPOKEN):
        for match in pattern.finditer(text):
            yield _read(match)
    for match in _OPENS_RANGE.finditer(text):
        yield Fact(FactKind.TIME, _start_of_range(match), *match.span())
    for match in _OF_A_DEPARTURE.finditer(text):
        hour = int(match["hour"])
        value = _value(hour * _HOUR + int(match["minutes"]), hour, "")
        yield Fact(FactKind.TIME, value, *match.span())


def _start_of_range(match: re.Match[str]) -> str:
    """The hour in the half of the day that makes it the last such one before the end."""
    start, end = int(match["hour"]) % _NOON, int(match["end"]) % _NOON
    is_late = (match["half"].lower() == "p") is (start <= end)
    return _clock((start + _NOON * is_late) * _HOUR + int(match["minutes"] or 0))


def _read(match: re.Match[str]) -> Fact:
    said = {name: words.lower() for name, words in match.groupdict().items() if words}
    part = said.get("part") or said.get("when") or ""
    less = said.get("less") or said.get("less_quarter")
    word = said.get("hour") or match[0].lower().rpartition(" ")[2]
    hour = _HOURS[word] if word in _HOURS else int(word)
    minutes = hour * _HOUR + _minutes(match, said, less)
    span = match.span("all") if "all" in said else match.span()
    return Fact(
        FactKind.TIME, _value(minutes, hour, part or (word if word in _NOONS else "")), *span
    )


def _minutes(match: re.Match[str], said: dict[str, str], less: str | None) -> int:
    """How many minutes after the hour, or, below nought, before it."""
    if less:
        return -_MINUTES[less]
    if match.re is _PAST_OR_TO:
        minutes = _MINUTES[said.get("minutes") or said["at"]]
        return minutes if "past" in said else -minutes
    if match.re is _HALF_EIGHT:
        return _MINUTES["half"]
    more = said.get("share") or said.get("more") or "0"
    return _MINUTES[more] if more in _MINUTES else int(more)


def _value(minutes: int, hour: int, part: str) -> str:
    """The minute of the day; of both halves of the day where nothing says which."""
    is_late = part and _LATE.search(part)
    if is_late and hour < _NOON:
        return _clock(minutes + _NOON * _HOUR)
    if part and not is_late and hour == _NOON and part not in _NOONS:
        return _clock(minutes - _NOON * _HOUR)
    if part or hour > _NOON:
        return _clock(minutes)
    return "|".join(sorted({_clock(minutes), _clock(minutes + _NOON * _HOUR)}))


def _clock(minutes: int) -> str:
    return f"{minutes // _HOUR % 24:02d}:{minutes % _HOUR:02d}"
