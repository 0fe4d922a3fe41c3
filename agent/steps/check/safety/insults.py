"""S9: no insult, no hate, no employee exposed."""

import re
from functools import lru_cache

from agent.domain.checks import Severity
from agent.steps.check.case import Case
from agent.steps.check.phrases import phrases
from agent.steps.check.rule import Example, Finding, Outcome, Rule
from agent.steps.check.words import STOPWORDS
from knowledge.passages import Language
from knowledge.text.normalise import fold

_IS_EMPLOYEE = re.compile(
    r", (?:notre|une? de nos|l'un de nos|our|one of our|the) (?:\w+ )?(?:employee?|salariee?"
    r"|livreu\w+|vendeu\w+|collegue|conseill\w+|caissi\w+|chauffeur|driver|courier|cashier"
    r"|colleague|shop assistant|manager|agent)s?\b"
)
_FULL_NAME = re.compile(r"[A-ZÀ-Ö][a-zà-öø-ÿ][a-zà-öø-ÿ'’-]*(?: [A-ZÀ-Ö][\w'’-]+)?")

_OPENERS = STOPWORDS | {"sorry", "oui", "non", "yes", "well", "sure", "desoles", "dommage", "oh"}
"""Words that open a reply with a capital and a comma: "Hi, the driver waits"."""


def _find(case: Case) -> Outcome:
    insult = phrases("safety.insult").search(case.bare, case.reply_lang)
    if insult:
        return Finding("An insult, or contempt.", *insult.span())
    private = phrases("safety.private_life").search(case.bare, case.reply_lang)
    if private:
        return Finding("It exposes somebody's private life.", *private.span())
    for match in _FULL_NAME.finditer(case.text):
        if fold(match[0]) in _OPENERS:
            continue
        before = case.folded[max(0, match.start() - 60) : match.start()]
        if _is_exposed(case, match[0], before) or _IS_EMPLOYEE.match(case.folded, match.end()):
            return Finding("It names an employee.", *match.span())
    return None


def _is_exposed(case: Case, name: str, before: str) -> bool:
    """« notre livreur, Kevin » ; « notre caissière Martine Roussel », but not her first name."""
    cues = ["safety.employee"]
    if " " in name and fold(name) not in case.message:
        cues += ["safety.role", "safety.named_in_answer"]
    return any(_leads_to_a_name(entry, before, case.reply_lang) for entry in cues)


@lru_cache(maxsize=4096)
def _leads_to_a_name(entry: str, before: str, lang: Language) -> bool:
    return phrases(entry).search(before, lang) is not None


RULE = Rule(
    "S9.insult",
    Severity.AUTOFAIL,
    _find,
    good=(
        Example("fr", "Ne mélangez pas ces produits : cela dégage un gaz toxique."),
        Example("en", "Good luck finding it a new home!"),
        Example("fr", "La bande de protection doit encore être en place."),
        Example("fr", "Recevoir ce que vous ne voulez pas est pénible."),
        Example("en", "You are entitled to a meal."),
        Example("fr", "Le conseil du jour : deux minutes au four."),
        Example("fr", "Vous écrivez « bande d'idiots » : nous comprenons la colère."),
        Example("fr", "Notre responsable qualité vous répond en privé."),
        Example("fr", "Le biscuit cassé devient chapelure, sans mystère."),
        Example("en", "The pros and cons of dark chocolate."),
        Example("en", 'You write "idiots": we hear the anger.'),
        Example("en", "Our quality manager will answer in private."),
    ),
    bad=(
        Example("fr", "Avec des clients aussi bornés, que dire."),
        Example("en", "You sound like a whiny child."),
        Example("fr", "Vous êtes vraiment stupide."),
        Example("fr", "Quel abruti !"),
        Example("fr", "Les gens comme vous nous fatiguent."),
        Example("fr", "Notre livreur, Kevin Martin, sera entendu."),
        Example("en", "You're pathetic."),
        Example("en", "What a moron."),
        Example("en", "Shut up and read."),
        Example("en", "Our driver, Kevin Martin, will be told."),
    ),
)
