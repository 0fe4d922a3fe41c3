"""The Bluesky channel on a real PDS: `make test-bluesky`, apart from `make test` for its cost."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from agent.adapters.channels.bluesky import BlueskyChannel
from agent.adapters.store import SqlStore, open_store
from agent.domain.channels import Reply
from agent.domain.connections import BlueskyConnection
from agent.domain.errors import CannotReply, ChannelError, OutcomeUnknown
from agent.domain.ids import ItemId, PostId
from agent.domain.messages import Surface
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


@pytest.fixture
def store(sqlite_url: str) -> Iterator[SqlStore]:
    opened = open_store(sqlite_url)
    yield opened
    opened.close()


def connected(front: str, clock: FrozenClock, password: str = PASSWORD) -> BlueskyChannel:
    terms = {"service": front, "handle": "maison.test", "app_password": password}
    given = {"kind": "bluesky", "brand": BRAND, **terms}
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
