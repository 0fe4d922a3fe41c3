"""International bank account numbers: any case, any grouping, checked modulo 97."""

import re
from collections.abc import Iterator

from agent.adapters.redactor.checksums import is_iban, is_rib
from agent.adapters.redactor.detectors.cues import precedes
from agent.adapters.redactor.found import Found

# Total length by country, from the SWIFT IBAN registry (ISO 13616).
_LENGTHS = {
    **dict.fromkeys(("NO",), 15),
    **dict.fromkeys(("BE", "BI"), 16),
    **dict.fromkeys(("DK", "FI", "FO", "GL", "NL", "SD", "FK"), 18),
    **dict.fromkeys(("MK", "SI"), 19),
    **dict.fromkeys(("AT", "BA", "EE", "KZ", "LT", "LU", "XK", "MN"), 20),
    **dict.fromkeys(("CH", "HR", "LI", "LV"), 21),
    **dict.fromkeys(("BG", "BH", "CR", "DE", "GB", "GE", "IE", "ME", "RS", "VA"), 22),
    **dict.fromkeys(("AE", "GI", "IL", "IQ", "TL", "OM", "SO"), 23),
    **dict.fromkeys(("AD", "CZ", "ES", "MD", "PK", "RO", "SA", "SE", "SK", "TN", "VG"), 24),
    **dict.fromkeys(("PT", "ST", "LY"), 25),
    **dict.fromkeys(("IS", "TR"), 26),
    **dict.fromkeys(("BF", "BJ", "CI", "CM", "DZ", "MA", "ML", "SN", "TG", "CG", "GA", "NE"), 28),
    **dict.fromkeys(("FR", "GR", "IT", "MC", "MR", "SM", "GF", "GP", "MQ", "RE", "PF", "NC"), 27),
    **dict.fromkeys(("AL", "AZ", "BY", "CY", "DO", "GT", "HU", "LB", "PL", "NI", "SV"), 28),
    **dict.fromkeys(("BR", "EG", "PS", "QA", "UA"), 29),
    **dict.fromkeys(("JO", "KW", "MU"), 30),
    **dict.fromkeys(("MT", "SC"), 31),
    **dict.fromkeys(("LC",), 32),
    **dict.fromkeys(("RU",), 33),
}
_START = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}[ .-]?\d[ ]?\d(?=(?:[ .\-]{0,2}[A-Za-z0-9]){11})")
_SIGN = re.compile(r"[ .\-]{0,2}([A-Za-z0-9])")
_RIB = re.compile(r"(?<![\w.,-])\d{5}[ -]?\d{5}[ -]?[0-9A-Za-z]{11}[ -]?\d{2}(?!\w)")
_CUE = re.compile(r"\b(?:iban|rib|compte|account|bank)", re.IGNORECASE)


def find_ibans(text: str) -> Iterator[Found]:
    """Yield every account number of the length of its country, and the French RIB by its key.

    One whose check digits are wrong is still yielded after a cue: a slip of the finger leaves
    the account of a real person nearly whole.
    """
    for match in _START.finditer(text):
        length = _LENGTHS.get(match.group(0)[:2].upper())
        taken = _take(text, match.start(), length) if length else None
        if taken is None:
            continue
        end, compact = taken
        if is_iban(compact):
            yield Found(match.start(), end, 1.0)
        elif precedes(_CUE, text, match.start(), 40):
            yield Found(match.start(), end, 0.9)
    for match in _RIB.finditer(text):
        if is_rib(re.sub(r"[ -]", "", match.group(0))):
            yield Found(match.start(), match.end(), 0.97)


def _take(text: str, start: int, length: int) -> tuple[int, str] | None:
    position, compact = start, ""
    while len(compact) < length:
        sign = _SIGN.match(text, position)
        if sign is None:
            return None
        compact += sign.group(1)
        position = sign.end()
    if position < len(text) and text[position].isalnum():
        return None
    return position, compact.upper()
