"""The breaker, the budget, the kept answers and what a vendor's exception means."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from agent.adapters.chat_model.breaker import Breaker
from agent.adapters.chat_model.budget import Budget, MemoryUsageBook
from agent.adapters.chat_model.cache import AnswerCache, FileCache, MemoryCache
from agent.adapters.chat_model.failures import failure_of
from agent.domain.models import (
    ChatModelSettings,
    ModelAnswer,
    ModelRequest,
    ModelRole,
    ModelUsage,
    PromptRef,
)
from agent.testing import FrozenClock

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def test_a_breaker_opens_after_failures_in_a_row_and_lets_one_call_try() -> None:
    clock = FrozenClock()
    breaker = Breaker(clock, failures=2, pause_seconds=30)
    breaker.failed("one")
    breaker.succeeded()
    breaker.failed("two")
    assert breaker.allows()
    breaker.failed("three")
    assert breaker.cause == "three"
    assert not breaker.allows()
    clock.advance(timedelta(seconds=30))
    assert [breaker.allows(), breaker.allows()] == [True, False]
    breaker.succeeded()
    assert breaker.allows()


def budget(clock: FrozenClock, **given: Any) -> Budget:
    return Budget(ChatModelSettings(model="m", **given), MemoryUsageBook(), clock)


def test_a_budget_is_per_brand_and_begins_anew_each_day() -> None:
    clock = FrozenClock()
    limited = budget(clock, daily_tokens=100)
    used = ModelUsage(prompt_tokens=90, completion_tokens=10)
    limited.add("a", ModelRole.DRAFTER, "m", used)
    assert "100 tokens" in limited.refusal("a")
    assert limited.refusal("b") == ""
    clock.advance(timedelta(days=1))
    assert limited.refusal("a") == ""


def test_a_cost_is_counted_at_the_prices_set() -> None:
    limited = budget(FrozenClock(), price_prompt=2.0, price_completion=8.0, daily_cost=0.01)
    used = limited.priced(ModelUsage(prompt_tokens=1_000, completion_tokens=1_000))
    assert used.cost == pytest.approx(0.01)
    assert limited.refusal("a") == ""
    limited.add("a", ModelRole.DRAFTER, "m", used)
    assert "budget" in limited.refusal("a")


def request(**changed: Any) -> ModelRequest:
    given: dict[str, Any] = {
        "role": ModelRole.DRAFTER,
        "brand": "a",
        "prompt": PromptRef(id="draft/reply", version="1.0.0", sha256="0" * 64),
        "system": "s",
        "user": "u",
        "answer_schema": {"type": "object"},
    }
    return ModelRequest(**given | changed)


@pytest.mark.parametrize("changed", [{"user": "v"}, {"system": "t"}, {"epoch": 1}])
def test_another_question_another_answer(changed: dict[str, Any]) -> None:
    assert request().cache_key("m") == request().cache_key("m")
    assert request(**changed).cache_key("m") != request().cache_key("m")
    assert request().cache_key("n") != request().cache_key("m")


@pytest.mark.parametrize("kind", ["memory", "file"])
def test_an_answer_is_kept_as_it_was(kind: str, tmp_path: Path) -> None:
    cache: AnswerCache = (
        MemoryCache() if kind == "memory" else FileCache(tmp_path / "c" / "a.db", FrozenClock())
    )
    answer = ModelAnswer(content={"reply": "l'été"}, model="m", usage=ModelUsage(prompt_tokens=3))
    assert cache.get("k") is None
    cache.put("k", answer)
    assert cache.get("k") == answer


def test_a_kept_file_serves_the_next_process_and_a_broken_one_keeps_nothing(
    tmp_path: Path,
) -> None:
    path = tmp_path / "answers.db"
    answer = ModelAnswer(content={}, model="m")
    cache = FileCache(path, FrozenClock())
    cache.put("k", answer)
    assert FileCache(path, FrozenClock()).get("k") == answer
    assert cache._database is not None
    cache._database.execute("DROP TABLE answers")
    cache.put("k", answer)
    assert cache.get("k") is None


def test_a_file_that_is_no_database_keeps_nothing_and_stops_nobody(tmp_path: Path) -> None:
    path = tmp_path / "answers.db"
    path.write_bytes(b"not a database, and long enough to be read as one " * 40)
    cache = FileCache(path, FrozenClock())
    cache.put("k", ModelAnswer(content={}, model="m"))
    assert cache.get("k") is None


def test_an_answer_of_another_version_is_asked_again(tmp_path: Path) -> None:
    cache = FileCache(tmp_path / "answers.db", FrozenClock())
    assert cache._database is not None
    cache._database.execute("INSERT INTO answers VALUES ('k', '{\"words\": 1}', 0)")
    assert cache.get("k") is None


def test_a_file_forgets_what_is_older_and_its_bytes_are_gone(tmp_path: Path) -> None:
    path, clock = tmp_path / "answers.db", FrozenClock(NOW)
    cache = FileCache(path, clock)
    cache.put("old", ModelAnswer(content={"reply": "les pivoines fanées"}, model="m"))
    clock.advance(timedelta(days=90))
    cache.put("new", ModelAnswer(content={}, model="m"))
    cache.forget(clock.now() - timedelta(days=30))
    assert cache.get("old") is None
    assert cache.get("new") is not None
    files = [file.read_bytes() for file in tmp_path.iterdir()]
    assert files
    assert not any(b"pivoines" in content for content in files)


def test_answers_kept_before_times_were_written_down_are_asked_again(tmp_path: Path) -> None:
    path = tmp_path / "answers.db"
    with sqlite3.connect(path) as old:
        old.execute("CREATE TABLE answers (key TEXT PRIMARY KEY, answer TEXT NOT NULL)")
        old.execute("INSERT INTO answers VALUES ('k', '{}')")
    old.close()
    cache = FileCache(path, FrozenClock())
    assert cache.get("k") is None
    cache.put("k", ModelAnswer(content={}, model="m"))
    assert cache.get("k") is not None


def test_memory_forgets_the_oldest_first() -> None:
    cache = MemoryCache(most=2)
    for key in "abc":
        cache.put(key, ModelAnswer(content={}, model=key))
    assert cache.get("a") is None
    assert cache.get("c") is not None


class VendorError(Exception):
    def __init__(self, status: int, retry_after: str = "", code: str = "") -> None:
        self.status_code = status
        self.code = code
        self.response = SimpleNamespace(headers={"retry-after": retry_after})
        super().__init__("a prompt with Zoé's words")


@pytest.mark.parametrize(
    ("status", "code", "is_transient", "said"),
    [
        (429, "", True, "slow down"),
        (429, "insufficient_quota", False, "quota is spent"),
        (500, "", True, "500"),
        (503, "", True, "503"),
        (408, "", True, "408"),
        (401, "", False, "api_key"),
        (403, "", False, "may not use this model"),
        (404, "", False, "base_url"),
        (400, "", False, "structured"),
        (422, "", False, "422"),
    ],
)
def test_what_a_status_means(status: int, code: str, is_transient: bool, said: str) -> None:
    failure = failure_of(VendorError(status, code=code), NOW)
    assert failure.is_transient is is_transient
    assert said in failure.cause
    assert "Zoé" not in failure.cause


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("2", 2.0),
        ("0.5", 0.5),
        ("-3", 0.0),
        ("Sat, 21 Nov 2026 09:00:07 GMT", 7.0),
        ("bientôt", None),
        ("", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_a_date(header: str, seconds: float | None) -> None:
    assert failure_of(VendorError(429, header), NOW).wait_seconds == seconds


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (TimeoutError(), "no answer in time"),
        (ConnectionRefusedError(), "cannot be reached"),
        (KeyError("choices"), "could not be read (KeyError)"),
    ],
)
def test_failures_without_a_status_may_pass(error: Exception, said: str) -> None:
    failure = failure_of(error, NOW)
    assert failure.is_transient
    assert said in failure.cause
