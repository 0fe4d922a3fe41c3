"""A changed guide on past messages of a workspace and on the cases: what changes, and the gate."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from agent.bootstrap import load_brand, open_workspace
from agent.cli import build
from agent.domain.brand import BrandPack
from agent.domain.errors import ConfigurationError, PortevoixError
from agent.domain.ids import BrandId, MessageId
from agent.domain.messages import InboundMessage
from agent.settings import load_settings
from agent.testing import FrozenClock
from evals.loading import load_cases
from evals.report.whatif_html import to_html
from evals.run import SAMPLE_BRAND, Plan
from evals.whatif import Question, WhatIf, ask, from_json, to_json
from tests.integration.evals.conftest import AT, Edits, edited
from ui.locales import Words
from ui.widgets.offers import offers_html

pytestmark = pytest.mark.evals
BRAND = BrandId("verjolaine")
PRICES: Edits = {"faq/delivery.fr.md": ("4,90", "5,90")}
SLOWER = ("Comptez 3 à 5 jours ouvrés", "Comptez 4 à 6 jours ouvrés")
TEXTS = {
    "a": "Bonjour, combien coûtent les frais de port ?",
    "b": "Est-ce que vos bocaux passent au lave-vaisselle ?",
    "c": "Je suis camille.durand@mail.example, combien coûtent les frais de port ?",
    "d": "Bonjour, vous livrez en combien de temps ?",
}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace of the sample brand with three messages, drafted."""
    folder = tmp_path_factory.mktemp("workspace")
    (folder / "portevoix.toml").write_text(f'brands = ["{SAMPLE_BRAND.as_posix()}"]\n', "utf-8")
    opened = open_workspace(load_settings(folder), FrozenClock())
    messages = [
        InboundMessage(id=MessageId(name), text=text, channel="facebook")
        for name, text in TEXTS.items()
    ]
    opened.intake.accept(BRAND, messages, via="essai")
    opened.intake.draft_pending()
    opened.store.close()
    return folder


@pytest.fixture(scope="module")
def dearer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample brand with another price."""
    folder = tmp_path_factory.mktemp("changed")
    edited(folder, PRICES)
    return folder / "brand"


CASES = """
- id: grounding.fr.price
  criterion: grounding
  owner: equipe
  provenance: synthetic
  cluster: prix
  is_gate: true
  message: {text: "Bonjour, combien coûtent les frais de port ?", channel: facebook}
  expected: {must_say: ["4,90 €"]}
"""


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    path = tmp_path / "cases.yaml"
    path.write_text(CASES, "utf-8")
    return path


@pytest.fixture
def plan(cases: Path, pack: BrandPack) -> Plan:
    return Plan(load_cases([cases]), {"verjolaine": pack})


def whatif(*words: object) -> Result:
    return CliRunner().invoke(build(), ["eval", "whatif", *map(str, words)])


def test_the_last_items_come_back_oldest_first(workspace: Path) -> None:
    opened = open_workspace(load_settings(workspace), FrozenClock())
    try:
        everything = opened.history.last(BRAND, 10)
        assert {item.outcome.message.text for item in everything} == set(TEXTS.values())
        assert opened.history.last(BRAND, 2) == everything[-2:]
        assert opened.history.last(BrandId("other"), 5) == ()
    finally:
        opened.store.close()


def test_what_changes_is_counted_and_shown_side_by_side(
    workspace: Path, dearer: Path, plan: Plan, pack: BrandPack
) -> None:
    opened = open_workspace(load_settings(workspace), FrozenClock())
    past = opened.history.last(BRAND, 10)
    opened.store.close()
    found = ask(Question(pack, load_brand(dearer), plan, past), AT, workers=1)
    changed = [one for one in found.past if one.changes]
    assert 1 <= len(changed) < len(TEXTS)
    # Another entry still says 4,90: X5 tells it where both come with the answer.
    judged = [one for one in changed if "verdicts" in one.changes]
    assert {one.changes for one in changed} <= {("draft",), ("draft", "verdicts")}
    assert all(one.after.failing == ("X5.uncertainty",) for one in judged)
    assert found.counts == {
        "route": 0, "team": 0, "category": 0, "draft": len(changed), "candidates": 0,
        "verdicts": len(judged),
    }  # fmt: skip
    for one in changed:
        assert "4,90" in f"{one.before.public}{one.before.private}"
        assert "5,90" in f"{one.after.public}{one.after.private}"
    assert "camille.durand" not in found.model_dump_json()
    assert found.gate.exit_code == 1
    assert found.gate.reasons[0].cases == ("grounding.fr.price",)


def test_where_a_person_chooses_the_texts_to_choose_from_are_compared(
    tmp_path: Path, plan: Plan, pack: BrandPack, workspace: Path
) -> None:
    edited(tmp_path, {"faq/delivery.fr.md": SLOWER})
    opened = open_workspace(load_settings(workspace), FrozenClock())
    past = tuple(
        one for one in opened.history.last(BRAND, 10) if one.outcome.message.text == TEXTS["d"]
    )
    opened.store.close()
    found = ask(Question(pack, load_brand(tmp_path / "brand"), plan, past), AT, workers=1)
    (one,) = found.past
    assert (one.before.public, one.after.public) == (None, None)
    assert one.changes == ("candidates",)
    then, now = ({o.entry: o.text for o in side.candidates} for side in (one.before, one.after))
    assert list(then) == list(now)
    assert [entry for entry in then if then[entry] != now[entry]] == ["delivery-time"]
    assert from_json(_written(tmp_path, found)) == found
    page = to_html(found)
    assert "Textes proposés" in page
    assert "delivery-time" in page
    words = Words("fr")
    today = offers_html(one, words, is_after=False)
    changed = offers_html(one, words, is_after=True)
    assert "modifié" in changed
    assert "<ins" in changed
    assert "<ins" not in today
    assert "inchangé" in changed


def _written(folder: Path, found: WhatIf) -> Path:
    path = folder / "whatif.json"
    path.write_text(to_json(found), "utf-8")
    return path


def test_the_same_pack_changes_nothing(plan: Plan, pack: BrandPack) -> None:
    found = ask(Question(pack, pack, plan), AT, workers=1)
    comparison = found.report.comparison
    assert comparison is not None
    assert (comparison.broken, comparison.fixed) == ((), ())
    assert found.gate.exit_code == 0


def test_two_brands_cannot_be_compared(plan: Plan, pack: BrandPack) -> None:
    identity = pack.policy.brand.model_copy(update={"id": "autre"})
    policy = pack.policy.model_copy(update={"brand": identity})
    other = pack.model_copy(update={"policy": policy})
    with pytest.raises(ConfigurationError, match="two versions of one brand"):
        ask(Question(pack, other, plan), AT)


def test_the_command_writes_the_pages_and_the_gate_refuses(
    workspace: Path, dearer: Path, cases: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    words = ("--brand", dearer, "--workspace", workspace, "--last", 2, "--cases", cases)
    result = whatif(*words, "--out", out, "--gate")
    assert result.exit_code == 1, result.output
    assert "grounding.fr.price" in result.output
    found = json.loads((out / "whatif.json").read_text("utf-8"))
    assert len(found["past"]) == 2
    assert "<del>4,90</del><ins>5,90</ins>" in (out / "whatif.html").read_text("utf-8")


def test_a_workspace_without_that_brand_is_told(workspace: Path, tmp_path: Path) -> None:
    edits: Edits = {"brand.yaml": ("  id: verjolaine\n", "  id: autre-maison\n")}
    edited(tmp_path, edits)
    own = tmp_path / "brand" / "evals"
    own.mkdir(exist_ok=True)
    (own / "price.yaml").write_text(CASES.replace("grounding.fr", "autre.grounding.fr"), "utf-8")
    result = whatif("--brand", tmp_path / "brand", "--workspace", workspace)
    assert isinstance(result.exception, PortevoixError)
    assert result.exception.exit_code == 2
    assert "no brand `autre-maison`, only verjolaine" in str(result.exception)
