"""The queue and the claims."""

from datetime import timedelta

import pytest

from agent.domain.decisions import Category, Triage, Urgency
from agent.domain.errors import (
    AlreadyDecided,
    ClaimedByOther,
    IncompleteDecision,
    NotAllowed,
    NotFound,
)
from agent.domain.ids import BrandId, GuidelineVersion, ItemId
from agent.domain.people import Role
from agent.domain.reviews import QueueQuery, ReviewStatus
from agent.services.sessions import SessionService
from agent.testing import FORBIDDEN_WORD
from tests.desk_kit import AWA, BEN, BRAND, Desk, message


def triaged(desk: Desk, **changes: object) -> ItemId:
    one = message()
    usual = desk.pipeline.run(message()).triage
    desk.pipeline.triage[one.id] = Triage.model_validate(usual.model_dump() | changes)
    return desk.arrive(one)[0]


def shown(desk: Desk, query: QueueQuery | None = None) -> list[ItemId]:
    return [row.id for row in desk.review.queue(query or QueueQuery()).rows]


def test_most_urgent_then_earliest_deadline_then_oldest(desk: Desk) -> None:
    hour = timedelta(hours=1)
    late = triaged(desk, due_at=desk.at() + 5 * hour)
    none_old = triaged(desk)
    desk.clock.advance(hour)
    none_new = triaged(desk)
    soon = triaged(desk, due_at=desk.at() + hour)
    critical = triaged(desk, urgency=Urgency.CRITICAL, category=Category.INJURY_SAFETY)
    low = triaged(desk, urgency=Urgency.LOW, due_at=desk.at())
    assert shown(desk) == [critical, soon, late, none_old, none_new, low]


def test_next_goes_down_the_queue_from_where_one_was(desk: Desk) -> None:
    first, second, third = (triaged(desk, due_at=desk.at() + timedelta(hours=n)) for n in (1, 2, 3))
    query = QueueQuery()
    assert desk.review.next_item(query) == first
    desk.reject(second)
    assert desk.review.next_item(query, first) == third
    assert desk.review.next_item(query, second) == third
    assert desk.review.next_item(query, third) is None
    with pytest.raises(NotFound):
        desk.review.next_item(query, ItemId("none"))


def test_a_claim_holds_until_it_expires(desk: Desk) -> None:
    item_id = desk.one()
    lease = desk.review.claim(item_id, AWA)
    assert lease.until == desk.at() + timedelta(minutes=10)
    with pytest.raises(ClaimedByOther, match=r"Awa has this item until 09:10 UTC"):
        desk.review.claim(item_id, BEN)
    with pytest.raises(ClaimedByOther):
        desk.reject(item_id, BEN)
    desk.clock.advance(timedelta(minutes=10))
    desk.review.claim(item_id, BEN)
    assert desk.review.item(item_id).lease.by == BEN  # type: ignore[union-attr]


def test_a_claim_can_be_renewed_and_given_back(desk: Desk) -> None:
    item_id = desk.one()
    desk.review.claim(item_id, AWA)
    desk.clock.advance(timedelta(minutes=5))
    assert desk.review.claim(item_id, AWA).until == desk.at() + timedelta(minutes=10)
    desk.review.release(item_id, BEN)
    assert desk.review.item(item_id).status is ReviewStatus.CLAIMED
    desk.review.release(item_id, AWA)
    item = desk.review.item(item_id)
    assert (item.status, item.lease) == (ReviewStatus.PENDING, None)


def test_a_claim_does_not_change_the_version_on_screen(desk: Desk) -> None:
    item_id = desk.one()
    before = desk.review.item(item_id).version
    desk.review.claim(item_id, AWA)
    assert desk.review.item(item_id).version == before


def test_a_stale_item_stays_stale_when_claimed_and_released(desk: Desk) -> None:
    item_id = desk.one()
    desk.review.mark_stale_for(BRAND, GuidelineVersion("b" * 64))
    desk.review.claim(item_id, AWA)
    desk.review.release(item_id, AWA)
    assert desk.review.item(item_id).status is ReviewStatus.STALE


def test_a_decided_item_is_not_claimed_snoozed_or_assigned(desk: Desk) -> None:
    item_id = desk.one()
    desk.reject(item_id, BEN)
    later = desk.at() + timedelta(hours=1)
    for attempt in (
        lambda: desk.review.claim(item_id, AWA),
        lambda: desk.review.snooze(item_id, AWA, later),
        lambda: desk.review.assign(item_id, AWA, AWA),
    ):
        with pytest.raises(AlreadyDecided, match="already decided by Ben: reject"):
            attempt()


def test_a_snoozed_item_comes_back_by_itself(desk: Desk) -> None:
    item_id = desk.one()
    desk.review.snooze(item_id, AWA, desk.at() + timedelta(hours=1))
    assert shown(desk) == []
    assert shown(desk, QueueQuery(statuses=(ReviewStatus.SNOOZED,))) == [item_id]
    assert desk.review.counts().by_status == {ReviewStatus.SNOOZED: 1}
    desk.clock.advance(timedelta(hours=1))
    assert desk.review.counts().by_status == {ReviewStatus.PENDING: 1}
    assert shown(desk) == [item_id]
    actions = [entry.action for entry in desk.review.history(item_id)]
    assert actions == ["item.drafted", "item.snoozed", "item.woken"]


def test_a_snooze_is_in_the_future(desk: Desk) -> None:
    with pytest.raises(IncompleteDecision, match="future"):
        desk.review.snooze(desk.one(), AWA, desk.at())


def test_an_item_can_be_given_to_a_colleague(desk: Desk) -> None:
    item_id, other = desk.arrive(message(), message())
    desk.review.assign(item_id, AWA, BEN)
    assert desk.review.item(item_id).assignee == BEN
    assert shown(desk, QueueQuery(assignee=BEN.id)) == [item_id]
    desk.review.assign(item_id, AWA, None)
    assert shown(desk, QueueQuery(assignee=BEN.id)) == []
    assert other in shown(desk)


def test_a_change_of_the_guidelines_makes_open_items_stale(desk: Desk) -> None:
    pending, snoozed, decided = desk.arrive(message(), message(), message())
    desk.review.snooze(snoozed, AWA, desk.at() + timedelta(hours=1))
    desk.reject(decided)
    new = GuidelineVersion("b" * 64)
    assert desk.review.mark_stale_for(BRAND, new) == 2
    assert desk.review.mark_stale_for(BRAND, new) == 0
    assert desk.review.item(pending).status is ReviewStatus.STALE
    assert desk.review.item(snoozed).status is ReviewStatus.STALE
    assert desk.review.item(decided).status is ReviewStatus.REJECTED
    assert desk.review.counts().by_status == {ReviewStatus.STALE: 2, ReviewStatus.REJECTED: 1}
    desk.clock.advance(timedelta(hours=2))
    assert desk.review.counts().by_status[ReviewStatus.STALE] == 2


def test_checks_and_recomposition_store_nothing(desk: Desk) -> None:
    item_id = desk.one()
    public, private = desk.review.check(item_id, f"C'est {FORBIDDEN_WORD}.", None)
    assert [check.rule for check in public.blockers] == ["X1.forbidden"]
    assert private.checks == ()
    assert desk.review.recompose(item_id, "delais").public == "Comptez trois jours."
    with pytest.raises(NotFound):
        desk.review.recompose(item_id, "autre")
    assert desk.review.item(item_id).version == 1


def test_an_unknown_item_is_not_found(desk: Desk) -> None:
    for attempt in (desk.review.item, lambda i: desk.review.claim(i, AWA)):
        with pytest.raises(NotFound, match="none"):
            attempt(ItemId("none"))


@pytest.mark.parametrize(
    ("roles", "is_allowed"),
    [
        ({BRAND: Role.CM}, True),
        ({"*": Role.CM}, True),
        ({"*": Role.VIEWER, BRAND: Role.LEAD}, True),
        ({BRAND: Role.VIEWER}, False),
        ({BrandId("autre"): Role.ADMIN}, False),
        ({}, False),
    ],
)
def test_who_may_decide(desk: Desk, roles: dict[str, Role], is_allowed: bool) -> None:
    SessionService(desk.store, desk.clock).issue_link(AWA, roles)
    item_id = desk.one()
    if is_allowed:
        desk.review.claim(item_id, AWA)
        desk.approve(item_id)
        return
    for attempt in (
        lambda: desk.review.claim(item_id, AWA),
        lambda: desk.approve(item_id),
        lambda: desk.review.assign(item_id, AWA, BEN),
    ):
        with pytest.raises(NotAllowed, match="Awa may not decide for maison"):
            attempt()


def test_a_stranger_may_decide_only_where_nobody_signs_in(desk: Desk) -> None:
    item_id = desk.one()
    strict = Desk(desk.store, is_role_required=True)
    with pytest.raises(NotAllowed):
        strict.approve(item_id)
    desk.approve(item_id)
