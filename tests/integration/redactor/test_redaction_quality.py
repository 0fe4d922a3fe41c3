"""The floors that redaction must keep on the project's French set; others: the benchmark."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[3]


def _benchmark() -> ModuleType:
    path = ROOT / "benchmarks" / "redaction.py"
    spec = importlib.util.spec_from_file_location("redaction_benchmark", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


BENCHMARK = _benchmark()


@pytest.fixture(scope="module")
def french() -> dict[str, object]:
    redactor = BENCHMARK.PresidioRedactor(
        public_contacts=BENCHMARK.BRAND_CONTACTS, brand_names=BENCHMARK.BRAND_NAMES, pipelines=()
    )
    return dict(BENCHMARK.score(BENCHMARK.french_messages(), redactor))


def test_the_french_set_is_large_and_holds_what_it_says() -> None:
    messages = list(BENCHMARK.french_messages())
    assert len(messages) >= 400
    assert sum(not message.gold for message in messages) >= 150
    assert {message.split for message in messages} == {"dev", "test"}
    for message in messages:
        assert all(0 <= gold.start < gold.end <= len(message.text) for gold in message.gold)


@pytest.mark.parametrize("split", ["dev", "test"])
def test_french_recall_and_clean_messages(french: dict[str, object], split: str) -> None:
    tally = french[split]
    assert sum(tally.found.values()) / sum(tally.total.values()) >= 0.95  # type: ignore[attr-defined]
    assert tally.touched / tally.clean <= 0.05  # type: ignore[attr-defined]


def test_shares_carry_wilsons_interval() -> None:
    assert BENCHMARK.share(9, 10) == {
        "part": 9,
        "whole": 10,
        "share": 0.9,
        "low": 0.5958,
        "high": 0.9821,
    }
    assert BENCHMARK.share(0, 0)["share"] is None
