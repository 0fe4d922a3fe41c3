"""A channel that fails again and again is left alone; one trial finds out when it is back."""

from datetime import timedelta

from agent.domain.channels import PostStatus
from agent.domain.reviews import ReviewStatus
from agent.domain.work import BREAKER_LIMIT, Direction, LetterStatus
from agent.services.breakers import BreakerService
from agent.testing import Fault
from tests.desk_kit import BRAND, Desk


def failures(desk: Desk, direction: Direction) -> int:
    found = {b.direction: b.failures for b in BreakerService(desk.store, desk.clock).all()}
    return found.get(direction, 0)


def test_a_network_that_refuses_is_called_five_times_and_not_for_each_reply(desk: Desk) -> None:
    for _ in range(8):
        desk.approve(desk.one())
    desk.channel.is_down = True
    assert desk.posting.post_ready().postponed == BREAKER_LIMIT
    assert desk.posting.due(20) == ()
    desk.clock.advance(timedelta(minutes=1))
    assert desk.posting.post_ready().postponed == 1
    assert failures(desk, Direction.WRITE) == BREAKER_LIMIT + 1
    desk.channel.is_down = False
    desk.clock.advance(timedelta(minutes=3))
    assert desk.posting.post_ready().sent == 8
    assert failures(desk, Direction.WRITE) == 0
    with desk.store.read() as work:
        actions = [entry.action for entry in work.audit.of(desk.channel.name)]
    assert actions == ["channel.left_alone", "channel.back"]


def test_a_refused_reply_is_an_answer_and_no_failure_of_the_channel(desk: Desk) -> None:
    for _ in range(BREAKER_LIMIT + 1):
        desk.approve(desk.one())
    desk.channel.faults = [Fault.REFUSED_FOR_GOOD] * BREAKER_LIMIT
    report = desk.posting.post_ready()
    assert (report.returned, report.sent) == (BREAKER_LIMIT, 1)
    assert failures(desk, Direction.WRITE) == 0


def test_a_channel_that_cannot_be_read_is_not_hammered_and_replies_still_leave(
    desk: Desk,
) -> None:
    desk.channel.is_down = True
    for _ in range(BREAKER_LIMIT):
        assert "cannot be reached" in desk.intake.receive(desk.channel, BRAND).problems[0]
    desk.channel.is_down = False
    assert "left alone" in desk.intake.receive(desk.channel, BRAND).problems[0]
    desk.approve(desk.one())
    assert desk.posting.post_ready().sent == 1
    desk.clock.advance(timedelta(minutes=1))
    assert desk.intake.receive(desk.channel, BRAND).problems == ()
    assert failures(desk, Direction.READ) == 0


def test_a_reply_refused_too_often_comes_back_to_a_person_and_is_listed(desk: Desk) -> None:
    item_id = desk.one()
    desk.approve(item_id)
    desk.channel.faults = [Fault.REFUSED_FOR_NOW] * 10
    for _ in range(60):
        desk.posting.post_ready()
        desk.clock.advance(timedelta(minutes=10))
    item = desk.review.item(item_id)
    assert item.status is ReviewStatus.PENDING
    assert item.posts[0].status is PostStatus.RETURNED
    assert "given up after 10 tries" in item.stale_because
    with desk.store.read() as work:
        letters = work.letters.of(LetterStatus.DEAD)
    assert [(one.subject, one.item_id, one.brand_id) for one in letters] == [
        (item.posts[0].id, item_id, BRAND)
    ]
    assert desk.channel.sent == {}
