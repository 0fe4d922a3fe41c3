"""A rejected draft becomes a case of the brand, frozen in time, and `eval run` runs it."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from agent.bootstrap import open_workspace
from agent.cli import build
from agent.domain.checks import Check, Severity, Verdict
from agent.domain.ids import BrandId, MessageId, PersonId
from agent.domain.messages import InboundMessage
from agent.domain.people import Role
from agent.domain.reviews import Decide, DecisionKind, RejectionReason, Reviewer, ReviewItem
from agent.settings import load_settings
from agent.testing import FrozenClock
from evals.case_writing import FILE, added, case_of
from evals.run import SAMPLE_BRAND

pytestmark = pytest.mark.evals
TEXT = "Je suis camille.durand@mail.example, combien coûtent les frais de port ?"
COMPLAINT = "Mon colis arrive toujours en retard, c'est inadmissible !"
"""Answered by courtesy alone: no passage carries a sentence of it."""
LEA = Reviewer(id=PersonId("lea"), name="Léa")


@pytest.fixture(scope="module")
def rejected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ReviewItem]:
    """Items of the sample brand whose drafts a person rejected, by their texts."""
    folder = tmp_path_factory.mktemp("workspace")
    (folder / "portevoix.toml").write_text(f'brands = ["{SAMPLE_BRAND.as_posix()}"]\n', "utf-8")
    space = open_workspace(load_settings(folder), FrozenClock())
    with space.store.write() as work:
        work.people.put(LEA, space.clock.now())
        work.people.set_roles(LEA.id, {BrandId("verjolaine"): Role.CM})
    messages = [
        InboundMessage(id=MessageId(name), text=text, channel="facebook")
        for name, text in (("a", TEXT), ("b", COMPLAINT))
    ]
    space.intake.accept(BrandId("verjolaine"), messages, via="essai")
    space.intake.draft_pending()
    found = {}
    for item in space.history.last(BrandId("verjolaine"), 2):
        kind, reason = DecisionKind.REJECT, RejectionReason.SHOULD_ESCALATE
        space.review.decide(
            Decide(item_id=item.id, version=item.version, kind=kind, by=LEA, reason=reason)
        )
        found[item.outcome.message.text] = space.review.item(item.id)
    space.store.close()
    return found


def _cases(item: ReviewItem) -> Iterator[dict[str, Any]]:
    """Yield the case of each reason for which the draft may have been rejected."""
    assert item.decision is not None
    for reason in RejectionReason:
        decision = item.decision.model_copy(update={"reason": reason})
        case = case_of(item.model_copy(update={"decision": decision}), "Léa")
        yield {**case, "id": f"{case['id']}_{reason.value}"}


def test_they_are_frozen_redacted_and_fail_until_something_is_mended(
    rejected: dict[str, ReviewItem], tmp_path: Path
) -> None:
    texts: dict[str, str] = {}
    for case in (case for item in rejected.values() for case in _cases(item)):
        assert case["at"] == rejected[TEXT].received_at.replace(microsecond=0).isoformat()
        texts.update({name: text for name, text in added(texts, case).items() if text})
    assert "camille" not in texts[FILE]
    brand = tmp_path / "brand"
    shutil.copytree(SAMPLE_BRAND, brand)
    path = brand / FILE
    path.parent.mkdir(exist_ok=True)
    path.write_text(texts[FILE], "utf-8")
    out = tmp_path / "out"
    words = ["eval", "run", "--brand", str(brand), "--cases", str(path), "--out", str(out)]
    result = CliRunner().invoke(build(), words)
    report = json.loads((out / "report.json").read_text("utf-8"))
    verdicts = {one["record"]["id"]: one["record"]["verdict"] for one in report["cases"]}
    assert len(verdicts) == 2 * len(RejectionReason), result.output
    assert set(verdicts.values()) == {"fail"}, verdicts


def test_it_names_the_sentence_that_fails_a_rule(rejected: dict[str, ReviewItem]) -> None:
    item = rejected[TEXT]
    public = item.outcome.draft.public or ""
    other = "En dessous, elle coûte"
    start = public.index(other)
    mark = Check(
        rule="T9.capitals",
        verdict=Verdict.FAIL,
        severity=Severity.MAJOR,
        start=start,
        end=start + len(other),
    )
    report = item.outcome.public_report
    faulted = report.model_copy(update={"checks": (*report.checks, mark)})
    outcome = item.outcome.model_copy(update={"public_report": faulted})
    *_, wrong_tone = (
        case["expected"]["must_not_say"]
        for case in _cases(item.model_copy(update={"outcome": outcome}))
        if case["id"].endswith("wrong_tone")
    )
    assert [text.startswith(other) for text in wrong_tone] == [True]
