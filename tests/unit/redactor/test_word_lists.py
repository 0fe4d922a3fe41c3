"""The lists behind the names: large, of every origin, and readable."""

import re

import pytest

from agent.adapters.redactor.data_files import either, read_sections
from agent.adapters.redactor.person.lexicon import fold, load_lexicon

ORIGINS = ("french", "breton", "maghreb", "africa", "caribbean", "turkish", "asia", "portuguese",
           "spanish", "italian", "british", "polish", "nordic", "russian", "pacific")  # fmt: skip


def test_there_are_thousands_of_first_names_and_surnames() -> None:
    lexicon = load_lexicon()
    assert len(lexicon.given) >= 2500
    assert len(lexicon.family) >= 2500


@pytest.mark.parametrize("origin", ORIGINS)
@pytest.mark.parametrize("name", ["first_names.txt", "surnames.txt"])
def test_every_origin_has_its_section(origin: str, name: str) -> None:
    sections = read_sections(name)
    words = [word for title, lines in sections.items() if origin in title for word in lines]
    assert words, f"{name} has no section about {origin}"


@pytest.mark.parametrize("word", ["rose", "pierre", "marine", "olive", "prune", "max", "claire"])
def test_names_that_are_words_are_marked(word: str) -> None:
    lexicon = load_lexicon()
    assert word in lexicon.given
    assert word in lexicon.everyday


@pytest.mark.parametrize("word", ["bonjour", "commande", "merci", "cordialement", "the", "please"])
def test_frequent_words_are_no_names(word: str) -> None:
    lexicon = load_lexicon()
    assert word not in lexicon.given | lexicon.family
    assert word in lexicon.vocabulary | lexicon.everyday


def test_folding_keeps_ascii_letters_only() -> None:
    assert fold("Çelik Łukasz Æsa Þór Œuvré İnan") == "celik lukasz aesa thor oeuvre inan"


@pytest.mark.parametrize("name", ["person_cues.txt", "address_words.txt", "number_cues.txt"])
def test_every_pattern_of_the_data_files_compiles(name: str) -> None:
    for title in read_sections(name):
        re.compile(either(name, title).replace("{", r"\{") if "{noun}" in title else "x")
        assert either(name, title).startswith("(?:")
