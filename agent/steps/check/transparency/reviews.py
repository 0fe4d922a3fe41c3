"""X7: the brand speaks as the brand, and neither buys nor removes reviews."""

import re

from agent.domain.checks import Severity
from agent.steps.check.case import Case
from agent.steps.check.grounding.backing import stands_on_passage
from agent.steps.check.phrases import phrases
from agent.steps.check.rule import Example, Finding, Outcome, Rule
from agent.steps.check.safety.personal_patterns import find_shapes

_OWN_ACT = re.compile(
    r"\b(?:nous|on|we|i|la moderation|our moderators?)\b(?: \w+){0,2} ?"
    r"(?:ne |n'|avons|a (?:ete|du|masque|retire)|have|had|never|don't|do not|won't|didn't|did not"
    r"|can't|cannot)"
)
_NUMBER = re.compile(r"\d{4,}|@\w")
_FREE_TO = re.compile(
    r"\b(?:restez|reste|etes) libres?|\bcomme vous (?:le )?souhait|\bfree to|\bup to you"
    r"|\bne vous demand|\bno need to|\bnot ask|n'avez pas a|\bjamais\b|\bnever\b"
)


def _find(case: Case) -> Outcome:
    lang = case.reply_lang
    for found in phrases("transparency.review_request").finditer(case.bare, lang):
        if not _is_innocent(case, found.start()) and not stands_on_passage(case, found.start()):
            reason = "It asks to change, remove or buy a review."
            return Finding(reason, *found.span())
    for found in phrases("transparency.posing").finditer(case.bare, lang):
        if not stands_on_passage(case, found.start()):
            return Finding(
                "It speaks as a customer, or for customers without a source.", *found.span()
            )
    return None


def _is_innocent(case: Case, at: int) -> bool:
    """« Nous ne supprimons aucun avis », « vous restez libre de modifier votre avis »."""
    sentence = case.sentence_at(at)
    if sentence is None:
        return False
    before = case.folded[sentence.start : at + 1]
    words = case.folded_of(sentence)
    # To somebody who posted a number or an address, "delete this comment" is care.
    has_data = any(find_shapes(case.subject.message)) or _NUMBER.search(case.message)
    return bool(_OWN_ACT.search(before) or _FREE_TO.search(words) or has_data)


RULE = Rule(
    "X7.reviews",
    Severity.AUTOFAIL,
    _find,
    good=(
        Example("fr", "Tous nos abonnés y ont accès, quelle que soit leur formule."),
        Example(
            "fr",
            "Nous vous conseillons de supprimer ce commentaire, qui montre votre numéro.",
            "Ma commande 88412-FR, où est-elle ?",
        ),
        Example("fr", "Merci pour cet avis, il nous aide à progresser."),
        Example("fr", "Nous ne supprimons aucun avis, même sévère."),
        Example("fr", "Vous restez libre de modifier votre avis."),
        Example("fr", "Nos clients peuvent laisser un avis sur la fiche du produit."),
        Example("en", "Thank you for this review, it helps us."),
        Example("en", "We never remove reviews, good or bad."),
        Example(
            "en", "Most of our customers love it.", passages=("Most of our customers love it.",)
        ),
    ),
    bad=(
        Example("fr", "Passez votre note à 4 et nous ferons un effort."),
        Example("en", "Everyone who tries it falls in love with it."),
        Example("fr", "Supprimez votre avis et on vous offre 20 €."),
        Example("fr", "Pourriez-vous modifier votre note maintenant ?"),
        Example("fr", "Un bon de 10 € contre un avis 5 étoiles."),
        Example("fr", "Laissez-nous 5 étoiles !"),
        Example("fr", "En tant que client fidèle, je confirme : c'est délicieux."),
        Example("fr", "Tous nos clients adorent ce biscuit."),
        Example("en", "If you change it to 5 stars, could you update your review?"),
        Example("en", "Please delete your comment and we will help."),
        Example("en", "Get a free box in exchange for a 5-star review."),
        Example("en", "As a long-time customer, I find them great."),
        Example("en", "Many of our customers love it."),
    ),
)
