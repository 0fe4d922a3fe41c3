"""Filters: what the URL says is what the service is asked, and nonsense is ignored."""

from datetime import UTC, datetime, timedelta

import pytest

from agent.domain.decisions import Category, Route
from agent.domain.ids import PersonId
from agent.domain.reviews import ReviewStatus
from knowledge.passages import Language
from ui.desk.query import MOST, Filters, View

ME = PersonId("someone")
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


def test_the_url_and_the_filters_are_the_same_thing() -> None:
    filters = Filters(view="mine", channel="x", category="press", language="en", q="colis")
    assert Filters.from_url(filters.to_url()) == filters
    assert Filters().to_url() == {}


@pytest.mark.parametrize(
    "url",
    [
        {"view": "everything"},
        {"category": "nonsense"},
        {"route": "../../etc"},
        {"language": "tlh"},
        {"unknown": "key"},
        {"due": "soon"},
        {"second": "yes"},
    ],
)
def test_codes_that_do_not_exist_are_ignored(url: dict[str, str]) -> None:
    assert Filters.from_url(url) == Filters()


def test_a_very_long_search_is_cut() -> None:
    assert len(Filters.from_url({"q": "x" * 5000}).q) == 200


def test_filters_become_a_query() -> None:
    query = Filters(route="hold", category="press", language="fr", team="pr", q="a").to_query(
        ME, 25, NOW
    )
    assert query.route is Route.HOLD
    assert query.category is Category.PRESS
    assert query.lang is Language.FR
    assert query.team == "pr"
    assert query.assignee is None
    assert ReviewStatus.STALE in query.statuses


def test_mine_asks_for_my_items_and_snoozed_for_sleepers() -> None:
    assert Filters(view=View.MINE).to_query(ME, 25, NOW).assignee == ME
    assert Filters(view=View.SNOOZED).to_query(ME, 25, NOW).statuses == (ReviewStatus.SNOOZED,)


@pytest.mark.parametrize(
    ("owner", "assignee", "is_unassigned"),
    [("nobody", None, True), ("me", ME, False), ("ben", "ben", False), ("", None, False)],
)
def test_an_owner_is_me_nobody_or_a_person(
    owner: str, assignee: str | None, is_unassigned: bool
) -> None:
    query = Filters(owner=owner).to_query(ME, 25, NOW)
    assert (query.assignee, query.is_unassigned) == (assignee, is_unassigned)


@pytest.mark.parametrize(("due", "hours"), [("late", 0), ("2h", 2), ("24h", 24)])
def test_a_deadline_is_told_from_now(due: str, hours: int) -> None:
    query = Filters(due=due, second="awaited").to_query(ME, 25, NOW)
    assert query.due_before == NOW + timedelta(hours=hours)
    assert query.awaits_second


def test_a_page_is_never_larger_than_the_service_allows() -> None:
    assert Filters().to_query(ME, 10_000, NOW).limit == MOST


def test_only_the_panel_counts_as_narrowing() -> None:
    assert Filters(view="mine", q="x").narrowing == 0
    assert Filters(brand="b", team="t").narrowing == 2
