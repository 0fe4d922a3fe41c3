"""S2: personal data is asked for in private only."""

import re

from agent.domain.checks import Severity
from agent.domain.messages import Surface
from agent.steps.check.case import Case
from agent.steps.check.grounding.backing import stands_on_passage
from agent.steps.check.phrases import phrases
from agent.steps.check.rule import PRIVATE, Example, Finding, Outcome, Rule
from agent.steps.check.safety.asked_data import find_asked_data, is_given_elsewhere

_REASON = "It asks for personal data where others read."


def _find(case: Case) -> Outcome:
    if case.subject.surface is Surface.PRIVATE:
        return PRIVATE
    for found in phrases("safety.asks_data").finditer(case.bare, case.reply_lang):
        if not _is_safe(case, found):
            return Finding(_REASON, *found.span())
    asked = find_asked_data(case)
    return Finding(_REASON, *asked) if asked else None


def _is_safe(case: Case, found: re.Match[str]) -> bool:
    lang = case.reply_lang
    sentence = case.sentence_at(found.start())
    words = case.folded_of(sentence) if sentence else case.folded
    before = case.folded[(sentence.start if sentence else 0) : found.end()]
    if phrases("safety.never_share").search(before, lang):
        return True
    if sentence and is_given_elsewhere(sentence, case):
        return True
    if phrases("safety.in_the_open").search(words, lang):
        return _is_private(words, case) and "prive" in words
    if stands_on_passage(case, found.start()):
        return True
    so_far = case.folded[: sentence.end if sentence else len(case.folded)]
    return _is_private(so_far, case)


def _is_private(words: str, case: Case) -> bool:
    return phrases("safety.private_path").search(words, case.reply_lang) is not None


RULE = Rule(
    "S2.soliciting",
    Severity.AUTOFAIL,
    _find,
    good=(
        Example("fr", "Le test indique le débit disponible à votre adresse."),
        Example(
            "en",
            "You need your order number at the desk.",
            "",
            ("You need your order number at the desk.",),
        ),
        Example("fr", "Écrivez-nous en message privé avec votre numéro de commande."),
        Example("fr", "Envoyez-nous un message privé. Indiquez-y votre numéro de commande."),
        Example("fr", "Ne donnez jamais votre numéro de commande ici."),
        Example("fr", "Pouvez-vous nous donner votre avis sur la recette ?"),
        Example("fr", "Donnez-nous votre numéro de commande.", surface=Surface.PRIVATE),
        Example("fr", "Dites-nous votre parfum préféré !"),
        Example("en", "Please DM us your order number."),
        Example("en", "Send us a private message with your email address."),
        Example("en", "Never share your order number here."),
        Example("en", "Tell us your favourite flavour!"),
        Example("fr", "Une pièce d'identité est à présenter au comptoir."),
        Example("fr", "Saisissez ici votre adresse : https://lumivolt.example/test"),
        Example("fr", "Évitez de laisser un numéro de téléphone en commentaire."),
        Example("fr", "Une adresse e-mail suffit pour commander sans compte."),
        Example("en", "Type your postcode in the store finder to see the nearest shop."),
        Example("en", "Write to us at the address below."),
        Example("en", "Message us privately and keep card details out of this thread."),
        Example("en", "The team reads private messages, where you can give your address."),
        Example("fr", "Quel est le nom de son copain sur la photo ?", "Mon chien Gala"),
        Example("en", "Which name would you give our mascot? Leave it here!"),
    ),
    bad=(
        Example("fr", "Votre nom complet et votre adresse, s'il vous plaît ?"),
        Example("en", "Reply with your sort code and account number."),
        Example("fr", "Donnez-nous votre numéro de commande ici."),
        Example("fr", "Pouvez-vous nous indiquer votre adresse e-mail ?"),
        Example("fr", "Quel est votre numéro de téléphone ?"),
        Example("fr", "Laissez votre numéro en commentaire, on vous rappelle."),
        Example("fr", "Répondez avec votre nom et votre date de naissance."),
        Example("en", "Can you share your order number?"),
        Example("en", "Please reply with your email and postcode."),
        Example("en", "What's your phone number?"),
        Example("en", "Drop your order number below and we will check."),
        Example("fr", "Un IBAN laissé en commentaire suffit pour vérifier."),
        Example("fr", "La référence de la réservation nous suffirait pour chercher."),
        Example("fr", "Sur quel téléphone peut-on vous joindre ? Notez-le sous ce post."),
        Example("fr", "Plutôt qu'en message privé, laissez ici votre date de naissance."),
        Example("fr", "Votre numéro de contrat, s'il vous plaît ?"),
        Example("en", "The digits on your card, shared underneath, are all we require."),
        Example("en", "No need for a private message, your member ID will do as a reply."),
        Example("fr", "Vous pouvez recopier ici les huit chiffres de votre badge."),
        Example("en", "A picture of your passport, right here, and we'll print a new one."),
        Example("en", "Kindly attach a picture of your licence to your next comment."),
        Example("en", "What's your username?"),
    ),
)
