"""A person asks for another draft: what approved text can follow, said as it is, and stored."""

from pathlib import Path

import pytest

from agent.adapters.store import open_store
from agent.bootstrap import build_pipeline, load_brand
from agent.domain.drafts import LedgerStatus, NoteKind
from agent.domain.errors import AlreadyDecided, ClaimedByOther, IncompleteDecision, StaleItem
from agent.domain.ids import BrandId
from agent.domain.messages import InboundMessage
from agent.domain.outcome import Outcome
from agent.pipeline import Pipeline
from agent.services.intake import IntakeService
from agent.services.rewriting import RewritingService
from agent.testing import FrozenClock
from tests.desk_kit import AWA, BEN, Desk

PACK = Path(__file__).parents[3] / "knowledge" / "brands" / "verjolaine"
BRAND = BrandId("verjolaine")
COST = "Bonjour, combien coûte la livraison ?"
LATE = "Dix jours que j'attends mon colis, c'est nul"
HURT = "Votre bouilloire m'a brûlé la main"


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return build_pipeline(load_brand(PACK), FrozenClock())


def _asked(pipeline: Pipeline, text: str, note: str) -> tuple[Outcome, Outcome]:
    message = InboundMessage.model_validate({"id": "m1", "text": text, "channel": "facebook"})
    before = pipeline.run(message)
    return before, pipeline.rewrite(before, note, (before.draft.public, before.draft.private))


def _kinds(outcome: Outcome) -> set[NoteKind]:
    return {note.kind for note in outcome.draft.notes}


def _words(outcome: Outcome) -> int:
    return len((outcome.draft.public or "").split())


@pytest.mark.parametrize(
    ("text", "note"), [(COST, "plus court"), ("Hello, how long does delivery take?", "shorter")]
)
def test_shorter_is_shorter_and_still_carried(pipeline: Pipeline, text: str, note: str) -> None:
    before, after = _asked(pipeline, text, note)
    assert NoteKind.WISH_SHORTER in _kinds(after)
    assert 0 < _words(after) < _words(before)
    assert not after.public_report.blockers
    statuses = {line.status for line in after.public_report.ledger.lines}
    assert LedgerStatus.SUPPORTED in statuses
    assert LedgerStatus.UNSUPPORTED not in statuses


def test_who_is_upset_keeps_a_word_about_it(pipeline: Pipeline) -> None:
    before, after = _asked(pipeline, LATE, "plus court")
    assert _words(after) < _words(before)
    failed = {check.rule.split(".")[0] for check in after.public_report.failures}
    assert "T2" not in failed
    assert after.draft.private


def test_another_subject_leads_to_another_entry(pipeline: Pipeline) -> None:
    before, after = _asked(pipeline, COST, "parle plutôt du retrait en boutique")
    assert NoteKind.WISH_ENTRY in _kinds(after)
    assert "retrait est gratuit" in (after.draft.public or "")
    assert after.passages[0].id not in {c.passage_id for c in before.draft.citations}
    assert not after.public_report.blockers


def test_other_words_differ_each_time(pipeline: Pipeline) -> None:
    _, once = _asked(pipeline, LATE, "reformule")
    assert NoteKind.WISH_WORDING in _kinds(once)
    twice = pipeline.rewrite(once, "encore autrement", (once.draft.public, None))
    assert twice.draft.wish is not None
    assert twice.draft.wish.turn == 2
    assert twice.draft.public != once.draft.public


@pytest.mark.parametrize(
    ("text", "note", "said"),
    [
        (COST, "offre-lui vingt euros de remise", NoteKind.WISH_UNHEARD),
        (COST, "tutoie", NoteKind.WISH_REGISTER_FIXED),
        (HURT, "plus court", NoteKind.WISH_UNHEARD),
        (HURT, "parle des retours", NoteKind.WISH_UNHEARD),
    ],
)
def test_what_approved_text_cannot_do_is_said_and_changes_nothing(
    pipeline: Pipeline, text: str, note: str, said: NoteKind
) -> None:
    before, after = _asked(pipeline, text, note)
    assert said in _kinds(after)
    assert (after.draft.public, after.draft.private) == (before.draft.public, before.draft.private)
    assert after.draft.candidates == before.draft.candidates


def test_the_note_is_kept_without_personal_data(pipeline: Pipeline) -> None:
    _, after = _asked(pipeline, COST, "rappelle Zoé Martin au 06 12 34 56 78, plus court")
    assert after.draft.wish is not None
    assert "06 12" not in after.model_dump_json()
    assert "Martin" not in after.draft.wish.note
    assert "[PHONE_1]" in after.draft.wish.note


@pytest.fixture
def desk(pipeline: Pipeline, sqlite_url: str) -> Desk:
    opened = Desk(open_store(sqlite_url), brand=BRAND)
    opened.intake = IntakeService(opened.store, opened.clock, {BRAND: pipeline})
    opened.review._pipelines = {BRAND: pipeline}
    return opened


@pytest.fixture
def rewriting(desk: Desk, pipeline: Pipeline) -> RewritingService:
    return RewritingService(desk.store, desk.clock, {BRAND: pipeline})


def test_a_rewriting_is_a_revision_with_its_note_and_keeps_the_claim(
    desk: Desk, rewriting: RewritingService
) -> None:
    item_id = desk.one(COST, channel="facebook")
    lease = desk.review.claim(item_id, AWA)
    before = desk.review.item(item_id)
    after = rewriting.rewrite(item_id, "  plus\n court ", (before.outcome.draft.public, None), AWA)
    assert after.version == before.version + 1
    assert after.lease == lease
    assert after.outcome.message == before.outcome.message
    trail = desk.trail.trail(item_id)
    assert [draft["draft"]["wish"] for draft in trail["drafts"]] == [
        None,
        {"note": "plus court", "turn": 1},
    ]
    last = trail["audit"][-1]
    assert (last["action"], last["actor"]) == ("item.rewritten", "awa")
    assert "court" not in str(last)


@pytest.mark.parametrize("note", ["", "  \n", "x" * 501])
def test_an_empty_or_endless_note_is_refused(
    desk: Desk, rewriting: RewritingService, note: str
) -> None:
    item_id = desk.one(COST, channel="facebook")
    with pytest.raises(IncompleteDecision, match="500"):
        rewriting.rewrite(item_id, note, (None, None), AWA)
    assert desk.review.item(item_id).version == 1


def test_nobody_rewrites_what_is_decided_taken_or_stale(
    desk: Desk, rewriting: RewritingService
) -> None:
    taken, stale, done = (desk.one(COST, channel="facebook") for _ in range(3))
    desk.review.claim(taken, BEN)
    with pytest.raises(ClaimedByOther):
        rewriting.rewrite(taken, "plus court", (None, None), AWA)
    desk.review.mark_stale_for(BRAND, "f" * 64)  # type: ignore[arg-type]
    with pytest.raises(StaleItem):
        rewriting.rewrite(stale, "plus court", (None, None), AWA)
    desk.reject(done)
    with pytest.raises(AlreadyDecided):
        rewriting.rewrite(done, "plus court", (None, None), AWA)
