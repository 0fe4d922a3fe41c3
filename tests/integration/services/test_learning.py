"""Suggestions from the desk's work: what they find, where they go, and that a no is a no."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.adapters.brand_pack import init_pack
from agent.adapters.brand_pack.shelf import FolderShelf
from agent.adapters.store import open_store
from agent.bootstrap import load_brand
from agent.domain.drafts import Draft, Note, NoteKind
from agent.domain.errors import NotAllowed
from agent.domain.ids import BrandId
from agent.domain.messages import InboundMessage
from agent.domain.outcome import Outcome
from agent.domain.people import Role
from agent.services.history import HistoryService
from agent.services.learning import LearningService, Suggestion, SuggestionKind
from agent.services.learning.clusters import clusters
from agent.services.packs import Examiner, PackService, ProposalService
from agent.services.sessions import SessionService
from agent.testing import FrozenClock, ScriptedPipeline
from tests.desk_kit import AWA, BEN, Desk

BRAND = BrandId("maison-test")
REPAIRS = (
    "Bonjour, réparez-vous les théières cassées ?",
    "Est-ce que vous réparez une théière cassée ?",
    "réparation de théière cassée possible svp ?",
)
GIFTS = ("Faites-vous des cartes cadeaux ?", "Bonjour, avez-vous des cartes cadeaux ?")
ALONE = "Le magasin de Nantes a-t-il un parking à vélos ?"


class Unanswered(ScriptedPipeline):
    """Finds no answer to any message."""

    def run(self, message: InboundMessage) -> Outcome:
        outcome = super().run(message)
        draft = Draft(notes=(Note(kind=NoteKind.NO_ANSWER),))
        return outcome.model_copy(update={"draft": draft})


class Work:
    """A desk at work on one brand, and what it suggests."""

    def __init__(self, url: str, folder: Path) -> None:
        self.store, self.clock = open_store(url), FrozenClock()
        shelf = FolderShelf({BRAND: folder})
        examiner = Examiner(shelf)
        PackService(self.store, self.clock, shelf, examiner).adopt(BRAND)
        self.proposals = ProposalService(self.store, self.clock, shelf, examiner)
        sessions = SessionService(self.store, self.clock)
        for person, role in ((AWA, Role.LEAD), (BEN, Role.CM)):
            sessions.issue_link(person, {BRAND: role})
        packs = {BRAND: load_brand(folder)}
        history = HistoryService(self.store)
        self.learning = LearningService(self.store, self.clock, history, self.proposals, packs)

    def ask(self, *texts: str) -> None:
        desk = Desk(self.store, self.clock, Unanswered(), brand=BRAND)
        for text in texts:
            desk.one(text)

    def of(self, kind: SuggestionKind) -> list[Suggestion]:
        return [one for one in self.learning.suggestions(BRAND) if one.kind is kind]


@pytest.fixture
def work(sqlite_url: str, tmp_path: Path) -> Iterator[Work]:
    init_pack(tmp_path / "pack", "Maison Test")
    opened = Work(sqlite_url, tmp_path / "pack")
    yield opened
    opened.store.close()


def test_messages_on_one_subject_come_together_in_any_order() -> None:
    texts = [*REPAIRS, ALONE, *GIFTS]
    groups = [{texts[at] for at in group} for group in clusters(texts)]
    assert groups == [set(REPAIRS), set(GIFTS)]
    backwards = texts[::-1]
    again = [{backwards[at] for at in group} for group in clusters(backwards)]
    assert sorted(map(sorted, again)) == sorted(map(sorted, groups))
    assert clusters([ALONE]) == []


def test_a_question_that_returns_is_suggested_and_a_no_is_a_no(work: Work) -> None:
    work.ask(*REPAIRS, ALONE)
    (gap,) = work.of(SuggestionKind.GAP)
    assert {example.message for example in gap.examples} == set(REPAIRS)
    assert work.of(SuggestionKind.GAP) == [gap]
    with pytest.raises(NotAllowed):
        work.learning.refuse(BRAND, gap, BEN)
    work.learning.refuse(BRAND, gap, AWA)
    work.ask("Pouvez-vous réparer ma théière cassée ?")
    assert work.of(SuggestionKind.GAP) == []
    work.ask(*GIFTS)
    assert len(work.of(SuggestionKind.GAP)) == 1


def test_an_accepted_question_waits_for_its_answer(work: Work) -> None:
    work.ask(*REPAIRS)
    (gap,) = work.of(SuggestionKind.GAP)
    proposal = work.proposals.propose(BRAND, AWA)
    saved = work.learning.accept(proposal.id, proposal.revision, gap, AWA)
    ((path, text),) = saved.changes.items()
    assert path == "faq/questions-recues.fr.md"
    problems = work.proposals.problems(saved).problems
    assert [("no answer" in one.what, one.file) for one in problems] == [(True, path)]
    answered = {path: f"{text}\nNon, mais nous vendons des becs de rechange.\n"}
    done = work.proposals.save(saved.id, saved.revision, AWA, answered)
    assert work.proposals.problems(done).is_loadable
    assert work.of(SuggestionKind.GAP) == []


def test_the_same_edit_three_times_becomes_a_wording(work: Work) -> None:
    desk = Desk(work.store, work.clock, brand=BRAND)
    for number in range(3):
        item_id = desk.one(f"Où est mon colis {'abc'[number]} ?")
        draft = desk.review.item(item_id).outcome.draft.public or ""
        desk.approve(
            item_id, public=draft.rstrip(".") + ", bien à vous Camille", override_reason="x"
        )
    (wording,) = work.of(SuggestionKind.WORDING)
    assert "Camille" in wording.text
    assert len(wording.examples) == 3
    proposal = work.proposals.propose(BRAND, AWA)
    saved = work.learning.accept(proposal.id, proposal.revision, wording, AWA)
    assert "Camille" in str(saved.changes)
    assert work.proposals.problems(saved).is_loadable


def test_an_approved_reply_becomes_an_exemplar(work: Work) -> None:
    desk = Desk(work.store, work.clock, brand=BRAND)
    reply = "Bonjour, votre colis est en route ; le lien de suivi est dans votre compte client."
    item_id = desk.one()
    desk.approve(item_id, public=reply)
    (one,) = work.of(SuggestionKind.EXEMPLAR)
    assert (one.text, one.is_edited) == (reply, True)
    proposal = work.proposals.propose(BRAND, AWA)
    saved = work.learning.accept(proposal.id, proposal.revision, one, AWA)
    assert reply in (saved.changes["exemplars.yaml"] or "")
    assert work.proposals.problems(saved).is_loadable
    assert work.of(SuggestionKind.EXEMPLAR) == []
