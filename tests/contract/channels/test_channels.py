"""What every channel keeps: messages at least once and recognisable, replies at most once."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from agent.adapters.store import SqlStore, open_store
from agent.domain.channels import ModerationAction, PostStatus, Reply
from agent.domain.errors import ChannelError
from agent.domain.ids import ItemId, PostId
from agent.domain.messages import InboundMessage, Surface
from agent.ports import Channel
from agent.services.posting import PostingService
from tests.contract.channels.networks import NETWORKS, Losing, Network
from tests.desk_kit import AWA, BRAND, Desk

AUTOMATIC = [network for network in NETWORKS if not network.is_by_hand]
TEXTS = (
    "Bonjour,\n\nvotre colis part demain\u202f!",
    "Déjà vu : « l’été » à 20 % 👩‍👩‍👧",
    'Des "guillemets" et un \\ ; {"json": true}',
)


@pytest.fixture
def network(request: pytest.FixtureRequest, tmp_path: Path) -> Network:
    made: Network = request.param(tmp_path)
    return made


@pytest.fixture
def store(sqlite_url: str) -> Iterator[SqlStore]:
    opened = open_store(sqlite_url)
    yield opened
    opened.close()


every_network = pytest.mark.parametrize("network", NETWORKS, indirect=True)
every_automatic_network = pytest.mark.parametrize("network", AUTOMATIC, indirect=True)


def read(channel: Channel, cursor: str | None = None) -> tuple[list[InboundMessage], str | None]:
    messages: list[InboundMessage] = []
    while True:
        page = channel.fetch(cursor)
        messages.extend(page.messages)
        cursor = page.cursor
        if not page.has_more:
            return messages, cursor


def reply_to(message: InboundMessage, text: str = "Merci !", post: str = "p1") -> Reply:
    return Reply(
        item_id=ItemId("i1"),
        post_id=PostId(post),
        parent_external_id=message.external_id or message.id,
        surface=Surface.PUBLIC,
        text=text,
        author=message.author,
    )


@every_network
def test_it_reads_all_in_order_and_goes_on_from_its_cursor(network: Network) -> None:
    for number in range(7):
        network.write(f"Message {number}")
    first, cursor = read(network.channel())
    assert [message.text for message in first] == [f"Message {n}" for n in range(7)]
    network.write("Un de plus")
    more, cursor = read(network.channel(), cursor)
    assert [message.text for message in more] == ["Un de plus"]
    assert read(network.channel(), cursor)[0] == []


@every_network
def test_the_same_message_has_the_same_ids_each_time_it_is_read(network: Network) -> None:
    for number in range(4):
        network.write(f"Message {number}")
    first, again = read(network.channel())[0], read(network.channel())[0]
    assert [(m.id, m.external_id) for m in first] == [(m.id, m.external_id) for m in again]
    assert len({m.id for m in first}) == 4
    assert all(m.external_id for m in first)


@every_network
def test_nothing_written_is_nothing_read(network: Network) -> None:
    page = network.channel().fetch(None)
    assert (page.messages, page.has_more, page.problems) == ((), False, ())


@every_network
@pytest.mark.parametrize("text", TEXTS)
def test_a_message_arrives_as_written(network: Network, text: str) -> None:
    network.write(text)
    assert [message.text for message in read(network.channel())[0]] == [text]


@every_network
def test_a_new_message_can_be_replied_to(network: Network) -> None:
    network.write("Bonjour")
    message = read(network.channel())[0][0]
    assert network.channel().can_reply(message, Surface.PUBLIC).is_allowed


@every_network
def test_it_states_its_limits(network: Network) -> None:
    channel = network.channel()
    assert channel.name
    assert channel.limits.network


@every_network
def test_moderation_is_done_or_refused_as_a_channel_error(network: Network) -> None:
    network.write("Bonjour")
    message = read(network.channel())[0][0]
    with suppress(ChannelError):
        network.channel().moderate(message, ModerationAction.HIDE)


@every_automatic_network
@pytest.mark.parametrize("text", TEXTS)
def test_a_reply_is_posted_as_it_is_and_found_by_its_key(network: Network, text: str) -> None:
    network.write("Bonjour")
    message = read(network.channel())[0][0]
    receipt = network.channel().send(reply_to(message, text), "key-1")
    assert network.replies() == [text]
    assert receipt.remote_id
    found = network.channel().find_sent(message.external_id or "", "key-1")
    assert found is not None
    assert found.remote_id == receipt.remote_id


@every_automatic_network
def test_what_was_not_posted_is_not_found(network: Network) -> None:
    network.write("Bonjour")
    message = read(network.channel())[0][0]
    assert network.channel().find_sent(message.external_id or "", "key-1") is None
    network.channel().send(reply_to(message), "key-1")
    assert network.channel().find_sent(message.external_id or "", "key-2") is None


@every_automatic_network
def test_our_replies_do_not_come_back_as_messages(network: Network, store: SqlStore) -> None:
    desk, posting = set_up(network, store)
    assert posting.post_ready().sent == 1
    assert desk.intake.receive(network.channel(), BRAND).added == 0


def set_up(network: Network, store: SqlStore) -> tuple[Desk, PostingService]:
    """Have one message read, drafted and approved."""
    network.write("Bonjour")
    desk = Desk(store)
    assert desk.intake.receive(network.channel(), BRAND).added == 1
    desk.intake.draft_pending()
    desk.approve(only_item(desk))
    return desk, posting_of(desk, network.channel())


def only_item(desk: Desk) -> ItemId:
    with desk.store.read() as work:
        return work.queue.ids(BRAND, None, 2)[0]


def posting_of(desk: Desk, channel: Channel) -> PostingService:
    return PostingService(desk.store, desk.clock, {channel.name: channel})


@every_automatic_network
def test_an_answer_lost_after_the_commit_is_found_and_never_posted_again(
    network: Network, store: SqlStore
) -> None:
    desk, healthy = set_up(network, store)
    losing = Losing(network.channel(), is_request_lost=False)
    assert posting_of(desk, losing).post_ready().unknown == 1
    for _ in range(2):
        assert healthy.post_ready().sent == 0
        desk.clock.advance(timedelta(minutes=3))
    assert healthy.resolve_unknown().sent == 1
    assert healthy.post_ready().sent == 0
    assert len(network.replies()) == losing.calls == 1
    post = desk.review.item(only_item(desk)).posts[0]
    assert post.status is PostStatus.SENT
    assert post.remote_id


@every_automatic_network
def test_a_lost_request_is_posted_once_after_a_look(network: Network, store: SqlStore) -> None:
    desk, healthy = set_up(network, store)
    losing = Losing(network.channel(), is_request_lost=True)
    assert posting_of(desk, losing).post_ready().unknown == 1
    desk.clock.advance(timedelta(minutes=3))
    assert healthy.resolve_unknown().postponed == 1
    assert healthy.post_ready().sent == 1
    assert len(network.replies()) == 1


@pytest.mark.parametrize(
    "network", [network for network in NETWORKS if network.is_by_hand], indirect=True
)
def test_a_text_to_post_by_hand_waits_and_a_person_says_when_it_is_out(
    network: Network, store: SqlStore
) -> None:
    desk, posting = set_up(network, store)
    assert posting.post_ready().by_hand == 1
    post = desk.review.item(only_item(desk)).posts[0]
    assert (post.status, post.text) == (PostStatus.READY, "Comptez trois jours.")
    posting.mark_posted_by_hand(PostId(post.id), AWA, "https://example.org/1")
    assert desk.review.item(only_item(desk)).posts[0].status is PostStatus.SENT
    assert network.replies() == []
