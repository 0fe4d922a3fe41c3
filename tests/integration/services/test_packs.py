"""A change of the guide: proposed, examined, tried, put in force in every process."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.adapters.brand_pack import init_pack
from agent.adapters.brand_pack.shelf import STAGING, FolderShelf
from agent.adapters.store import SqlStore, open_store
from agent.bootstrap import LivePacks, limits_for, load_brand
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


def test_a_folder_that_cannot_be_written_changes_nothing(
    guide: Guide, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = guide.shelf.read(BRAND)
    proposal = guide.tried(guide.propose())

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("agent.adapters.brand_pack.shelf.finish", full)
    monkeypatch.setattr(FolderShelf, "read", lambda *_: before)
    with pytest.raises(ConfigurationError, match="nothing was changed"):
        guide.activate(proposal)
    monkeypatch.undo()
    assert guide.shelf.read(BRAND) == before
    assert guide.packs.current(BRAND)[0].number == 1
    assert guide.proposals.proposal(proposal.id).is_open


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

    monkeypatch.setattr(Path, "replace", stop_at_second)
    with pytest.raises(KeyboardInterrupt):
        guide.shelf.write(BRAND, before, after)
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
