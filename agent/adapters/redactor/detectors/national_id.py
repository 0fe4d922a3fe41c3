"""National identity numbers: the French NIR first, and what plays its part elsewhere.

The closed list of types has one for a person's number in a state's register, NIR. The American
SSN, the British national insurance number, the Swiss AHV, the Belgian register number, and
passport, identity card and driving licence numbers after their cue, are all put under it.
"""

import re
from collections.abc import Iterator

from agent.adapters.redactor.checksums import digits_of, is_nir, is_swiss_ahv
from agent.adapters.redactor.detectors.cues import near, precedes
from agent.adapters.redactor.found import Found

_NIR = re.compile(
    r"(?<![\w.,])[12378][ .\-]?\d{2}[ .\-]?(?:0[1-9]|1[0-2]|[2-9]\d)[ .\-]?(?:\d{2}|2[ABab])"
    r"[ .\-]?\d{3}[ .\-]?\d{3}(?:[ .\-/]{0,3}\d{2})?(?![\d])"
)
_NIR_CUE = re.compile(
    r"s[ée]cu|\bnir\b|\bss\b|immatriculation|carte vitale|assur[ée]|social", re.IGNORECASE
)
_SSN = re.compile(r"(?<![\w.\-])(?!000|666|9)\d{3}([- ])(?!00)\d{2}\1(?!0000)\d{4}(?![\w-])")
_SSN_PLAIN = re.compile(r"(?<![\w.\-])\d{3}[- ]?\d{2}[- ]?\d{4}(?![\w-])")
_SSN_CUE = re.compile(r"\bssn\b|social security|\bitin\b", re.IGNORECASE)
_NINO = re.compile(
    r"(?<!\w)(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?"
    r"[A-D](?!\w)"
)
_AHV = re.compile(r"(?<![\w.])756[. ]?\d{4}[. ]?\d{4}[. ]?\d{2}(?!\d)")
_BELGIAN = re.compile(r"(?<![\w.])(\d{2})[. ]?(\d{2})[. ]?(\d{2})[- ](\d{3})[. ](\d{2})(?!\d)")
_DOCUMENT = re.compile(
    r"(?:passe?port|permis de conduire|driver'?s?'? licen[cs]e|driving licen[cs]e|\bcni\b"
    r"|carte (?:nationale )?d'identité|identity card|titre de séjour|numéro fiscal|tax id)"
    r"(?: (?:number|numéro|num|no|n°|est(?: le)?|is|porte le))*[ :#°n]*"
    r"(?=[A-Z0-9 -]*\d{3})((?:[A-Z0-9]{1,4}[- ])?[A-Z0-9][A-Z0-9-]{4,15})(?!\w)",
    re.IGNORECASE,
)


def find_national_ids(text: str) -> Iterator[Found]:
    """Yield national numbers: by key or check digit, by an unmistakable form, or by cue."""
    yield from _nirs(text)
    yield from _social_security_numbers(text)
    for match in _NINO.finditer(text):
        yield Found(match.start(), match.end(), 0.9)
    for match in _AHV.finditer(text):
        if is_swiss_ahv(digits_of(match.group(0))):
            yield Found(match.start(), match.end(), 0.97)
    for match in _BELGIAN.finditer(text):
        if _is_belgian("".join(match.groups())):
            yield Found(match.start(), match.end(), 0.97)
    for match in _DOCUMENT.finditer(text):
        yield Found(match.start(1), match.end(1), 0.9)


def _nirs(text: str) -> Iterator[Found]:
    for match in _NIR.finditer(text):
        compact = re.sub(r"[ .\-/]", "", match.group(0))
        if compact[0] in "12" and is_nir(compact):
            yield Found(match.start(), match.end(), 0.98)
        elif near(_NIR_CUE, text, match.start(), match.end(), 50):
            yield Found(match.start(), match.end(), 0.9)


def _social_security_numbers(text: str) -> Iterator[Found]:
    for match in _SSN.finditer(text):
        if match.group(1) == "-" or precedes(_SSN_CUE, text, match.start(), 40):
            yield Found(match.start(), match.end(), 0.92)
    for match in _SSN_PLAIN.finditer(text):
        if precedes(_SSN_CUE, text, match.start(), 40):
            yield Found(match.start(), match.end(), 0.92)


def _is_belgian(digits: str) -> bool:
    """Check modulo 97; people born since 2000 have a 2 before the number (register's rule)."""
    number, key = int(digits[:9]), int(digits[9:])
    return 97 - number % 97 == key or 97 - (2_000_000_000 + number) % 97 == key
