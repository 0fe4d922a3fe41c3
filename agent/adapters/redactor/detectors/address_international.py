"""Street addresses of other countries: English and American first, then anybody's.

Three ways in: a street type ("742 Evergreen Terrace", "Ringvej 144", "Via Garibaldi 12"), a
military or box address, and a phrase that announces one ("ship it to ...").
"""

import re
from collections.abc import Iterator

from agent.adapters.redactor.data_files import either
from agent.adapters.redactor.detectors.address_coded import last_code_end
from agent.adapters.redactor.detectors.address_words import FILE, PARTICLES, name_end
from agent.adapters.redactor.found import Found

_ENGLISH_TYPE = either(FILE, "english street")
_NAME = r"[^\W\d_][\w'’.\-]*"
_FLAT = r"(?:Apt|Suite|Ste|Unit|Flat|Floor|Apartment|Studio)\.?[ ]?#?\d{1,5}[A-Za-z]?"
_ENGLISH = re.compile(
    rf"(?<![\w.,'’-])(?:{_FLAT}[ ]?[,\n ][ ]?)?"
    r"\d{1,6}[A-Za-z]?,?[ ](?:\d{1,5}[ ])?(?:[NSEW]\.?[ ])?"
    rf"(?:{_NAME}[ ]){{1,4}}?{_ENGLISH_TYPE}(?!\w)"
)
_FOREIGN = re.compile(
    r"(?<![\w.,'’-])(?:\d{1,6}[ ])?"
    rf"(?:{either(FILE, 'foreign street before its name')}[ ](?:{_NAME}[ ,]{{1,2}}){{1,5}}?"
    rf"|(?:{_NAME}[ ]){{0,3}}?{either(FILE, 'foreign street after its name')}[ ])"
    r"\d{1,5}\.?(?:[ ]?[a-zA-Z]\b)?(?![\w,]*\d)"
)
_NUMBERED = re.compile(
    rf"(?<![\w.,'’-])\d{{1,6}}[ ](?:\d{{1,5}}[ ])?(?:{_NAME}[ ]){{1,6}}?(?:\d{{1,5}}\.?(?=[\s,]))?"
    r"(?=[ ]?[,\n]?\s*[>?]{0,3}\s*(?:Apt|Suite|Ste|Unit|Flat)\.?[ ]?\d)"
)
_BOX = re.compile(
    r"(?:\d{1,6}[ ])?(?:P\.?[ ]?O\.?[ ]?Box|Postbo[xk]s?)[ ]\d{1,6}(?!\w)"
    r"|(?:(?:PSC|Unit|CMR)[ ]\d{1,5},?[ ]Box[ ]\d{1,5}"
    r"|(?:USNS|USS|USNV|USCGC)[ ][^\W\d_][^\n]{1,30})"
    r"\s*[,\n]\s*(?:APO|FPO|DPO)[ ]A[AEP][ ]\d{5}",
    re.IGNORECASE,
)
_SECONDARY = re.compile(rf"[ ]?[,\n]?\s*(?:[>?]{{1,3}}\s*)?{_FLAT}", re.IGNORECASE)
_BREAK = re.compile(r"[ ]?[,\n][ ]?(?:\n?[ ]?(?:[>?]{1,3}[ ]?)?){0,2}\s{0,3}|[ ]")
_REGION = re.compile(r"(?:[A-Z]{2,3}|nan|\d{1,2})(?=\s|$|[,.])")
_CODE = re.compile(
    r"(?:[A-Z]{1,2}\d[A-Z\d]?[ ]?\d[A-Z]{2}\b|[A-Z]\d[A-Z][ -]?\d[A-Z]\d\b"
    r"|\d{4,5}(?:-\d{3,4})?\b|\d{3}[ ]\d{2}\b)"
)
_ANNOUNCED = re.compile(rf"{either(FILE, 'announced')}[ ]?(?:the[ ](?=corner))?\s*", re.IGNORECASE)
_CLOSES = re.compile(either(FILE, "closes"))
_CORNER = re.compile(
    r"(?:the[ ])?corner of[ ](?:[\w'’.\-]+[ ]){1,6}?and[ ](?:\d{1,6}[ ])?", re.IGNORECASE
)
_HOUSE = re.compile(r"[ ]\d{1,5}\.?(?!\d)|[ ]St\.")
_LINE = re.compile(
    r"(?m)^[>?\s]{0,4}((?:[^\s?!]+[ ]){1,8}?[^\s?!]+)[ ]?\n\s*[>?]{0,3}\s*"
    r"(?=(?:Apt|Suite)\.?[ ]?\d)",
    re.IGNORECASE,
)
_LONELY = re.compile(
    rf"\b(?:on|at|to|of|from|near|corner of)[ ]((?:{_NAME}[ ]){{1,4}}?\d{{1,5}}\.?)"
    r"(?=[ ]?(?:$|[,.?!\n]|St\b|street))"
)
_REMARK = re.compile(r"[ ]\([^()\n]{2,30}\)")
_NUMBER = re.compile(r"\d+")
_ADDRESS_WORD = re.compile(rf"\b(?:Apt|Suite|Box|Flat|corner of|{_ENGLISH_TYPE})\b", re.IGNORECASE)
_CAPITAL_THEN_NUMBER = re.compile(r"[A-ZÀ-ÖØ-Þ][\w'’.\-]*[ ]\d{1,5}\.?(?=[ ]?(?:,|\n|$))")
_SHORTEST = 8
_LONGEST = 150
_MOST_PARTS = 7


def find_international_addresses(text: str) -> Iterator[Found]:
    """Yield whole addresses: number, street, flat, town, region, code and country."""
    for pattern, score in ((_ENGLISH, 0.78), (_FOREIGN, 0.76), (_NUMBERED, 0.78), (_BOX, 0.82)):
        for match in pattern.finditer(text):
            if _has_capital(match.group(0)) or pattern is _BOX:
                yield Found(match.start(), _tail_end(text, match.end()), score)
    yield from _corners_and_lines(text)
    for match in _ANNOUNCED.finditer(text):
        yield from _announced(text, match.end())
    for match in _LONELY.finditer(text):
        if all(_is_street_word(word) for word in match.group(1).split()):
            yield Found(match.start(1), match.end(1), 0.66)


def _corners_and_lines(text: str) -> Iterator[Found]:
    for match in _CORNER.finditer(text):
        end = name_end(text, match.end(), limit=5, lower_limit=2)
        house = _HOUSE.match(text, end)
        yield Found(match.start(), house.end() if house else end, 0.79)
    for match in _LINE.finditer(text):
        if any(char.isdigit() for char in match.group(1)):
            yield Found(match.start(1), _tail_end(text, match.end(1)), 0.77)


def _announced(text: str, start: int) -> Iterator[Found]:
    closing = _CLOSES.search(text, start, min(len(text), start + _LONGEST))
    end = closing.start() if closing else min(len(text), start + _LONGEST)
    last = last_code_end(text, start, end)
    passage = text[start : last or end].rstrip(" ,.\n")
    if _is_like_address(passage) and passage[0].isalnum():
        yield Found(start, start + len(passage), 0.77)


def _is_like_address(passage: str) -> bool:
    """Say whether what was announced has the marks of an address, not merely a number."""
    numbers = _NUMBER.findall(passage)
    if not numbers or len(passage) < _SHORTEST:
        return False
    if _ADDRESS_WORD.search(passage) or _CAPITAL_THEN_NUMBER.search(passage):
        return True
    starts_with_number = passage[0].isdigit()
    return starts_with_number and (_has_capital(passage) or len(numbers) > 1)


def _is_street_word(word: str) -> bool:
    return not word[0].islower() or word.casefold() in PARTICLES


def _has_capital(passage: str) -> bool:
    return any(word[:1].isupper() for word in passage.split())


def _tail_end(text: str, end: int) -> int:
    """Follow flat, town, region, code and country as long as they go on."""
    is_after_flat = False
    for _ in range(_MOST_PARTS):
        secondary = _SECONDARY.match(text, end)
        following = secondary.end() if secondary else _next_part(text, end, is_after_flat)
        if following == end:
            break
        end, is_after_flat = following, secondary is not None
    return end


def _town_after_code(text: str, code: re.Match[str]) -> int:
    """Follow "8001 Zürich": on the continent the code stands before the town."""
    if not code.group(0).isdigit() or text[code.end() : code.end() + 1] != " ":
        return code.end()
    town = name_end(text, code.end() + 1, limit=3)
    return town if town > code.end() + 1 else code.end()


def _next_part(text: str, end: int, is_after_flat: bool) -> int:
    gap = _BREAK.match(text, end)
    if gap is None:
        return end
    code = _CODE.match(text, gap.end()) or _REGION.match(text, gap.end())
    if code:
        return _town_after_code(text, code) if "," in gap.group(0) else code.end()
    if gap.group(0) == " " and not is_after_flat:
        return end
    town = name_end(text, gap.end(), limit=5)
    if town == gap.end():
        return end
    remark = _REMARK.match(text, town)
    return remark.end() if remark else town
