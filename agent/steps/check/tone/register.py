"""T1: the brand's register in French, never « tu » and « vous » mixed."""

import re

from agent.domain.brand.identity import Register
from agent.domain.checks import Fix, Severity
from agent.steps.check.case import Case
from agent.steps.check.rule import Example, Finding, Outcome, Rule, not_applicable, replace
from agent.steps.check.tone.register_marks import Mark, find_marks
from knowledge.passages import Language

_TO_A_GROUP = re.compile(
    r"\bvous (?:deux|trois|tous|toutes|autres|etes (?:tous|toutes|nombreu\w+|plusieurs))\b"
    r"|\bentre vous\b|\b(?:certains|chacun|beaucoup|plusieurs|nombre) d'entre vous\b"
    r"|\b(?:les amis|les copains|tout le monde|a tous|a toutes|toute la famille|toute l'equipe)\b"
    r"|\bvous et (?:ton|ta|tes)\b|\b(?:toi et|et toi)\b"
)
_SWAPS = {
    Register.VOUS: {
        "n'hésite pas": "n'hésitez pas",
        "s'il te plaît": "s'il vous plaît",
        "ton message": "votre message",
        "ta commande": "votre commande",
        "écris-nous": "écrivez-nous",
        "contacte-nous": "contactez-nous",
        "envoie-nous": "envoyez-nous",
        "dis-nous": "dites-nous",
        "peux-tu": "pouvez-vous",
    },
}
_SWAPS[Register.TU] = {there: here for here, there in _SWAPS[Register.VOUS].items()}


def _find(case: Case) -> Outcome:
    if case.reply_lang is not Language.FR:
        return not_applicable("the register is a question of French")
    marks = [m for m in find_marks(case.bare, case.folded) if not _is_no_address(case, m)]
    tu = next((mark for mark in marks if mark.is_tu), None)
    vous = next((mark for mark in marks if not mark.is_tu), None)
    wanted = _wanted(case)
    if wanted is Register.TU:
        return None if vous is None or _speaks_to_a_group(case) else _wrong(case, vous, wanted)
    return _wrong(case, tu, wanted) if tu else None


def _speaks_to_a_group(case: Case) -> bool:
    policy = case.guide.policy.languages.get(Language.FR)
    is_allowed = policy is None or policy.plural_vous_ok
    return is_allowed and _TO_A_GROUP.search(case.bare) is not None


def _is_no_address(case: Case, mark: Mark) -> bool:
    """A name, or a participle: « Passé ce délai » is an order only without its accent."""
    return _is_a_name(case, mark.start, mark.end) or case.text[mark.end - 1] == "é"


def _is_a_name(case: Case, start: int, end: int) -> bool:
    """A capital in the middle of a sentence: « le Thé Ta Da », « Mme Suez »."""
    word = case.text[start:end].lstrip()
    sentence = case.sentence_at(start)
    before = case.text[sentence.start : start] if sentence else ""
    is_first = not any(char.isalpha() for char in before)
    is_after_stop = before.rstrip(" \u00a0\u202f").endswith(
        (",", ":", ";", "–", "—", "!", "?", ".")
    )
    return bool(word) and word[0].isupper() and not is_first and not is_after_stop


def _wanted(case: Case) -> Register:
    policy = case.guide.register_for(Language.FR)
    if policy is not Register.MIRROR:
        return policy
    marks = list(find_marks(case.message))
    says_tu = any(mark.is_tu for mark in marks)
    return Register.TU if says_tu and all(mark.is_tu for mark in marks) else Register.VOUS


def _wrong(case: Case, mark: Mark, wanted: Register) -> Finding:
    words = case.text[mark.start : mark.end]
    reason = f'The brand says « {wanted.value} » here; "{words}" does not.'
    return Finding(reason, mark.start, mark.end, _fix(case, mark, wanted))


def _fix(case: Case, mark: Mark, wanted: Register) -> Fix | None:
    """A swap for the commonest phrases; the rest is for a person."""
    lower = case.text.lower().replace("’", "'")
    for wrong, right in _SWAPS[wanted].items():
        at = lower.find(wrong, max(0, mark.start - len(wrong)))
        if 0 <= at <= mark.start < at + len(wrong):
            is_capital = case.text[at].isupper()
            return replace(
                at, at + len(wrong), right[0].upper() + right[1:] if is_capital else right
            )
    return None


RULE = Rule(
    "T1.register",
    Severity.MAJOR,
    _find,
    good=(
        Example("fr", "Pouvez-vous nous écrire en message privé ?"),
        Example("fr", "S'il vous plaît, écrivez-nous en privé."),
        Example("fr", "Rendez-vous en boutique, le ton de votre message nous touche."),
        Example("fr", "N'hésitez pas à nous écrire, chez nous le conseil est gratuit."),
        Example("fr", "Le Ton Doux revient bientôt, vous pouvez compter sur nous."),
        Example("fr", "Vous écrivez « tu peux m'aider ? » : bien sûr !"),
        Example("fr", "Vous avez 30 jours. Passé ce délai, écrivez-nous."),
        Example("fr", "Celui-là, notre équipe le contacte et regarde avec vous."),
        Example("fr", "Merci à vous deux pour ces mots !"),
        Example("fr", "Merci Théo, à vendredi au marché de Thé Ta Da avec vous."),
        Example("fr", "Tu peux nous écrire en message privé.", register="tu"),
        Example("fr", "Rendez-vous samedi, on t'attend !", register="tu"),
        Example("fr", "Merci, vous deux : à samedi, et embrasse ta sœur.", register="tu"),
        Example("fr", "Assez de pluie, viens au chaud chez nous.", register="tu"),
        Example("fr", "Peux-tu nous écrire ?", "tu peux m'aider stp", register="mirror"),
        Example("fr", "Pouvez-vous nous écrire ?", "c'est ouvert ?", register="mirror"),
        Example("en", "Could you write to us?"),
        Example("en", "You can tell us more, we read te reo too."),
    ),
    bad=(
        Example("fr", "Peux-tu nous écrire ? Vos retours comptent."),
        Example("fr", "S'il vous plaît, écris-nous en privé."),
        Example("fr", "N'hésite pas à nous écrire."),
        Example("fr", "Merci pour ton message, nous regardons."),
        Example("fr", "Contacte notre équipe en privé, elle regarde."),
        Example("fr", "On t'attend en boutique !"),
        Example("fr", "Envoie-nous une photo et nous vérifions."),
        Example("fr", "Désolés pour l'attente, dis-nous tout en privé."),
        Example("fr", "Profites-en vite, vous êtes les bienvenus."),
        Example("fr", "Pouvez-vous nous écrire ?", register="tu"),
        Example("fr", "Merci pour votre message.", register="tu"),
        Example("fr", "N'hésitez pas à passer.", register="tu"),
        Example("fr", "Pouvez-vous nous écrire ?", "tu peux m'aider stp", register="mirror"),
        Example("fr", "Dis-nous tout.", "Pouvez-vous m'aider ?", register="mirror"),
    ),
)
