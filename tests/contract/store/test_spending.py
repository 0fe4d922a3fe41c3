"""What brands spend on models: sums that no concurrent call loses, on both engines."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from agent.adapters.chat_model import MemoryUsageBook
from agent.adapters.store import SqlStore, StoreUsageBook
from agent.domain.models import ModelRole, ModelUsage, Spent
from agent.ports import UsageBook

DAY = date(2026, 11, 21)
CALL = ModelUsage(prompt_tokens=100, completion_tokens=20, cost=0.25)


@pytest.fixture(params=["store", "memory"])
def book(request: pytest.FixtureRequest, store: SqlStore) -> UsageBook:
    return StoreUsageBook(store) if request.param == "store" else MemoryUsageBook()


def test_nothing_spent_is_nothing(book: UsageBook) -> None:
    assert book.spent("a", DAY) == Spent()


def test_sums_are_per_brand_and_day_over_roles_and_models(book: UsageBook) -> None:
    book.add("a", DAY, ModelRole.DRAFTER, "m", CALL)
    book.add("a", DAY, ModelRole.DRAFTER, "n", CALL)
    book.add("a", DAY, ModelRole.JUDGE, "m", CALL)
    book.add("b", DAY, ModelRole.DRAFTER, "m", CALL)
    book.add("a", DAY + timedelta(days=1), ModelRole.DRAFTER, "m", CALL)
    assert book.spent("a", DAY) == Spent(calls=3, tokens=360, cost=0.75)
    assert book.spent("b", DAY) == Spent(calls=1, tokens=120, cost=0.25)


def test_calls_at_the_same_time_are_all_counted(book: UsageBook) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: book.add("a", DAY, ModelRole.DRAFTER, "m", CALL), range(40)))
    assert book.spent("a", DAY) == Spent(calls=40, tokens=4800, cost=10.0)
