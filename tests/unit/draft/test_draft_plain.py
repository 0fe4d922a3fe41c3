import pytest

from agent.steps.draft.plain import (
    count_emoji,
    to_plain,
    unwrap,
    without_emoji,
    without_exclamations,
)


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("**3 à 5 jours** ouvrés", "3 à 5 jours ouvrés"),
        ("une _vraie_ réponse et *une autre*", "une vraie réponse et une autre"),
        ("2 * 3 * 4 et snake_case_name", "2 * 3 * 4 et snake_case_name"),
        (
            "voir [notre page](https://nuage.example/aide)",
            "voir notre page (https://nuage.example/aide)",
        ),
        ("[nuage.example](https://www.nuage.example/)", "https://www.nuage.example/"),
        ("<https://nuage.example/a_b_c>", "https://nuage.example/a_b_c"),
        ("[Écrivez-nous](mailto:aide@nuage.example)", "Écrivez-nous (aide@nuage.example)"),
        ("![photo](a.png) Voilà.", "photo Voilà."),
        ("## Titre\n\nTexte.", "Titre\nTexte."),
        ("> cité\n> encore", "cité encore"),
        ("`code` et \\*étoile\\*", "code et *étoile*"),
        ("Thés &amp; infusions", "Thés & infusions"),
        (
            "Une ligne\ncoupée en deux.\n\nUn autre\nparagraphe.",
            "Une ligne coupée en deux.\nUn autre paragraphe.",
        ),
        ("Il faut :\n* un ticket\n* le carton", "Il faut :\n- un ticket\n- le carton"),
        ("Steps:\n1) open\n2) close", "Steps:\n1. open\n2. close"),
        ("first<br>second", "first\nsecond"),
    ],
)
def test_markdown_becomes_what_a_customer_should_read(markdown: str, plain: str) -> None:
    assert to_plain(markdown) == plain


def test_markdown_stays_where_the_network_renders_it_but_hard_wraps_go() -> None:
    assert unwrap("**Oui**, sous\n30 jours.") == "**Oui**, sous 30 jours."


@pytest.mark.parametrize(
    ("text", "calm"),
    [
        ("Merci\u202f!", "Merci."),
        ("Merci !! Bonne journée !", "Merci. Bonne journée."),
        ("Thanks!", "Thanks."),
        ("Merci.", "Merci."),
    ],
)
def test_exclamations_become_full_stops(text: str, calm: str) -> None:
    assert without_exclamations(text) == calm


@pytest.mark.parametrize(
    ("text", "count", "bare"),
    [
        ("Merci 💛", 1, "Merci"),
        ("Merci 💛 à vous", 1, "Merci à vous"),
        ("👩‍👩‍👧 Bienvenue 🇫🇷", 2, "Bienvenue"),
        ("Nuage© et 45 €", 0, "Nuage© et 45 €"),
    ],
)
def test_emoji_are_counted_as_seen_and_removed_whole(text: str, count: int, bare: str) -> None:
    assert count_emoji(text) == count
    assert without_emoji(text) == bare
