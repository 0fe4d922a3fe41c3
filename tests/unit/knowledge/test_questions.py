"""One message, several questions: each is cut out with what leads to it, and nothing is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.questions import split_questions


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        (
            "Quels sont vos horaires ? Et livrez-vous en Belgique ?",
            "fr",
            ["Quels sont vos horaires ?", "Et livrez-vous en Belgique ?"],
        ),
        (
            "c quand la livraison et cmt je fais un retour",
            "fr",
            ["c quand la livraison", "cmt je fais un retour"],
        ),
        (
            "What are your opening hours and do you ship to Ireland?",
            "en",
            ["What are your opening hours", "do you ship to Ireland?"],
        ),
        (
            "Mon colis est abîmé. Comment le renvoyer ? Puis-je avoir une facture ?",
            "fr",
            ["Mon colis est abîmé. Comment le renvoyer ?", "Puis-je avoir une facture ?"],
        ),
        (
            "My order never came. Where is it? Can I still cancel it?",
            "en",
            ["My order never came. Where is it?", "Can I still cancel it?"],
        ),
    ],
)
def test_each_question_keeps_what_leads_to_it(text: str, lang: str, expected: list[str]) -> None:
    assert split_questions(text, lang) == expected


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Livrez-vous en Suisse ?", "fr"),
        ("Merci beaucoup, tout est parfait !", "fr"),
        ("Do you deliver bread and butter?", "en"),
        ("Je voudrais échanger la taille et la couleur", "fr"),
        ("Mon écran est cassé. Que faire ?", "fr"),
        ("Vous vous moquez de moi ? Où est mon remboursement ?", "fr"),
        ("Bonjour, ça va ? Avez-vous du thé vert ?", "fr"),
        ("Are you kidding? Where is my refund?", "en"),
    ],
)
def test_one_question_stays_whole(text: str, lang: str) -> None:
    assert split_questions(text, lang) == [text]


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_nothing_asked_is_no_question(text: str) -> None:
    assert split_questions(text) == []


@given(st.text(alphabet="abcdeé ?.,!'\n", max_size=80), st.sampled_from(["fr", "en", None]))
def test_no_text_breaks_it_and_no_question_is_empty(text: str, lang: str | None) -> None:
    assert all(one.strip() for one in split_questions(text, lang))
