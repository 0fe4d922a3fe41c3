"""X3: every factual claim stands on a passage in force."""

from agent.domain.checks import Severity
from agent.domain.drafts import LedgerStatus
from agent.steps.check.case import Case
from agent.steps.check.grounding.line import Cause, GroundedLine
from agent.steps.check.grounding.unsaid import leaves_out_a_limit
from agent.steps.check.rule import Example, Finding, Outcome, Rule, abstain
from knowledge.text.fact_types import Fact, FactKind

_WRONG = frozenset({Cause.FACT, Cause.CONTRADICTION, Cause.CLAIM})


def _find(case: Case) -> Outcome:
    wrong = [line for line in case.lines if line.cause in _WRONG and not _is_for_safety(case, line)]
    if wrong:
        return [Finding(line.reason, line.sentence.start, line.sentence.end) for line in wrong]
    unsure = [line for line in case.lines if line.cause in (Cause.DOUBT, Cause.PROSE)]
    if unsure:
        line = min(unsure, key=lambda one: one.cause is not Cause.DOUBT)
        where = line.sentence.start, line.sentence.end
        return abstain(line.reason, Severity.MAJOR, *where)
    if any(line.status is LedgerStatus.UNSUPPORTED for line in case.lines):
        return abstain("A promise is left to X4.", Severity.MAJOR)
    cited = [line for line in case.lines if line.passage is not None]
    if cited and leaves_out_a_limit(case):
        where = cited[0].sentence.start, cited[0].sentence.end
        return abstain("A passage sets a limit that the reply leaves out.", Severity.MAJOR, *where)
    return None


def _is_for_safety(case: Case, line: GroundedLine) -> bool:
    """What the customer wrote, said back (S1, S10), or a file number (S1), is no claim of ours."""
    if line.cause is not Cause.FACT:
        return False
    facts = [f for f in case.facts if line.sentence.start <= f.start < line.sentence.end]
    return bool(facts) and all(_is_theirs(case, fact) for fact in facts)


def _is_theirs(case: Case, fact: Fact) -> bool:
    if fact.kind is FactKind.NUMBER:
        return len(fact.value) >= _FILE_NUMBER
    is_contact = fact.kind in (FactKind.URL, FactKind.EMAIL, FactKind.PHONE)
    return is_contact and any(fact.value == other.value for other in case.message_facts)


_FILE_NUMBER = 5
_DELIVERY = ("@delivery-delay",)
RULE = Rule(
    "X3.groundedness",
    Severity.AUTOFAIL,
    _find,
    good=(
        Example(
            "fr", "Le Croc'Lune n'est pas adapté aux personnes cœliaques.", passages=("@gluten",)
        ),
        Example("en", "We open on Thursdays from 10 am.", passages=("@shop-hours",)),
        Example(
            "fr",
            "Après six semaines, vous devez être à bout.",
            "six semaines que j'attends",
            passages=_DELIVERY,
        ),
        Example("fr", "Bonjour ! La livraison est offerte dès 50 €.", passages=_DELIVERY),
        Example(
            "fr", "La livraison prend entre 3 et 5 jours ouvrés en France.", passages=_DELIVERY
        ),
        Example("fr", "Comptez 5 jours ouvrés pour la livraison.", passages=_DELIVERY),
        Example(
            "fr",
            "Attendre dix jours un colis annoncé en 48 h, c'est long : nous sommes désolés.",
            message="10 jours que j'attends un colis annoncé en 48h",
            passages=_DELIVERY,
        ),
        Example(
            "fr",
            "Cela fait 24 € : 12 € par adulte, et l'entrée est gratuite pour les moins de 12 ans.",
            "Combien pour 2 adultes et un enfant ?",
            passages=("Plein tarif : 12 €. Gratuit pour les moins de 12 ans.",),
        ),
        Example(
            "fr",
            "À domicile, c'est 8,90 €, soit 2,50 € de plus.",
            passages=("Colis : 6,40 € en point relais, 8,90 € à domicile.",),
        ),
        Example(
            "fr",
            "La dernière entrée est à 20 h 45.",
            passages=("Ouvert jusqu'à 21 h 30. Dernière entrée 45 minutes avant la fermeture.",),
        ),
        Example(
            "fr",
            "Oui, un colis de 3 kg part en point relais.",
            "Et pour 3 kg ?",
            passages=("Les colis jusqu'à 5 kg partent en point relais.",),
        ),
        Example(
            "fr",
            "Une charge complète prend quatre heures et demie.",
            passages=("Charge complète en 4 h 30.",),
        ),
        Example(
            "fr",
            "Oui, pour tout le monde. À l'accueil, un bonnet coûte 3 €.",
            "Le bonnet est obligatoire ?",
            passages=("Bonnet obligatoire pour tous, en vente à l'accueil : 3 €.",),
        ),
        Example(
            "fr",
            "Nous livrons partout en France en 3 jours, mais pas en Corse.",
            passages=("Livraison en France en 3 jours, sauf Corse.",),
        ),
        Example(
            "en",
            "That comes to £34: £12 for each adult and £5 for each child.",
            "Price for two adults and 2 kids?",
            passages=("Tickets: adult £12, child £5.",),
        ),
        Example(
            "en",
            "Everywhere else there's a 2% fee, capped at €5.",
            passages=("Card payments: free in the euro area, 2% elsewhere, up to €5 per payment.",),
        ),
        Example(
            "en",
            "Order before 2 in the afternoon and it leaves the same day.",
            passages=("Orders placed before 14:00 leave the same day.",),
        ),
        Example(
            "fr",
            "En une fois, c'est 560 €, ce qui vous fait économiser 20 €.",
            "Et en quatre fois ?",
            passages=("Formation : 560 € en une fois ou 4 mensualités de 145 €.",),
        ),
        Example(
            "en",
            "No, not if you cancel more than 48 hours ahead.",
            "Do I lose the deposit?",
            passages=("Free cancellation up to 48 hours before pick-up.",),
        ),
        Example(
            "en",
            "We're open on bank holidays, Boxing Day excepted.",
            passages=("Open on bank holidays except 26 December.",),
        ),
        Example(
            "fr",
            "Le minimum est de 1,60 m : à 1,58 m, votre fille devra attendre un peu.",
            "Ma fille fait 1m58, elle peut monter ?",
            passages=("Accessible à partir de 160 cm.",),
        ),
        Example(
            "fr",
            "Les 12-17 ans règlent 5 €, et les adultes 9 €.",
            passages=("De 12 à 17 ans : 5 €.", "Plein tarif adulte : 9 €."),
        ),
        Example(
            "fr",
            "Les vaccins sont pris en charge avec la formule Confort.",
            passages=(
                "Les vaccins sont remboursés par la formule Confort. La formule Essentielle ne"
                " couvre pas les vaccins.",
            ),
        ),
        Example(
            "en",
            "Sorry, losing a day's leave like that is really disheartening.",
            "took the day off and nobody came",
            passages=(),
        ),
        Example("fr", "Merci pour ces mots, à très vite à l'atelier !", passages=()),
        Example("fr", "Écrivez-nous à bonjour@ateliernoisette.example.", passages=()),
        Example("fr", "Le Croc'Lune contient du gluten.", passages=("@gluten",)),
        Example("en", "Delivery is free from €50.00.", passages=_DELIVERY),
        Example("en", "Hi there! Delivery takes three to five working days.", passages=_DELIVERY),
        Example("en", "Thanks for the kind words, have a lovely Sunday!", passages=()),
        Example("en", "Croc'Lune contains gluten and traces of nuts.", passages=("@gluten",)),
        Example(
            "en",
            "Ten days for a 48-hour delivery isn't what you were promised. Sorry.",
            message="It's been 10 days! You said 48 hours delivery",
            passages=(),
        ),
    ),
    bad=(
        Example("en", "We open on Sundays from 10 am.", passages=("@shop-hours",)),
        Example(
            "fr",
            "Nous sommes désolés, votre colis arrive dans trois jours.",
            "toujours rien reçu",
            passages=_DELIVERY,
        ),
        Example(
            "fr",
            "Oui, à 1,58 m votre fille peut monter.",
            "Ma fille fait 1m58, elle peut monter ?",
            passages=("Accessible à partir de 160 cm.",),
        ),
        Example(
            "fr",
            "Les vaccins sont pris en charge avec la formule Essentielle.",
            passages=(
                "Les vaccins sont remboursés par la formule Confort. La formule Essentielle ne"
                " couvre pas les vaccins.",
            ),
        ),
        Example("fr", "La livraison est offerte dès 30 €.", passages=_DELIVERY),
        Example("fr", "Comptez 3 jours ouvrés pour la livraison.", passages=_DELIVERY),
        Example("fr", "La livraison prend 5 jours.", passages=_DELIVERY),
        Example(
            "fr", "Toutes les infos sur www.ateliernoisette.example/promo.", passages=_DELIVERY
        ),
        Example("fr", "Le Croc'Lune ne contient pas de gluten.", passages=("@gluten",)),
        Example("fr", "Le remboursement est versé sous 14 jours.", passages=("@returns",)),
        Example("fr", "Nos biscuits sont certifiés sans sucre.", passages=("@gluten",)),
        Example("fr", "Commandez avant le 18 décembre 2025.", passages=("@christmas",)),
        Example("fr", "La boutique ouvre à 9 h."),
        Example("en", "Delivery is free from €30.", passages=_DELIVERY),
        Example("en", "Croc'Lune does not contain gluten.", passages=("@gluten",)),
        Example("en", "Delivery takes two weeks.", passages=_DELIVERY),
        Example(
            "en",
            "Order before 5 in the afternoon and it leaves the same day.",
            passages=("Orders placed before 14:00 leave the same day.",),
        ),
        Example(
            "fr",
            "Cela fait 30 € pour vous deux.",
            "Combien pour 2 adultes ?",
            passages=("Plein tarif : 12 €. Gratuit pour les moins de 12 ans.",),
        ),
        Example(
            "fr",
            "L'entrée coûte 24 € par adulte.",
            "Combien pour 2 adultes ?",
            passages=("Plein tarif : 12 €. Gratuit pour les moins de 12 ans.",),
        ),
        Example(
            "fr",
            "Oui, un colis de 8 kg part en point relais.",
            "Et pour 8 kg ?",
            passages=("Les colis jusqu'à 5 kg partent en point relais.",),
        ),
        Example(
            "fr",
            "Oui, nous livrons aussi en Corse, en 3 jours.",
            "Vous livrez à Ajaccio ?",
            passages=("Livraison en France, sauf Corse et outre-mer, en 3 jours.",),
        ),
        Example(
            "en",
            "We deliver anywhere in the UK, Northern Ireland included, in 2 days.",
            passages=("UK delivery in 2 days, except Northern Ireland and the Channel Islands.",),
        ),
        Example(
            "en",
            "Parking is free for everyone.",
            passages=("Parking is £8 per day. Free for blue badge holders.",),
        ),
        Example("en", "All our biscuits are vegan.", passages=("@gluten",)),
        Example(
            "en",
            "Yes, our pool is heated all year round.",
            "Is the pool heated?",
            passages=("The pool is heated from October to April.",),
        ),
        Example(
            "fr",
            "Tous nos bijoux sont garantis deux ans.",
            passages=("Garantie des bijoux : argent, 2 ans ; plaqué or, 6 mois.",),
        ),
        Example(
            "fr",
            "Le forfait Mistral est sans engagement.",
            passages=("Forfait Mistral : engagement de 12 mois. Forfait Brume : sans engagement.",),
        ),
        Example(
            "en",
            "Paying by direct debit saves you £10 a month.",
            passages=("Customers paying by direct debit get £10 off per year.",),
        ),
        Example("en", "Call us on 020 7946 0018.", passages=_DELIVERY),
    ),
)
