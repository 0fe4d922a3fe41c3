"""Shapes of personal data in a reply; light on purpose: redaction proper is the redact step."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?(?!\w)")
_CARD = re.compile(r"(?<![\d.,])(?:\d[ -]?){13,19}(?![\d])")
_NIR = re.compile(
    r"(?<!\d)[12] ?\d{2} ?(?:0[1-9]|1[0-2]|[2-9]\d) ?\d[\dAB] ?\d{3} ?\d{3}(?: ?\d{2})?(?!\d)"
)
_PLATE = re.compile(
    r"(?<![\w-])(?:[A-HJ-NP-TV-Z]{2}[- ]\d{3}[- ][A-HJ-NP-TV-Z]{2}|[A-Z]{2}\d{2} [A-Z]{3})(?![\w-])"
)
"""French (SIV) and British number plates."""
_IP = re.compile(
    r"(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d.])"
)
_ORDER = re.compile(
    r"\b(?:commande|order|dossier|facture|invoice|colis|suivi|tracking|ticket|r[ée]f[ée]rence|ref|"
    r"contrat|contract|client|customer|compte|account|parcel|abonnement|reservation|réservation)"
    r"(?: (?:n[°ºo]\.?|num[ée]ro|number|no\.?|id|ref\.?))?[ \u00a0:#]*\s?#?"
    r"(?:est )?(?:le )?(?:is )?([A-Z]{0,6}[-_ ]?\d[\dA-Z-]{3,}\b|\d{3,}\b)",
    re.IGNORECASE,
)
_HASH_NUMBER = re.compile(
    r"(?<!\w)#\d{4,}\b|(?<![\w.,/+-])\d{7,12}(?![\w/-])|\b[A-Z]{2,5}-?\d{5,}\b"
)
_PAIRS = re.compile(r"(?<![\d.,+])\d{2}(?:[ .]\d{2}){3,6}(?![\d.,]\d)")
_ADDRESS = re.compile(
    r"\b\d{1,4}(?: ?(?:bis|ter))?,? (?:rue|avenue|boulevard|bd|av\.|place|chemin|impasse|all[ée]e|"
    r"quai|route|cours|square|passage|villa|faubourg)\b[^.,;!?\n]{2,40}"
    r"|\b\d{1,4}[a-z]? (?:[A-Z]\w+ ){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Crescent)\b"
    r"|(?-i:\b\d{1,4}[a-z]? (?:[A-Z]\w+ ){1,3}(?:Drive|Close|Way|Court|Terrace|Gardens|Grove)\b)",
    re.IGNORECASE,
)
_BORN = re.compile(r"\bn[ée]e? le \d|\bborn on\b|\bdate de naissance\s?:|\bdate of birth\s?:", re.I)
_PLACEHOLDER = re.compile(r"\[[A-Z][A-Z_]*_\d+\]")
_HANDLE_NUMBER = re.compile(r"\D")


class PersonalItem(NamedTuple):
    """Something personal at `[start, end)`."""

    kind: str
    start: int
    end: int


def find_shapes(text: str) -> Iterator[PersonalItem]:
    """Yield what has the shape of personal data, but e-mails and phones."""
    for match in _PLACEHOLDER.finditer(text) if "[" in text else ():
        yield PersonalItem("placeholder", *match.span())
    digits = len(_DIGIT.findall(text))
    if not digits:
        return
    for match in _IBAN.finditer(text) if digits >= _IBAN_DIGITS else ():
        if is_iban(match[0]):
            yield PersonalItem("bank account", *match.span())
    for match in _CARD.finditer(text) if digits >= _CARD_DIGITS else ():
        if is_card(match[0]):
            yield PersonalItem("card number", *match.span())
    for kind, pattern, group, least in _SHAPES:
        for match in pattern.finditer(text) if digits >= least else ():
            yield PersonalItem(kind, *match.span(group))


_DIGIT = re.compile(r"\d")
_IBAN_DIGITS = 2
_CARD_DIGITS = 13
_SHAPES = (
    ("social security number", _NIR, 0, 11),
    ("number plate", _PLATE, 0, 2),
    ("IP address", _IP, 0, 4),
    ("order or file number", _ORDER, 1, 1),
    ("order or file number", _HASH_NUMBER, 0, 4),
    ("file number", _PAIRS, 0, 8),
    ("postal address", _ADDRESS, 0, 1),
    ("date of birth", _BORN, 0, 1),
)
"""What it is, its pattern, the group to show, and the fewest digits with which it can occur."""


def is_iban(written: str) -> bool:
    """Whether the check digits of an IBAN hold (ISO 13616, modulo 97)."""
    compact = written.replace(" ", "")
    if not 15 <= len(compact) <= 34:
        return False
    moved = compact[4:] + compact[:4]
    return int("".join(str(int(char, 36)) for char in moved)) % 97 == 1


def is_card(written: str) -> bool:
    """Whether the digits pass Luhn and have the length of a payment card."""
    digits = [int(char) for char in _HANDLE_NUMBER.sub("", written)]
    if not 13 <= len(digits) <= 19 or len(set(digits)) == 1:
        return False
    doubled = [
        d if i % 2 == 0 else (d * 2 - 9 if d > 4 else d * 2) for i, d in enumerate(digits[::-1])
    ]
    return sum(doubled) % 10 == 0
