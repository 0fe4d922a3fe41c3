"""What a fact is: a kind, a normalised value and the words that state it."""

from enum import StrEnum
from typing import NamedTuple


class FactKind(StrEnum):
    """The kinds that are compared exactly."""

    MONEY = "money"
    PERCENT = "percent"
    NUMBER = "number"
    QUANTITY = "quantity"
    DATE = "date"
    TIME = "time"
    DURATION = "duration"
    URL = "url"
    EMAIL = "email"
    PHONE = "phone"
    PROMO_CODE = "promo_code"


class Fact(NamedTuple):
    """One fact at `[start, end)` of the text.

    Values: money `30 EUR`, percent and number `20`, quantity `250 ml`, date `2026-12-02`,
    `--12-02`, `2026-12`, `--12` or `wd-1` (Monday), time `18:30` or, of both halves of the day,
    `06:30|18:30`, duration `2880 min`, `2 business_days` or `24 month`, ranges
    `3..5 business_days`; url without scheme, `www.` and final slash; phone as national digits; the
    rest in lower case, promo codes in capitals.
    """

    kind: FactKind
    value: str
    start: int
    end: int
