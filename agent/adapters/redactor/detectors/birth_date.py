"""Dates of birth: any date that follows "né le", "born on", "date of birth"."""

import re
from collections.abc import Iterator

from agent.adapters.redactor.found import Found

_MONTHS = (
    r"(?:janv(?:ier)?|f[ée]v(?:r(?:ier)?)?|mars|avr(?:il)?|mai|juin|juil(?:let)?|ao[ûu]t"
    r"|sept(?:embre)?|oct(?:obre)?|nov(?:embre)?|d[ée]c(?:embre)?|jan(?:uary)?|feb(?:ruary)?"
    r"|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:tember)?|october|november"
    r"|december)\.?"
)
_DAY = r"(?:1er|\d{1,2}(?:st|nd|rd|th)?)"
_DATE = (
    rf"(?:\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}|\d{{1,2}}[ ]?[-/.][ ]?\d{{1,2}}[ ]?[-/.][ ]?\d{{2,4}}"
    rf"|{_DAY}(?: of)? {_MONTHS},?(?: \d{{2,4}})?|{_MONTHS} {_DAY},?(?: \d{{2,4}})?"
    rf"|{_MONTHS} \d{{4}}|\d{{1,2}} \d{{1,2}} \d{{4}}|(?<=né en )\d{{4}}|(?<=née en )\d{{4}})"
)
_CUE = (
    r"(?:\bn[ée](?:\(e\)|·e|\.e|-e|e)?s?(?: tou(?:s|tes) deux)?(?: le| en| un)?|date de naissance"
    r"|\bddn\b|\bnaissance\b|\bné·e le|\bborn(?: on| in)?|date of birth|\bd\.?o\.?b\.?\b"
    r"|birth ?date|\bbirthday\b|\banniversaire)"
)
_BIRTH = re.compile(
    rf"{_CUE}[ ]?(?:(?::|=|est|is|le|the|c'est|it's|its|on|du|,|-|\.)[ ]?)*({_DATE})(?![\d€])",
    re.IGNORECASE,
)


def find_birth_dates(text: str) -> Iterator[Found]:
    """Yield the date alone, without its cue. A date without a cue is nobody's birthday."""
    for match in _BIRTH.finditer(text):
        yield Found(match.start(1), match.end(1), 0.93)
