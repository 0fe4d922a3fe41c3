"""X6: what sells is labelled as such, at the start, in the reader's language."""

import re

from agent.domain.checks import Fix, Severity
from agent.steps.check.case import Case
from agent.steps.check.grounding.reading import read_passage, usable_passages
from agent.steps.check.phrases import phrases
from agent.steps.check.rule import Example, Finding, Outcome, Rule, replace
from agent.steps.check.signals import Signal
from knowledge.passages import Language
from knowledge.text.fact_types import Fact, FactKind
from knowledge.text.facts import agrees
from knowledge.text.normalise import fold

_TRACKED = re.compile(
    r"[?&](?:utm_\w+|aff(?:iliate)?(?:_?id)?|ref|tag|partner|promo|coupon)=", re.I
)
_DISCOUNT = re.compile(
    r"(?:^|[\s(])[-–−]\s?\d+\s?%|moins \d+\s?%|\d+\s?% (?:de (?:remise|reduction)|off\b|offert)"
)
_BUILT_IN = {
    Language.FR: (
        "publicite",
        "collaboration commerciale",
        "offre commerciale",
        "partenariat remunere",
        "communication commerciale",
        "sponsorise",
    ),
    Language.EN: (
        "ad",
        "advert",
        "advertisement",
        "sponsored",
        "paid partnership",
        "promotion",
    ),
}
_OFFERED = frozenset({FactKind.PERCENT, FactKind.PROMO_CODE})
_START = 12
_HASHTAGS = ("#ad", "#pub", "#sponsored", "#sponsorise", "#publicite")
_HEAD = 60


def _find(case: Case) -> Outcome:
    found = _selling(case)
    if found is None or _is_labelled(case):
        return None
    start, end = found
    return Finding(
        "This sells; the label that says so is missing at the start.", start, end, _fix(case)
    )


def _selling(case: Case) -> tuple[int, int] | None:
    """The words that promote, unless the customer asked about prices and offers."""
    for fact in case.facts:
        if fact.kind is FactKind.URL and _TRACKED.search(case.text[fact.start : fact.end]):
            return fact.start, fact.end
    partner = phrases("transparency.partner").search(case.bare, case.reply_lang)
    if partner:
        return partner.span()
    if Signal.PROMO_QUESTION in case.signals:
        return None
    call = phrases("transparency.call_to_buy").search(case.bare, case.reply_lang)
    deal = phrases("transparency.deal").search(case.bare, case.reply_lang)
    if call is None and _answers_from_a_passage(case, deal.start() if deal else None):
        return None
    if deal and deal[0] not in case.message:
        return deal.span()
    offer = _offer(case)
    if call and (offer or _names_product(case)):
        return call.span()
    return (offer.start, offer.end) if offer else None


def _answers_from_a_passage(case: Case, deal: int | None) -> bool:
    """« La carte coûte 49 € et donne 30 % de réduction », to somebody who asks about the card."""
    offer = _offer(case)
    at = deal if deal is not None else offer.start if offer else None
    is_no_question = case.is_complaint and "?" not in case.message
    if at is None or is_no_question or Signal.PRAISE in case.signals or not case.message:
        return False
    offered = (f for f in case.facts if f.kind in _OFFERED)
    if any(
        case.sentence_at(f.start) == case.sentence_at(at) and _is_of_a_passage(case, f)
        for f in offered
    ):
        return True
    return any(
        line.passage is not None and line.sentence.start <= at < line.sentence.end
        for line in case.lines
    )


def _is_of_a_passage(case: Case, offer: Fact) -> bool:
    """« 30 % de remise : votre manteau passe à 126 € », whatever the sum that it enters."""
    words = case.text[offer.start : offer.end].strip()
    return any(
        any(agrees(offer, known) for known in read_passage(passage).facts)
        or re.search(rf"(?<!\w){re.escape(words)}(?!\w)", passage.answer) is not None
        for passage in usable_passages(case)
    )


def _offer(case: Case) -> Fact | None:
    """A promo code, or a discount in per cent."""
    for fact in case.facts:
        if fact.kind is FactKind.PROMO_CODE:
            return fact
        if fact.kind is FactKind.PERCENT and _DISCOUNT.search(case.folded):
            return fact
    return None


def _names_product(case: Case) -> bool:
    """A call to buy promotes when it names a product, a price or a place to buy."""
    product = case.guide.product_pattern
    is_named = product is not None and product.search(case.folded) is not None
    return is_named or any(f.kind in (FactKind.MONEY, FactKind.URL) for f in case.facts)


def _labels(case: Case) -> tuple[str, ...]:
    return case.guide.policy.transparency.ad_labels.get(case.lang, ())


def _is_labelled(case: Case) -> bool:
    if any(tag in case.folded[:_HEAD] for tag in _HASHTAGS):
        return True
    known = [fold(label) for label in _labels(case)]
    known += _BUILT_IN.get(case.lang, (*_BUILT_IN[Language.FR], *_BUILT_IN[Language.EN]))
    found = (re.search(rf"(?<!\w){re.escape(label)}(?!\w)", case.folded) for label in known)
    return any(match is not None and match.start() <= _START for match in found)


def _fix(case: Case) -> Fix | None:
    labels = _labels(case)
    separator = "\u00a0: " if case.lang is Language.FR else ": "
    return replace(0, 0, f"{labels[0]}{separator}") if labels else None


RULE = Rule(
    "X6.promotion_label",
    Severity.AUTOFAIL,
    _find,
    good=(
        Example(
            "fr",
            "Avec 30 % de remise, votre manteau passe de 180 € à 126 €.",
            "Manteau à 180 € avec -30 %, ça fait combien ?",
            passages=("30 % de remise sur tous les manteaux.",),
        ),
        Example(
            "fr",
            "Elle coûte 49 € et donne 30 % de réduction sur tous les trajets.",
            "C'est quoi la carte jeune ?",
            passages=("Carte Jeune : 49 € par an, 30 % de réduction sur tous les trajets.",),
        ),
        Example("en", "The lockers take a £1 coin.", "are there lockers"),
        Example("fr", "Publicité : -20 % avec le code NOISETTE20.", "Bonjour"),
        Example("fr", "Le club donne 10 % de remise.", "Vous avez des promos ?"),
        Example("fr", "Profitez bien de votre dégustation !", "J'ai reçu ma boîte"),
        Example("fr", "La livraison coûte 4,90 €.", "Combien coûte la livraison ?"),
        Example("fr", "Le Croc'Lune contient 30 % de noisettes.", "Y a quoi dedans ?"),
        Example("en", "Ad: 20% off with code NUTTY20.", "Hi"),
        Example("en", "The club gives 10% off in your birthday month.", "Any discount?"),
        Example("en", "Order before noon and it leaves the same day.", "When does it leave?"),
    ),
    bad=(
        Example("fr", "Merci ! -20 % avec le code NOISETTE20, profitez-en.", "J'adore"),
        Example("fr", "Foncez sur le Croc'Lune à 12 € !", "Joli magasin"),
        Example("fr", "En partenariat avec Marie Gourmande, testez la box."),
        Example("fr", "Voir https://www.ateliernoisette.example/box?utm_source=insta", "Bonjour"),
        Example("fr", "Utilisez le code BIENVENUE pour en profiter.", "Merci beaucoup"),
        Example("en", "Thanks! Get 20% off with code NUTTY20.", "Love it"),
        Example("en", "Treat yourself to a Noisette Box now!", "Nice photo"),
        Example("en", "In partnership with NutLovers, try our box."),
        Example("en", "See https://www.ateliernoisette.example/box?aff_id=12", "Hello"),
    ),
)
