from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.steps.draft.answer import Answer, AnswerBook, pointer, units_of
from agent.steps.draft.linking import is_leaning, is_limiting
from knowledge.passages import Language, Passage
from knowledge.text.normalise import fold


def passage(answer: str, *must_include: str, **more: str) -> Passage:
    return Passage(
        id="p",
        lang=Language.FR,
        question="Quels sont les délais de livraison ?",
        answer=answer,
        must_include=must_include,
        **more,
    )


def answer_to(question: str, given: Passage, others: Sequence[Passage] = ()) -> Answer:
    book = AnswerBook([given, *others])
    return book.answer(given, question, is_markdown=False, has_links=True)


def versions(answer: Answer) -> list[str]:
    return [answer.text(kept) for kept in answer.cuts]


@pytest.mark.parametrize(
    "sentence",
    [
        "Dans ce cas, les frais sont de 9,90 €.",
        "Sinon, écrivez-nous.",
        "Elle est offerte dès 45 €.",
        "En dessous, elle coûte 4,90 €.",
        "Passé ce délai, nous ne reprenons plus l’article.",
        "Ce délai court dès la réception.",
        "Il vous est remboursé.",
        "C’est gratuit.",
        "Otherwise, it costs £4.",
        "In that case, write to us.",
        "They are refunded.",
        "After that, the code expires.",
    ],
)
def test_a_sentence_that_points_back_leans(sentence: str) -> None:
    assert is_leaning(fold(sentence))


@pytest.mark.parametrize(
    "sentence",
    [
        "Il faut joindre le ticket.",
        "Les retours sont gratuits.",
        "Pour la Belgique, comptez 7 jours.",
        "Returns are free.",
        "Italy is served too.",
        "Thistle tea is back.",
    ],
)
def test_a_sentence_that_stands_alone_does_not(sentence: str) -> None:
    assert not is_leaning(fold(sentence))


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Sauf pour les ventes privées.", True),
        ("Cette offre ne concerne pas les coffrets.", True),
        ("Articles soldés exclus.", True),
        ("Only in mainland France.", True),
        ("This does not apply to gift cards.", True),
        ("Nos colis partent de Nantes.", False),
        ("The sauna is open.", False),
    ],
)
def test_what_takes_something_back_is_seen(sentence: str, expected: bool) -> None:
    assert is_limiting(fold(sentence)) is expected


def test_the_least_relevant_sentence_goes_first() -> None:
    given = passage(
        "La livraison prend 3 jours. Nos thés sont cueillis à la main. Le colis est suivi."
    )
    said = versions(answer_to("délai de livraison du colis ?", given))
    assert said[1] == "La livraison prend 3 jours. Le colis est suivi."
    assert said[-1] == "La livraison prend 3 jours."


def test_the_question_decides_what_stays() -> None:
    given = passage("La livraison prend 3 jours. Pour la Belgique, comptez une semaine.")
    others = [
        passage(f"La livraison de nos thés prend du temps, surtout en {n}.") for n in "abcdef"
    ]
    assert versions(answer_to("Et en Belgique ?", given, others))[-1].startswith("Pour la Belgique")


def test_a_condition_is_never_cut() -> None:
    given = passage(
        "La livraison est offerte. Nos thés sont bons. Réservé aux membres du club.",
        "membres du club",
    )
    for said in versions(answer_to("livraison offerte ?", given)):
        assert "membres du club" in said


def test_a_condition_found_nowhere_forbids_every_cut() -> None:
    given = passage("La livraison est offerte. Nos thés sont bons.", "mots absents")
    assert len(versions(answer_to("livraison ?", given))) == 1


def test_a_condition_that_spans_two_sentences_keeps_both() -> None:
    given = passage("Offert dès 45 €. En France. Nos thés sont bons.", "dès 45 €. En France")
    assert versions(answer_to("thés ?", given))[-1].startswith("Offert dès 45 €. En France.")


def test_nobody_is_left_leaning_on_a_sentence_that_went() -> None:
    given = passage(
        "La livraison prend 3 jours. Un point relais est possible. Dans ce cas, comptez 5 jours."
    )
    for said in versions(answer_to("Dans ce cas, comptez combien de jours ?", given)):
        assert ("Dans ce cas" in said) <= ("point relais" in said)


def test_what_narrows_a_sentence_stays_as_long_as_it_does() -> None:
    given = passage("Les retours sont gratuits. Sauf pour les soldes. Le colis est suivi.")
    for said in versions(answer_to("retours gratuits ?", given)):
        assert ("Sauf" in said) == ("gratuits" in said)


def test_a_list_is_shown_whole_with_its_introduction() -> None:
    given = passage(
        "C’est simple. Il vous faut :\n- le ticket\n- le carton\n\nMerci de votre aide."
    )
    texts = [unit.text for unit in units_of(given)]
    assert texts == [
        "C’est simple.",
        "Il vous faut :\n- le ticket\n- le carton",
        "Merci de votre aide.",
    ]


def test_a_rhetorical_question_can_go_unless_something_hangs_on_it() -> None:
    given = passage(
        "Vous avez changé d’avis ? Vous avez 30 jours. Un doute ? Dans ce cas, écrivez."
    )
    kept = answer_to("retour ?", given).without_questions()
    assert [unit.text for unit in kept.units] == [
        "Vous avez 30 jours.",
        "Un doute ?",
        "Dans ce cas, écrivez.",
    ]


def test_next_step_and_link_are_not_said_twice() -> None:
    given = passage(
        "Tout est sur https://nuage.example/a . Écrivez-nous.",
        next_step="Écrivez-nous.",
        link="https://nuage.example/a",
    )
    answer = answer_to("où ?", given)
    assert (answer.next_step, answer.link) == ("", "")


def test_the_pointer_states_nothing_of_the_answer() -> None:
    given = passage("Vous avez 30 jours.", next_step="Tout est sur la page Retours.")
    only = pointer(answer_to("retour ?", given))
    assert only is not None
    assert [unit.text for unit in only.units] == ["Tout est sur la page Retours."]
    assert pointer(answer_to("retour ?", passage("Vous avez 30 jours."))) is None


SENTENCES = [
    "La livraison prend 3 jours.",
    "Elle est offerte dès 45 €.",
    "Sauf en Corse.",
    "Pour la Belgique, comptez 7 jours.",
    "Dans ce cas, les frais sont de 9,90 €.",
    "Le colis est suivi.",
    "Un doute ?",
]


@given(
    order=st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=7, unique=True),
    condition=st.sampled_from(SENTENCES),
    question=st.sampled_from(["livraison", "Belgique ?", "frais", "colis suivi", ""]),
)
def test_every_shortening_is_true_to_the_answer(
    order: list[str], condition: str, question: str
) -> None:
    fragments = (condition,) if condition in order else ()
    answer = answer_to(question, passage(" ".join(order), *fragments))
    lengths = [len(kept) for kept in answer.cuts]
    assert lengths == sorted(set(lengths), reverse=True)
    for kept in answer.cuts:
        assert kept
        for index in kept:
            assert not answer.units[index].leans or index - 1 in kept
        for index, unit in enumerate(answer.units):
            assert index in kept or not unit.is_condition
            narrows_kept = unit.limits and index - 1 in kept
            assert index in kept or not narrows_kept
