"""A change of the guide: proposed, examined, tried, put in force in every process."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.adapters.brand_pack import init_pack
from agent.adapters.brand_pack.shelf import STAGING, FolderShelf
from agent.adapters.store import SqlStore, open_store
from agent.bootstrap import LivePacks, limits_for, load_brand
from agent.bootstrap.loading import load_packs
from agent.domain.errors import (
    BlockedByGate,
    BrandIdChanged,
    BrandPackError,
    ConfigurationError,
    FolderChanged,
    IncompleteDecision,
    NotAllowed,
    PackConflict,
    ProposalChanged,
    ProposalClosed,
)
from agent.domain.ids import BrandId
from agent.domain.packs import Proposal, ProposalStatus, Trial, TrialColour
from agent.domain.people import Role
from agent.domain.reviews import Reviewer, ReviewStatus
from agent.services.packs import Examiner, PackService, ProposalService
from agent.services.sessions import SessionService
from agent.settings import Settings
from agent.testing import FrozenClock
from tests.desk_kit import AWA, BEN, Desk

BRAND = BrandId("maison-test")
PROSE = "guidelines/voix.md"


class Guide:
    """The lead's services on one pack in a folder, Awa being lead and Ben being CM."""

    def __init__(self, store: SqlStore, folder: Path) -> None:
        self.store, self.folder, self.clock = store, folder, FrozenClock()
        self.shelf = FolderShelf({BRAND: folder})
        examiner = Examiner(self.shelf, limits_for)
        self.packs = PackService(store, self.clock, self.shelf, examiner)
        self.proposals = ProposalService(store, self.clock, self.shelf, examiner)
        sessions = SessionService(store, self.clock)
        for person, role in ((AWA, Role.LEAD), (BEN, Role.CM)):
            sessions.issue_link(person, {BRAND: role})
        self.packs.adopt(BRAND)

    def file(self, path: str) -> str:
        return (self.folder / path).read_bytes().decode("utf-8")

    def propose(self, path: str = PROSE, text: str | None = "# Voix\n\nDire vrai.\n") -> Proposal:
        return self.proposals.propose(BRAND, AWA, "essai", {path: text})

    def tried(self, proposal: Proposal, colour: TrialColour = TrialColour.GREEN) -> Proposal:
        stamp, _ = self.packs.current(BRAND)
        trial = Trial(
            current=stamp.version,
            changes_sha256=proposal.changes_sha256,
            at=self.clock.now(),
            by=AWA,
            colour=colour,
        )
        return self.proposals.record_trial(proposal.id, trial)

    def activate(self, proposal: Proposal, by: Reviewer = AWA, reason: str = "") -> int:
        return self.packs.activate(proposal.id, proposal.revision, by, reason).number


@pytest.fixture
def guide(sqlite_url: str, tmp_path: Path) -> Iterator[Guide]:
    store = open_store(sqlite_url)
    init_pack(tmp_path / "pack", "Maison Test")
    yield Guide(store, tmp_path / "pack")
    store.close()


@pytest.fixture
def any_guide(store: SqlStore, tmp_path: Path) -> Guide:
    """The same on each engine."""
    init_pack(tmp_path / "pack", "Maison Test")
    return Guide(store, tmp_path / "pack")


def test_a_proposal_writes_nothing_until_it_is_activated(any_guide: Guide) -> None:
    before = any_guide.shelf.read(BRAND)
    proposal = any_guide.tried(any_guide.propose())
    assert any_guide.shelf.read(BRAND) == before
    number = any_guide.activate(proposal)
    assert number == 2
    assert any_guide.file(PROSE) == "# Voix\n\nDire vrai.\n"
    stamp, texts = any_guide.packs.current(BRAND)
    assert stamp.version == load_brand(any_guide.folder).version != proposal.base
    assert texts == any_guide.shelf.read(BRAND)
    assert any_guide.proposals.proposal(proposal.id).status is ProposalStatus.ACTIVATED
    assert not (any_guide.folder / STAGING).exists()


def test_only_a_lead_proposes_saves_or_activates(guide: Guide) -> None:
    proposal = guide.tried(guide.propose())
    for act in (
        lambda: guide.proposals.propose(BRAND, BEN),
        lambda: guide.proposals.save(proposal.id, proposal.revision, BEN, {PROSE: "x"}),
        lambda: guide.proposals.withdraw(proposal.id, proposal.revision, BEN),
        lambda: guide.proposals.take_over(proposal.id, proposal.revision, BEN),
        lambda: guide.activate(proposal, by=BEN, reason="je veux"),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert guide.packs.current(BRAND)[0].number == 1


def test_a_red_gate_or_none_blocks_unless_a_reason_is_given(guide: Guide) -> None:
    proposal = guide.propose()
    with pytest.raises(BlockedByGate) as untried:
        guide.activate(proposal)
    assert untried.value.causes == ("untried",)
    proposal = guide.tried(proposal, TrialColour.RED)
    with pytest.raises(BlockedByGate) as red:
        guide.activate(proposal, reason="  ")
    assert red.value.causes == ("red",)
    guide.activate(proposal, reason="Rappel produit, accord de Maud")
    stamp = guide.packs.versions(BRAND)[0]
    assert stamp.override_reason == "Rappel produit, accord de Maud"
    with guide.store.read() as work:
        entry = work.audit.of(BRAND)[-1]
    assert entry.action == "pack.activated"
    assert entry.detail["overridden"] == ["red"]


def test_a_what_if_of_other_changes_counts_for_nothing(guide: Guide) -> None:
    proposal = guide.tried(guide.propose())
    again = guide.proposals.save(proposal.id, proposal.revision, AWA, {PROSE: "# Voix\n\nAutre.\n"})
    assert guide.proposals.blockers(again) == ("untried",)


def test_what_does_not_load_is_never_activated(guide: Guide) -> None:
    proposal = guide.propose("brand.yaml", guide.file("brand.yaml") + "\nunknown_key: 1\n")
    seen = guide.proposals.examine(proposal)
    assert [(p.file, "unknown_key" in p.what) for p in seen.problems] == [("brand.yaml", True)]
    assert seen.problems[0].line
    with pytest.raises(BrandPackError):
        guide.activate(guide.tried(proposal), reason="quand même")


def test_open_drafts_become_stale_and_decided_ones_do_not(any_guide: Guide) -> None:
    desk = Desk(any_guide.store, brand=BRAND)
    first, second = desk.one(), desk.one("Et la mienne ?")
    desk.approve(first)
    any_guide.activate(any_guide.tried(any_guide.propose()))
    assert desk.review.item(first).status is ReviewStatus.APPROVED
    assert desk.review.item(second).status is ReviewStatus.STALE


def test_every_process_takes_up_what_is_in_force(guide: Guide) -> None:
    elsewhere = LivePacks({BRAND: load_brand(guide.folder)}, guide.store, guide.shelf)
    proposal = guide.tried(guide.propose())
    guide.activate(proposal)
    (guide.folder / PROSE).write_text("half an edit by h", "utf-8")
    pack = elsewhere.refresh(BRAND)
    assert pack.version == guide.packs.current(BRAND)[0].version
    assert "Dire vrai." in {g.name: g.text for g in pack.guidelines}["voix"]


def test_edits_by_hand_are_told_and_can_be_taken_over(guide: Guide) -> None:
    mine = guide.tried(guide.propose())
    (guide.folder / PROSE).write_text("# Voix\n\nÀ la main.\n", "utf-8")
    with pytest.raises(FolderChanged) as refused:
        guide.activate(mine)
    assert refused.value.paths == (PROSE,)
    assert guide.packs.current(BRAND)[0].number == 1
    changes = guide.packs.edited_by_hand(BRAND)
    taken = guide.proposals.propose(BRAND, AWA, "repris", changes)
    assert guide.activate(guide.tried(taken)) == 2
    assert guide.packs.edited_by_hand(BRAND) == {}


def test_a_desk_that_starts_adopts_the_folder(guide: Guide) -> None:
    (guide.folder / PROSE).write_text("# Voix\n\nÀ la main.\n", "utf-8")
    stamp = guide.packs.adopt(BRAND)
    assert (stamp.number, stamp.by.id) == (2, "folder")
    assert guide.packs.adopt(BRAND) == stamp


def test_two_proposals_on_one_file_do_not_undo_each_other(guide: Guide) -> None:
    first, second = guide.propose(), guide.propose(text="# Voix\n\nLa deuxième.\n")
    apart = guide.propose("guidelines/autre.md", "# Autre\n\nTexte.\n")
    guide.activate(guide.tried(first))
    with pytest.raises(PackConflict) as conflict:
        guide.activate(guide.tried(second))
    assert conflict.value.paths == (PROSE,)
    seen = guide.proposals.save(second.id, second.revision, AWA, {PROSE: second.changes[PROSE]})
    guide.activate(guide.tried(seen))
    guide.activate(guide.tried(apart))
    assert "La deuxième." in guide.file(PROSE)
    assert guide.file("guidelines/autre.md")


def test_an_older_version_comes_back_as_a_proposal(guide: Guide) -> None:
    old = guide.shelf.read(BRAND)
    guide.activate(guide.tried(guide.propose()))
    case = guide.propose("evals/own.yaml", "cases: []\n")
    guide.activate(case)  # no draft changes: no what-if is asked for
    back = guide.proposals.restore(BRAND, 1, AWA)
    assert set(back.changes) == {PROSE}
    guide.activate(guide.tried(back))
    assert guide.shelf.read(BRAND) == {**old, "evals/own.yaml": "cases: []\n"}
    versions = guide.packs.versions(BRAND)
    assert [v.number for v in versions] == [4, 3, 2, 1]
    assert versions[0].version == versions[3].version


def _full(*_: object) -> None:
    raise OSError(28, "No space left on device")


def test_a_folder_that_cannot_be_written_changes_nothing(
    guide: Guide, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = guide.shelf.read(BRAND)
    proposal = guide.tried(guide.propose())
    monkeypatch.setattr("agent.adapters.brand_pack.shelf._write_through", _full)
    with pytest.raises(ConfigurationError, match="No space left"):
        guide.activate(proposal)
    monkeypatch.undo()
    assert not (guide.folder / STAGING).exists()
    assert guide.shelf.read(BRAND) == before
    assert guide.packs.current(BRAND)[0].number == 1
    assert guide.proposals.proposal(proposal.id).is_open


def test_a_folder_that_fails_after_the_commit_is_said_to_be_behind_and_caught_up(
    guide: Guide, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = guide.shelf.read(BRAND)
    first = guide.tried(guide.propose())
    whole = Path.replace
    monkeypatch.setattr(Path, "replace", _full)
    with pytest.raises(ConfigurationError, match="version 2 is in force"):
        guide.activate(first)
    monkeypatch.setattr(Path, "replace", whole)
    assert guide.shelf.read(BRAND) == before
    assert guide.packs.edited_by_hand(BRAND) == {}
    second = guide.tried(guide.propose("guidelines/autre.md", "# Autre\n\nTexte.\n"))
    assert guide.activate(second) == 3
    assert "Dire vrai." in guide.file(PROSE)
    assert guide.shelf.read(BRAND) == guide.packs.current(BRAND)[1]


CRASH = """
import os, sys
from pathlib import Path
from agent.adapters.brand_pack.shelf import FolderShelf
from agent.adapters.store import open_store
from tests.desk_kit import AWA
from tests.integration.services.test_packs import Guide

url, folder, proposal, revision, point = sys.argv[1:]
stop = lambda *_: os._exit(9)
stage, replace, replaced = FolderShelf.stage, Path.replace, []

def stage_and_stop(*given):
    stage(*given)
    stop()

def stop_at_second(self, target):
    replaced.append(target)
    return stop() if len(replaced) == 2 else replace(self, target)

guide = Guide(open_store(url), Path(folder))
if point == "before the commit":
    FolderShelf.stage = stage_and_stop
elif point == "after the commit":
    FolderShelf.carry_out = stop
else:
    Path.replace = stop_at_second
guide.packs.activate(proposal, int(revision), AWA)
"""


@pytest.mark.parametrize("point", ["before the commit", "after the commit", "between two files"])
def test_a_process_killed_while_it_activates_leaves_one_guide(
    store_url: str, tmp_path: Path, point: str
) -> None:
    init_pack(tmp_path / "pack", "Maison Test")
    store = open_store(store_url)
    guide = Guide(store, tmp_path / "pack")
    proposal = guide.proposals.propose(
        BRAND, AWA, "", {PROSE: "# Voix\n\nNeuf.\n", "guidelines/plus.md": "# Plus\n\nTexte.\n"}
    )
    proposal = guide.tried(proposal)
    before = guide.shelf.read(BRAND)
    given = [store_url, str(guide.folder), proposal.id, str(proposal.revision), point]
    done = subprocess.run([sys.executable, "-c", CRASH, *given], check=False)
    assert done.returncode == 9
    is_cut_in_two = (guide.folder / STAGING / "plan.json").exists()
    assert is_cut_in_two == (point == "between two files")
    if not is_cut_in_two:
        assert guide.shelf.read(BRAND) == before

    # Both as another process finds them: a start reads the folder, then adopts.
    settings = Settings(brands=(guide.folder,))
    assert [place for place, _ in load_packs(settings)] == [guide.folder]
    again = Guide(store, guide.folder)
    is_in_force = point != "before the commit"
    stamp, texts = again.packs.current(BRAND)
    assert (stamp.number, stamp.by.id) == ((2, AWA.id) if is_in_force else (1, "folder"))
    assert again.shelf.read(BRAND) == texts
    assert (texts == before) is not is_in_force
    assert len(again.packs.versions(BRAND)) == stamp.number
    assert again.packs.edited_by_hand(BRAND) == {}
    proposal = again.proposals.proposal(proposal.id)
    assert proposal.is_open is not is_in_force
    if proposal.is_open:
        assert again.activate(proposal) == 2
    assert "Neuf." in again.file(PROSE)
    assert not (again.folder / STAGING).exists()
    store.close()


def test_a_folder_left_behind_and_then_edited_is_taken_as_edited(
    guide: Guide, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FolderShelf, "carry_out", lambda *_: None)
    guide.activate(guide.tried(guide.propose()))
    monkeypatch.undo()
    (guide.folder / "guidelines" / "main.md").write_text("# À la main\n\nTexte.\n", "utf-8")
    assert guide.packs.catch_up(BRAND) is False
    stamp = guide.packs.adopt(BRAND)
    assert (stamp.number, stamp.by.id) == (3, "folder")
    assert guide.file("guidelines/main.md") == "# À la main\n\nTexte.\n"


def test_cases_left_behind_are_written_again_though_the_version_is_the_same(
    guide: Guide, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FolderShelf, "carry_out", lambda *_: None)
    guide.activate(guide.propose("evals/own.yaml", "cases: []\n"))
    monkeypatch.undo()
    assert not (guide.folder / "evals" / "own.yaml").exists()
    assert guide.packs.adopt(BRAND).number == 2
    assert guide.file("evals/own.yaml") == "cases: []\n"


def test_a_change_cut_short_is_carried_out_by_the_next_reader(
    guide: Guide, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = guide.shelf.read(BRAND)
    after = {**before, PROSE: "# Voix\n\nNeuf.\n", "guidelines/plus.md": "# Plus\n\nTexte.\n"}
    whole = Path.replace
    cut: list[Path] = []

    def stop_at_second(self: Path, target: Path) -> Path:
        cut.append(target)
        if len(cut) == 2:
            raise KeyboardInterrupt
        return whole(self, target)

    guide.shelf.stage(BRAND, before, after)
    monkeypatch.setattr(Path, "replace", stop_at_second)
    with pytest.raises(KeyboardInterrupt):
        guide.shelf.carry_out(BRAND)
    monkeypatch.undo()
    assert (guide.folder / STAGING).exists()
    assert guide.shelf.read(BRAND) == after
    assert not (guide.folder / STAGING).exists()


def test_what_was_saved_meanwhile_is_not_overwritten(guide: Guide) -> None:
    proposal = guide.propose()
    newer = guide.proposals.save(proposal.id, proposal.revision, AWA, note="mieux")
    with pytest.raises(ProposalChanged):
        guide.proposals.save(proposal.id, proposal.revision, AWA, {PROSE: "x"})
    guide.proposals.withdraw(newer.id, newer.revision, AWA)
    with pytest.raises(ProposalClosed):
        guide.proposals.save(newer.id, newer.revision + 1, AWA, {PROSE: "x"})


def test_an_edit_taken_back_is_no_change(guide: Guide) -> None:
    was = guide.file("brand.yaml")
    proposal = guide.propose("brand.yaml", was.replace("vous", "tu", 1))
    back = guide.proposals.save(proposal.id, proposal.revision, AWA, {"brand.yaml": was})
    assert back.changes == {}
    with pytest.raises(IncompleteDecision):
        guide.activate(back, reason="pour voir")


@pytest.mark.parametrize(
    "path",
    ["../x.md", "faq/../../x.md", "/etc/x.md", "faq/.x.md", "faq/x.py", "x.md", "inbox/x.md"],
)
def test_no_path_leaves_the_pack(guide: Guide, path: str) -> None:
    with pytest.raises(ConfigurationError, match="not a file of a pack"):
        guide.proposals.propose(BRAND, AWA, "", {path: "x"})


def test_the_id_of_the_brand_stays(guide: Guide) -> None:
    text = guide.file("brand.yaml").replace(f"id: {BRAND}", "id: autre", 1)
    proposal = guide.tried(guide.propose("brand.yaml", text))
    with pytest.raises(BrandIdChanged, match=r"brand\.id"):
        guide.activate(proposal, reason="essai")
