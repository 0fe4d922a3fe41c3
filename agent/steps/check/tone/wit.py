"""T4: no irony at the expense of somebody who is in trouble."""

import re

from agent.domain.checks import Severity
from agent.steps.check.case import Case
from agent.steps.check.grounding.backing import stands_on_passage
from agent.steps.check.grounding.reading import read_passage
from agent.steps.check.phrases import any_phrases, phrases
from agent.steps.check.rule import NEEDS_JUDGE, Example, Finding, Outcome, Rule, abstain
from agent.steps.check.signals import Signal
from agent.steps.check.tone.fault import is_told_trouble

_REASON = "This reads as irony at the customer's expense."
_IRONIC = frozenset("😉🙃😏🤡🙄")


def _find_sarcasm(case: Case) -> Outcome:
    found = phrases("tone.sarcasm").search(case.bare, case.reply_lang)
    if found:
        return Finding(_REASON, *found.span())
    if case.is_complaint or _has_trouble(case):
        return _wit_at_trouble(case) or _mock_cheer(case) or _grand_words(case) or NEEDS_JUDGE
    grand = _grand_words(case) if is_told_trouble(case) else None
    if grand and not _is_trouble_likely(case):
        return abstain("Big words for what may be trouble; a person must say if they mock.")
    return grand or NEEDS_JUDGE


def _has_trouble(case: Case) -> bool:
    """« J'arrive pas à installer le jeu »: no complaint yet, but nothing to be witty about."""
    return phrases("tone.stuck").search(case.message, case.message_lang) is not None


def _is_trouble_likely(case: Case) -> bool:
    """Whether the reply takes up some trouble, or the message tells one without complaint."""
    if phrases("tone.empathy").occurs(case.folded, case.reply_lang):
        return True
    return phrases("wit.reported").occurs(case.message, case.message_lang)


def _wit_at_trouble(case: Case) -> Finding | None:
    for start, end in case.emoji:
        if case.text[start] in _IRONIC:
            return Finding("A wink at somebody who complains reads as irony.", start, end)
    wink = case.folded.find(";)")
    if wink >= 0:
        return Finding("A wink at somebody who complains reads as irony.", wink, wink + 2)
    found = phrases("tone.sarcasm_at_trouble").search(case.bare, case.reply_lang)
    return Finding(_REASON, *found.span()) if found else None


_KINDS = ("titles", "pomp", "powers", "drama", "belittled", "bright_side", "mocked")


def _grand_words(case: Case) -> Finding | None:
    """A big thing that neither the customer nor a passage spoke of, brought up to trouble."""
    lang = case.reply_lang
    if not any_phrases(*(f"wit.{kind}" for kind in _KINDS)).occurs(case.folded, lang):
        return None
    for kind in _KINDS:
        for found in phrases(f"wit.{kind}").finditer(case.folded, lang):
            if _is_brought_up(case, found) and (kind != "pomp" or _is_offered(case, found)):
                return Finding(_REASON, *found.span())
    return None


def _is_brought_up(case: Case, found: re.Match[str]) -> bool:
    if found[0] in case.message or stands_on_passage(case, found.start()):
        return False
    return not any(found[0] in read_passage(p).folded for p in case.subject.passages or ())


def _is_offered(case: Case, found: re.Match[str]) -> bool:
    sentence = case.sentence_at(found.start())
    if sentence is None:
        return False
    return phrases("wit.offered").search(case.folded_of(sentence), case.reply_lang) is not None


def _mock_cheer(case: Case) -> Finding | None:
    """« Bravo » to somebody who only complains, and tells of no birth and no wedding."""
    if not case.is_complaint or Signal.PRAISE in case.signals:
        return None
    found = phrases("wit.cheered").search(case.bare, case.reply_lang)
    if found is None or found[0] in case.message:
        return None
    if phrases("wit.good_news").occurs(case.message, case.message_lang):
        return None
    return Finding(_REASON, *found.span())


SARCASM = Rule(
    "T4.sarcasm",
    Severity.MAJOR,
    _find_sarcasm,
    good=(
        Example("fr", "Félicitations, quel exploit !", "J'ai fini mon marathon avec vos baskets"),
        Example(
            "fr",
            "Le champagne est offert le samedi.",
            "Le bar est nul",
            ("Le champagne est offert le samedi.",),
        ),
        Example("fr", "Un tapis rouge mal nettoyé, c'est décevant.", "Tapis rouge sale, déçue"),
        Example(
            "fr",
            "Désolés : ce jeu est prévu pour des enfants de huit ans.",
            "Ma fille et ses amis, des enfants de huit ans, tous déçus",
        ),
        Example("en", "A surprise bill from a six-year-old is no fun.", "My kid is SIX, £60 gone"),
        Example("en", "We work with the Red Cross.", "Which charity do you help, the Red Cross?"),
        Example("en", "Congratulations on the baby!", "Baby born Monday, still no cot, furious"),
        Example("en", "Well done on your first race!", "I ran my first 10k today"),
        Example("fr", "Bravo pour cette belle photo !", "Regardez ma recette"),
        Example("fr", "Merci pour votre patience.", "Toujours rien"),
        Example("fr", "La fiche du produit donne la liste complète.", "Y a du lait ?"),
        Example("en", "Congratulations to you both!", "We served them at our wedding"),
        Example("en", "The label lists every ingredient.", "Any milk?"),
        Example("fr", "Voici le prix : 12 €.", "C'est combien ?"),
        Example("en", "At least you had sunshine for it!", "We loved the picnic, thank you"),
    ),
    bad=(
        Example("fr", "Merci, grand chef étoilé, pour la leçon.", "Soupe fade, très déçu"),
        Example(
            "fr",
            "Nous prévoirons un quatuor pour Votre Altesse.",
            "Musique trop forte, inadmissible",
        ),
        Example("fr", "Nous alertons la Croix-Rouge.", "La piscine était froide"),
        Example("fr", "Des enfants de six ans y arrivent.", "La notice est incompréhensible"),
        Example("fr", "Bravo pour tout ce temps passé.", "C'est scandaleux, deux heures d'attente"),
        Example(
            "en", "Rose petals will await Your Highness.", "The receptionist was rude and cold"
        ),
        Example("en", "Interpol has been told.", "I waited an hour for a taxi"),
        Example("en", "However will we carry on without you?", "Third delay, never again"),
        Example("en", "Most eight-year-olds can lend you a hand.", "I still can't fly it"),
        Example("en", "Think of it as a free indoor pool!", "The dishwasher is broken again"),
        Example("fr", "Bravo pour votre patience…", "10 jours que j'attends !"),
        Example("fr", "Lire la notice peut aider.", "ça marche pas"),
        Example("fr", "On vous décernerait presque une médaille.", "45 minutes d'attente"),
        Example(
            "fr", "Au moins, vous avez fait de l'exercice.", "Ascenseur en panne, inadmissible"
        ),
        Example("fr", "Il paraît que lire l'écran marche bien.", "J'arrive pas à installer le jeu"),
        Example("en", "Fun fact: it's the button that says Download.", "can't find the button"),
        Example("en", "Travelling light is all the rage.", "Still no luggage after three days"),
        Example("fr", "Nous ne sommes pas devins.", "Personne ne répond"),
        Example("fr", "On va regarder ça ;)", "C'est scandaleux, colis perdu"),
        Example("en", "Reading the manual helps ;)", "It does not work"),
        Example("en", "Congratulations on finally reading the label.", "Contains nuts?"),
        Example("en", "We're not mind readers.", "Nobody replied, terrible"),
    ),
)
