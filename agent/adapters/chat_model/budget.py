"""What a brand may spend on models in a day, and what it spent."""

import threading
from collections import defaultdict
from datetime import date

from agent.domain.models import ChatModelSettings, ModelRole, ModelUsage, Spent
from agent.ports import Clock, UsageBook


class MemoryUsageBook:
    """What was spent, in memory: for one run of a command."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._spent: defaultdict[tuple[str, date], Spent] = defaultdict(Spent)

    def spent(self, brand: str, day: date) -> Spent:
        with self._lock:
            return self._spent[brand, day]

    def add(self, brand: str, day: date, role: ModelRole, model: str, usage: ModelUsage) -> None:
        with self._lock:
            self._spent[brand, day] += usage


class Budget:
    """The day's limit of each brand for one role."""

    def __init__(self, given: ChatModelSettings, book: UsageBook, clock: Clock) -> None:
        self._given = given
        self._book = book
        self._clock = clock

    def refusal(self, brand: str) -> str:
        """Return why nothing more may be spent for `brand` today (UTC), or ""."""
        if self._given.daily_tokens is None and self._given.daily_cost is None:
            return ""
        spent = self._book.spent(brand, self._day())
        if self._given.daily_tokens is not None and spent.tokens >= self._given.daily_tokens:
            return f"today's {self._given.daily_tokens} tokens of this brand are spent"
        if self._given.daily_cost is not None and spent.cost >= self._given.daily_cost:
            return "today's budget of this brand is spent"
        return ""

    def priced(self, usage: ModelUsage) -> ModelUsage:
        """Return `usage` with its cost."""
        cost = (
            usage.prompt_tokens * self._given.price_prompt
            + usage.completion_tokens * self._given.price_completion
        ) / 1_000_000
        return usage.model_copy(update={"cost": cost})

    def add(self, brand: str, role: ModelRole, model: str, usage: ModelUsage) -> None:
        """Write down what was spent."""
        self._book.add(brand, self._day(), role, model, usage)

    def _day(self) -> date:
        return self._clock.now().date()
