"""Phone numbers: every French way of writing them, and those of other countries.

A French number or one with a country code is known by its form; the national form of another
country, by its grouping; a short or bare run of digits, only by a word about calling nearby.
"""

import re
from collections.abc import Iterator

from agent.adapters.redactor.checksums import digits_of
from agent.adapters.redactor.data_files import either
from agent.adapters.redactor.detectors.cues import follows, precedes
from agent.adapters.redactor.detectors.spoken_number import find_spoken_phones
from agent.adapters.redactor.found import Found

_CUES = "number_cues.txt"
_SEP = r"[ .\-–/_•·]"
_EXTENSION = r"(?:[ ]?(?:x|ext\.?[ ]?)\d{1,5})?"
_NOT_INSIDE = r"(?<![\w+/.-])(?<!\d,)"
_NOT_AFTER = r"(?![\d])(?![.,]\d)(?!-\d)"
_FRENCH = re.compile(
    r"(?<![\w+])(?<!\d[.,])"
    rf"(?:\(?(?:\+|00)[ ]?33\)?{_SEP}{{0,2}}(?:\(0\))?{_SEP}{{0,2}}0?|\(?[0Oo]\)?)"
    rf"{_SEP}{{0,2}}[1-9]\)?(?:{_SEP}{{0,3}}\d){{8}}(?!\d)(?![.,]\d)"
)
_COUNTRY_CODE = re.compile(
    rf"(?<![\w+])(?<!\d[.,])\(?(?:\+|00)[ ]?[1-9](?:[ .\-–/()]{{0,3}}\d){{6,14}}{_EXTENSION}(?!\d)"
)
_NANP = re.compile(
    r"(?<![\w+/])(?:1[ .\-])?(?:\([2-9]\d\d\)[ ]?|[2-9]\d\d[ .\-])\d{3}[ .\-]\d{4}"
    rf"{_EXTENSION}{_NOT_AFTER}"
)
_TRUNK_ZERO = re.compile(
    rf"{_NOT_INSIDE}(?:\(?0\d{{1,4}}\)?(?:[ .\-/]{{1,2}}\d{{2,4}}){{2,4}}|07\d{{3}}[ ]\d{{6}})"
    rf"{_EXTENSION}{_NOT_AFTER}"
)
_ANY_RUN = re.compile(
    rf"{_NOT_INSIDE}\(?\d{{1,5}}\)?(?:[ .\-/]{{0,2}}\d){{4,13}}{_EXTENSION}{_NOT_AFTER}"
)
_CUE = re.compile(rf"{either(_CUES, 'phone')}[^\n\d@]{{0,28}}$", re.IGNORECASE)
_CUE_AFTER = re.compile(
    r"[ ]?[-–(:]?[ ]?(?:office|fax|mobile|home|work|portable|fixe|bureau)\b"
    r"|[ ](?:is|c'est|est) (?:my|mon) (?:cell|phone|mobile|number|num[ée]ro|portable|t[ée]l)",
    re.IGNORECASE,
)
_DATE = re.compile(r"(?:\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{4}[-/.]\d{1,2}[-/.]\d{1,2})(?:[ ]\d.*)?")
_OTHER_NUMBER = re.compile(
    rf"{either(_CUES, 'not a phone')}\W{{0,3}}(?:n°|num[ée]ro|number|#|:|is|est| )*$",
    re.IGNORECASE,
)


def find_phones(text: str) -> Iterator[Found]:
    """Yield numbers with their country code and extension, if they carry them."""
    yield from find_spoken_phones(text)
    for match in _FRENCH.finditer(text):
        if not _DATE.fullmatch(match.group(0)) and _is_evenly_slashed(match.group(0)):
            yield Found(match.start(), match.end(), 0.89)
    for match in _COUNTRY_CODE.finditer(text):
        yield Found(match.start(), _possible_end(match), 0.9)
    for match in _NANP.finditer(text):
        yield Found(match.start(), match.end(), 0.85)
    for match in _TRUNK_ZERO.finditer(text):
        if 9 <= len(digits_of(match.group(0))) <= 12 and not _DATE.match(match.group(0)):
            yield Found(match.start(), match.end(), 0.72)
    yield from _by_cue(text)


def _by_cue(text: str) -> Iterator[Found]:
    for match in _ANY_RUN.finditer(text):
        number, (start, end) = match.group(0), match.span()
        if not 6 <= len(digits_of(number)) <= 15 or _DATE.fullmatch(number):
            continue
        has_cue = precedes(_CUE, text, start, 60) or follows(_CUE_AFTER, text, end, 24)
        if has_cue and not precedes(_OTHER_NUMBER, text, start, 30):
            yield Found(start, end, 0.8)


def _is_evenly_slashed(number: str) -> bool:
    """A slash separates pairs (06/12/34/56/78); otherwise it belongs to something else."""
    return number.count("/") in (0, 4)


def _possible_end(match: re.Match[str]) -> int:
    """Cut groups off a run with a country code until the numbering plans allow its length."""
    import phonenumbers

    number = match.group(0)
    end = len(number)
    while end > 8:
        international = re.sub(r"^\(?00[ ]?", "+", number[:end])
        try:
            parsed = phonenumbers.parse(re.sub(r"\(0\)|[()]", "", international))
        except phonenumbers.NumberParseException:
            break
        if phonenumbers.is_possible_number(parsed):
            return match.start() + end
        cut = max(number.rfind(sign, 0, end) for sign in " .-–/")
        if cut < 8:
            break
        end = cut
    return match.end()
