"""The Bluesky channel on a real PDS: `make test-bluesky`, apart from `make test` for its cost."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from agent.adapters.channels.bluesky import BlueskyChannel
from agent.adapters.channels.bluesky.place import Place
from agent.adapters.store import SqlStore, open_store
from agent.domain.channels import Reply
from agent.domain.connections import BlueskyConnection
from agent.domain.errors import CannotReply, ChannelError, OutcomeUnknown
from agent.domain.ids import ItemId, PostId
from agent.domain.messages import Surface
from agent.domain.reports import IntakeReport
from agent.domain.reviews import ReviewStatus
from agent.services.posting import PostingService
from agent.testing import FrozenClock
from tests.desk_kit import BRAND, Desk
from tests.loopback import serving
from tests.pds_server import PASSWORD, Account, Front, running_pds

ANSWER = "Bonjour Zoé, comptez trois jours : https://maison.example/été 👍"


@pytest.fixture(scope="module")
def network() -> Iterator[tuple[str, Account, Account]]:
    with running_pds() as pds:
        us, zoe = Account(pds, "maison.test"), Account(pds, "zoe.test")
        with serving(Front(pds, zoe).app()) as front:
            yield front, us, zoe


@pytest.fixture(scope="module")
def stream() -> Iterator[tuple[str, Front, str, Account, Account]]:
    """A server of its own: its address, the front and its address, and two accounts."""
    with running_pds() as pds:
        us, zoe = Account(pds, "maison.test"), Account(pds, "zoe.test")
        front = Front(pds, zoe)
        with serving(front.app()) as address:
            yield pds, front, address, us, zoe


@pytest.fixture
def store(sqlite_url: str) -> Iterator[SqlStore]:
    opened = open_store(sqlite_url)
    yield opened
    opened.close()


def connected(
    front: str, clock: FrozenClock, password: str = PASSWORD, **more: str
) -> BlueskyChannel:
    terms = {"service": front, "handle": "maison.test", "app_password": password}
    given = {"kind": "bluesky", "brand": BRAND, **terms, **more}
    return BlueskyChannel("sky", BlueskyConnection.model_validate(given), clock)


def reply_to(uri: str, text: str) -> Reply:
    return Reply(
        item_id=ItemId("i"),
        post_id=PostId("p"),
        parent_external_id=uri,
        surface=Surface.PUBLIC,
        text=text,
    )


def test_written_approved_lost_found_and_there_once(
    network: tuple[str, Account, Account], store: SqlStore
) -> None:
    front, us, zoe = network
    desk = Desk(store, clock=FrozenClock(datetime(2026, 11, 21, 9, tzinfo=UTC)))
    uri = zoe.post("@maison.test où est mon colis ?")
    channel = connected(front, desk.clock)
    assert desk.intake.receive(channel, BRAND).added == 1
    desk.intake.draft_pending()
    with desk.store.read() as work:
        item = work.queue.ids(BRAND, None, 2)[0]
    desk.approve(item, public=ANSWER)

    class Losing:
        def __getattr__(self, name: str) -> Any:
            return getattr(channel, name)

        def send(self, reply: Reply, key: str) -> Any:
            channel.send(reply, key)
            raise OutcomeUnknown

    losing: Any = Losing()
    assert PostingService(store, desk.clock, {"sky": losing}).post_ready().unknown == 1
    posting = PostingService(store, desk.clock, {"sky": connected(front, desk.clock)})
    assert posting.resolve_unknown().sent == 1
    assert posting.post_ready().sent == 0
    (post,) = us.posts()
    assert post["value"]["text"] == ANSWER
    assert post["value"]["reply"]["parent"]["uri"] == uri
    link = post["value"]["facets"][0]["index"]
    assert ANSWER.encode()[link["byteStart"] : link["byteEnd"]].decode().startswith("https://")


def test_a_key_makes_one_record_whatever_is_sent_under_it(
    network: tuple[str, Account, Account],
) -> None:
    front, us, zoe = network
    clock = FrozenClock()
    uri, before = zoe.post("Encore une question"), len(us.posts())
    assert connected(front, clock).find_sent(uri, "key-2") is None
    first = connected(front, clock).send(reply_to(uri, "Une réponse"), "key-2")
    again = connected(front, clock).send(reply_to(uri, "Une réponse"), "key-2")
    assert first.remote_id == again.remote_id
    with pytest.raises(CannotReply):
        connected(front, clock).send(reply_to(uri, "Une autre"), "key-2")
    assert len(us.posts()) == before + 1
    found = connected(front, clock).find_sent(uri, "key-2")
    assert found is not None
    assert found.remote_id == first.remote_id


def test_a_deleted_post_is_not_answered_and_a_wrong_password_is_told(
    network: tuple[str, Account, Account],
) -> None:
    front, _, zoe = network
    clock = FrozenClock(datetime(2026, 11, 21, 9, tzinfo=UTC))
    uri = zoe.post("Effacé bientôt")
    channel = connected(front, clock)
    message = next(m for m in channel.fetch(None).messages if m.external_id == uri)
    zoe.delete(uri)
    assert not channel.can_reply(message, Surface.PUBLIC).is_allowed
    with pytest.raises(CannotReply):
        channel.send(reply_to(uri, "Trop tard"), "key-3")
    with pytest.raises(ChannelError, match="renew"):
        connected(front, clock, "wrong").fetch(None)


class Stream:
    """The account's intake by the firehose."""

    def __init__(self, desk: Desk, channel: BlueskyChannel, pds: str) -> None:
        self.desk, self.channel, self._pds = desk, channel, pds

    def receive(self, after: int | None = None) -> IntakeReport:
        """Read on, or again from a sequence number."""
        if after is not None:
            now = self.desk.clock.now()
            place = Place(stream=self._pds, sequence=after, looked_at=now)
            with self.desk.store.write() as work:
                before = work.inbox.cursor("sky")
                work.inbox.move_cursor("sky", before, place.written(), now)
        return self.desk.intake.receive(self.channel, BRAND)

    def drafted(self) -> dict[str | None, ItemId]:
        """Draft what is there; return the items by the post they answer."""
        self.desk.intake.draft_pending()
        with self.desk.store.read() as work:
            items = work.queue.ids(BRAND, None, 9)
        return {self.desk.review.item(i).outcome.message.external_id: i for i in items}


def test_by_the_firehose_written_answered_changed_and_nothing_twice(
    stream: tuple[str, Front, str, Account, Account], store: SqlStore
) -> None:
    pds, front, address, us, zoe = stream
    front.is_index_behind = True
    desk = Desk(store, clock=FrozenClock(datetime(2026, 11, 21, 9, tzinfo=UTC)))
    sky = Stream(desk, connected(address, desk.clock, reads="firehose", firehose=pds), pds)
    # From the stream's beginning: the accounts themselves are told there, and a post of nobody's.
    zoe.post("Il fait beau")
    assert sky.receive(after=0).fetched == 0
    uri = zoe.post("@maison.test où est mon colis ?", mentions=us.did)
    gone = zoe.post("@maison.test bientôt effacé", mentions=us.did)
    report = sky.receive()
    assert (report.added, report.problems) == (2, ())
    items = sky.drafted()
    assert desk.review.item(items[uri]).outcome.message.author == "zoe.test"
    desk.approve(items[uri], public=ANSWER)
    posting = PostingService(store, desk.clock, {"sky": sky.channel})
    assert [posting.post_ready().sent, posting.post_ready().sent] == [1, 0]
    zoe.delete(gone)
    report = sky.receive()
    # The account's own post came by as well.
    assert (report.fetched, report.problems) == (0, ())
    assert desk.review.item(items[gone]).status is ReviewStatus.STALE
    again = sky.receive(after=0)
    assert (again.fetched, again.added, again.edited) == (1, 0, 0)
    assert posting.post_ready().sent == 0
    (post,) = us.posts()
    assert post["value"]["reply"]["parent"]["uri"] == uri
    zoe.edit(uri, "@maison.test annulez tout")
    assert sky.receive().edited == 1
    front.is_index_behind = False
    lost = sky.receive(after=10**9)
    assert lost.added == 1, "the post of nobody's, which this index takes for a mention"
    assert "FutureCursor" in lost.problems[0]
