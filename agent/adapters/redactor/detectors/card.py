"""Payment card numbers: a known issuer's range and the Luhn check digit."""

import re
from collections.abc import Iterator

from agent.adapters.redactor.checksums import digits_of, is_luhn
from agent.adapters.redactor.detectors.cues import near
from agent.adapters.redactor.found import Found

_RUN = re.compile(r"(?<![\w+.,-])\d(?:[ .\-_]{0,2}\d){11,18}(?!\d)(?![.,]\d)(?!-\d)")
# American Express, Diners, JCB, Visa, Mastercard (both ranges), Maestro, Discover, UnionPay.
_ISSUER = re.compile(
    r"3[47]\d{13}|3(?:0[0-5]|095|[689]\d)\d+|35\d{14}|(?:1800|2131)\d{11}|4\d{12,18}"
    r"|(?:5[0-8]|6\d)\d{10,17}|2(?:2[2-9]|[3-6]\d|7[01]|720)\d{13}"
)
_CUE = re.compile(
    r"\b(?:cartes?|cb|visa|master ?card|maestro|amex|american express|cards?|cc|credit|débit)\b",
    re.IGNORECASE,
)
_CUE_REACH = 45


def find_cards(text: str) -> Iterator[Found]:
    """Yield card numbers; without the word "card" nearby only 15 or 16 digits are enough.

    Thirteen digits are as often a barcode, fourteen a SIRET, more a parcel number. After the
    word, sixteen digits that fail the check are yielded too: somebody mistyped their card.
    """
    for match in _RUN.finditer(text):
        digits = digits_of(match.group(0))
        has_cue = near(_CUE, text, match.start(), match.end(), _CUE_REACH)
        score = _score(digits, has_cue=has_cue)
        if score:
            yield Found(match.start(), match.end(), score)


def _score(digits: str, *, has_cue: bool) -> float:
    if _ISSUER.fullmatch(digits) and is_luhn(digits):
        if has_cue:
            return 0.96
        return 0.93 if len(digits) in (15, 16) else 0.0
    return 0.75 if has_cue and len(digits) == 16 else 0.0
