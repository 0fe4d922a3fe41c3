"""Addresses that end with a postcode nobody can mistake: British, Canadian, American.

Such a code says that what stands before it is an address, whatever the street is called and
whether or not anybody used capitals.
"""

import re
from collections.abc import Iterator

from agent.adapters.redactor.data_files import either
from agent.adapters.redactor.detectors.address_words import FILE, PARTICLES
from agent.adapters.redactor.found import Found

_STATE = (
    r"(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|P[AR]|RI|S[CD]"
    r"|T[NX]|UT|V[AIT]|W[AIVY])"
)
_PROVINCE = r"(?:QC|ON|NB|NS|MB|SK|AB|BC|PE|NL|YT|NT|NU|Qu[ée]bec|Ontario)"
_BRITISH = r"[A-Z]{1,2}\d[A-Z\d]?[ ]?\d[A-Z]{2}"
_POSTCODE = (
    rf"(?:{_BRITISH}"
    rf"|(?:\(?{_PROVINCE}\)?[ ,]{{1,2}})?[A-Z]\d[A-Z][ -]?\d[A-Z]\d"
    rf"|{_STATE},?[ ]\d{{5}}(?:-\d{{4}})?)(?![\w-])"
    r"(?:,?[ ](?:USA|U\.S\.A\.|UK|United Kingdom|Canada|England|Scotland|Wales)(?!\w))?"
)
_CODE = re.compile(rf"(?<![\w-]){_POSTCODE}", re.IGNORECASE)
_FLAT = (
    r"(?i:Flat|Studio|Apt|Apartment|Unit|Suite|Ste|Room|Floor|App|Appt|Bureau)"
    r"\.?[ ]?#?\d{1,5}[A-Za-z]?"
)
_HOUSE = r"\d{1,6}(?!\d)(?:[ ]?[A-Za-z])?(?:[-/]\d{1,5})?"
_SEPARATOR = r"(?:[ ]?[,\n][ \n]{0,3}|[ ]|-[ ])"
_NUMBERED_STREET = r"\d{1,4}(?:st|nd|rd|th|e)\b"
_JOINING = "|".join(sorted(PARTICLES, key=len, reverse=True))
_CAPITALISED = (
    rf"(?:[A-ZÀ-ÖØ-Þ][\w'’.\-]*|(?:{_JOINING}|(?i:{either(FILE, 'french street')}))\b"
    rf"|{_NUMBERED_STREET})"
)
_LOWER = rf"(?:[^\W\d_][\w'’.\-]*|{_NUMBERED_STREET})"


def _pattern(word: str, most_words: int) -> str:
    return (
        rf"(?<![\w.,'’-])(?:{_FLAT}{_SEPARATOR}(?:{_HOUSE},?[ ])?|{_HOUSE},?[ ])"
        rf"(?:(?:{_FLAT}|{word}){_SEPARATOR}){{1,{most_words}}}?{_POSTCODE}"
    )


_UNBROKEN = re.compile(r"(?<!\w)[A-Z]{2}\d{3}[A-Z]{2}$", re.IGNORECASE)
_WITH_CAPITALS = re.compile(_pattern(_CAPITALISED, 12))
_WITHOUT = re.compile(_pattern(_LOWER, 7), re.IGNORECASE)


def find_coded_addresses(text: str) -> Iterator[Found]:
    """Yield addresses from flat or house number to postcode and country."""
    if not _CODE.search(text):
        return
    for match in _WITH_CAPITALS.finditer(text):
        yield Found(match.start(), match.end(), 0.87)
    for match in _WITHOUT.finditer(text):
        if not _is_plate(match.group(0)):
            yield Found(match.start(), match.end(), 0.83)


def _is_plate(address: str) -> bool:
    """Say whether "75012 Paris, plaque FG456HJ" ends with a plate: the gap tells a postcode."""
    return _UNBROKEN.search(address) is not None


def last_code_end(text: str, start: int, end: int) -> int:
    """Return where the last postcode between `start` and `end` ends; 0 if there is none."""
    return max((match.end() for match in _CODE.finditer(text, start, end)), default=0)
