"""Payment card numbers: a known issuer's range and the Luhn check digit."""

import re
from collections.abc import Iterator

from agent.adapters.redactor.checksums import digits_of, is_ean13, is_luhn
from agent.adapters.redactor.detectors.cues import near
from agent.adapters.redactor.found import Found

_MISTYPED = (16, 19)
_RUN = re.compile(r"(?<![\w+.,-])\d(?:[ .\-_/]{0,2}\d){11,18}(?!\d)(?![.,]\d)(?!-\d)")
# American Express, Diners, JCB, Visa, Mastercard (both ranges), Maestro, Discover, UnionPay.
_ISSUER = re.compile(
    r"3[47]\d{13}|3(?:0[0-5]|095|[689]\d)\d+|35\d{14}|(?:1800|2131)\d{11}|4\d{12,18}"
    r"|(?:5[0-8]|6\d)\d{10,17}|2(?:2[2-9]|[3-6]\d|7[01]|720)\d{13}"
)
_CUE = re.compile(
    r"\b(?:cartes?|cb|visa|master ?card|maestro|amex|american express|cards?|cc|credit|débit"
    r"|pa(?:y|i)\w*|charg\w+|d[ée]bit\w*|pr[ée]l[eè]v\w*|bill\w*|banque|bank)\b",
    re.IGNORECASE,
)
_GAP = re.compile(r"(?<=\d)[ .\-_/]+")
_CARD_CUE = re.compile(
    r"\b(?:cartes?(?! de fid)|cb|visa|cards?|cc|amex|mastercard)\b", re.IGNORECASE
)
_OTHER_CUE = re.compile(
    r"\b(?:sire[nt]|suivi|colis|tracking|parcel|ean|gencod|code[- ]barres?)\b", re.IGNORECASE
)
_CUE_REACH = 45
_EVERYWHERE = (14, 15, 16, 17, 18, 19)
"""Lengths that are believed without a word about paying; 12 and 13 are barcodes and the like."""


def find_cards(text: str) -> Iterator[Found]:
    """Yield card numbers: an issuer's range and a right check digit.

    After the word "card" one of the two is enough: somebody mistyped their card, or its issuer
    is a small one.
    """
    for match in _RUN.finditer(text):
        start, end = match.start(), _card_end(match)
        digits = digits_of(text[start:end])
        if _is_card(digits):
            has_cue = near(_CUE, text, start, end, _CUE_REACH)
            is_other = near(_OTHER_CUE, text, start, end, _CUE_REACH)
            if has_cue or (not is_other and _is_sure(digits)):
                yield Found(start, end, 0.96 if has_cue and not is_other else 0.88)
        elif (is_luhn(digits) or len(digits) in _MISTYPED) and near(
            _CARD_CUE, text, start, end, _CUE_REACH
        ):
            yield Found(start, end, 0.75)


def _card_end(match: re.Match[str]) -> int:
    """Cut off what follows the card in one breath: "4970 ... 0014 12/26 123"."""
    run = match.group(0)
    if not _is_card(digits_of(run)):
        for gap in reversed(list(_GAP.finditer(run))):
            if _is_card(digits_of(run[: gap.start()])):
                return match.start() + gap.start()
    return match.end()


def _is_card(digits: str) -> bool:
    return _ISSUER.fullmatch(digits) is not None and is_luhn(digits)


def _is_sure(digits: str) -> bool:
    return len(digits) in _EVERYWHERE or (len(digits) == 13 and not is_ean13(digits))
