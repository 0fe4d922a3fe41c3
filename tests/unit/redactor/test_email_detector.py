"""E-mail addresses, plain, disguised and mistyped; and what only looks like one."""

import pytest

from agent.adapters.redactor.detectors.email import find_emails

FOUND = [
    ("écrivez à paul.durand@free.fr.", "paul.durand@free.fr"),
    ("PAUL.DURAND@GMAIL.COM svp", "PAUL.DURAND@GMAIL.COM"),
    ("mail:jean+brume@mairie-st-gilles.fr;", "jean+brume@mairie-st-gilles.fr"),
    ("(jeanne.d'arcy@sfr.fr)", "jeanne.d'arcy@sfr.fr"),
    ("_lulu_@laposte.net", "_lulu_@laposte.net"),
    ("c'est hélène@exemple.fr", "hélène@exemple.fr"),
    ("paul arobase free point fr", "paul arobase free point fr"),
    ("anne tiret sophie arobase yahoo point fr", "anne tiret sophie arobase yahoo point fr"),
    ("s.dacosta92[at]outlook.fr", "s.dacosta92[at]outlook.fr"),
    ("clem (arobase) laposte (point) net", "clem (arobase) laposte (point) net"),
    ("contact (at) menuiserie (dot) com", "contact (at) menuiserie (dot) com"),
    ("j dot smith at gmail dot com", "j dot smith at gmail dot com"),
    ("marc_87 at gmail dot com", "marc_87 at gmail dot com"),
    ("elo_pics chez gmail point com", "elo_pics chez gmail point com"),
    ("paul (a) free.fr", "paul (a) free.fr"),
    ("paul @ free.fr", "paul @ free.fr"),
    ("laura.b@gmail,com", "laura.b@gmail,com"),
    ("marie.h@free . fr", "marie.h@free . fr"),
    ("l e a @ g m a i l . c o m", "l e a @ g m a i l . c o m"),
]
LEFT_ALONE = [
    "@MaisonBrume bonjour",
    "rendez-vous à 14 h @ la boutique",
    "3 t-shirts @ 12 €",
    "look at the dot on the map",
    "meet me at home, point final",
    "je suis chez orange, point barre",
    "un point de vente chez vous ?",
    "écrivez-nous : adresse e-mail obligatoire",
]


@pytest.mark.parametrize(("text", "value"), FOUND)
def test_found(text: str, value: str) -> None:
    assert value in [text[one.start : one.end] for one in find_emails(text)]


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_left_alone(text: str) -> None:
    assert list(find_emails(text)) == []
