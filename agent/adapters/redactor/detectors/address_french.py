"""Postal addresses as written in France, Belgium and French-speaking Switzerland."""

import re
from collections.abc import Iterator

from agent.adapters.redactor.data_files import either
from agent.adapters.redactor.detectors.address_words import FILE, name_end
from agent.adapters.redactor.detectors.cues import precedes
from agent.adapters.redactor.found import Found

_NUMBER = (
    r"(?:(?:n°[ ]?)?\d{1,4}[ ]?(?:bis|ter|quater|[a-d](?=[ ,]))?(?:[ ]?[-/&][ ]?\d{1,4})?"
    r"[ ]?,?[ ]?)"
)
_STREET = re.compile(
    rf"(?<![\w.,€-])({_NUMBER})?"
    rf"(?:({either(FILE, 'french street')})|({either(FILE, 'french street or word')}))"
    r"(?=[ ](?!\d{5}))[ ]",
    re.IGNORECASE,
)
_ZONE = re.compile(rf"(?<!\w){either(FILE, 'french zone')}[ ]", re.IGNORECASE)
_PO_BOX = re.compile(
    r"(?<!\w)(?:B\.?P\.?|CS|TSA|bo[îi]te postale|case postale)[ ]?(?:n°[ ]?)?\d{1,6}(?!\w)"
)
_POSTCODE = (
    r"(?:(?:F|FR|B|CH|L)[- ])?"
    r"(?:(?:0[1-9]|[1-8]\d|9[0-8])[ ]?\d{3}|[1-9]\d{3}(?=[ ][^\W\d_]))"
)
_COMPLEMENT = either(FILE, "french complement")
_SEPARATOR = r"[ ]?[,\n–-][ \n]*"
_TAIL = re.compile(
    rf"(?:{_SEPARATOR}|[ ]*)(?:{_COMPLEMENT}(?:{_SEPARATOR}|[ ](?=\d))){{0,3}}"
    rf"(?:à[ ])?\(?({_POSTCODE})\)?(?:[ ,]{{1,2}}|$)",
    re.IGNORECASE,
)
_COMPLEMENT_AFTER = re.compile(rf"{_SEPARATOR}{_COMPLEMENT}(?=[,.\n]|$)", re.IGNORECASE)
_BUILDING = re.compile(rf"(?<!\w){either(FILE, 'french building')}+$", re.IGNORECASE)
_HOUSE_AFTER = re.compile(r"[ ,]{1,2}\d{1,4}[ ]?[a-z]?(?![\w])(?![ ]?(?:€|h\b))")
_CEDEX = re.compile(r"(?:[ ]cedex|(?<=cedex))(?:[ ]\d{1,2}(?!\w))?", re.IGNORECASE)
_COUNTRY = re.compile(
    r"[ ]?[,\n(][ ]?(?:France|Belgique|Suisse|Luxembourg|Monaco|La Réunion)\b", re.IGNORECASE
)
_TOWN = re.compile(rf"(?<![\w.,€+-])({_POSTCODE})[ ,]{{1,2}}(?=[^\W\d_])")
_TOWN_THEN_CODE = re.compile(
    r"[ ]?(?:,|à|a)[ ]?[^\W\d_][^\W\d_'-]*(?:[ '-][^\W\d_]+){0,3}[ ,]{1,2}\(?\d{5}\)?(?!\d)",
    re.IGNORECASE,
)
_NOT_A_POSTCODE = re.compile(rf"{either(FILE, 'not a postcode')}[ ]*$", re.IGNORECASE)
_FIVE = r"(?:0[1-9]|[1-8]\d|9[0-8])[ ]?\d{3}"
_CODE_ALONE = re.compile(rf"[ ]?[ ,(][ ]?{_FIVE}\)?(?![\w.,]|[ ]?(?:€|eur|\d))", re.IGNORECASE)
# Words between a street and a postcode where nobody troubled to write commas or capitals.
_FAR_CODE = re.compile(
    rf"(?:[ ,]{{1,2}}(?!{either(FILE, 'goes on')}[ ])(?:[^\W\d_][\w'’.-]*|\d{{1,2}}[a-z]?)){{1,8}}?"
    rf"[ ,]{{1,2}}{_FIVE}[ ](?=[^\W\d_])(?!{either(FILE, 'goes on')}\b)",
    re.IGNORECASE,
)
# Streets that bear no name of their own.
_NAMELESS = re.compile(
    rf"(?<![\w.,€-])({_NUMBER})?{either(FILE, 'french nameless street')}"
    r"(?:[ ]\d{1,4}[a-z]?)?(?!\w)",
    re.IGNORECASE,
)
_HOME = re.compile(rf"{either(FILE, 'french home')}[^.!?\n]{{0,24}}$", re.IGNORECASE)


def find_french_addresses(text: str) -> Iterator[Found]:
    """Yield whole addresses: building, number and street, box, postcode and town, country.

    A street without a number or a postcode is a place anybody may name (a shop's, say), unless
    somebody says they live there.
    """
    for match in _STREET.finditer(text):
        yield from _street(text, match)
    for match in _NAMELESS.finditer(text):
        tail = _town_after(text, match.end(), has_lower=bool(match.group(1)))
        if tail:
            yield Found(match.start(), tail, 0.83)
    for match in _ZONE.finditer(text):
        end = name_end(text, match.end())
        tail = _town_after(text, end, has_lower=False)
        if end > match.end() and tail:
            yield Found(match.start(), tail, 0.82)
    for match in _PO_BOX.finditer(text):
        tail = _town_after(text, match.end(), has_lower=True)
        yield Found(match.start(), tail or match.end(), 0.82 if tail else 0.7)
    for match in _TOWN.finditer(text):
        end = _town_end(text, match.end(), has_lower=False)
        is_postcode = len(match.group(1).replace(" ", "")) >= 5
        if end and is_postcode and not precedes(_NOT_A_POSTCODE, text, match.start(), 16):
            yield Found(_with_building(text, match.start()), end, 0.74)


def _street(text: str, match: re.Match[str]) -> Iterator[Found]:
    number, sure, start = match.group(1), match.group(2), match.start()
    name = name_end(text, match.end(), lower_limit=3 if number else 0)
    house = None if number else _HOUSE_AFTER.match(text, name)
    has_house = bool(number) or (house is not None and bool(sure))
    street = house.end() if house else name
    town = _town_after(text, street, has_lower=bool(number)) or _town_first(text, street)
    if not town and house:
        # "rue de Romont, 2620 Ville": what looks like the house was the postcode.
        town = _town_after(text, name, has_lower=False)
    if not town and number:
        town = _far_town(text, match.end() - 1) or _code_alone(text, street)
    is_named = name > match.end() and (sure or not text[match.end() : name].islower())
    if not is_named and not town:
        return
    if has_house or town or (is_named and precedes(_HOME, text, start, 40)):
        start = _with_building(text, start)
        yield Found(start, town or _with_complement(text, street), 0.84 if town else 0.78)


def _town_first(text: str, position: int) -> int:
    """Return where "à Villejuif 94800" ends, the postcode after the town; 0 if there is none."""
    match = _TOWN_THEN_CODE.match(text, position)
    return match.end() if match else 0


def _far_town(text: str, position: int) -> int:
    """Return where the town ends in "44 rue du faubourg saint antoine bat c 75012 paris"; or 0."""
    match = _FAR_CODE.match(text, position)
    return _town_end(text, match.end(), has_lower=True) if match else 0


def _code_alone(text: str, position: int) -> int:
    match = _CODE_ALONE.match(text, position)
    return match.end() if match else 0


def _with_building(text: str, start: int) -> int:
    before = _BUILDING.search(text, max(0, start - 80), start)
    return before.start() if before else start


def _with_complement(text: str, end: int) -> int:
    match = _COMPLEMENT_AFTER.match(text, end)
    return match.end() if match else end


def _town_after(text: str, position: int, *, has_lower: bool) -> int:
    tail = _TAIL.match(text, position)
    return _town_end(text, tail.end(), has_lower=has_lower) if tail else 0


def _town_end(text: str, position: int, *, has_lower: bool) -> int:
    """Return where the town's name ends, with Cedex and country; 0 if there is no town."""
    end = name_end(text, position, limit=7, lower_limit=1 if has_lower else 0)
    is_named = any(char.isupper() or (has_lower and char.isalpha()) for char in text[position:end])
    if not is_named:
        return 0
    for pattern in (_CEDEX, _COUNTRY):
        match = pattern.match(text, end)
        end = match.end() if match else end
    return end
