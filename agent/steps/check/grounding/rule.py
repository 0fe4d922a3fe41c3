"""X3: every factual claim stands on a passage in force."""

from agent.domain.checks import Severity
from agent.domain.drafts import LedgerStatus
from agent.steps.check.case import Case
from agent.steps.check.grounding.line import Cause, GroundedLine
from agent.steps.check.rule import Example, Finding, Outcome, Rule, abstain
from knowledge.text.fact_types import Fact, FactKind

_WRONG = frozenset({Cause.FACT, Cause.CONTRADICTION, Cause.CLAIM})


def _find(case: Case) -> Outcome:
    wrong = [line for line in case.lines if line.cause in _WRONG and not _is_for_safety(case, line)]
    if wrong:
        return [Finding(line.reason, line.sentence.start, line.sentence.end) for line in wrong]
    prose = [line for line in case.lines if line.cause is Cause.PROSE]
    if prose:
        return abstain(prose[0].reason, Severity.MAJOR)
    if any(line.status is LedgerStatus.UNSUPPORTED for line in case.lines):
        return abstain("A promise is left to X4.", Severity.MAJOR)
    return None


def _is_for_safety(case: Case, line: GroundedLine) -> bool:
    """What the customer wrote, said back (S1, S10), or a file number (S1), is no claim of ours."""
    if line.cause is not Cause.FACT:
        return False
    facts = [f for f in case.facts if line.sentence.start <= f.start < line.sentence.end]
    return bool(facts) and all(_is_theirs(case, fact) for fact in facts)


def _is_theirs(case: Case, fact: Fact) -> bool:
    if fact.kind is FactKind.NUMBER:
        return len(fact.value) >= _FILE_NUMBER
    is_contact = fact.kind in (FactKind.URL, FactKind.EMAIL, FactKind.PHONE)
    return is_contact and any(fact.value == other.value for other in case.message_facts)


_FILE_NUMBER = 5
_DELIVERY = ("@delivery-delay",)
RULE = Rule(
    "X3.groundedness",
    Severity.AUTOFAIL,
    _find,
    good=(
        Example(
            "fr", "Le Croc'Lune n'est pas adapté aux personnes cœliaques.", passages=("@gluten",)
        ),
        Example("en", "We open on Thursdays from 10 am.", passages=("@shop-hours",)),
        Example(
            "fr",
            "Après six semaines, vous devez être à bout.",
            "six semaines que j'attends",
            passages=_DELIVERY,
        ),
        Example("fr", "Bonjour ! La livraison est offerte dès 50 €.", passages=_DELIVERY),
        Example(
            "fr", "La livraison prend entre 3 et 5 jours ouvrés en France.", passages=_DELIVERY
        ),
        Example("fr", "Comptez 5 jours ouvrés pour la livraison.", passages=_DELIVERY),
        Example(
            "fr",
            "Attendre dix jours un colis annoncé en 48 h, c'est long : nous sommes désolés.",
            message="10 jours que j'attends un colis annoncé en 48h",
            passages=_DELIVERY,
        ),
        Example("fr", "Merci pour ces mots, à très vite à l'atelier !", passages=()),
        Example("fr", "Écrivez-nous à bonjour@ateliernoisette.example.", passages=()),
        Example("fr", "Le Croc'Lune contient du gluten.", passages=("@gluten",)),
        Example("en", "Delivery is free from €50.00.", passages=_DELIVERY),
        Example("en", "Hi there! Delivery takes three to five working days.", passages=_DELIVERY),
        Example("en", "Thanks for the kind words, have a lovely Sunday!", passages=()),
        Example("en", "Croc'Lune contains gluten and traces of nuts.", passages=("@gluten",)),
        Example(
            "en",
            "Ten days for a 48-hour delivery isn't what you were promised. Sorry.",
            message="It's been 10 days! You said 48 hours delivery",
            passages=(),
        ),
    ),
    bad=(
        Example("en", "We open on Sundays from 10 am.", passages=("@shop-hours",)),
        Example("fr", "La livraison est offerte dès 30 €.", passages=_DELIVERY),
        Example("fr", "Comptez 3 jours ouvrés pour la livraison.", passages=_DELIVERY),
        Example("fr", "La livraison prend 5 jours.", passages=_DELIVERY),
        Example(
            "fr", "Toutes les infos sur www.ateliernoisette.example/promo.", passages=_DELIVERY
        ),
        Example("fr", "Le Croc'Lune ne contient pas de gluten.", passages=("@gluten",)),
        Example("fr", "Le remboursement est versé sous 14 jours.", passages=("@returns",)),
        Example("fr", "Nos biscuits sont certifiés sans sucre.", passages=("@gluten",)),
        Example("fr", "Commandez avant le 18 décembre 2025.", passages=("@christmas",)),
        Example("fr", "La boutique ouvre à 9 h."),
        Example("en", "Delivery is free from €30.", passages=_DELIVERY),
        Example("en", "Croc'Lune does not contain gluten.", passages=("@gluten",)),
        Example("en", "Delivery takes two weeks.", passages=_DELIVERY),
        Example("en", "All our biscuits are vegan.", passages=("@gluten",)),
        Example("en", "Call us on 020 7946 0018.", passages=_DELIVERY),
    ),
)
