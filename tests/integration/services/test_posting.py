"""Posting: at most once, whatever the network does."""

from datetime import timedelta

import pytest

from agent.domain.channels import PostReceipt, PostStatus, Reply
from agent.domain.errors import ChannelError, NotAllowed, PostByHand
from agent.domain.ids import ItemId, PostId
from agent.domain.reviews import DecisionKind, ReviewStatus
from agent.services.posting import PostingService
from agent.testing import Fault, RecordingChannel
from tests.desk_kit import AWA, BEN, BRAND, Desk, message

LEASE = timedelta(seconds=120)


def approved(desk: Desk, text: str = "Comptez trois jours.", **given: object) -> ItemId:
    item_id = desk.one(external_id=f"parent-{desk.review.counts().by_status}", **given)
    desk.approve(item_id, public=text)
    return item_id


def status(desk: Desk, item_id: ItemId) -> PostStatus:
    return desk.review.item(item_id).posts[-1].status


def test_an_approved_reply_leaves_once(desk: Desk) -> None:
    item_id = approved(desk)
    assert desk.posting.post_ready().sent == 1
    assert desk.posting.post_ready().sent == 0
    post = desk.review.item(item_id).posts[0]
    assert post.status is PostStatus.SENT
    assert post.remote_id
    assert post.url
    assert list(desk.channel.sent.values()) == [
        Reply(
            item_id=item_id,
            post_id=PostId(post.id),
            parent_external_id="parent-{}",
            surface=post.surface,
            text="Comptez trois jours.",
        )
    ]


def test_the_limit_and_the_order_of_approval_are_kept(desk: Desk) -> None:
    items = []
    for number in range(3):
        items.append(approved(desk, text=f"Réponse {number}."))
        desk.clock.advance(timedelta(seconds=1))
    assert desk.posting.post_ready(limit=2).sent == 2
    assert [reply.item_id for reply in desk.channel.sent.values()] == items[:2]


def test_a_time_out_after_the_commit_is_found_and_not_repeated(desk: Desk) -> None:
    item_id = approved(desk)
    desk.channel.faults = [Fault.TIME_OUT_AFTER]
    assert desk.posting.post_ready().unknown == 1
    assert status(desk, item_id) is PostStatus.UNKNOWN
    assert desk.posting.post_ready().sent == 0
    assert desk.posting.resolve_unknown().sent == 1
    post = desk.review.item(item_id).posts[0]
    assert (post.status, post.problem) == (PostStatus.SENT, "")
    assert post.remote_id
    assert len(desk.channel.sent) == 1


def test_a_lost_request_is_sent_again_only_after_a_look_and_the_lease(desk: Desk) -> None:
    item_id = approved(desk)
    desk.channel.faults = [Fault.TIME_OUT_BEFORE]
    desk.posting.post_ready()
    first_key = desk.trail.trail(item_id)["posts"][0]["key"]
    assert desk.posting.resolve_unknown().unknown == 1
    assert desk.posting.post_ready().sent == 0
    desk.clock.advance(LEASE)
    assert desk.posting.resolve_unknown().postponed == 1
    assert desk.posting.post_ready().sent == 1
    assert list(desk.channel.sent) == [first_key]


def test_a_client_that_falls_over_is_unknown(desk: Desk) -> None:
    item_id = approved(desk)
    desk.channel.faults = [Fault.CRASH_AFTER]
    report = desk.posting.post_ready()
    assert report.unknown == 1
    assert "RuntimeError" in report.problems[0]
    assert desk.posting.resolve_unknown().sent == 1
    assert status(desk, item_id) is PostStatus.SENT


class Killed(RecordingChannel):
    """The process dies in the middle of `send`, before or after the network took the reply."""

    is_after = True

    def send(self, reply: Reply, key: str) -> PostReceipt:
        if self.is_after:
            super().send(reply, key)
        raise KeyboardInterrupt


@pytest.mark.parametrize("is_after", [True, False])
def test_a_killed_process_leaves_unknown_after_its_lease_and_never_a_second_post(
    desk: Desk, is_after: bool
) -> None:
    item_id = approved(desk)
    dying = Killed()
    dying.is_after = is_after
    with pytest.raises(KeyboardInterrupt):
        PostingService(desk.store, desk.clock, {dying.name: dying}).post_ready()
    assert status(desk, item_id) is PostStatus.SENDING
    assert desk.posting.post_ready().sent == 0
    desk.clock.advance(LEASE)
    assert desk.posting.post_ready().unknown == 1
    desk.channel.sent = dying.sent
    report = desk.posting.resolve_unknown()
    assert (report.sent, report.postponed) == ((1, 0) if is_after else (0, 1))
    desk.posting.post_ready()
    assert status(desk, item_id) is PostStatus.SENT
    assert len(desk.channel.sent) == 1


def test_a_sender_that_comes_back_late_still_says_that_it_was_sent(desk: Desk) -> None:
    item_id = approved(desk)
    other = Desk(desk.store, clock=desk.clock)

    class Slow(RecordingChannel):
        def send(self, reply: Reply, key: str) -> PostReceipt:
            receipt = super().send(reply, key)
            desk.clock.advance(LEASE)
            assert other.posting.post_ready().unknown == 1
            return receipt

    slow = Slow()
    assert PostingService(desk.store, desk.clock, {slow.name: slow}).post_ready().sent == 1
    assert status(desk, item_id) is PostStatus.SENT


def test_a_refusal_for_now_is_tried_again_later_with_the_same_key(desk: Desk) -> None:
    item_id = approved(desk)
    desk.channel.faults = [Fault.REFUSED_FOR_NOW, Fault.REFUSED_FOR_NOW]
    assert desk.posting.post_ready().postponed == 1
    assert status(desk, item_id) is PostStatus.READY
    assert desk.posting.post_ready().postponed == 0
    desk.clock.advance(timedelta(seconds=15))
    assert desk.posting.post_ready().postponed == 1
    desk.clock.advance(timedelta(seconds=15))
    assert desk.posting.post_ready().sent == 0
    desk.clock.advance(timedelta(seconds=15))
    assert desk.posting.post_ready().sent == 1


def test_a_network_that_is_down_loses_nothing(desk: Desk) -> None:
    items = [approved(desk), approved(desk)]
    desk.channel.is_down = True
    assert desk.posting.post_ready().postponed == 2
    desk.channel.is_down = False
    desk.clock.advance(timedelta(minutes=1))
    assert desk.posting.post_ready().sent == 2
    assert {status(desk, item) for item in items} == {PostStatus.SENT}


def test_a_network_that_is_down_leaves_unknown_posts_unknown(desk: Desk) -> None:
    approved(desk)
    desk.channel.faults = [Fault.TIME_OUT_AFTER]
    desk.posting.post_ready()
    desk.channel.is_down = True
    desk.clock.advance(LEASE)
    report = desk.posting.resolve_unknown()
    assert (report.unknown, report.postponed) == (1, 0)
    assert "cannot be reached" in report.problems[0]


@pytest.mark.parametrize("how", ["refused", "closed"])
def test_a_parent_that_takes_no_reply_brings_the_item_back(desk: Desk, how: str) -> None:
    item_id = desk.one(external_id="42")
    desk.approve(item_id)
    if how == "refused":
        desk.channel.faults = [Fault.REFUSED_FOR_GOOD]
    else:
        desk.channel.closed["42"] = "the thread is closed"
    report = desk.posting.post_ready()
    assert report.returned == 1
    item = desk.review.item(item_id)
    assert item.status is ReviewStatus.PENDING
    assert item.decision is None
    assert item.posts[0].status is PostStatus.RETURNED
    assert item.stale_because == item.posts[0].problem
    assert desk.channel.sent == {}
    desk.channel.closed.clear()
    desk.approve(item_id, public="Un autre texte.")
    assert desk.posting.post_ready().sent == 1
    trail = desk.trail.trail(item_id)
    assert [decision["round"] for decision in trail["decisions"]] == [1, 2]
    assert [post["status"] for post in trail["posts"]] == ["returned", "sent"]


def test_a_message_edited_after_the_decision_brings_the_item_back(desk: Desk) -> None:
    original = message(external_id="42")
    item_id = desk.arrive(original)[0]
    desk.approve(item_id)
    edited = original.model_copy(update={"text": "Non merci, c'est réglé."})
    desk.intake.accept(BRAND, [edited], desk.channel.name)
    assert desk.posting.post_ready().returned == 1
    assert desk.channel.sent == {}
    assert "customer changed" in desk.review.item(item_id).stale_because


def test_what_is_out_is_not_posted_again_in_a_second_round(desk: Desk) -> None:
    item_id = desk.one(external_id="42")
    desk.approve(item_id, public="Nous vous écrivons.", private="Voici le suivi.")
    desk.channel.faults = [Fault.REFUSED_FOR_GOOD]
    report = desk.posting.post_ready()
    assert (report.sent, report.returned) == (1, 1)
    gone = next(p for p in desk.review.item(item_id).posts if p.status is PostStatus.RETURNED)
    assert desk.review.item(item_id).status is ReviewStatus.PENDING
    desk.approve(item_id, public="Nous vous écrivons.", private="Voici le suivi.")
    assert desk.posting.post_ready().sent == 1
    posts = desk.review.item(item_id).posts
    assert len(posts) == 3
    assert [p.surface for p in posts if p.status is PostStatus.SENT].count(gone.surface) == 1
    assert len(desk.channel.sent) == 2


def test_a_decision_can_be_taken_back_before_it_leaves(desk: Desk) -> None:
    item_id = approved(desk)
    desk.posting.cancel(item_id, AWA)
    item = desk.review.item(item_id)
    assert (item.status, item.decision) == (ReviewStatus.PENDING, None)
    assert item.posts[0].status is PostStatus.CANCELLED
    assert desk.posting.post_ready().sent == 0
    with pytest.raises(NotAllowed, match="nothing can be taken back"):
        desk.posting.cancel(item_id, AWA)
    desk.decide(item_id, DecisionKind.NO_REPLY)
    assert desk.review.item(item_id).status is ReviewStatus.NO_REPLY


@pytest.mark.parametrize("fault", [None, Fault.TIME_OUT_AFTER])
def test_what_has_left_or_may_have_is_not_taken_back(desk: Desk, fault: Fault | None) -> None:
    item_id = approved(desk)
    desk.channel.faults = [fault] if fault else []
    desk.posting.post_ready()
    with pytest.raises(NotAllowed, match="has left"):
        desk.posting.cancel(item_id, AWA)
    assert desk.review.item(item_id).status is ReviewStatus.APPROVED


def test_half_a_reply_can_be_taken_back(desk: Desk) -> None:
    item_id = desk.one(external_id="42")
    desk.approve(item_id, public="Nous vous écrivons.", private="Voici le suivi.")
    assert desk.posting.post_ready(limit=1).sent == 1
    desk.posting.cancel(item_id, AWA)
    statuses = {post.status for post in desk.review.item(item_id).posts}
    assert statuses == {PostStatus.SENT, PostStatus.CANCELLED}
    assert desk.review.item(item_id).status is ReviewStatus.PENDING


@pytest.mark.parametrize("is_there", [True, False])
def test_a_person_settles_what_the_network_cannot_tell(desk: Desk, is_there: bool) -> None:
    item_id = approved(desk)
    desk.channel.faults = [Fault.TIME_OUT_BEFORE]
    desk.posting.post_ready()
    post_id = PostId(desk.review.item(item_id).posts[0].id)
    url = "https://example.org/1" if is_there else ""
    desk.posting.resolve_by_hand(post_id, BEN, is_there, url)
    post = desk.review.item(item_id).posts[0]
    assert (post.status, post.url) == (PostStatus.SENT if is_there else PostStatus.READY, url)
    assert desk.review.history(item_id)[-1].actor == "ben"
    with pytest.raises(NotAllowed, match="is known"):
        desk.posting.resolve_by_hand(post_id, BEN, is_there, url)
    assert desk.posting.post_ready().sent == (0 if is_there else 1)


class ByHand(RecordingChannel):
    """As the manual channel."""

    def send(self, reply: Reply, key: str) -> PostReceipt:
        raise PostByHand

    def find_sent(self, parent_external_id: str, key: str) -> PostReceipt | None:
        raise ChannelError("ask the person who posted")


def test_a_text_to_post_by_hand_waits_for_a_person(desk: Desk) -> None:
    item_id = approved(desk)
    channel = ByHand()
    posting = PostingService(desk.store, desk.clock, {channel.name: channel})
    assert posting.post_ready().by_hand == 1
    desk.clock.advance(timedelta(days=30))
    assert posting.post_ready().by_hand == 0
    post = desk.review.item(item_id).posts[0]
    assert post.status is PostStatus.READY
    posting.mark_posted_by_hand(PostId(post.id), AWA, "https://example.org/2")
    post = desk.review.item(item_id).posts[0]
    assert (post.status, post.url) == (PostStatus.SENT, "https://example.org/2")
    with pytest.raises(NotAllowed, match="does not wait"):
        posting.mark_posted_by_hand(PostId(post.id), AWA)


def test_a_channel_that_is_not_set_up_is_reported_and_its_replies_wait(desk: Desk) -> None:
    item_id = approved(desk)
    report = PostingService(desk.store, desk.clock, {}).post_ready()
    assert "channel recording is not set up: 1 replies wait" in report.problems[0]
    assert status(desk, item_id) is PostStatus.READY


@pytest.mark.parametrize("share", [0.5, 1.0])
def test_a_slow_look_at_the_parent_sends_nothing_that_could_outlast_the_lease(
    desk: Desk, share: float
) -> None:
    item_id = approved(desk)
    can_reply = desk.channel.can_reply

    def slow(*given: object) -> object:
        desk.clock.advance(LEASE * share)
        return can_reply(*given)  # type: ignore[arg-type]

    desk.channel.can_reply = slow  # type: ignore[method-assign, assignment]
    assert desk.posting.post_ready(limit=1).postponed == 1
    assert desk.channel.sent == {}
    assert status(desk, item_id) is PostStatus.READY


def test_a_client_that_falls_over_before_sending_holds_nobody_up(desk: Desk) -> None:
    first, second = approved(desk), approved(desk)
    can_reply = desk.channel.can_reply
    calls: list[object] = []

    def broken_once(*given: object) -> object:
        calls.append(given)
        if len(calls) == 1:
            raise KeyError("uri")
        return can_reply(*given)  # type: ignore[arg-type]

    desk.channel.can_reply = broken_once  # type: ignore[method-assign, assignment]
    report = desk.posting.post_ready()
    assert (report.postponed, report.sent) == (1, 1)
    assert "the channel failed (KeyError)" in report.problems[0]
    assert {status(desk, item) for item in (first, second)} == {PostStatus.READY, PostStatus.SENT}


def test_a_client_that_falls_over_while_looking_leaves_the_outcome_unknown(desk: Desk) -> None:
    item_id = approved(desk)
    desk.channel.faults = [Fault.TIME_OUT_AFTER]
    desk.posting.post_ready()

    def broken(*given: object) -> None:
        raise KeyError("uri")

    desk.channel.find_sent = broken  # type: ignore[method-assign, assignment]
    assert "the channel failed (KeyError)" in desk.posting.resolve_unknown().problems[0]
    assert status(desk, item_id) is PostStatus.UNKNOWN
