"""T5 and T6: no blame, no denial reflex, no apology that doubts the harm."""

import re

from agent.domain.checks import Severity
from agent.steps.check.case import Case
from agent.steps.check.grounding.backing import stands_on_passage
from agent.steps.check.phrases import phrases
from agent.steps.check.rule import Example, Finding, Outcome, Rule
from agent.steps.check.tone.doubt import find_doubt
from agent.steps.check.tone.fault import find_fault, is_admitted

_IF = re.compile(r"\b(?:si|if|quand|when|whether|nothing|anything|rien(?: d'autre)? que) $")
"""« Si vous l'avez oublié » supposes, and "nothing you should have done" clears."""


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
        Example(
            "fr", "Un appel de notre part vous aurait évité ce trajet.", "Fermé, trajet inutile"
        ),
        Example("fr", "Vous n'avez rien fait de mal : l'erreur vient de nous.", "Carte bloquée !"),
        Example(
            "fr",
            "Puisque vous vous êtes trompé d'adresse, écrivez-nous.",
            "Je me suis trompé d'adresse",
        ),
        Example(
            "fr",
            "Il appartient à chacun de vérifier son billet.",
            "Billet refusé !",
            ("Il appartient à chacun de vérifier son billet.",),
        ),
        Example("fr", "L'avez-vous lavée à 30 ou à 40 degrés ?", "La robe a rétréci"),
        Example("en", "It is not anything you did; bring the bike in.", "The chain broke"),
        Example("en", "If you forgot it, the desk can print it for you.", "No ticket in my mail"),
        Example("en", "The pavement is the council's business.", "Who cleans the pavement?"),
        Example(
            "en", "The link that you clicked had expired, and we are sorry.", "Dead link again"
        ),
        Example("en", "You certainly can.", "Can I pay by card?"),
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
        Example("fr", "Vos lettres n'indiquaient aucun numéro.", "Pas de réponse à mon courrier"),
        Example("fr", "L'erreur provient donc de votre côté.", "Taille trop petite, encore"),
        Example("fr", "À chacun de se tenir au courant.", "Cours annulé sans prévenir"),
        Example("fr", "Une minute de lecture vous aurait évité ce souci.", "Remise refusée"),
        Example("fr", "L'avez-vous seulement arrosée ?", "La plante est morte"),
        Example("fr", "Voyez plutôt avec la mairie.", "Le chauffage ne marchait pas"),
        Example("fr", "Nos chauffeurs sont polis avec les gens polis.", "Chauffeur odieux"),
        Example("en", "The measuring mistake was yours.", "Ring too small, again"),
        Example("en", "Hello, you failed to tell us of your trip.", "Card blocked abroad"),
        Example("en", "Keeping up with news is each member's own job.", "Class cancelled"),
        Example("en", "A look at the calendar would have spared you the trip.", "It was closed"),
        Example("en", "Did you even change the water?", "Roses wilted in a day"),
        Example("en", "Take it up with the courier, it's their mess.", "Parcel crushed"),
        Example("en", "Chains do not break on their own.", "The chain broke"),
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
        Example("fr", "Désolés si nous avons tardé ! Oui, le bleu est là."),
        Example("fr", "Désolés que vous ayez trouvé porte close.", "C'était fermé"),
        Example(
            "fr", "Contrairement à ce que vous avez pu lire, nous restons ouverts.", "Vous fermez"
        ),
        Example("en", "We are sorry. What did you feel was missing?", "A waste of money"),
        Example(
            "en", "Sorry for this error. If you think a receipt is wrong, send it.", "Overcharged"
        ),
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
        Example("fr", "Si cela a pu vous contrarier, nous nous en excusons."),
        Example("fr", "Désolés que ce détail ait pris autant d'importance pour vous."),
        Example("fr", "Nos excuses, pour autant que vous estimiez en mériter."),
        Example("fr", "Contrairement à votre commentaire, tout est propre.", "Chambre sale"),
        Example("en", "Should it have come across badly, we are sorry."),
        Example("en", "Sorry that such a detail bothered you so much."),
        Example("en", "We are sad that you chose to be hurt by it."),
        Example(
            "en", "Our drivers stop; what you describe cannot have happened.", "No bus stopped"
        ),
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
