"""French company numbers, SIREN and SIRET, and the VAT number built on them."""

import re
from collections.abc import Iterator

from agent.adapters.redactor.checksums import digits_of, is_luhn, is_siret
from agent.adapters.redactor.detectors.cues import near
from agent.adapters.redactor.found import Found

_SIRET = re.compile(r"(?<![\w.,+-])\d{3}[ .]?\d{3}[ .]?\d{3}[ .]?\d{5}(?![\w])")
_SIREN = re.compile(r"(?<![\w.,+-])\d{3}[ .]?\d{3}[ .]?\d{3}(?![\w]|[ .]\d)")
_VAT = re.compile(r"(?<!\w)FR[ ]?[0-9A-Z]{2}[ ]?(\d{3}[ ]?\d{3}[ ]?\d{3})(?!\w)", re.IGNORECASE)
_CUE = re.compile(
    r"\b(?:sire[nt]s?|r\.?c\.?s\.?|kbis|immatricul|auto-?entrepr|micro-?entrepr|(?:ma|notre|la)"
    r" (?:société|boîte|entreprise))",
    re.IGNORECASE,
)
_CUE_REACH = 60
_DINERS = re.compile(r"3(?:0[0-5]|[689])")


def find_company_numbers(text: str) -> Iterator[Found]:
    """Yield SIRET (14 digits), SIREN (9, after a cue only) and French VAT numbers."""
    for match in _SIRET.finditer(text):
        digits = digits_of(match.group(0))
        has_cue = near(_CUE, text, match.start(), match.end(), _CUE_REACH)
        is_like_card = bool(_DINERS.match(digits)) and " " not in match.group(0)
        if is_siret(digits) and (has_cue or not is_like_card):
            yield Found(match.start(), match.end(), 0.97 if has_cue else 0.94)
        elif has_cue:
            yield Found(match.start(), match.end(), 0.85)
    for match in _SIREN.finditer(text):
        has_cue = near(_CUE, text, match.start(), match.end(), _CUE_REACH)
        if has_cue and is_luhn(digits_of(match.group(0))):
            yield Found(match.start(), match.end(), 0.95)
    for match in _VAT.finditer(text):
        if is_luhn(digits_of(match.group(1))):
            yield Found(match.start(), match.end(), 0.96)
