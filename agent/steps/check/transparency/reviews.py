"""X7: the brand speaks as the brand, and neither buys nor removes reviews."""

import re

from agent.domain.checks import Severity
from agent.steps.check.case import Case
from agent.steps.check.grounding.backing import stands_on_passage
from agent.steps.check.phrases import phrases
from agent.steps.check.rule import Example, Finding, Outcome, Rule
from agent.steps.check.safety.personal_patterns import find_shapes
from agent.steps.check.transparency.review_asks import find_ask, find_pose

_OWN_ACT = re.compile(
    r"\b(?:nous|on|we|i|la moderation|our moderators?)\b(?: \w+){0,2} ?"
    r"(?:ne |n'|avons|a (?:ete|du|masque|retire)|have|had|never|don't|do not|won't|didn't|did not"
    r"|can't|cannot)"
)
_POSES = "It speaks as a customer, or for customers without a source."
_NUMBER = re.compile(r"\d{5,}|\w@\w")
"""An order number or an address; neither a year nor the name of an account."""
_FREE_TO = re.compile(
    r"\b(?:restez|reste|etes) libres?|\bcomme vous (?:le )?souhait|\bfree to|\bup to you"
    r"|\bne vous demand|\bno need to|\b(?:not|won't|don't|never) ask|n'avez pas a|\bjamais\b"
    r"|\bnever\b|c'est vous qui decidez|\ba vous de (?:voir|decider|choisir)"
    r"|your (?:choice|call)\b"
    r"|seule? peu(?:t|vent)|signalez-l|\breport (?:it|them)\b|only one (?:who|that)"
    r"|if it bothers|review or no review|avis ou pas"
    r"|n'offr\w+ rien|\bnothing in (?:return|exchange)|\bsans (?:rien|contrepartie)"
)
_THANKED = re.compile(
    r"\bmerci (?:\w+ ){0,2}(?:d'avoir|pour)\b[^,;:.!?]*$"
    r"|\b(?:thanks|thank you|grateful)(?: \w+){0,2} for\b[^,;:.!?]*$"
)
_CARE = re.compile(
    r"\b(?:montr|contien|affich|revel|figur|laiss\w+ voir|shows?|contain|includ|reveal|display|has)"
    r"\w*[^.!?]{0,40}\b(?:numeros?|adresse|telephone|coordonnees|donnees|e-?mail|iban|numbers?"
    r"|phone|address|personal|details|name)\b|\bvisible (?:de|par|to)\b|\bcould see\b"
    r"|\bpourrait (?:le |la )?(?:voir|lire)\b|\bfor your (?:safety|privacy)|\bpour votre securite"
    r"|\bpar prudence\b|\bevit\w+ de (?:laisser|publier|poster|partager|donner)"
    r"|\b(?:avoid|don't|do not|not|never) (?:leav|post|shar|publish|giv)\w*"
)
"""What somebody should not leave in sight of all."""
_ASKS_HOW = re.compile(
    r"\b(?:modifi|chang|supprim|retir|edit|delet|remov|updat)\w*[^.!?]{0,20}"
    r"\b(?:mon|ma|mes|my|un|an?) (?:\w+ )?(?:avis|note|commentaire|review|rating|comment)"
)


def _find(case: Case) -> Outcome:
    lang = case.reply_lang
    requests = phrases("transparency.review_request").finditer(case.bare, lang)
    asked = find_ask(case)
    for start, end in (*(found.span() for found in requests), *([asked] if asked else ())):
        if not _is_innocent(case, start) and not _is_stated(case, start):
            return Finding("It asks to change, remove or buy a review.", start, end)
    for found in phrases("transparency.posing").finditer(case.bare, lang):
        if not stands_on_passage(case, found.start()):
            return Finding(_POSES, *found.span())
    posed = find_pose(case)
    return Finding(_POSES, *posed) if posed else None


def _is_stated(case: Case, at: int) -> bool:
    """A passage may say how one edits a review; none makes a gift for doing so honest."""
    return stands_on_passage(case, at) and not _names_prize(case, at)


def _names_prize(case: Case, at: int) -> bool:
    sentence = case.sentence_at(at)
    words = case.folded_of(sentence) if sentence else ""
    return phrases("reviews.prize").search(words, case.reply_lang) is not None


def _is_innocent(case: Case, at: int) -> bool:
    """« Nous ne supprimons aucun avis », « vous restez libre de modifier votre avis »."""
    sentence = case.sentence_at(at)
    if sentence is None:
        return False
    before = case.folded[sentence.start : at + 1]
    words = case.folded_of(sentence)
    # To somebody who posted a number or an address, "delete this comment" is care.
    has_data = any(find_shapes(case.subject.message)) or _NUMBER.search(case.message)
    if _OWN_ACT.search(before) or _THANKED.search(before[:-1]) or _FREE_TO.search(words):
        return True
    is_care = bool(has_data or _CARE.search(case.folded) or _ASKS_HOW.search(case.message))
    return is_care and not _names_prize(case, at)


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
        Example("fr", "Gardez votre avis en ligne, il nous aide à progresser."),
        Example("fr", "Merci d'avoir modifié votre avis pour ajouter ces précisions."),
        Example("fr", "Nous n'offrons rien en échange d'un avis."),
        Example("fr", "Supprimez ce commentaire : il montre votre adresse."),
        Example(
            "fr", "Par prudence, pas de numéro dans un commentaire : vous pouvez le supprimer."
        ),
        Example("fr", "Si vous changez d'avis, dites-le-nous en message privé."),
        Example("en", "Your rating is yours, we won't ask you to change it."),
        Example("en", "Thank you for updating your review with those details."),
        Example("en", "Cancel free of charge up to half a day before it starts.", passages=()),
        Example("en", "Your post was removed by the platform, not by us."),
        Example("en", "Thank you for this review, it helps us."),
        Example("en", "We never remove reviews, good or bad."),
        Example(
            "en", "Most of our customers love it.", passages=("Most of our customers love it.",)
        ),
    ),
    bad=(
        Example("fr", "Merci de supprimer ce commentaire.", "@marque service nul depuis 2023"),
        Example("fr", "Passez votre note à 4 et nous ferons un effort."),
        Example("fr", "Serait-il envisageable que ce commentaire disparaisse ?"),
        Example("fr", "Merci de retirer ces lignes, qui nous portent tort."),
        Example("fr", "Une petite étoile de plus et la prochaine pizza est pour nous."),
        Example("fr", "Trois étoiles, c'est peu : cinq refléteraient mieux la propreté."),
        Example("fr", "Chaque avis posté vous fait gagner un ticket de tombola."),
        Example("fr", "Simple élève de passage ici, sans lien avec l'école : foncez."),
        Example("en", "We'd be so grateful if this comment quietly vanished."),
        Example("en", "An update to what you wrote would be only fair."),
        Example("en", "The decent thing about this post is to remove it."),
        Example("en", "One more star and the next pizza's on us."),
        Example("en", "Say something nice on Trustpilot and get $10 credit."),
        Example("en", "Honest graduate here, nothing to do with the school: go for it."),
        Example("en", "Everyone who tries it falls in love with it."),
        Example("fr", "Supprimez votre avis et on vous offre 20 €."),
        Example("fr", "Pourriez-vous modifier votre note maintenant ?"),
        Example("fr", "Un bon de 10 € contre un avis 5 étoiles."),
        Example("fr", "Laissez-nous 5 étoiles !"),
        Example("fr", "En tant que client fidèle, je confirme : c'est délicieux."),
        Example("fr", "Tous nos clients adorent ce biscuit."),
        Example("en", "If you change it to 5 stars, could you update your review?"),
        Example("fr", "Écrivez-nous à cette adresse, et modifiez votre avis au passage."),
        Example("en", "Please delete your comment and we will help."),
        Example("en", "Get a free box in exchange for a 5-star review."),
        Example("en", "As a long-time customer, I find them great."),
        Example("en", "Many of our customers love it."),
    ),
)
