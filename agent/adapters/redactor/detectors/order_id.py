"""Order, parcel, booking, ticket, invoice, contract and customer numbers.

Either the word before says what the number is ("commande n° 4587", "my order #A77"), or the
form is that of a carrier or of an order prefix (1Z…, 6A12345678901, CMD20394857).
"""

import re
from collections.abc import Iterator

from agent.adapters.redactor.checksums import digits_of, is_ean13
from agent.adapters.redactor.data_files import either
from agent.adapters.redactor.detectors.cues import precedes
from agent.adapters.redactor.found import Found

_CUES = "number_cues.txt"
_LINK = either(_CUES, "order link")
_IDENTIFIER = (
    r"(?:\d{4}(?:[ ]\d{4}){2,4}(?:[ ]\d{1,4})?(?!\d)"
    r"|(?=[A-Z\-/_.]*\d)[A-Z0-9]"
    r"(?:[A-Z0-9]|[-/_.](?=[A-Z0-9])|[ ](?=\d{3}(?:[ ]\d{3})*(?!\d)))*)(?![\w@€$%])"
)
_BY_CUE = re.compile(
    rf"\b{either(_CUES, 'order noun')}{_LINK}{{1,9}}?#?({_IDENTIFIER})", re.IGNORECASE
)
_BY_WEAK_CUE = re.compile(
    rf"\b{either(_CUES, 'order noun with a sign')}{_LINK}{{0,4}}?[ ]?"
    rf"{either(_CUES, 'order sign')}{_LINK}{{0,4}}?#?({_IDENTIFIER})",
    re.IGNORECASE,
)
_WEAK_CUE_AND_FORM = re.compile(
    rf"\b{either(_CUES, 'order noun with a sign')}{_LINK}{{1,6}}?"
    rf"((?:(?=\d*[A-Z])(?=(?:[A-Z\-]*\d){{4}})|(?=\d{{7}})){_IDENTIFIER})",
    re.IGNORECASE,
)
_NUMBER_FIRST = re.compile(rf"\bn[°º][ ]?:?[ ]?({_IDENTIFIER})", re.IGNORECASE)
_HASH = re.compile(r"(?<![\w&#])#((?=[A-Z0-9-]*\d{3})[A-Z0-9][A-Z0-9-]{3,})(?![\w])", re.IGNORECASE)
_FORM = re.compile(
    r"(?<![\w-])(?:(?:CMD|CDE|ORD|ORDER|CMDE|FAC|FACT|INV|SAV|RMA|REF|TKT|BDC)[-_]?\d[\d-]{3,}\d"
    r"|1Z(?:[ ]?[0-9A-Z]){16}|\d[A-Z]\d{11}|[A-Z]{2}(?:\d{9}|(?:[ ]\d{3}){3}[ ])[A-Z]{2}"
    r"|[A-Z]{2}\d{10}[A-Z]{2})(?![\w-])"
)
_DATE = re.compile(
    r"\d{1,2}[-/.]\d{1,2}([-/.]\d{2,4})?|\d{4}-\d{2}-\d{2}|(?:19|20)\d{2}|\d{1,2}h.*"
)
_QUANTITY = re.compile(rf"[ ]?{either(_CUES, 'quantity')}", re.IGNORECASE)
_PRODUCT = re.compile(
    r"(?:\bla |produit |article |mod[èe]le |\bcette |\bson |catalogue )r[ée]f", re.IGNORECASE
)
_SIGN = re.compile(r"n[°ºo]|num|#", re.IGNORECASE)
# Not a phone number that comes next, nor a quantity.
_GROUPS = re.compile(
    r"(?![ ]0[1-9](?:[ ]\d\d){4})(?:[ ]\d{2,4}){1,4}"
    rf"(?![\w/:.,€-]|[ ]?{either(_CUES, 'quantity')})",
    re.IGNORECASE,
)
_TEXT_OF_LAW = re.compile(
    r"\b(?:d[ée]cret|ordonnance|loi|arr[êe]t[ée]?|cerfa|formulaire|r[èe]glement|directive|circulaire"
    r"|articles?|lots?|norme|ligne|bus|quai|salle)\W*$",
    re.IGNORECASE,
)
_MANY_DIGITS = 3


def find_order_ids(text: str) -> Iterator[Found]:
    """Yield identifiers without their cue and without the number sign."""
    for pattern in (_BY_CUE, _BY_WEAK_CUE, _WEAK_CUE_AND_FORM):
        for match in pattern.finditer(text):
            start, end = match.span(1)
            if _is_identifier(text, start, end) and not _is_product(text, match):
                yield Found(start, _with_groups(text, match), 0.9)
    for match in _NUMBER_FIRST.finditer(text):
        start, end = match.span(1)
        if precedes(_TEXT_OF_LAW, text, match.start(), 24):
            continue
        if _is_identifier(text, start, end) and len(digits_of(match.group(1))) > _MANY_DIGITS:
            yield Found(start, end, 0.7)
    for match in _HASH.finditer(text):
        yield Found(match.start(1), match.end(1), 0.75)
    for match in _FORM.finditer(text):
        yield Found(match.start(), match.end(), 0.86)


def _with_groups(text: str, match: re.Match[str]) -> int:
    """Follow the groups of digits of "contrat n° 0412 8831 22"."""
    start, end = match.span(1)
    is_numbered = _SIGN.search(text, match.start(), start) is not None
    groups = _GROUPS.match(text, end) if is_numbered and match.group(1).isdigit() else None
    return groups.end() if groups else end


def _is_identifier(text: str, start: int, end: int) -> bool:
    token = text[start:end]
    digits = digits_of(token)
    if _DATE.fullmatch(token) or _QUANTITY.match(text, end):
        return False
    if len(digits) >= _MANY_DIGITS:
        return True
    # A booking code: five to eight capitals with a digit among them.
    return bool(digits) and 5 <= len(token) <= 8 and token.isalnum() and token.isupper()


def _is_product(text: str, match: re.Match[str]) -> bool:
    """Say whether the "reference" is that of an article in the shop."""
    if match.group(0)[:1] not in "rR":
        return False
    is_named_product = precedes(_PRODUCT, text, match.start() + 4, 20)
    return is_named_product or is_ean13(digits_of(match.group(1)))
