"""Escalations: steps, rights, versions, and what the database refuses whoever asks."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from agent.adapters.store.engine import make_engine
from agent.domain.decisions import Category, Route, Triage
from agent.domain.errors import IncompleteDecision, NotAllowed, NotFound, StaleItem
from agent.domain.handoffs import HandoffQuery, HandoffRow, HandoffStatus
from agent.domain.ids import BrandId, DecisionId, TeamId
from agent.domain.people import Role
from agent.domain.reviews import DecisionKind, ReviewStatus
from agent.services.escalations import EscalationService
from knowledge.passages import Language
from tests.desk_kit import AWA, BEN, BRAND, Desk, message

NOTE = "Remboursement fait, dites-le au client."


@pytest.fixture
def teams(desk: Desk) -> EscalationService:
    return EscalationService(desk.store, desk.clock)


@pytest.fixture
def raw(store_url: str) -> Iterator[sa.Engine]:
    engine = make_engine(store_url)
    yield engine
    engine.dispose()


def escalate(desk: Desk, text: str = "Où est mon colis ?", team: str = "care") -> HandoffRow:
    one = message(text)
    desk.pipeline.triage[one.id] = Triage(
        language=Language.FR,
        language_confidence=1.0,
        category=Category.COMPLAINT,
        route=Route.ESCALATE,
        due_at=desk.at() + timedelta(hours=2),
    )
    (item_id,) = desk.arrive(one)
    desk.decide(item_id, DecisionKind.ESCALATE, team=TeamId(team), note="À vous")
    with desk.store.read() as work:
        (row,) = (
            r
            for r in work.handoffs.page(HandoffQuery(brands=(BRAND,))).rows
            if r.handoff.item_id == item_id
        )
    return row


def test_an_escalation_waits_for_its_team_with_note_and_deadline(
    desk: Desk, teams: EscalationService
) -> None:
    row = escalate(desk)
    assert (row.handoff.team, row.asked, row.asked_by) == ("care", "À vous", "Awa")
    assert row.item.id == row.handoff.item_id
    assert row.item.status is ReviewStatus.ESCALATED
    outcome = desk.review.item(row.item.id).outcome
    assert row.handoff.due_at == outcome.triage.due_at
    assert teams.page(HandoffQuery(brands=(BRAND,), team=TeamId("legal"))).rows == ()
    assert teams.page(HandoffQuery(brands=(BrandId("autre"),))).rows == ()
    assert teams.page(HandoffQuery(brands=())).rows == ()


def test_taken_done_and_in_the_record(desk: Desk, teams: EscalationService) -> None:
    one = escalate(desk).handoff
    taken = teams.take(one.id, one.version, BEN)
    assert (taken.status, taken.owner) == (HandoffStatus.TAKEN, BEN)
    done = teams.finish(one.id, taken.version, BEN, NOTE)
    assert done.status is HandoffStatus.DONE
    assert teams.page(HandoffQuery(brands=(BRAND,))).rows == ()
    (closed,) = teams.page(HandoffQuery(brands=(BRAND,), is_closed=True)).rows
    assert (closed.handoff.note, closed.handoff.closed_by) == (NOTE, BEN)
    trail = desk.trail.trail(one.item_id)
    assert trail["handoffs"][0]["status"] == "done"
    assert [e["action"] for e in trail["audit"]][-2:] == ["handoff.taken", "handoff.done"]
    assert NOTE not in str(trail["audit"])
    with pytest.raises(NotAllowed, match="Ben has closed"):
        teams.hand_back(one.id, done.version, AWA, NOTE)


def test_handed_back_it_is_pending_in_a_new_round_and_can_be_decided_again(
    desk: Desk, teams: EscalationService
) -> None:
    one = escalate(desk).handoff
    teams.hand_back(one.id, one.version, BEN, NOTE)
    item = desk.review.item(one.item_id)
    assert (item.status, item.decision) == (ReviewStatus.PENDING, None)
    assert item.hand_back is not None
    assert (item.hand_back.note, item.hand_back.by, item.hand_back.team) == (NOTE, "Ben", "care")
    assert desk.review.counts().by_status[ReviewStatus.PENDING] == 1
    desk.approve(one.item_id, public="Votre colis est remboursé.")
    assert desk.posting.post_ready().sent == 1
    trail = desk.trail.trail(one.item_id)
    assert [d["kind"] for d in trail["decisions"]] == ["escalate", "edit"]
    assert trail["round"] == 2


def test_escalated_again_after_a_hand_back_it_waits_once(
    desk: Desk, teams: EscalationService
) -> None:
    one = escalate(desk).handoff
    teams.hand_back(one.id, one.version, BEN, NOTE)
    desk.decide(one.item_id, DecisionKind.ESCALATE, team=TeamId("legal"))
    (row,) = teams.page(HandoffQuery(brands=(BRAND,))).rows
    assert (row.handoff.team, row.handoff.round) == ("legal", 2)


@pytest.mark.parametrize("note", ["", "  \n"])
def test_a_hand_back_says_why(desk: Desk, teams: EscalationService, note: str) -> None:
    one = escalate(desk).handoff
    with pytest.raises(IncompleteDecision):
        teams.hand_back(one.id, one.version, BEN, note)
    assert desk.review.item(one.item_id).status is ReviewStatus.ESCALATED


def test_an_old_screen_changes_nothing(desk: Desk, teams: EscalationService) -> None:
    one = escalate(desk).handoff
    teams.take(one.id, one.version, BEN)
    for change in (
        lambda: teams.take(one.id, one.version, AWA),
        lambda: teams.finish(one.id, one.version, AWA),
        lambda: teams.hand_back(one.id, one.version, AWA, NOTE),
    ):
        with pytest.raises(StaleItem):
            change()
    (row,) = teams.page(HandoffQuery(brands=(BRAND,))).rows
    assert row.handoff.owner == BEN


def test_given_back_to_the_team(desk: Desk, teams: EscalationService) -> None:
    one = escalate(desk).handoff
    taken = teams.take(one.id, one.version, BEN)
    free = teams.release(one.id, taken.version, BEN)
    assert (free.status, free.owner) == (HandoffStatus.OPEN, None)
    with pytest.raises(NotAllowed, match="nobody has"):
        teams.release(one.id, free.version, BEN)


def test_a_reply_that_went_out_with_it_cannot_be_handed_back(
    desk: Desk, teams: EscalationService
) -> None:
    item_id = desk.one()
    desk.approve(item_id, team=TeamId("care"))
    (row,) = teams.page(HandoffQuery(brands=(BRAND,))).rows
    with pytest.raises(NotAllowed, match="a reply went out"):
        teams.hand_back(row.handoff.id, row.handoff.version, BEN, NOTE)
    assert teams.finish(row.handoff.id, row.handoff.version, BEN).status is HandoffStatus.DONE


def test_an_undone_reply_asks_nothing_of_the_team(desk: Desk, teams: EscalationService) -> None:
    item_id = desk.one()
    desk.approve(item_id, team=TeamId("care"))
    assert len(teams.loads((BRAND,))) == 1
    desk.posting.cancel(item_id, AWA)
    assert teams.page(HandoffQuery(brands=(BRAND,))).rows == ()
    assert teams.loads((BRAND,)) == ()


@pytest.mark.parametrize("role", [Role.VIEWER, None])
def test_who_may_not_decide_changes_nothing(desk: Desk, role: Role | None) -> None:
    one = escalate(desk).handoff
    with desk.store.write() as work:
        work.people.put(BEN, desk.at())
        work.people.set_roles(BEN.id, {BRAND: role} if role else {"autre": Role.ADMIN})
    teams = EscalationService(desk.store, desk.clock, is_role_required=True)
    for change in (
        lambda: teams.take(one.id, one.version, BEN),
        lambda: teams.finish(one.id, one.version, BEN),
        lambda: teams.hand_back(one.id, one.version, BEN, NOTE),
        lambda: teams.take(one.id, one.version, AWA),
    ):
        with pytest.raises(NotAllowed):
            change()


def test_loads_and_order_by_deadline(desk: Desk, teams: EscalationService) -> None:
    first = escalate(desk, "Un")
    desk.clock.advance(timedelta(hours=1))
    second = escalate(desk, "Deux")
    page = teams.page(HandoffQuery(brands=(BRAND,), limit=1))
    assert [r.handoff.id for r in page.rows] == [first.handoff.id]
    rest = teams.page(HandoffQuery(brands=(BRAND,), limit=1, after=page.next))
    assert [r.handoff.id for r in rest.rows] == [second.handoff.id]
    assert rest.next is None
    with pytest.raises(NotFound):
        teams.page(HandoffQuery(brands=(BRAND,), after="nowhere"))
    desk.clock.advance(timedelta(days=300))
    (load,) = teams.loads((BRAND,))
    assert (load.open, load.overdue) == (2, 2)


def test_nothing_is_found_under_a_wrong_id(desk: Desk, teams: EscalationService) -> None:
    with pytest.raises(NotFound):
        teams.take(DecisionId("none"), 1, AWA)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE handoffs SET status = 'open', version = version + 1", "never takes this step"),
        ("UPDATE handoffs SET team = 'x', version = version + 1", "never changes"),
        ("UPDATE handoffs SET status = 'taken'", "one version at a time"),
        ("DELETE FROM handoffs", "never deleted"),
        ("UPDATE items SET round = 2, status = 'pending'", "a new round needs"),
    ],
)
def test_the_database_keeps_the_steps(
    desk: Desk, raw: sa.Engine, statement: str, said: str
) -> None:
    escalate(desk)
    with (
        pytest.raises(sa.exc.DBAPIError, match=said),
        raw.connect().execution_options(writes=True) as connection,
        connection.begin(),
    ):
        connection.execute(sa.text(statement))
