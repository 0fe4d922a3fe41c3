"""Figures said in other words are the same figures; others stay apart."""

import pytest

from agent.steps.check.grounding.equivalents import (
    are_shut_alike,
    days_named,
    has_same_figures,
    is_said_otherwise,
)
from agent.steps.check.grounding.polarity import denied_stems
from knowledge.passages import Language
from knowledge.text.fact_types import Fact, FactKind

WEEK = frozenset({1, 2, 3, 4, 5, 6, 7})


def _fact(kind: FactKind, value: str) -> Fact:
    return Fact(kind, value, 0, 0)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("du lundi au vendredi", {1, 2, 3, 4, 5}),
        ("mon-fri 9-5, weekends all day", WEEK),
        ("thursday to sunday", {4, 5, 6, 7}),
        ("vendredi au lundi", {5, 6, 7, 1}),
        ("mardi, jeudi", {2, 4}),
        ("7j/7", WEEK),
        ("ferme", frozenset()),
    ],
)
def test_days_inside_a_range_are_named(text: str, days: set[int]) -> None:
    assert days_named(text) == days


@pytest.mark.parametrize(
    ("fact", "claim", "source", "is_same"),
    [
        (_fact(FactKind.DATE, "wd-3"), "le mercredi", "du mardi au samedi", True),
        (_fact(FactKind.DATE, "wd-7"), "le dimanche", "du mardi au samedi", False),
        (_fact(FactKind.TIME, "00:00"), "at midnight", "until 23:59", True),
        (_fact(FactKind.TIME, "00:00"), "at midnight", "until 22:00", False),
        (_fact(FactKind.DURATION, "10080 min"), "7 jours sur 7", "tous les jours", True),
        (_fact(FactKind.DURATION, "10080 min"), "sous 7 jours", "tous les jours", False),
        (_fact(FactKind.NUMBER, "28"), "la 28e semaine", "28 semaines", True),
        (_fact(FactKind.NUMBER, "28"), "la 28e semaine", "36 semaines", False),
        (_fact(FactKind.PERCENT, "50"), "50 %", "moitie prix pour les moins de 12 ans", True),
        (_fact(FactKind.PERCENT, "50"), "50% off", "half price for under-12s", True),
        (_fact(FactKind.PERCENT, "40"), "40% off", "half price for under-12s", False),
        (_fact(FactKind.DURATION, "20160 min"), "two weeks", "within a fortnight", True),
        (_fact(FactKind.DURATION, "20160 min"), "14 jours", "sous quinzaine", True),
        (_fact(FactKind.DURATION, "10080 min"), "a week", "within a fortnight", False),
        (_fact(FactKind.DURATION, "3 month"), "trois mois", "chaque trimestre", True),
        (_fact(FactKind.NUMBER, "12"), "12 eggs", "sold by the dozen", True),
        (_fact(FactKind.NUMBER, "12"), "12 eggs", "half a dozen", False),
        (_fact(FactKind.NUMBER, "6"), "six oeufs", "la demi-douzaine", True),
        (_fact(FactKind.TIME, "12:00"), "a 12 h", "jusqu'a midi", True),
        (_fact(FactKind.TIME, "13:00"), "a 13 h", "jusqu'a midi", False),
        (_fact(FactKind.DURATION, "216 month"), "18 ans", "il faut etre majeur", True),
        (_fact(FactKind.DURATION, "192 month"), "16 ans", "il faut etre majeur", False),
    ],
)
def test_what_is_said_otherwise(fact: Fact, claim: str, source: str, is_same: bool) -> None:
    assert is_said_otherwise(fact, claim, source, ()) is is_same


@pytest.mark.parametrize(
    ("claim", "source", "are_alike"),
    [
        ("l'agence est fermee le lundi", "ouvert le mardi. fermee dimanche et lundi.", True),
        ("closed on mondays", "closed sunday and monday.", True),
        ("ouvert le lundi", "fermee dimanche et lundi.", False),
        ("ferme le lundi", "ferme le mardi. ouvert le lundi.", False),
    ],
)
def test_a_closing_day_stands_on_the_closing_days(claim: str, source: str, are_alike: bool) -> None:
    assert are_shut_alike(_fact(FactKind.DATE, "wd-1"), claim, source) is are_alike


@pytest.mark.parametrize(
    ("kind", "value", "written", "source", "is_same"),
    [
        (FactKind.QUANTITY, "1300 mm", "1,30 m", "taille minimum 1m30", True),
        (FactKind.QUANTITY, "1300 mm", "1,30 m", "taille minimum 1m40", False),
        (FactKind.MONEY, "20..300 EUR", "20 a 300 €", "entre 20 € et 300 €", True),
        (FactKind.MONEY, "20 EUR", "20 €", "20 minutes", False),
        (FactKind.DATE, "--07", "juillet", "juillet-aout : 9h-21h", True),
        (FactKind.DATE, "--12-20", "20 decembre", "20 novembre", False),
        (FactKind.DURATION, "7200 min", "5 jours", "5 minutes", False),
    ],
)
def test_the_same_figures_without_their_dress(
    kind: FactKind, value: str, written: str, source: str, is_same: bool
) -> None:
    assert has_same_figures(_fact(kind, value), written, source, ()) is is_same


def test_working_days_said_once_hold_for_the_days_beside_them() -> None:
    days = _fact(FactKind.DURATION, "2880 min")
    beside = (_fact(FactKind.DURATION, "5 business_days"),)
    assert has_same_figures(days, "deux jours", "2 jours ouvres", beside)
    assert not has_same_figures(days, "deux jours", "2 jours ouvres", ())


def test_a_negation_denies_what_follows_it_in_its_clause() -> None:
    assert "demont" in denied_stems("les velos non demontes voyagent", Language.FR)
    assert "voyag" not in denied_stems("les velos non demontes voyagent", Language.FR)
    denied = denied_stems("we don't, all our cafes are card only", Language.EN)
    assert not denied & {"card", "caf", "cafe"}
