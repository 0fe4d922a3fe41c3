"""T5 and T6: no blame, no denial reflex, no apology that doubts the harm."""

import re

from agent.domain.checks import Severity
from agent.steps.check.case import Case
from agent.steps.check.grounding.backing import stands_on_passage
from agent.steps.check.phrases import phrases
from agent.steps.check.rule import Example, Finding, Outcome, Rule
from agent.steps.check.tone.doubt import find_doubt
from agent.steps.check.tone.fault import find_fault, is_admitted


_IF = re.compile(r"\b(?:si|if|quand|when|whether) $")


def _find_blame(case: Case) -> Outcome:
    for found in phrases("tone.blame").finditer(case.bare, case.reply_lang):
        if not _is_innocent(case, found):
            return Finding("This blames the customer or defends the brand.", *found.span())
    return find_fault(case)


def _is_innocent(case: Case, found: re.Match[str]) -> bool:
    """A question, a passage's words, or a lapse that the customer owned up to."""
    sentence = case.sentence_at(found.start())
    if sentence is not None and sentence.text.endswith("?"):
        return True
    if _IF.search(case.bare[: found.start()]):
        return True
    return stands_on_passage(case, found.start()) or is_admitted(case, found[0])


BLAME = Rule(
    "T5.blame",
    Severity.MAJOR,
    _find_blame,
    good=(
        Example("en", "It is your right to ask."),
        Example("fr", "Vérifions ensemble l'adresse saisie."),
        Example("fr", "Comme indiqué sur notre page Retours, le délai est de 14 jours."),
        Example("fr", "Vous avez raison : nous aurions dû vous prévenir."),
        Example("fr", "Vous avez oublié votre mot de passe ? Touchez « Aide »."),
        Example("fr", "Désolés pour l'attente, mais bonne nouvelle : l'équipe a votre dossier."),
        Example("fr", "Vous nous dites « vous mentez » : nous comprenons la colère."),
        Example("en", "Let's check the address together."),
        Example("en", "You should have received an e-mail from us; we are sorry you did not."),
        Example("en", "You're right, we could have told you sooner."),
        Example("en", "Sorry for the wait, but the team is on it now."),
    ),
    bad=(
        Example("en", "That only happens when people skip the label."),
        Example("fr", "C'est donc votre téléphone qui pose problème."),
        Example("fr", "Vous avez sûrement mal saisi votre adresse."),
        Example("fr", "Vous auriez dû lire les conditions."),
        Example("fr", "Ce n'est pas notre faute si La Poste a du retard."),
        Example("fr", "Nous sommes désolés, mais c'est la règle."),
        Example("fr", "Personne d'autre ne s'est plaint."),
        Example("fr", "Il suffisait de lire l'étiquette."),
        Example("fr", "Tu t'es trompé : tu aurais dû vérifier."),
        Example("en", "You must have entered the wrong address."),
        Example("en", "As clearly stated on our site, returns take 14 days."),
        Example("en", "That's not our fault."),
        Example("en", "We are sorry, but you didn't follow the instructions."),
        Example("en", "Nobody else has complained."),
    ),
)


def _find_non_apology(case: Case) -> Outcome:
    found = phrases("tone.non_apology").search(case.bare, case.reply_lang)
    if found:
        return Finding("An apology that doubts the harm is none.", *found.span())
    return find_doubt(case)


NON_APOLOGY = Rule(
    "T6.non_apology",
    Severity.MAJOR,
    _find_non_apology,
    good=(
        Example("fr", "Désolés : votre colis aurait dû arriver lundi."),
        Example("fr", "Nous sommes désolés pour ce retard. Si vous le souhaitez, écrivez-nous."),
        Example("fr", "Désolés de vous avoir fait attendre."),
        Example("fr", "Nous sommes désolés que votre boîte soit arrivée cassée."),
        Example("fr", "Toutes nos excuses ; si vous avez une photo, envoyez-la en privé."),
        Example("en", "Sorry you had to wait."),
        Example("en", "We're sorry your box arrived broken. If you have a photo, send it."),
        Example("en", "Sorry for the delay, let us know if you need anything else."),
        Example("en", "We are sorry that we let you down."),
    ),
    bad=(
        Example("fr", "Désolés si vous avez été gêné."),
        Example("fr", "Nous regrettons que vous le preniez ainsi."),
        Example("fr", "Nous nous excusons si cela a pu vous déranger."),
        Example("fr", "Navrés que vous ayez ressenti cela comme ça."),
        Example("fr", "Toutes nos excuses si notre réponse vous a déçu."),
        Example("fr", "Désolé si certains ont été choqués."),
        Example("en", "We're sorry you feel that way."),
        Example("en", "We apologise if you were offended."),
        Example("en", "Sorry if this caused any inconvenience."),
        Example("en", "We regret that you felt ignored."),
        Example("en", "Sorry if anyone was upset."),
    ),
)
