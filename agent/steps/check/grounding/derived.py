"""Figures that a passage does not write but that follow from what it writes.

« 24 € : 12 € par adulte » for two adults, « soit 2,50 € de plus », a last entry 45 minutes before
closing time.
"""

import re
from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

from knowledge.text.fact_types import Fact, FactKind

TOTAL_BEFORE = re.compile(
    r"\b(?:soit|donc|so|making"
    r"|total\w*(?: d[eu'])?(?: est)?|en tout"
    r"|(?:cela|ca) (?:fait|fera|vous fait|donne|represente|laisse|revient a)|calcul donne"
    r"|il (?:vous )?(?:reste|restera)|vous (?:toucherez|touchez|recevrez)|(?:your|our) share is"
    r"|you(?:'ll| will)? (?:get|receive|keep)|leav(?:es|ing)(?: you)?(?: with)?"
    r"|(?:il )?faut compter|comptez|revien(?:t|nent|dra|dront) a|font|feront"
    r"|vous (?:payez|paierez|payerez)|ensemble"
    r"|(?:comes?|adds?) (?:out )?(?:to|up to|at)|which (?:is|makes)"
    r"|that(?:'s|'d be| is| makes| would be)"
    r"|altogether|in all|overall|works? out (?:at|to)|you(?:'d| would|'ll| will) pay"
    r"|i\.e\.|total of)"
    r"[ :,(=]*(?:donc |alors |de |a |environ |about |just )?$"
)
TOTAL_AFTER = re.compile(
    r"[ ,(]*(?:au total|en tout|a vous \w+|pour (?:vous|les) \w+|par an|a l'annee|in all|in total"
    r"|altogether|all in|a year|per year|yearly|for (?:all|both|the \w+) of)\b"
)
PER_ONE = re.compile(
    r" ?(?:/|par (?!an\b)|la |chacune?|l'unite|each|apiece|an? (?!year)|per (?!year)"
    r"|for (?:each|every|one))"
)
_DIFFERENCE_AFTER = re.compile(
    r"[ ,]*(?:de (?:plus|moins|difference)|d'ecart|d'economie|moins cher|plus cher|more|less"
    r"|cheaper|extra|dearer|off\b|difference)"
)
_DIFFERENCE_BEFORE = re.compile(
    r"(?:economis\w+|economie de|difference (?:est )?de|difference (?:of|is)"
    r"|(?:increase|rise|drop|decrease) of|(?:hausse|augmentation|baisse) de"
    r"|sav(?:e|es|ing|ings of))"
    r" ?(?:\w+ )?$"
)
_YEARLY = re.compile(
    r"[ ,(]*(?:par an|a l'annee|sur (?:l'annee|un an)|a year|yearly|per year"
    r"|(?:across|over) (?:a|the) (?:full |whole )?year)\b"
)
_A_YEAR = re.compile(r"\b(?:ans?|annee|annuel\w*|years?|yearly|annual\w*)\b")
_MONTHLY = re.compile(r"\b(?:mois|mensuel\w*|month\w*)\b")
_FROM_A_TIME = re.compile(r"\b(?:avant|apres|before|after|plus (?:tot|tard)|earlier|later|prior)\b")
_LASTS = re.compile(r"\b(?:duree|dure(?:nt)?|running time|run time|lasts?|length)\b")
"""A part that tells a length: its « 2 h 20 » is one, not an hour of the day."""
_MOST_PRICES = 8
_MOST_COUNTS = 6
_MOST_TERMS = 3
_CENT = 0.005
_DAY_MINUTES = 24 * 60
_A_PAIR = 2
_OFF_BEFORE = re.compile(r"\b(?:moins|remise de|reduction de|rabais de|-) ?$")
_OFF_AFTER = re.compile(
    r" ?(?:off\b|de (?:moins|remise|reduction)|moins cher|less\b|cheaper|discount)"
)
_ROUNDED = 0.51
"""A share is said in whole percents."""
_DAYS_BEFORE = (0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)
"""Days of a common year before each month, from 1 on."""
_OVER = re.compile(r"(?:[€£$]|[€£$]\d[\d.,]*) (?:sur|over) $")


class Stated(NamedTuple):
    """A stretch of a passage, folded, with its facts."""

    folded: str
    facts: tuple[Fact, ...]


def is_derived(
    fact: Fact, around: tuple[str, str], counts: Sequence[int], parts: Sequence[Stated]
) -> bool:
    """Whether a price, a share, a length or an hour follows from what the passage writes.

    `around` is what the sentence says before and after the figure: a sum or a difference must be
    called one right there, so that no invented price passes for a multiple of a true one. `counts`
    are the whole numbers of the message and of the reply.
    """
    if fact.kind is FactKind.MONEY:
        return _is_computed(fact, around, counts, parts)
    if fact.kind is FactKind.PERCENT:
        return _is_share_off(fact, around, parts)
    if fact.kind is FactKind.DURATION:
        return _is_length_in_all(fact, around, counts, parts)
    return fact.kind is FactKind.TIME and _is_offset(fact, parts)


def _is_share_off(fact: Fact, around: tuple[str, str], parts: Sequence[Stated]) -> bool:
    """« moins 25 % : 180 € au lieu de 240 € »."""
    if ".." in fact.value or not (_OFF_BEFORE.search(around[0]) or _OFF_AFTER.match(around[1])):
        return False
    prices = {price for part in parts for price in _all_prices(part)}
    return any(
        abs((1 - less / more) * 100 - float(fact.value)) < _ROUNDED
        for less in prices
        for more in prices
        if less < more
    )


def _all_prices(part: Stated) -> list[float]:
    money = [fact for fact in part.facts if fact.kind is FactKind.MONEY]
    return [amount for fact in money for amount in _money(fact)[0]]


def _is_length_in_all(
    fact: Fact, around: tuple[str, str], counts: Sequence[int], parts: Sequence[Stated]
) -> bool:
    """« dix séances de deux heures, soit vingt heures »."""
    is_total = TOTAL_BEFORE.search(around[0]) or TOTAL_AFTER.match(around[1])
    amount, _, unit = fact.value.partition(" ")
    if not is_total or not re.fullmatch(r"\d+(?:\.\d+)?", amount):
        return False
    ones = [known.value.split(" ") for part in parts for known in part.facts if " " in known.value]
    lengths = [float(one) for one, theirs in ones if theirs == unit and ".." not in one]
    wanted = float(amount)
    is_sum = 1 < len(lengths) <= _MOST_PRICES and _is_same(wanted, sum(lengths))
    return is_sum or any(
        _is_same(wanted, n * one) for one in lengths for n in counts[:_MOST_COUNTS]
    )


def is_length_of(fact: Fact, facts: Sequence[Fact], around: tuple[str, str]) -> bool:
    """Whether a length is the one between the two hours of its sentence, or a year in months.

    « de 22 h 30 à 6 h 30 : huit heures »; the hours themselves are compared with the passage.
    « 336 € sur douze mois » only says of which months the sum is.
    """
    if fact.value == "12 month":
        return _OVER.search(around[0]) is not None
    if _is_length_of_stay(fact, facts):
        return True
    hours = [at for f in facts if f.kind is FactKind.TIME and (at := minutes_of(f)) is not None]
    if len(hours) != _A_PAIR or not fact.value.endswith(" min"):
        return False
    return fact.value == f"{(hours[1] - hours[0]) % _DAY_MINUTES} min"


def _is_length_of_stay(fact: Fact, facts: Sequence[Fact]) -> bool:
    """« cinq jours, du 6 au 10 juillet »: with both ends, or without the last."""
    dates = [re.fullmatch(r"(?:\d{4}|-)-(\d\d)-(\d\d)", f.value) for f in facts]
    days = [_DAYS_BEFORE[int(d[1])] + int(d[2]) for d in dates if d]
    if len(days) != _A_PAIR or not fact.value.endswith(" min"):
        return False
    length = days[1] - days[0]
    return fact.value in {f"{n * _DAY_MINUTES} min" for n in (length, length + 1)}


def _is_computed(
    fact: Fact, around: tuple[str, str], counts: Sequence[int], parts: Sequence[Stated]
) -> bool:
    wanted, currency = _money(fact)
    before, after = around
    if len(wanted) != 1:
        return False
    prices = _prices(currency, parts)
    if _DIFFERENCE_BEFORE.search(before):
        return _is_difference(wanted[0], prices, counts[:_MOST_COUNTS])
    if PER_ONE.match(after):
        is_share = TOTAL_BEFORE.search(before) is not None
        ways = (*counts[:_MOST_COUNTS], *_months_in(after, parts))
        return is_share and any(_is_same(wanted[0] * n, price) for n in ways for price in prices)
    if _DIFFERENCE_AFTER.match(after):
        return _is_difference(wanted[0], prices, counts[:_MOST_COUNTS])
    if _YEARLY.match(after) and any(_MONTHLY.search(part.folded) for part in parts):
        return any(_is_same(wanted[0], 12 * price) for price in prices)
    if TOTAL_BEFORE.search(before) is None and TOTAL_AFTER.match(after) is None:
        return False
    return _is_sum(wanted[0], prices, _reduced(prices, parts), counts)


def _months_in(after: str, parts: Sequence[Stated]) -> tuple[int, ...]:
    """« 18 € par an, soit 1,50 € par mois »."""
    is_yearly = any(_A_YEAR.search(part.folded) for part in parts)
    return (12,) if is_yearly and _MONTHLY.search(after[:12]) else ()


def _is_sum(
    wanted: float, prices: Sequence[float], reduced: Sequence[float], counts: Sequence[int]
) -> bool:
    terms = {n * price for price in prices for n in (1, *counts[:_MOST_COUNTS])} | set(reduced)
    return any(
        _is_same(wanted, sum(some))
        for size in range(1, _MOST_TERMS + 1)
        for some in combinations(sorted(terms), size)
    )


def _money(fact: Fact) -> tuple[list[float], str]:
    amounts, _, currency = fact.value.partition(" ")
    return [float(amount) for amount in amounts.split("..")], currency


def _prices(currency: str, parts: Sequence[Stated]) -> list[float]:
    found = [
        amount
        for part in parts
        for fact in part.facts
        if fact.kind is FactKind.MONEY and _money(fact)[1] == currency
        for amount in _money(fact)[0]
    ]
    return list(dict.fromkeys(found))[:_MOST_PRICES]


def _reduced(prices: Sequence[float], parts: Sequence[Stated]) -> list[float]:
    """The prices with each percentage of the passage taken off."""
    shares = [
        float(fact.value)
        for part in parts
        for fact in part.facts
        if fact.kind is FactKind.PERCENT and ".." not in fact.value
    ]
    return [price * (1 - share / 100) for price in prices for share in shares]


def _is_difference(wanted: float, prices: Sequence[float], counts: Sequence[int]) -> bool:
    """Between two prices, several times one and another, or one and a figure of the customer's."""
    others = {*prices, *counts, *(n * price for price in prices for n in counts)}
    return any(_is_same(wanted, abs(price - other)) for price in prices for other in others)


def _is_same(one: float, other: float) -> bool:
    return abs(one - other) < _CENT


def _is_offset(fact: Fact, parts: Sequence[Stated]) -> bool:
    """« Nocturne jusqu'à 21 h 30. Dernière entrée 45 minutes avant. » states 20 h 45."""
    wanted = minutes_of(fact)
    if wanted is None:
        return False
    lengths = [
        length
        for part in parts
        if _LASTS.search(part.folded)
        for other in part.facts
        if (length := minutes_of(other)) is not None
    ]
    times = [m for part in parts for other in part.facts if (m := minutes_of(other)) is not None]
    shifts = [
        int(other.value.removesuffix(" min"))
        for part in parts
        if _FROM_A_TIME.search(part.folded)
        for other in part.facts
        if re.fullmatch(r"\d+ min", other.value)
    ]
    return any(
        (time + way * shift - wanted) % _DAY_MINUTES == 0
        for time in times
        for shift in (*shifts, *lengths)
        for way in (1, -1)
    )


def minutes_of(fact: Fact) -> int | None:
    """Return the minute of the day that an hour states, or None of anything else."""
    found = re.fullmatch(r"(\d\d):(\d\d)", fact.value)
    return int(found[1]) * 60 + int(found[2]) if found else None
