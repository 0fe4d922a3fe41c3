"""S2: personal data is asked for in private only."""

import re

from agent.domain.checks import Severity
from agent.domain.messages import Surface
from agent.steps.check.case import Case
from agent.steps.check.grounding.backing import stands_on_passage
from agent.steps.check.phrases import phrases
from agent.steps.check.rule import PRIVATE, Example, Finding, Outcome, Rule


def _find(case: Case) -> Outcome:
    if case.subject.surface is Surface.PRIVATE:
        return PRIVATE
    for found in phrases("safety.asks_data").finditer(case.bare, case.reply_lang):
        if not _is_safe(case, found):
            return Finding("It asks for personal data where others read.", *found.span())
    return None


def _is_safe(case: Case, found: re.Match[str]) -> bool:
    lang = case.reply_lang
    sentence = case.sentence_at(found.start())
    words = case.folded_of(sentence) if sentence else case.folded
    before = case.folded[(sentence.start if sentence else 0) : found.end()]
    if phrases("safety.never_share").search(before, lang):
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
    ),
)
