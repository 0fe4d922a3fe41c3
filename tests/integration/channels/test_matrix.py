"""The Matrix channel on a real homeserver: threads, edits, deletions, bans, and one post a key."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from agent.adapters.channels.matrix import MatrixChannel
from agent.adapters.clock import SystemClock
from agent.adapters.store import SqlStore, open_store
from agent.domain.channels import ModerationAction, PostStatus, Reply
from agent.domain.connections import MatrixConnection
from agent.domain.errors import ChannelError, OutcomeUnknown
from agent.domain.ids import ItemId, PostId
from agent.domain.messages import InboundMessage, Surface
from agent.domain.reviews import ReviewStatus
from agent.services.posting import PostingService
from agent.testing import FrozenClock
from tests.desk_kit import BRAND, Desk
from tests.matrix_server import MatrixServer, User, running_matrix_server


@pytest.fixture(scope="module")
def server() -> Iterator[MatrixServer]:
    with running_matrix_server() as running:
        yield running


@pytest.fixture(scope="module")
def people(server: MatrixServer) -> tuple[User, User]:
    return server.user("maison"), server.user("zoe")


class Square:
    """A desk, and a room with the brand and a customer in it."""

    def __init__(self, people: tuple[User, User], store: SqlStore, *, is_public: bool) -> None:
        self.us, self.zoe = people
        self.desk = Desk(store, clock=FrozenClock(SystemClock().now()))
        self.room = self.us.create_room(self.zoe, is_public=is_public)
        self.channel = self.connected()

    def connected(self, **given: object) -> MatrixChannel:
        """Return the channel as a process that has just started sees it."""
        terms = {
            "kind": "matrix",
            "brand": BRAND,
            "homeserver": self.us.base,
            "user_id": self.us.id,
            "access_token": self.us.token,
            "device_id": self.us.device,
            "rooms": [self.room],
        }
        given_terms = MatrixConnection.model_validate(terms | given)
        return MatrixChannel("square", given_terms, self.desk.clock)

    def receive(self) -> Any:
        return self.desk.intake.receive(self.channel, BRAND)

    def stored(self) -> list[InboundMessage]:
        with self.desk.store.read() as work:
            return [one.message for one in work.inbox.undrafted((BRAND,), 500)]

    def posting(self, channel: Any = None) -> PostingService:
        channels = {"square": channel or self.channel}
        return PostingService(self.desk.store, self.desk.clock, channels)

    def approved(self, text: str = "Où est mon colis ?", **content: Any) -> ItemId:
        """Have one message written, read, drafted and approved."""
        self.event = self.zoe.write(self.room, text, **content)
        assert self.receive().added == 1
        self.desk.intake.draft_pending()
        with self.desk.store.read() as work:
            item: ItemId = work.queue.ids(BRAND, None, 2)[0]
        self.desk.approve(item, public="Comptez trois jours à 20\u202f% 👍")
        return item

    def answers(self) -> list[dict[str, Any]]:
        return self.zoe.messages(self.room, self.us.id)


@pytest.fixture
def square(
    request: pytest.FixtureRequest, people: tuple[User, User], sqlite_url: str
) -> Iterator[Square]:
    store = open_store(sqlite_url)
    yield Square(people, store, is_public=getattr(request, "param", True))
    store.close()


def test_the_round_trip(square: Square) -> None:
    """Written, read, approved, answered in the thread; read and sent again: nothing more."""
    item = square.approved()
    assert square.posting().post_ready().sent == 1
    (answer,) = square.answers()
    assert answer["content"]["body"] == "Comptez trois jours à 20\u202f% 👍"
    relation = answer["content"]["m.relates_to"]
    assert (relation["rel_type"], relation["event_id"]) == ("m.thread", square.event)
    record = square.desk.review.item(item).posts[0]
    assert record.remote_id == f"{square.room}/{answer['event_id']}"
    report = square.receive()
    assert (report.added, report.edited) == (0, 0)
    with square.desk.store.read() as work:
        post = work.outbox.posts(item)[0]
    reply = Reply(
        item_id=item,
        post_id=PostId(post.id),
        parent_external_id=f"{square.room}/{square.event}",
        surface=Surface.PUBLIC,
        text="Un autre texte",
    )
    again = square.connected().send(reply, post.key)
    assert again.remote_id == record.remote_id
    assert len(square.answers()) == 1


def test_a_message_of_a_thread_is_answered_in_it(square: Square) -> None:
    root = square.us.write(square.room, "Posez vos questions ici")
    relation = {"rel_type": "m.thread", "event_id": root}
    square.approved(**{"m.relates_to": relation})
    with square.desk.store.read() as work:
        item = work.queue.ids(BRAND, None, 2)[0]
    message = square.desk.review.item(item).outcome.message
    assert [(e.author, e.text) for e in message.thread] == [("brand", "Posez vos questions ici")]
    assert square.posting().post_ready().sent == 1
    assert square.answers()[-1]["content"]["m.relates_to"]["event_id"] == root


@pytest.mark.parametrize("change", ["edited", "deleted", "banned"])
def test_a_parent_that_changed_brings_the_reply_back(square: Square, change: str) -> None:
    item = square.approved()
    if change == "edited":
        square.zoe.edit(square.room, square.event, "Annulez tout")
    elif change == "deleted":
        square.zoe.redact(square.room, square.event)
    else:
        square.us.ban(square.room, square.zoe)
    report = square.posting().post_ready()
    assert report.returned == 1
    assert square.desk.review.item(item).status is ReviewStatus.PENDING
    assert square.us.messages(square.room, square.us.id) == []


def test_an_edit_is_read_as_one_and_only_from_its_author(square: Square) -> None:
    event = square.zoe.write(square.room, "Avant")
    assert square.receive().added == 1
    square.zoe.edit(square.room, event, "Après")
    assert square.receive().edited == 1
    assert [one.text for one in square.stored()] == ["Après"]
    # Written and edited between two readings: one message, as it is now.
    other = square.zoe.write(square.room, "Un")
    square.zoe.edit(square.room, other, "Deux")
    assert square.receive().added == 1
    assert {one.text for one in square.stored()} == {"Après", "Deux"}


def test_what_is_deleted_or_said_by_bots_or_by_us_is_not_read(square: Square) -> None:
    square.zoe.redact(square.room, square.zoe.write(square.room, "Erreur"))
    square.zoe.write(square.room, "bip", msgtype="m.notice")
    square.us.write(square.room, "Bonjour à tous")
    square.zoe.write(square.room, "été.png", msgtype="m.image", info={"size": 9}, url="mxc://x/y")
    assert square.receive().added == 1
    (message,) = square.stored()
    assert [(a.name, a.size) for a in message.attachments] == [("été.png", 9)]


def test_more_than_a_sync_holds_is_read_whole_and_a_forgotten_token_loses_nothing(
    square: Square,
) -> None:
    square.zoe.write(square.room, "Premier")
    assert square.receive().added == 1
    for number in range(70):
        square.zoe.write(square.room, f"Message {number}")
    assert square.receive().added == 70
    texts = [one.text for one in square.connected().fetch(None).messages]
    assert texts == ["Premier", *(f"Message {number}" for number in range(70))]
    with square.desk.store.write() as work:
        before = work.inbox.cursor("square")
        forgotten = json.dumps(["a-token-of-another-time", json.loads(before or "")[1]])
        work.inbox.move_cursor("square", before, forgotten, square.desk.clock.now())
    square.zoe.write(square.room, "Le dernier")
    report = square.receive()
    assert (report.added, report.edited) == (1, 0)


def test_an_answer_lost_after_the_commit_is_found_in_the_thread(square: Square) -> None:
    item = square.approved()
    real = square.connected()

    class Losing:
        def __getattr__(self, name: str) -> Any:
            return getattr(real, name)

        def send(self, reply: Reply, key: str) -> Any:
            real.send(reply, key)
            raise OutcomeUnknown

    assert square.posting(Losing()).post_ready().unknown == 1
    # A day later the server has forgotten the transaction: only the thread can tell.
    square.desk.clock.advance(timedelta(hours=26))
    assert square.posting().resolve_unknown().sent == 1
    assert square.posting().post_ready().sent == 0
    assert len(square.answers()) == 1
    assert square.desk.review.item(item).posts[0].status is PostStatus.SENT


def test_what_was_not_posted_is_not_found(square: Square) -> None:
    square.approved()
    assert square.channel.find_sent(f"{square.room}/{square.event}", "no-such-key") is None


def test_another_device_posts_nothing(square: Square) -> None:
    item = square.approved()
    report = square.posting(square.connected(device_id="OTHER")).post_ready()
    assert report.postponed == 1
    assert "device" in report.problems[0]
    assert square.answers() == []
    assert square.desk.review.item(item).posts[0].status is PostStatus.READY


def test_a_room_we_were_put_out_of_brings_the_reply_back(
    square: Square, server: MatrixServer
) -> None:
    owner = server.user(f"owner-{uuid4().hex[:6]}")
    square.room = owner.create_room(square.us, square.zoe)
    square.channel = square.connected()
    square.approved()
    owner.kick(square.room, square.us)
    assert square.posting().post_ready().returned == 1


@pytest.mark.parametrize("square", [False], indirect=True)
def test_two_alone_are_private_and_three_are_not(square: Square, server: MatrixServer) -> None:
    square.zoe.write(square.room, "Mon numéro est le 12")
    assert square.receive().added == 1
    (message,) = square.stored()
    assert message.surface is Surface.PRIVATE
    assert square.channel.can_reply(message, Surface.PRIVATE).is_allowed
    other = server.user(f"eve-{uuid4().hex[:6]}")
    square.us.ask("POST", f"/rooms/{square.room}/invite", json={"user_id": other.id})
    other.ask("POST", f"/join/{square.room}", json={})
    assert not square.channel.can_reply(message, Surface.PRIVATE).is_allowed


def test_hiding_redacts_and_without_the_power_a_person_is_asked(
    square: Square, server: MatrixServer
) -> None:
    square.zoe.write(square.room, "spam")
    message = square.channel.fetch(None).messages[0]
    square.channel.moderate(message, ModerationAction.HIDE)
    assert square.channel.fetch(None).messages == ()
    owner = server.user(f"owner-{uuid4().hex[:6]}")
    square.room = owner.create_room(square.us, square.zoe)
    square.zoe.write(square.room, "spam")
    channel = square.connected()
    with pytest.raises(ChannelError):
        channel.moderate(channel.fetch(None).messages[0], ModerationAction.HIDE)


def test_a_revoked_token_is_told(square: Square) -> None:
    with pytest.raises(ChannelError, match="renew"):
        square.connected(access_token="syt_revoked_token").fetch(None)
