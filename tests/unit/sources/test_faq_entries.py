"""Our Markdown form of the FAQ: one `##` a question, a small YAML block under it."""

import pytest

from knowledge.passages import Audience, Language
from knowledge.sources.entries import read_entries, slug


def test_front_matter_gives_defaults_and_an_entry_may_differ() -> None:
    text = (
        "---\nlang: fr\naudience: private\ntopic: envois\n---\n"
        "## Un ?\n```yaml\nid: one\n```\nOui.\n"
        "## Two?\n---\nid: two\nlang: en\naudience: public\n---\nYes.\n"
    )
    entries, problems = read_entries(text, "x.md")
    assert not problems
    assert [(e.id, e.lang, e.audience, e.topic) for e in entries] == [
        ("one", Language.FR, Audience.PRIVATE, "envois"),
        ("two", Language.EN, Audience.PUBLIC, "envois"),
    ]


def test_an_entry_without_metadata_gets_its_id_from_the_question() -> None:
    entries, problems = read_entries("---\nlang: fr\n---\n## Où êtes-vous ?\nIci.", "shops.fr.md")
    assert not problems
    assert (entries[0].id, entries[0].topic, entries[0].source) == (
        "ou-etes-vous",
        "shops",
        "shops.fr.md:4",
    )


def test_headings_inside_a_fence_do_not_cut_the_answer() -> None:
    text = "---\nlang: en\n---\n## How?\n\n```\n## not a heading\n```\nDone.\n"
    entries, _ = read_entries(text, "x.md")
    assert len(entries) == 1
    assert "## not a heading" in entries[0].answer


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        ("One line\nand its end.", "One line and its end."),
        ("Two:\n- a\n- b\n  still b", "Two:\n- a\n- b still b"),
        ("One.\n\nTwo.", "One.\n\nTwo."),
        ("Seen.<!-- not seen -->", "Seen."),
    ],
)
def test_hard_wrapped_lines_are_joined(body: str, answer: str) -> None:
    entries, _ = read_entries(f"---\nlang: en\n---\n## Q?\n{body}\n", "x.md")
    assert entries[0].answer == answer


def test_the_kind_of_space_of_a_condition_does_not_matter() -> None:
    text = (
        "---\nlang: fr\n---\n## Q ?\n```yaml\nmust_include: [dès 50 €]\n```\n"
        "Offerte dès\n50\u00a0€ d'achat.\n"
    )
    entries, problems = read_entries(text, "x.md")
    assert not problems
    assert entries[0].must_include == ("dès 50\u00a0€",)
    assert entries[0].must_include[0] in entries[0].answer


@pytest.mark.parametrize(
    ("metadata", "line", "what"),
    [
        ("valid_from: 2026-12-02\nvalid_until: 2026-12-01", 7, "ends before it begins"),
        ("must_include: [absent]", 6, "must_include is not in the answer"),
        ("must_include: ['']", 6, "must_include is not in the answer"),
        ("aliases: one", 6, "`aliases` is not a list"),
        ("link: http://x.example", 6, "`link` has a form"),
        ("audience: secret", 6, "`audience` is not a value"),
        ("id: deux mots", 6, "`id` has a form"),
        ("lang: unknown", 4, "has no language"),
        ("valid_until: 31/12/2026", 6, "`valid_until` is not a date"),
    ],
)
def test_a_bad_entry_is_left_out_and_named(metadata: str, line: int, what: str) -> None:
    text = f"---\nlang: fr\n---\n## Q ?\n```yaml\n{metadata}\n```\nOui.\n"
    entries, problems = read_entries(text, "x.md")
    assert not entries
    assert (problems[0].line, what in problems[0].what) == (line, True), problems


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Où est mon colis ?", "ou-est-mon-colis"),
        ("L'été & l'hiver", "l-ete-l-hiver"),
        ("???", ""),
        ("un " * 40, "un-" * 19 + "un"),
    ],
)
def test_slug(text: str, expected: str) -> None:
    assert slug(text) == expected
