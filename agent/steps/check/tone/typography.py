"""T17: French and English typography, and the commonest spelling slips."""

import re

from agent.domain.checks import Severity
from agent.steps.check.case import Case
from agent.steps.check.rule import Example, Finding, Outcome, Rule, not_applicable, replace
from knowledge.passages import Language
from knowledge.text.fact_types import FactKind

_NARROW, _NO_BREAK = "\u202f", "\u00a0"
_FRENCH_GAPS = re.compile(
    r"(?<=[^\s\d!?:;(«/])(?P<high>[!?;:])(?=\s|$|»)|(?<=\d)(?P<after>[!?;])(?=\s|$)"
)
_TIGHT_QUOTES = re.compile(r"«(?=\S)|(?<=\S)»")
_STRAIGHT_QUOTES = re.compile(r"\"([^\"\n]+)\"")
_SPACED = re.compile(r"[^\S\n]+(?=,|\.(?:\s|$))")
_ENGLISH_GAP = re.compile(r"(?<=\w)[ \u00a0\u202f]+(?=[!?:;,](?:\s|$))")
_DOUBLE_SPACE = re.compile(r"(?<=\S) {2,}(?=\S)")
_GLUED = re.compile(r"(?<=[a-zà-ÿ]),(?=[a-zà-ÿ])")
_EMOTICON = re.compile(r"[:;]-?[()DPp]")
_SLIPS_FR = {
    "desole": "désolé",
    "desoles": "désolés",
    "tres": "très",
    "voila": "voilà",
    "bientot": "bientôt",
    "reponse": "réponse",
    "delai": "délai",
    "equipe": "équipe",
    "deja": "déjà",
    "etes": "êtes",
    "probleme": "problème",
    "apres": "après",
    "peut etre": "peut-être",
    "malgres": "malgré",
    "biensur": "bien sûr",
    "aujourdhui": "aujourd'hui",
    "quelque soit": "quel que soit",
    "comme même": "quand même",
    "parmis": "parmi",
    "language": "langage",
    "connection": "connexion",
    "addresse": "adresse",
    "apeller": "appeler",
    "n'hésiter pas": "n'hésitez pas",
    "sa va": "ça va",
}
_SLIPS_EN = {
    "recieve": "receive",
    "recieved": "received",
    "definately": "definitely",
    "seperate": "separate",
    "alot": "a lot",
    "your welcome": "you're welcome",
    "untill": "until",
    "occured": "occurred",
    "adress": "address",
    "appologize": "apologize",
    "appologies": "apologies",
    "thier": "their",
    "wich": "which",
    "dont": "don't",
    "cant": "can't",
    "wont": "won't",
    "couldnt": "couldn't",
    "its been": "it's been",
}


def _slips(table: dict[str, str]) -> re.Pattern[str]:
    return re.compile(r"(?<![\w@#/'-])(?:" + "|".join(map(re.escape, table)) + r")(?![\w'-])", re.I)


_TABLES = {Language.FR: (_SLIPS_FR, _slips(_SLIPS_FR)), Language.EN: (_SLIPS_EN, _slips(_SLIPS_EN))}


def mend(text: str, lang: Language, french_spaces: bool = True) -> str:
    """Return `text` with the slips this rule knows mended; plain spaces may stay before ! ? : ;."""
    text = _DOUBLE_SPACE.sub(" ", text)
    text = _GLUED.sub(", ", _SPACED.sub("", text))
    if lang is Language.FR and french_spaces:
        text = _STRAIGHT_QUOTES.sub(f"«{_NO_BREAK}\\1{_NO_BREAK}»", text)
        text = _TIGHT_QUOTES.sub(_loosen, text)
        text = _FRENCH_GAPS.sub(lambda m: (_NO_BREAK if m[0] == ":" else _NARROW) + m[0], text)
    if lang is Language.EN:
        text = _ENGLISH_GAP.sub("", text)
    table, pattern = _TABLES[lang]
    lower = text.lower()
    if not any(map(lower.__contains__, table)):
        return text
    return pattern.sub(lambda match: _in_case(match[0], table[match[0].lower()]), text)


def _loosen(quote: re.Match[str]) -> str:
    return quote[0] + _NO_BREAK if quote[0] == "«" else _NO_BREAK + quote[0]


def _in_case(written: str, right: str) -> str:
    return right[0].upper() + right[1:] if written[0].isupper() else right


def _find(case: Case) -> Outcome:
    policy = case.guide.policy.languages.get(case.reply_lang)
    if case.reply_lang is Language.UNKNOWN or policy is None:
        return not_applicable("the language of the reply is not known")
    shielded, kept = _shield(case)
    mended = mend(shielded, case.reply_lang, policy.french_spaces)
    if mended == shielded:
        return None
    start, end = _span(shielded, mended)
    for token, original in kept.items():
        mended = mended.replace(token, original)
    fix = replace(0, len(case.text), mended)
    return Finding("Typography or spelling to mend.", start, end, fix)


def _shield(case: Case) -> tuple[str, dict[str, str]]:
    """The reply with links, e-mails and emoticons hidden behind characters no rule touches."""
    spans = [(f.start, f.end) for f in case.facts if f.kind in (FactKind.URL, FactKind.EMAIL)]
    spans += [match.span() for match in _EMOTICON.finditer(case.text)]
    text, kept = case.text, {}
    for index, (start, end) in enumerate(sorted(spans, reverse=True)):
        token = chr(0xE000 + index) * (end - start)
        kept[token] = case.text[start:end]
        text = text[:start] + token + text[end:]
    return text, kept


def _span(one: str, other: str) -> tuple[int, int]:
    """The stretch of `one` around the first difference."""
    at = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one) - 1)
    return max(0, at - 1), min(len(one), at + 1)


RULE = Rule(
    "T17.typography",
    Severity.MINOR,
    _find,
    good=(
        Example("fr", "Bonjour\u202f! Écrivez-nous\u00a0: «\u00a0Aide\u00a0»."),
        Example("fr", "Bonjour ! Vous venez ? Voici : le lien."),
        Example("fr", "Ouvert à 10:30, voir https://www.ateliernoisette.example/aide?x=1 :)"),
        Example("fr", "On regarde... et on revient."),
        Example("en", "Hello! Are you coming? Here: the link."),
        Example("en", "It's 10:30, see https://www.ateliernoisette.example/help?x=1 ;)"),
    ),
    bad=(
        Example("fr", "Bonjour! Merci."),
        Example("fr", "Voici le lien: à tester"),
        Example("fr", "Touchez «Aide» en haut."),
        Example("fr", 'Touchez "Aide" en haut.'),
        Example("fr", "Nous sommes desoles pour cela."),
        Example("fr", "Merci  beaucoup ."),
        Example("en", "Hello ! Thank you."),
        Example("en", "You will recieve a mail."),
        Example("en", "Thanks ,see you soon"),
    ),
)
