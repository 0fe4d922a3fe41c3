"""Triage as shipped, rules and weights, with the sample brand's matrix."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from agent.bootstrap import load_brand
from agent.domain.decisions import SENSITIVE, Triage
from agent.domain.ids import MessageId
from agent.domain.messages import InboundMessage
from agent.steps.triage import Triager

BRAND = Path(__file__).parents[3] / "knowledge" / "brands" / "verjolaine"
NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
Look = Callable[[str], Triage]


@pytest.fixture(scope="session")
def look() -> Look:
    """Return triage of one text."""
    triager = Triager(load_brand(BRAND).policy)

    def triage(text: str) -> Triage:
        return triager.triage(text, InboundMessage(id=MessageId("m"), text=text), NOW)

    return triage


@pytest.fixture(scope="session")
def inbox() -> list[str]:
    """Return the texts of the sample brand's inbox."""
    return [line["text"] for line in _lines("inbox.jsonl")]


@pytest.fixture(scope="session")
def grave_inbox() -> list[str]:
    """Return those that a person labelled with a category that must be escalated."""
    grave = {
        line["id"] for line in _lines("labels.jsonl") if SENSITIVE.intersection(line["categories"])
    }
    return [line["text"] for line in _lines("inbox.jsonl") if line["id"] in grave]


def _lines(name: str) -> list[dict[str, Any]]:
    text = (BRAND / "inbox" / name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]
