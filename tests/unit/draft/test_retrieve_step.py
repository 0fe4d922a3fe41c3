from collections.abc import Callable, Mapping, Sequence
from datetime import date

import pytest

from agent.domain.decisions import Category, EscalationReason, Evidence, Triage
from agent.domain.ids import MessageId
from agent.domain.messages import InboundMessage, Surface
from agent.steps.retrieve import retrieve
from knowledge.passages import Audience, Band, Language, Passage, Retrieval, RetrievalFilter

DAY = date(2026, 11, 21)
TriageWith = Callable[..., Triage]
Found = Callable[..., Retrieval]

RETURNS = "Combien de temps pour retourner un article ?"
CARDS = "Vendez-vous des cartes cadeaux ?"


class ScriptedRetriever:
    """Answers what it was told to, whatever the filter, and remembers what it was asked."""

    def __init__(self, answers: Mapping[str, Retrieval], passages: Sequence[Passage] = ()) -> None:
        self.asked: list[tuple[str, RetrievalFilter]] = []
        self._answers = answers
        self._passages = passages

    def search(self, query: str, where: RetrievalFilter, top: int = 10) -> Retrieval:
        self.asked.append((query, where))
        is_anywhere = where.lang is None and where.day is None
        key = f"anywhere: {query}" if is_anywhere else query
        return self._answers.get(key, Retrieval())

    def passages(self) -> Sequence[Passage]:
        return self._passages


def message(surface: Surface = Surface.PUBLIC) -> InboundMessage:
    return InboundMessage(id=MessageId("m"), text="raw", surface=surface)


@pytest.mark.parametrize(
    ("surface", "audience"),
    [
        (Surface.PUBLIC, Audience.PUBLIC),
        (Surface.REVIEW, Audience.PUBLIC),
        (Surface.PRIVATE, Audience.PRIVATE),
    ],
)
def test_language_audience_and_day_are_filters(
    triage_with: TriageWith, found: Found, surface: Surface, audience: Audience
) -> None:
    retriever = ScriptedRetriever({RETURNS: found("returns")})
    retrieve(RETURNS, triage_with(), message(surface), retriever, DAY)
    assert retriever.asked == [
        (RETURNS, RetrievalFilter(lang=Language.FR, audience=audience, day=DAY))
    ]


def test_placeholders_are_no_words_of_a_question(triage_with: TriageWith, found: Found) -> None:
    retriever = ScriptedRetriever({"Bonjour, et ma commande ?": found("returns")})
    text = "Bonjour [PERSON_1], et ma commande [ORDER_ID_1] ?"
    retrieve(text, triage_with(), message(), retriever, DAY)
    assert "[" not in retriever.asked[0][0]
    assert "PERSON" not in retriever.asked[0][0]


def test_each_question_is_looked_up_alone(triage_with: TriageWith, found: Found) -> None:
    retriever = ScriptedRetriever({RETURNS: found("returns"), CARDS: found("gift-card")})
    merged = retrieve(f"{RETURNS} {CARDS}", triage_with(), message(), retriever, DAY)
    assert [question.text for question in merged.questions] == [RETURNS, CARDS]
    assert [hit.passage.id for hit in merged.hits] == ["returns", "gift-card"]
    assert (merged.band, merged.answerable) == (Band.HIGH, 0.95)


def test_one_sure_answer_of_two_is_enough_for_a_partial_reply(
    triage_with: TriageWith, found: Found
) -> None:
    retriever = ScriptedRetriever({CARDS: found("gift-card")})
    merged = retrieve(f"{RETURNS} {CARDS}", triage_with(), message(), retriever, DAY)
    assert merged.band is Band.HIGH
    assert [question.retrieval.band for question in merged.questions] == [Band.LOW, Band.HIGH]
    assert merged.hits[0].passage.id == "gift-card"


def test_what_only_the_whole_message_answers_is_not_split(
    triage_with: TriageWith, found: Found
) -> None:
    text = f"{RETURNS} {CARDS}"
    retriever = ScriptedRetriever({text: found("returns")})
    merged = retrieve(text, triage_with(), message(), retriever, DAY)
    assert merged.questions == ()
    assert merged.hits[0].passage.id == "returns"


def test_a_contradiction_in_one_question_is_passed_on(
    triage_with: TriageWith, found: Found
) -> None:
    torn = found("returns", contradiction=("a@fr", "b@fr"))
    retriever = ScriptedRetriever({RETURNS: torn, CARDS: found("gift-card")})
    merged = retrieve(f"{RETURNS} {CARDS}", triage_with(), message(), retriever, DAY)
    assert merged.contradiction == ("a@fr", "b@fr")


def test_are_you_a_bot_is_not_looked_up(triage_with: TriageWith, found: Found) -> None:
    bot = "Est-ce que vous êtes un robot ?"
    evidence = Evidence(start=0, end=5, text="vous êtes un robot", found_by="rule:bot-fr")
    triage = triage_with(Category.BOT_QUESTION, asks_if_bot=True, flags=(evidence,))
    retriever = ScriptedRetriever({RETURNS: found("returns")})
    retrieve(f"{bot} {RETURNS} {CARDS}", triage, message(), retriever, DAY)
    assert bot not in {query for query, _ in retriever.asked}


@pytest.mark.parametrize("category", [Category.TROLL_HATE, Category.SPAM_SCAM])
def test_hate_and_spam_are_not_looked_up(triage_with: TriageWith, category: Category) -> None:
    retriever = ScriptedRetriever({})
    assert retrieve("x", triage_with(category), message(), retriever, DAY) == Retrieval()
    assert not retriever.asked


def test_without_a_sure_language_nothing_is_sure(triage_with: TriageWith, found: Found) -> None:
    retriever = ScriptedRetriever({RETURNS: found("returns")})
    triage = triage_with(lang=Language.UNKNOWN)
    assert retrieve(RETURNS, triage, message(), retriever, DAY).band is Band.MIDDLE


@pytest.mark.parametrize(
    ("surface", "is_apart"), [(Surface.PUBLIC, True), (Surface.PRIVATE, False)]
)
@pytest.mark.parametrize(
    "personal",
    [{"category": Category.ORDER_ACCOUNT}, {"reason": EscalationReason.PERSONAL_MATTER}],
)
def test_a_personal_matter_in_public_also_gets_what_may_be_said_in_private(
    triage_with: TriageWith,
    found: Found,
    surface: Surface,
    is_apart: bool,
    personal: dict[str, object],
) -> None:
    retriever = ScriptedRetriever({RETURNS: found("returns")})
    merged = retrieve(RETURNS, triage_with(**personal), message(surface), retriever, DAY)
    assert (merged.in_private is not None) is is_apart
    assert retriever.asked[-1][1].audience is Audience.PRIVATE


def test_an_answer_that_exists_elsewhere_is_reported(triage_with: TriageWith, found: Found) -> None:
    elsewhere = {f"anywhere: {RETURNS}": found("noel")}
    retriever = ScriptedRetriever(elsewhere)
    merged = retrieve(RETURNS, triage_with(), message(), retriever, DAY)
    assert merged.elsewhere == ("noel@fr",)
    assert merged.hits == ()


def test_an_answer_that_exists_here_too_is_not_elsewhere(
    triage_with: TriageWith, found: Found
) -> None:
    here = found("returns").hits[0].passage
    retriever = ScriptedRetriever({f"anywhere: {RETURNS}": found("returns")}, [here])
    merged = retrieve(RETURNS, triage_with(), message(), retriever, DAY)
    assert merged.elsewhere == ()


def test_a_follow_up_is_read_with_what_came_before_for_a_person_to_judge(
    triage_with: TriageWith, found: Found
) -> None:
    both = f"{RETURNS} Et pour un cadeau ?"
    retriever = ScriptedRetriever({both: found("returns")})
    merged = retrieve(
        "Et pour un cadeau ?", triage_with(), message(), retriever, DAY, context=RETURNS
    )
    assert merged.band is Band.MIDDLE
    assert merged.hits[0].passage.id == "returns"


def test_a_message_sure_alone_is_never_read_with_another(
    triage_with: TriageWith, found: Found
) -> None:
    retriever = ScriptedRetriever({CARDS: found("gift-card")})
    merged = retrieve(CARDS, triage_with(), message(), retriever, DAY, context=RETURNS)
    assert merged.band is Band.HIGH
    assert len(retriever.asked) == 1
