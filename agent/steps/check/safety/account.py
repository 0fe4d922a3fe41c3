"""S3: nothing public confirms that somebody is a customer, has an order or a sanction."""

import re

from agent.domain.checks import Severity
from agent.domain.drafts import LedgerStatus
from agent.domain.messages import Surface
from agent.steps.check.case import Case
from agent.steps.check.grounding.backing import stands_on_passage
from agent.steps.check.phrases import phrases
from agent.steps.check.rule import PRIVATE, Example, Finding, Outcome, Rule
from agent.steps.check.safety.told_case import REASON, find_told_case
from agent.steps.check.words import stems

_ALREADY_SAID = 0.75
_PREPOSITION = re.compile(r"\b(?:in|with|for|about|of|on|to|dans|avec|pour|sur|de|d'|a|chez) $")

_RELATIVE = re.compile(
    r"\b(?:what|than|that|which|as|(?:the|every|all the) \w+|(?:ce|celui|celle|ceux|celles) que) $"
)
"""« ce que vous avez commandé », "the room you paid for": the customer's own, told back."""

_WAY = re.compile(
    r"\b(?:pouvez|pourrez|peut|consult\w+|suiv\w+|rendez-vous|allez|connect\w+|retrouv\w+"
    r"|disponibles?|accessibles?|visibles?|gerer|modifi\w+|telecharg\w+)\b[^.;:]*$"
)
_THEIR_SPACE = re.compile(r"dans (?:votre|ton) (?:compte|historique)$")
"""« Vous pouvez suivre l'avancement dans votre compte »: where to look, for everybody."""
_SEES_A_POINT = re.compile(
    r"(?:we|i) (?:can |do )?see (?:your|you) ?(?:point|frustration|concern|comment|message|question"
    r"|annoyance|disappointment|review|post|side)\b"
)
_YOUR_CASE = "your case"
_YOU_DID = re.compile(
    r"(?:you (?:paid|bought|ordered|purchased|booked)"
    r"|(?:vous avez|tu as) (?:pay|achet|command|reserv)\w*)\b"
)
""" "You paid for a course…", to somebody who says so."""
_LUGGAGE = re.compile(r"\b(?:suitcases?|luggage|baggage|bags?)\b")


def _find(case: Case) -> Outcome:
    if case.subject.surface is Surface.PRIVATE:
        return PRIVATE
    for found in phrases("safety.confirms").finditer(case.bare, case.reply_lang):
        if not _is_general(case, found):
            return Finding(REASON, *found.span())
    told = find_told_case(case)
    return told if isinstance(told, Finding) else _tells_the_case(case) or told


def _tells_the_case(case: Case) -> Finding | None:
    """« Le paiement a été rejeté » to « ma carte est refusée » : their case, told in public."""
    if phrases("safety.own_case").search(case.message, case.message_lang) is None:
        return None
    for line in case.lines:
        sentence = line.sentence
        words = case.folded_of(sentence)
        if line.status is not LedgerStatus.UNSUPPORTED or sentence.text.endswith("?"):
            continue
        told = phrases("safety.tells_case").search(words, case.reply_lang)
        supposes = phrases("safety.supposes").search(words, case.reply_lang)
        if told and not supposes and not stands_on_passage(case, sentence.start):
            return Finding(REASON, sentence.start + told.start(), sentence.start + told.end())
    return None


def _is_general(case: Case, found: re.Match[str]) -> bool:
    """A rule for everybody, a supposition, or what the customer has just said in public."""
    sentence = case.sentence_at(found.start())
    if sentence is None:
        return False
    if sentence.text.endswith("?"):
        return True
    before_it = case.folded[sentence.start : found.start()]
    if _WAY.search(before_it) and _THEIR_SPACE.match(found[0]):
        return True
    if found[0].startswith(_YOUR_CASE) and _LUGGAGE.search(case.message):
        return True
    if _PREPOSITION.search(before_it) or _RELATIVE.search(before_it):
        return True
    clause_start = max(case.folded.rfind(mark, sentence.start, found.start()) for mark in ",;:")
    before = case.folded[max(clause_start + 1, sentence.start) : found.end()]
    if phrases("safety.supposes").search(before.strip(), case.reply_lang):
        return True
    if stands_on_passage(case, found.start()) or _SEES_A_POINT.match(case.folded, found.start()):
        return True
    return _is_their_own_word(case, found, sentence.end)


def _is_their_own_word(case: Case, found: re.Match[str], end: int) -> bool:
    stop = re.search(r"[,;:.!?]| (?:et|and|mais|but) ", case.text[found.end() :])
    clause = case.text[found.start() : found.end() + stop.start() if stop else end]
    words = set(stems(clause))
    said = set(stems(case.subject.message))
    if _YOU_DID.match(found[0]) and set(stems(found[0])) & said:
        return True
    return bool(words) and len(words & said) / len(words) >= _ALREADY_SAID


RULE = Rule(
    "S3.account",
    Severity.AUTOFAIL,
    _find,
    good=(
        Example("fr", "Vous pouvez aussi suivre l'envoi dans votre compte, page « Mes envois »."),
        Example("en", "At 58 cm your case is within the limit.", "My suitcase is 58 cm, ok?"),
        Example("en", "This is not the box you paid for, sorry."),
        Example(
            "fr",
            "Ce que vous avez commandé hier n'est pas ce qui est arrivé.",
            "boîte cassée, commandée hier",
        ),
        Example("fr", "Si votre commande est arrivée abîmée, écrivez-nous en privé."),
        Example("fr", "Dès que votre colis est parti, un e-mail le dit."),
        Example("fr", "Nous sommes désolés que votre colis soit en retard."),
        Example("fr", "L'équipe vérifie en privé ce qu'il en est."),
        Example("fr", "Votre commande est préparée à Valence.", surface=Surface.PRIVATE),
        Example("fr", "Votre colis est en retard : désolés.", "Mon colis est en retard"),
        Example("en", "If your order is late, send us a private message."),
        Example("en", "Sorry your parcel has been delayed."),
        Example("en", "Once your order has shipped, you get an e-mail."),
        Example("en", "Our team checks in private."),
        Example("fr", "Vous dites avoir résilié le 12 mars.", "résilié le 12 mars, et rien"),
        Example("fr", "La panne de samedi a été réparée ce matin.", "Mon appli ne s'ouvre pas"),
        Example("fr", "Vous avez acheté hier et le prix a baissé.", "J'ai acheté hier !"),
        Example("fr", "Elles sont testées depuis hier.", "Ma fille adore vos crayons"),
        Example("fr", "Vous n'avez pas eu l'accueil attendu samedi.", "Je suis déçue"),
        Example("en", "The Nice shop closed in March.", "Where is my nearest shop?"),
        Example("fr", "Après vérification, la taille 44 n'est plus fabriquée."),
        Example("fr", "Vos 340 points font 15 €, il vous reste 40 points.", "J'ai 340 points"),
        Example("en", "Access to the pool has been closed since Monday.", "My gym access?"),
        Example("en", "Once a transfer has left on Monday, allow three days.", "My refund?"),
        Example("en", "We're glad your order arrived yesterday.", "Love my order"),
        Example("en", "We can't see from here whether your order left yesterday."),
    ),
    bad=(
        Example("fr", "Le paiement a été rejeté hier.", "Ma carte est refusée"),
        Example("fr", "Nous voyons que votre tasse a quitté l'entrepôt."),
        Example("en", "Our records show that it was cancelled.", "Was my fine cancelled?"),
        Example("en", "You were banned on Tuesday for insults.", "why was I banned"),
        Example("fr", "Votre compte est bien suspendu."),
        Example("fr", "Votre commande a été expédiée lundi.", "Où est mon colis ?"),
        Example("fr", "Nous voyons que vous avez commandé le 3 mars."),
        Example("fr", "Nous avons bien retrouvé votre commande."),
        Example("fr", "Vous êtes bien client chez nous."),
        Example("fr", "D'après votre dossier, tout est réglé."),
        Example("en", "Your account has been suspended."),
        Example("en", "Your order was shipped on Monday.", "Where is my parcel?"),
        Example("en", "We can see your order in our system."),
        Example("en", "According to our records, you paid."),
        Example("en", "I can confirm you are registered."),
        Example(
            "fr", "L'accès est coupé car vous avez résilié l'offre le 3.", "Plus de match, nul"
        ),
        Example("fr", "Ils concernent les deux mensualités encore impayées.", "Stop aux mails"),
        Example("fr", "La somme est repartie hier vers votre banque.", "Où est mon argent ?"),
        Example("fr", "Après vérification, la commission a refusé votre demande."),
        Example("fr", "Désolés pour l'attente, votre retour est arrivé chez nous.", "Alors ?"),
        Example("en", "That is because you froze your membership on the 3rd."),
        Example("fr", "Vous n'avez jamais réglé la caution.", "Service nul"),
        Example("fr", "Le comité a dit non, au vu de vos revenus.", "Mon crédit ?"),
        Example("en", "Two bills weren't settled, hence the cut.", "My router is cut off"),
        Example("en", "You're tied in until March.", "I'm leaving the gym"),
        Example("en", "Two missed payments are the reason for our texts."),
        Example("en", "The £84 went back to the card yesterday.", "Where's my money?"),
        Example("en", "Having checked, the panel turned your application down."),
        Example("en", "You have been with us since 2014, and 320 points are left."),
    ),
)
