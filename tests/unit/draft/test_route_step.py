from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest

from agent.domain.brand import BrandPack
from agent.domain.decisions import (
    MOST_SEVERE_FIRST,
    Category,
    EscalationReason,
    Evidence,
    Finding,
    Route,
    Triage,
    Urgency,
)
from agent.domain.ids import TeamId
from agent.steps.route import decide
from agent.steps.triage.routing import RouteDesk
from knowledge.passages import AskedQuestion, Band, Language, Retrieval

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)
TriageWith = Callable[..., Triage]
Found = Callable[..., Retrieval]

CAREFUL = [Route.REPLY, Route.REPLY_AND_ESCALATE, Route.HOLD, Route.ESCALATE]


class Sent(NamedTuple):
    route: Route
    team: TeamId | None
    acknowledge_by: datetime
    due_at: datetime


def matrix(category: Category) -> Sent:
    if category is Category.FAQ_QUESTION:
        return Sent(Route.REPLY, None, NOW + timedelta(hours=4), NOW + timedelta(hours=9))
    return Sent(
        Route.REPLY_AND_ESCALATE,
        TeamId("care"),
        NOW + timedelta(hours=4),
        NOW + timedelta(days=1),
    )


@pytest.fixture
def route() -> Callable[[Triage, Retrieval], Triage]:
    return lambda triage, found: decide(triage, found, matrix)


Decide = Callable[[Triage, Retrieval], Triage]


def test_a_question_with_a_sure_answer_stays_a_question(
    route: Decide, triage_with: TriageWith, found: Found
) -> None:
    triage = triage_with()
    assert route(triage, found("returns")) == triage


@pytest.mark.parametrize(
    ("band", "reason"),
    [
        (Band.MIDDLE, EscalationReason.UNSURE_ANSWER),
        (Band.LOW, EscalationReason.NO_ANSWER),
    ],
)
def test_below_the_threshold_it_goes_where_unknown_questions_go(
    route: Decide, triage_with: TriageWith, found: Found, band: Band, reason: EscalationReason
) -> None:
    routed = route(triage_with(), found("returns", band=band))
    assert routed.category is Category.UNKNOWN_QUESTION
    assert (routed.route, routed.team, routed.reason) == (
        Route.REPLY_AND_ESCALATE,
        "care",
        reason,
    )
    assert routed.acknowledge_by == NOW + timedelta(hours=4)
    assert routed.due_at == NOW + timedelta(days=1)
    assert Category.FAQ_QUESTION in routed.categories()


def test_an_answer_in_another_language_only_is_said_so(
    route: Decide, triage_with: TriageWith
) -> None:
    routed = route(triage_with(lang=Language.EN), Retrieval(elsewhere=("returns@fr",)))
    assert routed.reason is EscalationReason.NO_ANSWER_IN_LANGUAGE
    expired = route(triage_with(), Retrieval(elsewhere=("noel@fr",)))
    assert expired.reason is EscalationReason.NO_ANSWER


def test_contradiction_goes_to_a_person(
    route: Decide, triage_with: TriageWith, found: Found
) -> None:
    routed = route(triage_with(), found("returns", contradiction=("a@fr", "b@fr")))
    assert (routed.route, routed.reason) == (Route.ESCALATE, EscalationReason.CONTRADICTION)


def test_a_message_answered_in_part_is_answered_and_passed_on(
    route: Decide, triage_with: TriageWith, found: Found
) -> None:
    questions = (
        AskedQuestion(text="a", retrieval=found("returns")),
        AskedQuestion(text="b", retrieval=Retrieval()),
    )
    routed = route(triage_with(), found("returns", questions=questions))
    assert (routed.route, routed.reason) == (
        Route.REPLY_AND_ESCALATE,
        EscalationReason.NO_ANSWER,
    )


def test_an_escalation_in_the_matrix_stays_one(triage_with: TriageWith) -> None:
    def strict(category: Category) -> Sent:
        return matrix(category)._replace(route=Route.ESCALATE)

    assert decide(triage_with(), Retrieval(), strict).route is Route.ESCALATE


def doubted_by(found_by: str, triage_with: TriageWith, *also: Category) -> Triage:
    evidence = Evidence(start=0, end=1, text="x", found_by=found_by)
    doubt = Finding(category=Category.UNKNOWN_QUESTION, score=0.7, evidence=(evidence,))
    others = tuple(Finding(category=category, score=1.0) for category in also)
    return triage_with(
        Category.UNKNOWN_QUESTION, route=Route.REPLY_AND_ESCALATE, findings=(doubt, *others)
    )


def test_a_models_guess_that_nothing_answers_yields_to_a_sure_answer(
    route: Decide, triage_with: TriageWith, found: Found
) -> None:
    triage = doubted_by("model:triage.unknown_question", triage_with)
    routed = route(triage, found("returns"))
    assert routed.categories() == {Category.FAQ_QUESTION}
    assert (routed.route, routed.reason) == (Route.REPLY, None)
    unsure = route(triage, found("returns", band=Band.MIDDLE))
    assert unsure.category is Category.UNKNOWN_QUESTION
    other = doubted_by("model:triage", triage_with, Category.COMPLAINT)
    assert route(other, found("returns")).route is Route.REPLY_AND_ESCALATE


def test_a_rule_that_doubts_a_sure_answer_makes_a_person_choose(
    route: Decide, triage_with: TriageWith, found: Found
) -> None:
    triage = doubted_by("rule:unknown_question.opinion-fr", triage_with)
    routed = route(triage, found("returns"))
    assert routed.category is Category.UNKNOWN_QUESTION
    assert routed.reason is EscalationReason.UNSURE_ANSWER


def test_what_the_faq_surely_answers_is_not_off_topic(
    route: Decide, triage_with: TriageWith, found: Found
) -> None:
    triage = triage_with(Category.OFF_TOPIC, route=Route.NO_REPLY)
    routed = route(triage, found("returns"))
    assert (routed.category, routed.route) == (Category.FAQ_QUESTION, Route.REPLY)


def test_where_no_rule_saw_anything_a_possible_answer_is_for_a_person(
    route: Decide, triage_with: TriageWith, found: Found
) -> None:
    triage = triage_with(Category.OFF_TOPIC, route=Route.NO_REPLY)
    routed = route(triage, found("returns", band=Band.MIDDLE))
    assert routed.category is Category.UNKNOWN_QUESTION
    assert routed.reason is EscalationReason.UNSURE_ANSWER
    evidence = Evidence(start=0, end=1, text="x", found_by="rule:off_topic.chatter-fr")
    seen = Finding(category=Category.OFF_TOPIC, score=1.0, evidence=(evidence,))
    chatter = triage.model_copy(update={"findings": (seen,)})
    assert route(chatter, found("returns", band=Band.MIDDLE)) == chatter
    assert route(triage, found("returns", band=Band.LOW)) == triage


@pytest.mark.parametrize(
    "category",
    [
        Category.SELF_HARM_THREAT_MINOR,
        Category.PRESS,
        Category.RUMOUR,
        Category.TROLL_HATE,
        Category.PRAISE,
    ],
)
def test_what_we_know_changes_nothing_for_these(
    route: Decide, triage_with: TriageWith, category: Category
) -> None:
    triage = triage_with(category, also=[Category.FAQ_QUESTION], route=Route.ESCALATE)
    assert route(triage, Retrieval()) == triage


def test_an_earlier_deadline_stays(route: Decide, triage_with: TriageWith) -> None:
    soon = NOW + timedelta(minutes=15)
    triage = triage_with(acknowledge_by=soon, due_at=soon, urgency=Urgency.CRITICAL)
    routed = route(triage, Retrieval())
    assert (routed.acknowledge_by, routed.due_at) == (soon, soon)
    assert routed.urgency is Urgency.CRITICAL


@pytest.mark.parametrize("category", list(Category))
@pytest.mark.parametrize("band", list(Band))
@pytest.mark.parametrize("before", CAREFUL)
def test_no_severity_is_ever_lowered(
    route: Decide,
    triage_with: TriageWith,
    found: Found,
    category: Category,
    band: Band,
    before: Route,
) -> None:
    findings = (
        Finding(category=category, score=1.0),
        Finding(category=Category.FAQ_QUESTION, score=1.0),
    )
    triage = triage_with(category, route=before, findings=findings)
    routed = route(triage, found("returns", band=band))
    order = MOST_SEVERE_FIRST.index
    assert order(routed.category) <= order(category)
    assert triage.categories() <= routed.categories()
    assert CAREFUL.index(routed.route) >= CAREFUL.index(before)


def test_the_owner_of_a_category_is_who_it_is_sent_to(pack_with: Callable[..., BrandPack]) -> None:
    desk = RouteDesk(pack_with().policy)
    owners = {category: desk.owner_of(category) for category in Category}
    assert owners == {category: desk.send({category}, NOW).team for category in Category}
    assert len(set(owners.values())) > 1
