"""Prices and shares said without a figure: what is free costs nothing, a full refund is all of it.

In this form « gratuit » is a price like another, which a passage may give to another thing.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from agent.steps.check.grounding.pieces import Part
from knowledge.text.fact_types import Fact, FactKind

FREE = "0"
PAID = "some"
_SAID = (
    (
        FactKind.MONEY,
        FREE,
        r"gratuit\w*|offert(?:e|s|es)?\b"
        r"|(?:sans|aucuns?|pas de|ni) (?:\w+ )?(?:frais|supplement)"
        r"|(?:nous|on) (?:vous )?(?:prenons|prend|payons|paie) (?:en charge |tous )?"
        r"(?:les frais|le retour|l'envoi)"
        r"|we (?:cover|pay)\b|(?:ne |n')(?:\w+ )?(?:cout|pa[iy])\w* rien|rien a (?:payer|debourser)"
        r"|(?:inclus|compris)e?s? dans (?:le|l[ae]|votre) (?:prix|tarif|forfait|abonnement)"
        r"|(?<![\w-])free\b(?! (?:of|from|to|time|delivery slot)\b(?! charge))|complimentary"
        r"|(?:no|without|at no)(?: (?:extra|additional|cancellation|delivery|booking|other|more))*"
        r" (?:charge|fee|cost|surcharge)s?\b|costs? (?:you )?nothing|nothing to pay"
        r"|included in (?:the|your) (?:price|fare|ticket|plan|rent)|on the house",
    ),
    (
        FactKind.MONEY,
        PAID,
        r"payante?s?\b|a (?:votre|vos|la) (?:charge|frais)|en supplement"
        r"|at your (?:own )?(?:expense|cost)|you (?:must |have to )?pay\b|chargeable|for a fee",
    ),
    (
        FactKind.PERCENT,
        "50",
        r"(?:la )?moitie\b|demi-tarif|half[- ]price|half off|half (?:the|of|is|your)\b",
    ),
    (
        FactKind.PERCENT,
        "100",
        r"integral\w*|en totalite|tout (?:vous )?est rembourse|totalement rembourse\w*"
        r"|full(?:y)? refund\w*|refund\w* in full|(?:everything|all) (?:is )?(?:back|refunded)",
    ),
    (
        FactKind.PERCENT,
        "0",
        r"rien (?:n'est|ne (?:vous )?(?:est|sera)) rembourse\w*|non rembours\w+"
        r"|nothing is (?:refunded|returned)|no refund\w*|(?:not|n't|non)[- ](?:be )?refund\w+",
    ),
)
_PATTERNS = tuple((kind, value, re.compile(rf"\b(?:{words})")) for kind, value, words in _SAID)
_DENIED = re.compile(r"\b(?:pas|plus|not|never|jamais|non|isn't|aren't|longer) (?:\w+ )?$")
_REACH = 16


@lru_cache(maxsize=8192)
def outcomes_in(folded: str) -> tuple[Fact, ...]:
    """Return the prices and shares that a folded text says without a figure."""
    return tuple(
        Fact(kind, value, *match.span())
        for kind, value, pattern in _PATTERNS
        for match in pattern.finditer(folded)
        if not _DENIED.search(folded[max(0, match.start() - _REACH) : match.start()])
    )


@lru_cache(maxsize=4096)
def with_outcomes(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Return the sentences of a passage with what they say without a figure among their facts."""
    return tuple(_with_outcomes(part) for part in parts)


def _with_outcomes(part: Part) -> Part:
    said = [f for f in outcomes_in(part.folded) if not _overlaps(f, part.facts)]
    return part._replace(facts=tuple(sorted((*part.facts, *said), key=lambda f: f.start)))


def _overlaps(fact: Fact, others: Sequence[Fact]) -> bool:
    return any(fact.start < other.end and other.start < fact.end for other in others)
