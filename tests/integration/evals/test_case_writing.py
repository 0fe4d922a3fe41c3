"""A rejected draft becomes a case of the brand, frozen in time, and `eval run` runs it."""

import json
import shutil
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from agent.bootstrap import open_workspace
from agent.cli import build
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
LEA = Reviewer(id=PersonId("lea"), name="Léa")


@pytest.fixture
def rejected(tmp_path: Path) -> ReviewItem:
    """An item of the sample brand whose draft a person rejected."""
    (tmp_path / "portevoix.toml").write_text(f'brands = ["{SAMPLE_BRAND.as_posix()}"]\n', "utf-8")
    space = open_workspace(load_settings(tmp_path), FrozenClock())
    with space.store.write() as work:
        work.people.put(LEA, space.clock.now())
        work.people.set_roles(LEA.id, {BrandId("verjolaine"): Role.CM})
    message = InboundMessage(id=MessageId("a"), text=TEXT, channel="facebook")
    space.intake.accept(BrandId("verjolaine"), [message], via="essai")
    space.intake.draft_pending()
    (item,) = space.history.last(BrandId("verjolaine"), 1)
    kind, reason = DecisionKind.REJECT, RejectionReason.SHOULD_ESCALATE
    space.review.decide(
        Decide(item_id=item.id, version=item.version, kind=kind, by=LEA, reason=reason)
    )
    found = space.review.item(item.id)
    space.store.close()
    return found


def test_it_is_frozen_redacted_and_run(rejected: ReviewItem, tmp_path: Path) -> None:
    changes = added({}, case_of(rejected, "Léa"))
    text = changes[FILE]
    assert text is not None
    assert "camille" not in text
    (case,) = yaml.safe_load(text)["cases"]
    assert case["at"] == rejected.received_at.replace(microsecond=0).isoformat()
    brand = tmp_path / "brand"
    shutil.copytree(SAMPLE_BRAND, brand)
    path = brand / FILE
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    out = tmp_path / "out"
    words = ["eval", "run", "--brand", str(brand), "--cases", str(path), "--out", str(out)]
    result = CliRunner().invoke(build(), words)
    # The agent still answers by itself: the case says so until the guide is mended.
    report = json.loads((out / "report.json").read_text("utf-8"))
    (record,) = report["cases"]
    assert record["record"]["id"] == case["id"], result.output
    assert record["record"]["verdict"] == "fail"
