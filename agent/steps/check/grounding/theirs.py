"""Facts that the customer gave: said back, they are theirs to know, not ours to prove.

An hour, a day, a delay, a size, an amount paid or the price that opens their own case. Never a
percentage, a link, a number to call nor an address; and where a passage gives another value for
the same thing, only if the reply says that one too or opens on the case: a doubt at best.
"""

import re
from collections.abc import Iterable, Sequence

from agent.steps.check.case import Case
from agent.steps.check.grounding.pieces import Part
from agent.steps.check.grounding.reading import Claim, read_passage
from agent.steps.check.grounding.support import is_rival
from knowledge.passages import Passage
from knowledge.text.fact_types import Fact, FactKind
from knowledge.text.facts import agrees, find_facts
from knowledge.text.normalise import fold

_TOLD = frozenset(
    {FactKind.DATE, FactKind.TIME, FactKind.DURATION, FactKind.QUANTITY, FactKind.NUMBER}
)
_BY_FIGURES = frozenset({FactKind.DATE, FactKind.NUMBER})
_LENGTHS = frozenset({FactKind.TIME, FactKind.DURATION})
""" « 2 h 10 » may be either."""
_OPENS_ON_THEM = re.compile(
    r"(?:^|[.,;:!?]) ?(?:(?:oui|non|yes|no|donc|so|et|and|alors|mais|but)\b,? )*"
    r"(?:pour|avec|for|with|a|at)\b(?: (?:vos|votre|tes|ton|ta|your|un|une|a|an|the|le|la|les"
    r"|ces?|cette|these|those|that|this|[a-z]+ (?:a|of|de|at)))* ?[€£$]?$"
)
""" « Pour votre robe à 40 €, … », "for eight days": the case that the customer asked about."""
_INCH, _ROUNDED = 25.4, 10
"""Millimetres."""
_TENFOLD, _THOUSANDFOLD = 10, 1000
"""Centimetres and metres in millimetres, kilos in grams."""
_FIGURE = re.compile(r"\d+")
_PAID = re.compile(
    r"\b(?:vous avez (?:\w+ )?(?:pay|regl|vers|depens)\w*|votre (?:paiement|virement|achat|panier)"
    r"|(?:debite|preleve|paye|facture|regle|verse)e?s?|you(?:'ve| have)? (?:\w+ )?(?:paid|spent)"
    r"|your (?:payment|purchase|basket|order)|charged|billed|debited|paid)\b"
)


def is_theirs(case: Case, fact: Fact) -> bool:
    """Return whether the customer gave a fact, in the message or earlier in the thread."""
    if any(agrees(fact, known) or _is_as_long(fact, known) for known in given(case)):
        return True
    if fact.kind is FactKind.QUANTITY and _is_of_their_unit(fact, given(case)):
        return True
    figures = set(_FIGURE.findall(case.text[fact.start : fact.end]))
    said = set(_FIGURE.findall(case.message))
    return fact.kind in _BY_FIGURES and bool(figures) and figures <= said


def _is_of_their_unit(fact: Fact, known: Sequence[Fact]) -> bool:
    """ "6 inches when I said 2": the second is of the unit of the first."""
    amount, _, unit = fact.value.partition(" ")
    if ".." in amount or not any(one.value.endswith(f" {unit}") for one in known):
        return False
    numbers = [float(one.value) for one in known if one.kind is FactKind.NUMBER]
    return any(float(amount) in (n, _TENFOLD * n, _THOUSANDFOLD * n) for n in numbers)


def _is_as_long(fact: Fact, known: Fact) -> bool:
    """ "157 cm" for somebody of 5 ft 2."""
    size, _, unit = fact.value.partition(" ")
    feet, _, their_unit = known.value.partition(" ")
    if (unit, their_unit) != ("mm", "in") or ".." in size + feet:
        return False
    return abs(float(size) - float(feet) * _INCH) <= _ROUNDED


def given(case: Case) -> tuple[Fact, ...]:
    """Return the facts that the customer wrote, in the message and earlier in the thread."""
    earlier = (e for e in case.subject.thread if not case.guide.is_own_author(e.author))
    said = (fact for entry in earlier for fact in find_facts(entry.text, case.lang))
    return (*case.message_facts, *said)


def is_theirs_to_know(case: Case, fact: Fact, claim: Claim, passages: Sequence[Passage]) -> bool:
    """Return whether a fact of a sentence is the customer's own and no passage gives another."""
    if not is_theirs(case, fact):
        return False
    is_about_them = _OPENS_ON_THEM.search(fold(case.text[: fact.start])) is not None
    is_paid = fact.kind is FactKind.MONEY and _PAID.search(fold(claim.folded)) is not None
    is_price_of_theirs = is_about_them and fact.kind is FactKind.MONEY
    if fact.kind not in _TOLD and not is_paid and not is_price_of_theirs:
        return False
    if is_about_them:
        return True
    parts = [part for passage in passages for part in read_passage(passage).parts]
    rivals = [part for part in parts if is_rival(part, fact, claim)]
    return not rivals or _is_held_against(case, fact, rivals)


def _is_held_against(case: Case, fact: Fact, parts: Iterable[Part]) -> bool:
    """« Le minimum est de 1,60 m : à 1,58 m, … » : the reply says the passage's figure as well."""
    kinds = _LENGTHS if fact.kind in _LENGTHS else {fact.kind}
    figures = [known for part in parts for known in part.facts if known.kind in kinds]
    others = [mine for mine in case.facts if mine.kind in kinds and not agrees(mine, fact)]
    return any(agrees(mine, known) for mine in others for known in figures)
