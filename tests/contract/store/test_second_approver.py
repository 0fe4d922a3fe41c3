"""Two people on one text, and decisions taken back: what the database itself refuses."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from agent.adapters.store import SqlStore
from agent.adapters.store.engine import make_engine
from agent.domain.channels import ModerationAction, PostStatus
from agent.domain.decisions import Category, Triage
from agent.domain.drafts import text_sha256
from agent.domain.errors import NotAllowed, SecondApproverNeeded, TextMismatch
from agent.domain.ids import ItemId, PersonId
from agent.domain.reviews import DecisionKind, QueueQuery, Reviewer, ReviewStatus
from tests.contract.store.test_bypasses import DECISION, OUTBOX, decision, outbox, refused, run
from tests.desk_kit import AWA, BEN, Desk, message

TEXT = "Comptez trois jours."
CAM = Reviewer(id=PersonId("cam"), name="Cam")
GRACE = 20


@pytest.fixture
def raw(store_url: str) -> Iterator[sa.Engine]:
    engine = make_engine(store_url)
    yield engine
    engine.dispose()


@pytest.fixture
def patient(store: SqlStore) -> Desk:
    """A desk on which what was decided waits before it leaves."""
    return Desk(store, grace_seconds=GRACE)


def for_two(desk: Desk) -> ItemId:
    one = message("Je saisis mon avocat.")
    usual = desk.pipeline.run(message()).triage.model_dump()
    asks = {"category": Category.LEGAL_THREAT, "needs_second_approver": True}
    desk.pipeline.triage[one.id] = Triage.model_validate(usual | asks)
    return desk.arrive(one)[0]


def test_one_approval_lets_nothing_out_and_two_people_do(desk: Desk) -> None:
    item_id = for_two(desk)
    first = desk.approve(item_id, by=AWA)
    item = desk.review.item(item_id)
    assert first.is_first_of_two
    assert (item.status, item.decision, item.posts) == (ReviewStatus.PENDING, None, ())
    assert item.first_approval is not None
    assert item.first_approval.text_sha256 == text_sha256(TEXT, None)
    assert desk.review.queue(QueueQuery(awaits_second=True)).rows[0].first_approver == "Awa"
    assert desk.posting.post_ready().sent == 0
    made = desk.approve(item_id, by=BEN)
    assert (made.by, made.approved_first_by) == (BEN, AWA)
    assert desk.review.item(item_id).decision == made
    assert desk.posting.post_ready().sent == 1
    assert [e.action for e in desk.review.history(item_id)][-3:-1] == [
        "item.approved_first",
        "item.decided",
    ]
    assert len(desk.trail.trail(item_id)["first_approvals"]) == 1


def test_the_same_person_is_refused_and_another_text_begins_anew(desk: Desk) -> None:
    item_id = for_two(desk)
    desk.approve(item_id, by=AWA)
    with pytest.raises(SecondApproverNeeded):
        desk.approve(item_id, by=AWA)
    assert desk.approve(item_id, public="Autre texte.", by=BEN).is_first_of_two
    assert desk.review.item(item_id).first_approval.by == BEN  # type: ignore[union-attr]
    made = desk.approve(item_id, public="Autre texte.", by=AWA)
    assert (made.by, made.approved_first_by, made.public) == (AWA, BEN, "Autre texte.")


def test_the_second_person_still_decides_on_what_was_on_screen(desk: Desk) -> None:
    item_id = for_two(desk)
    desk.approve(item_id, by=AWA)
    with pytest.raises(TextMismatch):
        desk.approve(item_id, by=BEN, shown_sha256=text_sha256("Autre texte.", None))
    desk.reject(item_id, by=BEN)
    assert desk.review.item(item_id).status is ReviewStatus.REJECTED


def test_a_redraft_forgets_the_first_approval(desk: Desk) -> None:
    item_id = for_two(desk)
    desk.approve(item_id, by=AWA)
    desk.pipeline.change_guidelines("b" * 64)
    desk.review.mark_stale_for(desk.brand, desk.pipeline.guideline_version)
    desk.intake.redraft(item_id, BEN)
    assert desk.review.item(item_id).first_approval is None
    assert desk.approve(item_id, by=BEN).is_first_of_two


@pytest.mark.parametrize("first_by", [None, "x"], ids=["nobody else", "the same person"])
def test_no_outbox_row_before_two_people_approved(
    desk: Desk, raw: sa.Engine, first_by: str | None
) -> None:
    item_id = for_two(desk)
    run(raw, DECISION, **decision(item_id, id="d"))
    if first_by is not None:
        run(raw, DECISION.replace("decisions", "approvals", 1), **decision(item_id, id="a"))
    assert "two people" in refused(raw, OUTBOX, **outbox(item_id, "d"))


def test_an_approval_of_another_text_is_not_the_second(desk: Desk, raw: sa.Engine) -> None:
    item_id = for_two(desk)
    desk.approve(item_id, public="Autre texte.", by=AWA)
    run(raw, DECISION, **decision(item_id, id="d"))
    assert "two people" in refused(raw, OUTBOX, **outbox(item_id, "d"))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE items SET approvers_needed = 1",
        "UPDATE approvals SET text_sha256 = 'x'",
        "UPDATE approvals SET by_id = 'ben'",
        "DELETE FROM approvals",
    ],
)
def test_what_two_people_must_do_is_not_made_less(desk: Desk, raw: sa.Engine, change: str) -> None:
    desk.approve(for_two(desk), by=AWA)
    refused(raw, change)


@pytest.mark.parametrize("given", [{"sha": "x"}, {"round": 2}, {"kind": "reject"}], ids=str)
def test_a_first_approval_is_what_it_says(
    desk: Desk, raw: sa.Engine, given: dict[str, object]
) -> None:
    values = decision(for_two(desk), **given)
    refused(raw, DECISION.replace("decisions", "approvals", 1), **values)


def test_an_approval_is_undone_until_its_post_leaves(patient: Desk) -> None:
    item_id = patient.one()
    patient.approve(item_id, public="Texte corrigé.")
    item = patient.review.item(item_id)
    until = patient.review.undoable_until(item)
    assert until == patient.clock.now() + timedelta(seconds=GRACE)
    assert patient.posting.post_ready().sent == 0
    patient.review.undo(item_id, AWA)
    item = patient.review.item(item_id)
    assert (item.status, item.decision) == (ReviewStatus.PENDING, None)
    assert item.posts[0].status is PostStatus.CANCELLED
    patient.approve(item_id, public="Le bon texte.")
    patient.clock.advance(timedelta(seconds=GRACE))
    assert patient.posting.post_ready().sent == 1
    with pytest.raises(NotAllowed, match="has left"):
        patient.review.undo(item_id, AWA)
    assert [r["public"] for r in patient.trail.trail(item_id)["decisions"]] == [
        "Texte corrigé.",
        "Le bon texte.",
    ]
    assert "item.undone" in {e.action for e in patient.review.history(item_id)}


@pytest.mark.parametrize("kind", [DecisionKind.REJECT, DecisionKind.NO_REPLY])
def test_another_decision_is_undone_within_the_delay(patient: Desk, kind: DecisionKind) -> None:
    item_id = patient.one()

    def decide() -> None:
        reason = {"reason": "wrong_tone"} if kind is DecisionKind.REJECT else {}
        patient.decide(item_id, kind, **reason)

    decide()
    patient.review.undo(item_id, BEN)
    assert patient.review.item(item_id).status is ReviewStatus.PENDING
    decide()
    patient.clock.advance(timedelta(seconds=GRACE + 1))
    assert patient.review.undoable_until(patient.review.item(item_id)) is None
    with pytest.raises(NotAllowed, match="too late"):
        patient.review.undo(item_id, AWA)
    assert patient.trail.verify_audit().is_intact


def test_a_moderation_is_undone_until_the_network_was_asked(patient: Desk) -> None:
    items = patient.arrive(message(), message())
    given = {"charter_rule": "insults", "moderation": ModerationAction.HIDE}
    for item_id in items:
        patient.decide(item_id, DecisionKind.MODERATE, **given)
    patient.review.undo(items[0], AWA)
    patient.clock.advance(timedelta(seconds=GRACE))
    assert patient.posting.moderate_ready().done == 1
    with pytest.raises(NotAllowed, match="already asked"):
        patient.review.undo(items[1], AWA)


def test_a_decision_is_not_undone_behind_its_back(patient: Desk, raw: sa.Engine) -> None:
    undo = (
        "INSERT INTO undos (decision_id, item_id, round, by_id, by_name, at)"
        " VALUES (:id, :item, 1, 'x', 'X', '2026-11-21 09:00:00.000000')"
    )
    approved, hidden, rejected = patient.arrive(message(), message(), message())
    made = [
        patient.approve(approved),
        patient.decide(
            hidden,
            DecisionKind.MODERATE,
            charter_rule="insults",
            moderation=ModerationAction.HIDE,
        ),
    ]
    for one in made:
        refused(raw, undo, id=one.id, item=one.item_id)
    other = patient.reject(rejected)
    refused(raw, undo, id=other.id, item=approved)
    refused(raw, "UPDATE items SET round = 2, status = 'pending' WHERE status = 'rejected'")
    patient.review.undo(rejected, AWA)
    refused(raw, undo, id=other.id, item=rejected)
    refused(raw, "DELETE FROM undos")
