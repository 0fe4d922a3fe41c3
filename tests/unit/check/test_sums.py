"""A figure that follows from the customer's and a passage's is a sum to check, never an approval.

One that follows from nothing that they gave still blocks, however round it is.
"""

from datetime import UTC, datetime

import pytest

from agent.domain.checks import CheckSubject
from agent.domain.drafts import ClaimLedger, LedgerStatus
from agent.steps.check import Rubric
from agent.steps.check.grounding.sums import Figure, figures_of, follows_from
from knowledge.passages import Language, Passage
from knowledge.text.facts import find_facts

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
SUM = "A sum of figures that are stated: check it."

REPLIES = [
    ("Mon panier est à 47 €.", "Il vous manque 18 €.", "Livraison offerte dès 65 €."),
    ("Manteau à 180 € avec -30 % ?", "Il passe de 180 € à 126 €.", "30 % sur tous les manteaux."),
    ("Six chaises à 59 € ?", "Elles reviennent donc à 318,60 €.", "Dès 4 chaises : -10 %."),
    ("Forfait à 12,99, plus l'option ?", "Soit 17,99 € par mois.", "Option Monde : 5 € par mois."),
    ("3 livres, 6 jours de retard", "Cela représente 1,80 €.", "0,10 € par jour et par document."),
    ("Reçu le 3 mars.", "Vous avez jusqu'au 17 mars.", "Retour sous 14 jours."),
    ("Acheté en mai 2022.", "Il est couvert jusqu'en mai 2024.", "Garantie de 2 ans."),
    ("Mon passeport date de 2014.", "Il est échu depuis 2024.", "Un passeport vaut 10 ans."),
    ("Ma fille a 13 ans.", "Elle devra attendre trois ans.", "Dès 16 ans."),
    ("Le train de 18 h 05 ?", "Il arrive à 19 h 40.", "Le trajet dure 95 minutes."),
    ("Ma valise fait 26 kg.", "Elle dépasse de 3 kg.", "Bagage en soute : 23 kg."),
    ("Un flacon de 200 ml, deux fois par jour ?", "Soit 4 ml par jour.", "2 ml par application."),
    ("Du 12 juillet au 19 ?", "Cela fait 28 € pour le chien.", "Chien : 4 € par nuit."),
    ("I booked on 10 May.", "That takes you to 7 June.", "Returns within 28 days."),
    ("We are 8 people.", "That is $864 over a year.", "Team: $9 per user per month."),
    ("I have 3,400 gems.", "You're 200 short of two.", "A dragon costs 1,800 gems."),
]
BLOCKED = [
    ("Mon panier est à 47 €.", "Il vous manque 21 €.", "Livraison offerte dès 65 €."),
    ("Combien ?", "La livraison coûte 15 €.", "5 € en relais, 10 € à domicile."),
    ("Reçu le 3 mars.", "Vous avez jusqu'au 19 mars.", "Retour sous 14 jours."),
    ("Combien pour 2 adultes ?", "L'entrée coûte 24 € par adulte.", "Plein tarif : 12 €."),
    ("Le train de 18 h 05 ?", "Il arrive à 19 h 45.", "Le trajet dure 95 minutes."),
    ("C'est bien 20 € l'entrée ?", "Oui, donc 20 € l'entrée.", "L'entrée coûte 25 €."),
    ("3 enfants à 15 € ?", "Oui, soit 45 € au total.", "Tarif enfant : 12 €."),
    ("La garantie est de 3 ans ?", "Oui, soit 3 ans.", "Garantie de 2 ans."),
    ("I have a 30 kg bag, ok?", "Yes, so 30 kg is fine.", "Bags may weigh up to 23 kg."),
    ("I am 15, can I ride?", "Yes, at 15 you can, so come along.", "Riders must be 18 or over."),
    ("Acheté en mai 2022.", "Il est couvert jusqu'en mai 2025.", "Garantie de 2 ans."),
    ("I have 3,400 gems.", "You're 300 short.", "A dragon costs 1,800 gems."),
]


def _ledger(rubric: Rubric, message: str, reply: str, source: str) -> ClaimLedger:
    lang = Language.EN if message.startswith(("I ", "We ")) else Language.FR
    passage = Passage(id="given", lang=lang, question="", answer=source)
    subject = CheckSubject(message=message, reply=reply, lang=lang, passages=(passage,), now=NOW)
    return rubric.check(subject, None).ledger


@pytest.mark.parametrize(("message", "reply", "source"), REPLIES)
def test_a_sum_is_left_to_a_reader(rubric: Rubric, message: str, reply: str, source: str) -> None:
    ledger = _ledger(rubric, message, reply, source)
    assert not ledger.blocking
    assert all(line.status is not LedgerStatus.SUPPORTED for line in ledger.lines)
    assert SUM in [line.reason for line in ledger.lines]


@pytest.mark.parametrize(("message", "reply", "source"), BLOCKED)
def test_what_is_no_sum_blocks(rubric: Rubric, message: str, reply: str, source: str) -> None:
    assert _ledger(rubric, message, reply, source).blocking


def _figures(text: str, *, is_theirs: bool) -> list[Figure]:
    facts = find_facts(text, Language.FR)
    return [f._replace(is_theirs=is_theirs) for fact in facts for f in figures_of(fact)]


def test_what_two_figures_of_a_passage_give_by_chance_is_no_sum() -> None:
    (wanted,) = find_facts("15 €", Language.FR)
    known = _figures("5 € puis 10 €", is_theirs=False)
    assert follows_from(wanted, known, ()) is None
    assert follows_from(wanted, known, (), is_total=True)
    assert follows_from(wanted, _figures("5 € puis 10 €", is_theirs=True), ())


def test_a_day_of_any_year_may_fall_in_the_next() -> None:
    (wanted,) = find_facts("le 14 janvier", Language.FR)
    known = _figures("le 31 décembre, sous 14 jours", is_theirs=True)
    assert follows_from(wanted, known, ())
