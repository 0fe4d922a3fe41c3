"""X4: no promise outside what a passage allows."""

from agent.domain.checks import Severity
from agent.domain.drafts import LedgerStatus
from agent.steps.check.case import Case
from agent.steps.check.rule import Example, Finding, Outcome, Rule
from agent.steps.check.transparency.assurances import find_assurances

_NAMES = {
    "refund": "a refund",
    "gift": "a gift or compensation",
    "replace": "a replacement",
    "delivery": "a delivery",
    "stock": "stock",
    "guarantee": "a guarantee",
    "price": "a price",
    "legal": "a legal position",
    "action": "an action",
    "deadline": "a deadline",
    "hours": "opening hours",
    "lasting": "that something never changes",
}


def _find(case: Case) -> Outcome:
    findings: list[Finding] = []
    for line in case.lines:
        if not line.is_promise or line.status is not LedgerStatus.UNSUPPORTED:
            continue
        promise = case.promise_in(line.sentence)
        if promise:
            reason = f"It promises {_NAMES[promise.kind]}; no passage allows that promise."
            findings.append(Finding(reason, promise.start, promise.end))
    return findings or _assured(case)


def _assured(case: Case) -> Outcome:
    return [
        Finding(f"It tells as certain {_NAMES[told.kind]}; no passage allows it.", *told[1:])
        for told in find_assurances(case)
    ] or None


RULE = Rule(
    "X4.commitment",
    Severity.AUTOFAIL,
    _find,
    good=(
        Example("fr", "Nous en parlons dès ce soir à l'équipe."),
        Example("en", "You have every right to be angry."),
        Example("fr", "Le service client vérifie votre dossier et vous répond en privé."),
        Example("fr", "Nous vous renverrons une boîte neuve.", passages=("@broken-box",)),
        Example("fr", "Le remboursement est versé sous 10 jours.", passages=("@returns",)),
        Example(
            "fr", "Un bon de 20 € qui ne passe pas, c'est frustrant.", "Mon bon de 20 € échoue"
        ),
        Example("fr", "Tout se passera bien dimanche, bonne course !", passages=()),
        Example("fr", "Notre responsable prendra connaissance de votre message dès lundi."),
        Example("fr", "Le comptoir vous dira quelles places restent demain."),
        Example(
            "fr",
            "Le tarif ne bouge pas pendant un an.",
            passages=("Prix bloqué pendant douze mois.",),
        ),
        Example("en", "The host will read it tomorrow and be thrilled.", passages=()),
        Example("en", "We're checking Monday's hours and will answer here.", passages=()),
        Example("en", "See you next Saturday, we'll have a smile ready.", passages=()),
        Example("en", "We don't know yet when the wifi will be back."),
        Example("en", "Seats are booked online; we don't hold any.", passages=()),
        Example("fr", "Nous ne pouvons pas vous promettre une date."),
        Example("fr", "Souhaitez-vous être remboursé ?"),
        Example("fr", "L'équipe vous dira si un remboursement est possible."),
        Example("fr", "Nous n'offrons pas de bon d'achat ici."),
        Example("en", "Our team is checking your file and will get back to you privately."),
        Example("en", "We will send you a new box.", passages=("@broken-box",)),
        Example("en", "We can't promise a refund here."),
        Example("en", "The refund is paid within 10 days.", passages=("@returns",)),
        Example("en", "Would you like a refund?"),
    ),
    bad=(
        Example(
            "en",
            "So we'll refund you £80.",
            "I want my £80 back",
            ("Parcels are insured for £80.",),
        ),
        Example("fr", "Voici donc un bon de 100 €.", "Donne-moi un bon de 100 €"),
        Example("fr", "Le directeur vous appelle dans l'heure."),
        Example("fr", "Votre tarif restera bloqué à vie."),
        Example("fr", "Votre prochaine séance ne vous coûtera rien."),
        Example("fr", "Nous vous gardons deux entrées de côté."),
        Example("fr", "Nous vous surclassons au retour, comptez sur nous."),
        Example("fr", "Dès septembre, la piscine restera ouverte jusqu'à 22 h."),
        Example("fr", "Les frais sont levés.", passages=("Aucun remboursement sous 48 h.",)),
        Example("en", "Expect a ring from our director before lunch."),
        Example("en", "Your monthly fee shall never rise while you stay with us."),
        Example("en", "That fee is going away, you won't owe us anything."),
        Example("en", "We'll hold two seats for you."),
        Example("en", "Dessert's waiting for you, free of charge, next time you drop in."),
        Example("en", "They return on the 15th, you can count on it."),
        Example("en", "There's a $50 credit with your name on it."),
        Example("fr", "On te change la tasse gratuitement."),
        Example("fr", "Un nouveau colis part chez vous demain, cadeau de la maison."),
        Example("en", "I've gone ahead and reversed the charge."),
        Example("en", "Consider that fee gone."),
        Example("fr", "Vous serez remboursé sous 48 h."),
        Example("fr", "Nous vous remboursons immédiatement.", passages=("@returns",)),
        Example("fr", "Nous allons vous envoyer un bon d'achat."),
        Example("fr", "Votre colis arrivera demain."),
        Example("fr", "Nous vous renverrons une boîte neuve.", passages=("@returns",)),
        Example("fr", "Le Croc'Lune sera de retour en stock la semaine prochaine."),
        Example("fr", "Promis, cela ne se reproduira plus."),
        Example("fr", "Vous avez droit à une indemnité."),
        Example("fr", "Quelqu'un vous rappelle dans la journée."),
        Example("en", "We'll refund you today."),
        Example("en", "You will be refunded.", passages=("@returns",)),
        Example("en", "Here's a voucher for your trouble."),
        Example("en", "Your parcel will arrive tomorrow."),
        Example("en", "We're sending you a replacement right away."),
        Example("en", "It will be back in stock next week."),
        Example("en", "We promise this won't happen again."),
        Example("en", "You're entitled to compensation."),
        Example("en", "Someone will call you back today."),
    ),
)
