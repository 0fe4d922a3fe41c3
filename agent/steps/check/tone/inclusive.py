"""T12: one inclusive-writing policy in French, kept throughout."""

import re

from agent.domain.brand.identity import Inclusive
from agent.domain.checks import Severity
from agent.steps.check.case import Case
from agent.steps.check.rule import Example, Finding, Outcome, Rule, not_applicable
from knowledge.passages import Language

_ENDING = r"(?:e|es|s|[nvlts]es?|t?rices?|euses?|sses?)"
_MIDPOINT = re.compile(rf"\b\w+[·•⋅‧]{_ENDING}\b(?:[·•⋅‧]s\b)?")
_PARENTHESES = re.compile(rf"\b\w+\((?!s\)){_ENDING}\)(?:\(?s\)?)?")
_DOT = re.compile(r"\b[^\W\d_]{3,}\.(?:e|es|ne|rice|trice|euse)(?:\.s)?\b(?!\.\w|/)|\b\w{3,}-e-s\b")
_DOUBLET = re.compile(
    r"\b(?:celles et ceux|ceux et celles|toutes et tous|tous et toutes|chacune et chacun"
    r"|chacun et chacune|clientes et (?:les )?clients|clients et (?:les )?clientes"
    r"|lectrices et lecteurs|une ou un|un ou une)\b"
)
_ALLOWED: dict[Inclusive, frozenset[str]] = {
    Inclusive.NONE: frozenset({"doublet"}),
    Inclusive.DOUBLETS: frozenset({"doublet"}),
    Inclusive.PARENTHESES: frozenset({"parentheses", "doublet"}),
    Inclusive.MIDPOINT: frozenset({"midpoint", "doublet"}),
    Inclusive.NEUTRAL: frozenset(),
}
_FORMS = (
    ("midpoint", _MIDPOINT),
    ("parentheses", _PARENTHESES),
    ("dot", _DOT),
    ("doublet", _DOUBLET),
)


def _find(case: Case) -> Outcome:
    policy = case.guide.policy.languages.get(Language.FR)
    if case.reply_lang is not Language.FR or policy is None:
        return not_applicable("inclusive forms are a question of French")
    allowed = _ALLOWED[policy.inclusive]
    for name, pattern in _FORMS:
        match = pattern.search(case.folded) if name not in allowed else None
        if match and case.bare[match.start() : match.end()].strip():
            reason = f"The guide's inclusive writing is `{policy.inclusive.value}`."
            return Finding(reason, *match.span())
    return None


RULE = Rule(
    "T12.inclusive",
    Severity.MINOR,
    _find,
    good=(
        Example("fr", "Peut-être parle-t-elle de notre client fidèle."),
        Example("fr", "Merci à toutes et tous !"),
        Example("fr", "Voici le(s) point(s) de vente (près de chez vous)."),
        Example("fr", "Tout est sur www.ateliernoisette.example/contact."),
        Example("en", "Thanks, everyone (and all)."),
    ),
    bad=(
        Example("fr", "Cher·e·s client·e·s, merci."),
        Example("fr", "Nous sommes désolé(e)s."),
        Example("fr", "Merci aux client.e.s fidèles."),
        Example("fr", "Ravi·e de vous lire."),
    ),
)
