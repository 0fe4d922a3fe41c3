"""Folding, words and SMS spelling: the readers every other module stands on."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.text.normalise import fold, match_key
from knowledge.text.sms import expand
from knowledge.text.tokens import words


@given(st.text())
def test_fold_keeps_every_offset(text: str) -> None:
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Été À l’Île", "ete a l'ile"),
        ("garçon\u00a0: 10\u202f€", "garcon : 10 €"),
        ("« Œuvre »", "« œuvre »"),
        ("week\u2011end", "week-end"),
        ("İstanbul", "istanbul"),
    ],
)
def test_fold_lowers_and_removes_accents(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_match_key_spells_ligatures_and_marks_out() -> None:
    assert match_key("Cœur") == match_key("COEUR") == "coeur"
    assert match_key("e\u0301te\u0301") == "ete"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("L’article qu'il n'a pas", ["L’", "article", "qu'", "il", "n'", "a", "pas"]),
        ("aujourd'hui jusqu’à", ["aujourd'hui", "jusqu’", "à"]),
        ("Avez-vous un rendez-vous ?", ["Avez", "vous", "un", "rendez-vous"]),
        ("Y a-t-il", ["Y", "a", "il"]),
        ("donnez-la-moi, vas-y", ["donnez", "la", "moi", "vas", "y"]),
        ("I don't know, it's mine", ["I", "don't", "know", "it's", "mine"]),
        ("39,90 € le T-shirt", ["39,90", "le", "T-shirt"]),
        ("prud'hommes, presqu'île", ["prud'hommes", "presqu'île"]),
        ("'quoted' parcels'", ["quoted", "parcels"]),
        ("", []),
        ("!?… 🎉", []),
    ],
)
def test_words_cuts_as_a_reader_does(text: str, expected: list[str]) -> None:
    assert [word.text for word in words(text)] == expected


@given(st.text())
def test_words_carry_true_offsets(text: str) -> None:
    found = words(text)
    assert all(text[word.start : word.end] == word.text for word in found)
    assert all(a.end <= b.start for a, b in pairwise(found))


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        ("jsuis déçue svp", "fr", "je suis déçue s'il vous plaît"),
        ("g pa recu ma cmd", "fr", "j'ai pas recu ma commande"),
        ("pk tjs pas dispo", "fr", "pourquoi toujours pas disponible"),
        ("dsl qd bcp", "fr", "désolé quand beaucoup"),
        ("u cant help me pls", "en", "you can't help me please"),
        ("merciiii commmande troooop", "fr", "merci commande trop"),
        ("sooooo gooood", "en", "so good"),
        ("jattends pls", "unknown", "j'attends s'il vous plaît"),
        ("G PAS RECU", "fr", "j'ai PAS RECU"),
    ],
)
def test_expand_spells_out(text: str, lang: str, expected: str) -> None:
    assert expand(text, lang) == expected


@pytest.mark.parametrize(
    "text",
    [
        "200 g de farine",
        "vitamine C et plan B",
        "c'est d'accord",
        "siècle XVIII",
        "www.exemple.fr pa.pa@exemple.fr @pa #pk",
        "une taille 38, t 38",
        "Pouvez-vous m'aider avec ma commande ?",
    ],
)
def test_expand_leaves_plain_text_alone(text: str) -> None:
    assert expand(text, "fr") == text
