"""How a batch is run: processes, threads, and a budget that nobody spends twice."""

from pathlib import Path

import pytest

from agent.cli.drafting import Plan
from agent.domain.models import ChatModelSettings
from agent.settings import ModelsSettings, Settings


def plan(**given: object) -> Plan:
    drafter = ChatModelSettings.model_validate({"model": "m", "in_flight": 16} | given)
    return Plan(Path("brand"), settings=Settings(models=ModelsSettings(drafter=drafter)))


@pytest.mark.parametrize("limit", [{"daily_tokens": 1000}, {"daily_cost": 2.0}])
def test_a_budget_is_counted_in_one_process(limit: dict[str, object]) -> None:
    assert plan(**limit).processes(10_000) == 1
    assert plan(**limit).in_flight == 16


def test_without_a_budget_a_long_batch_takes_what_was_asked() -> None:
    assert Plan(Path("brand"), workers=3, settings=plan().settings).processes(10_000) == 3
    assert Plan(Path("brand")).processes(1) == 1
