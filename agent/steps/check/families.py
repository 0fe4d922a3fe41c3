"""Words that speak of the same thing in questions about an offer, in French and English."""

from collections.abc import Set
from functools import cache

from agent.steps.check.words import stem
from knowledge.text.normalise import fold

_FAMILIES = (
    "livraison livrer livré livreur expédition expédier expédié envoi envoyer acheminé port"
    " delivery deliver delivered shipping ship shipped dispatch dispatched postage post",
    "prix tarif tarifs coût coûte coûter montant frais facturé payer paie paient payant paiement"
    " price prices priced cost costs fee fees charge charged rate pay pays paid payment",
    "gratuit gratuite gratuité offert offerte free complimentary",
    "ouvert ouvre ouverture ouvrons horaire horaires accueille accueil reçoit"
    " open opens opened opening hours",
    "fermé ferme fermeture fermons clos closed closes close closing closure shut",
    "réserver réservation réservé book booked booking bookings reserve reservation",
    "annuler annulation annulé résilier résiliation résilié cancel cancelled cancellation",
    "rembourser remboursement remboursé remboursable refund refunds refunded money",
    "retour retourner renvoyer renvoi rapporter rendre rendu rendue restitué restituée restituer"
    " return returns returned",
    "échange échanger échangeable exchange exchanged swap",
    "durée dure durent prend prennent délai temps compter comptez"
    " last lasts take takes time allow duration long",
    "contient contiennent contenir composé ingrédients recette présence renferme"
    " contains contain ingredients ingredient made recipe",
    "fonctionne fonctionnent marche marchent compatible compatibles utilisable"
    " work works working compatible support supports supported runs",
    "accepté acceptons acceptent admis autorisé permis bienvenus bienvenue possible"
    " accepted accept allowed permitted welcome possible",
    "inclus inclut compris comprend comprise fourni included includes include comes",
    "achat acheter acheté commande commander order orders ordered purchase buy bought",
    "boutique magasin point shop shops store stores",
    "inscription inscrire inscrit adhésion adhérer register registration enrol join joining sign",
    "enfant enfants petits kids kid children child",
    "billet billets entrée place places ticket tickets admission entry",
    "colis paquet parcel parcels package packages",
    "dernier dernière last final",
    "plafond plafonné maximum maximal limite limité cap capped limit limited maximum up",
    "disponible disponibles existe existent dispo vente available sold sale",
    "nettoyer nettoyage laver lavage clean cleaning wash washing",
    "garantie garanti couvre couvert couverture prise charge warranty guarantee cover covered",
    "remise réduction promotion rabais discount off reduction",
    "répondre répond réponse réponses répondons answer answers answered reply replies",
    "demande demander demandez faire effectuer request requests ask apply",
    "lait laitier laitiers lactose milk dairy",
    "chien chiens animaux animal dog dogs pets pet",
    "largeur large wide width",
    "profondeur profond deep depth",
    "hauteur haut high height tall",
    "poids pèse peser lourd weight weigh weighs heavy",
    "voiture véhicule parking stationnement garer car park parking",
)


@cache
def kin_of(word: str) -> frozenset[str]:
    """Return the stems that may stand for the stem `word` in a passage, itself included."""
    return _kin().get(word, frozenset()) | {word}


@cache
def _kin() -> dict[str, frozenset[str]]:
    kin: dict[str, frozenset[str]] = {}
    for family in _FAMILIES:
        members = frozenset(stem(fold(word)) for word in family.split())
        for member in members:
            kin[member] = kin.get(member, frozenset()) | members
    return kin


def held(words: Set[str], source: Set[str]) -> frozenset[str]:
    """Return those of `words` that `source` holds, itself or by a word of its family."""
    return frozenset(w for w in words if w in source or not source.isdisjoint(kin_of(w)))
