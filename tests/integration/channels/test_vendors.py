"""The same promises on every network of which we have a stand-in: read once, answered once."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from agent.adapters.store import SqlStore, open_store
from agent.domain.channels import ModerationAction, PostStatus, Reply
from agent.domain.errors import CannotReply, ChannelError, OutcomeUnknown
from agent.domain.ids import PostId
from agent.domain.messages import InboundMessage, Surface
from agent.domain.reviews import ReviewStatus
from agent.services.posting import PostingService
from tests.desk_kit import BRAND, Desk
from tests.integration.channels.meta_inbox_vendor import FacebookMessages, InstagramMessages
from tests.integration.channels.meta_vendor import Facebook, Instagram
from tests.integration.channels.vendors import (
    NAME,
    VENDORS,
    Bluesky,
    Discord,
    Discourse,
    Mastodon,
    Vendor,
)
from tests.integration.channels.youtube_vendor import YouTube
from tests.loopback import serving

ANSWER = "Bonjour Zoé,\n\ncomptez trois jours à 20\u202f% : https://maison.example/été 👍"


class Network:
    """A desk and one stand-in."""

    def __init__(self, vendor: type[Vendor], store: SqlStore) -> None:
        self.desk = Desk(store)
        self.vendor = vendor(self.desk.clock)
        self.address = ""

    def connect(self, address: str) -> None:
        self.address = address
        self.channel = self.vendor.channel(address)

    def receive(self) -> Any:
        return self.desk.intake.receive(self.channel, BRAND)

    def posting(self, channel: Any = None) -> PostingService:
        # Short only where the other end stays silent: a loaded machine answers late as well.
        seconds = 0.6 if "silent" in self.vendor.faults else 5.0
        channels = {NAME: channel or self.vendor.channel(self.address, seconds)}
        return PostingService(self.desk.store, self.desk.clock, channels)

    def stored(self) -> list[InboundMessage]:
        with self.desk.store.read() as work:
            return [one.message for one in work.inbox.undrafted((BRAND,), 900)]

    def approved(self, text: str = "Où est mon colis ?") -> str:
        """Have one message written, read, drafted and approved; return its id."""
        number = self.vendor.write(text)
        assert self.receive().added == 1
        self.desk.intake.draft_pending()
        with self.desk.store.read() as work:
            self.item = work.queue.ids(BRAND, None, 2)[0]
        self.desk.approve(self.item, **{self.vendor.surface: ANSWER})
        return number


@pytest.fixture
def network(request: pytest.FixtureRequest, sqlite_url: str) -> Iterator[Network]:
    store = open_store(sqlite_url)
    made = Network(request.param, store)
    with serving(made.vendor.app()) as address:
        made.connect(address)
        yield made
    assert made.vendor.refusals == []
    store.close()


ALL = (*VENDORS, Facebook, Instagram, FacebookMessages, YouTube)
every_vendor = pytest.mark.parametrize("network", ALL, indirect=True)


@every_vendor
def test_the_round_trip(network: Network) -> None:
    network.approved("Bonjour,\n\noù est mon <colis> & « quand » ? 👩‍👩‍👧")
    message = network.desk.review.item(network.item).outcome.message
    assert message.text == "Bonjour,\n\noù est mon <colis> & « quand » ? 👩‍👩‍👧"
    assert network.posting().post_ready().sent == 1
    assert network.vendor.replies() == [ANSWER]
    report = network.receive()
    assert (report.added, report.edited) == (0, 0)
    again = network.desk.intake.receive(_FromTheStart(network.channel), BRAND)
    assert (again.added, again.edited) == (0, 0)
    assert network.posting().post_ready().sent == 0
    assert network.vendor.writes == 1


class _FromTheStart:
    """A channel whose network has forgotten the cursor."""

    def __init__(self, channel: Any) -> None:
        self._channel = channel
        self._is_first = True

    def __getattr__(self, name: str) -> Any:
        return getattr(self._channel, name)

    def fetch(self, cursor: str | None) -> Any:
        given, self._is_first = (None if self._is_first else cursor), False
        return self._channel.fetch(given)


@every_vendor
def test_a_burst_is_read_whole_in_order_and_once(network: Network) -> None:
    for number in range(230):
        network.vendor.write(f"Message {number}")
    assert network.receive().added == 230
    texts = sorted((m.created_at, m.text) for m in network.stored())
    assert [text for _, text in texts] == [f"Message {number}" for number in range(230)]
    network.vendor.write("Un de plus")
    assert network.receive().added == 1


@every_vendor
@pytest.mark.parametrize("fault", ["broken", "silent"])
def test_an_answer_lost_after_the_commit_is_found_and_not_posted_again(
    network: Network, fault: str
) -> None:
    network.approved()
    network.vendor.faults = [fault]
    assert network.posting().post_ready().unknown == 1
    network.desk.clock.advance(timedelta(hours=2))
    assert network.posting().resolve_unknown().sent == 1
    assert network.posting().post_ready().sent == 0
    assert network.vendor.replies() == [ANSWER]
    assert network.vendor.writes == 1
    assert network.desk.review.item(network.item).posts[0].remote_id


@every_vendor
def test_a_lost_request_is_posted_once_after_a_look(network: Network) -> None:
    network.approved()

    class Losing:
        def __getattr__(self, name: str) -> Any:
            return getattr(network.channel, name)

        def find_reply(self, *given: Any) -> Any:
            return network.channel.find_reply(*given)  # type: ignore[attr-defined]

        def send(self, *_: Any) -> Any:
            raise OutcomeUnknown

    assert network.posting(Losing()).post_ready().unknown == 1
    network.desk.clock.advance(timedelta(minutes=3))
    assert network.posting().resolve_unknown().postponed == 1
    assert network.posting().post_ready().sent == 1
    assert network.vendor.replies() == [ANSWER]


@every_vendor
def test_a_busy_network_is_left_alone_as_long_as_it_asks(network: Network) -> None:
    network.approved()
    network.vendor.faults = ["busy"]
    posting = network.posting()
    assert posting.post_ready().postponed == 1
    network.desk.clock.advance(timedelta(seconds=60))
    assert posting.post_ready().postponed == 1
    assert network.vendor.writes == 1
    network.desk.clock.advance(timedelta(seconds=31))
    assert posting.post_ready().sent == 1


@every_vendor
@pytest.mark.parametrize("change", ["edited", "deleted"])
def test_a_parent_that_changed_brings_the_reply_back(network: Network, change: str) -> None:
    number = network.approved()
    if change == "edited":
        network.vendor.edit(number, "Annulez tout")
    else:
        network.vendor.delete(number)
    assert network.posting().post_ready().returned == 1
    assert network.desk.review.item(network.item).status is ReviewStatus.PENDING
    assert network.vendor.replies() == []


@every_vendor
def test_revoked_credentials_are_told_and_the_reply_waits(network: Network) -> None:
    network.approved()
    network.vendor.is_token_revoked = True
    report = network.posting().post_ready()
    assert report.postponed == 1
    assert "renew" in report.problems[0]
    with pytest.raises(ChannelError, match="renew"):
        network.vendor.channel(network.address).fetch(None)
    assert network.desk.review.item(network.item).posts[0].status is PostStatus.READY


@pytest.mark.parametrize("network", [v for v in ALL if v.surface == "public"], indirect=True)
def test_moderation_is_done_or_left_to_a_person(network: Network) -> None:
    network.vendor.write("spam")
    message = network.channel.fetch(None).messages[0]
    done = 0
    for action in ModerationAction:
        try:
            network.channel.moderate(message, action)
        except ChannelError:
            continue
        done += 1
    assert done >= 1


@pytest.mark.parametrize("network", [Bluesky], indirect=True)
def test_a_key_posts_once_for_ever_and_another_text_under_it_is_refused(network: Network) -> None:
    number = network.approved()
    with network.desk.store.read() as work:
        key = work.outbox.posts(network.item)[0].key
    assert network.posting().post_ready().sent == 1
    network.desk.clock.advance(timedelta(days=400))
    reply = Reply(
        item_id=network.item,
        post_id=PostId("p"),
        parent_external_id=number,
        surface=Surface.PUBLIC,
        text=ANSWER,
    )
    found = network.channel.find_sent(number, key)
    assert found is not None
    assert network.channel.send(reply, key).remote_id == found.remote_id
    with pytest.raises(CannotReply):
        network.channel.send(reply.model_copy(update={"text": "Un autre texte"}), key)
    assert network.channel.find_sent(number, "another key") is None
    assert network.vendor.replies() == [ANSWER]


@pytest.mark.parametrize("network", [Bluesky], indirect=True)
def test_an_expired_session_is_renewed(network: Network) -> None:
    network.approved()
    assert isinstance(network.vendor, Bluesky)
    network.vendor.expired = network.vendor.sessions
    assert network.channel.fetch(None).messages
    posting = network.posting(network.channel)
    network.vendor.expired = network.vendor.sessions
    assert posting.post_ready().sent == 1
    assert network.vendor.replies() == [ANSWER]


@pytest.mark.parametrize("network", [Mastodon], indirect=True)
def test_a_direct_message_is_private_and_so_is_its_answer(network: Network) -> None:
    assert isinstance(network.vendor, Mastodon)
    network.vendor.write("Mon numéro est le 12", visibility="direct")
    assert network.receive().added == 1
    (message,) = network.stored()
    assert message.surface is Surface.PRIVATE
    network.desk.intake.draft_pending()
    with network.desk.store.read() as work:
        item = work.queue.ids(BRAND, None, 2)[0]
    network.desk.approve(item, private="Merci !")
    assert network.posting().post_ready().sent == 1
    assert [s["visibility"] for s in network.vendor.statuses.values()] == ["direct", "direct"]


@pytest.mark.parametrize("network", [Discourse], indirect=True)
def test_a_closed_topic_brings_the_reply_back(network: Network) -> None:
    network.approved()
    assert isinstance(network.vendor, Discourse)
    network.vendor.is_closed = True
    assert network.posting().post_ready().returned == 1


both_of_meta = pytest.mark.parametrize("network", [Facebook, Instagram], indirect=True)


@both_of_meta
@pytest.mark.parametrize(("days", "is_sent"), [(6, True), (8, False)])
def test_a_private_reply_goes_out_within_seven_days(
    network: Network, days: int, *, is_sent: bool
) -> None:
    assert isinstance(network.vendor, Facebook)
    number = network.vendor.write("Mon numéro est le 12")
    assert network.receive().added == 1
    network.desk.intake.draft_pending()
    network.desk.clock.advance(timedelta(days=days))
    with network.desk.store.read() as work:
        item = work.queue.ids(BRAND, None, 2)[0]
    network.desk.approve(item, private="Merci !")
    report = network.posting().post_ready()
    assert (report.sent, report.returned) == (int(is_sent), int(not is_sent))
    sent = [{"recipient": {"comment_id": number}, "message": {"text": "Merci !"}}]
    assert network.vendor.private == (sent if is_sent else [])
    assert network.vendor.replies() == []


@both_of_meta
def test_a_private_reply_of_unknown_outcome_waits_for_a_person(network: Network) -> None:
    network.vendor.write("Mon numéro est le 12")
    assert network.receive().added == 1
    network.desk.intake.draft_pending()
    with network.desk.store.read() as work:
        item = work.queue.ids(BRAND, None, 2)[0]
    network.desk.approve(item, private="Merci !")
    network.vendor.faults = ["broken"]
    assert network.posting().post_ready().unknown == 1
    network.desk.clock.advance(timedelta(hours=1))
    assert network.posting().resolve_unknown().unknown == 1
    assert network.vendor.writes == 1


@both_of_meta
def test_an_answer_to_an_answer_stands_below_the_first(network: Network) -> None:
    assert isinstance(network.vendor, Facebook)
    top = network.approved("Première")
    network.vendor.write("Et moi ?", above=int(top))
    assert network.receive().added == 1
    network.desk.intake.draft_pending()
    with network.desk.store.read() as work:
        item = next(i for i in work.queue.ids(BRAND, None, 9) if i != network.item)
    network.desk.approve(item, public="Vous aussi.")
    posting = network.posting()
    assert posting.post_ready().sent == 2
    assert sorted(network.vendor.replies()) == sorted([ANSWER, "Vous aussi."])


@both_of_meta
@pytest.mark.parametrize(
    ("code", "outcome"), [(190, "postponed"), (4, "postponed"), (10, "returned")]
)
def test_meta_s_own_error_codes_are_read(network: Network, code: int, outcome: str) -> None:
    assert isinstance(network.vendor, Facebook)
    network.approved()
    network.vendor.code = code
    assert getattr(network.posting().post_ready(), outcome) == 1
    assert network.vendor.replies() == []


@pytest.mark.parametrize("network", [FacebookMessages, InstagramMessages], indirect=True)
@pytest.mark.parametrize(
    ("hours", "has_tag", "tag"),
    [
        (23, False, "RESPONSE"),
        (25, False, None),
        (25, True, "HUMAN_AGENT"),
        (167, True, "HUMAN_AGENT"),
        (169, True, None),
    ],
)
def test_a_message_is_answered_within_the_window_that_meta_grants(
    network: Network, hours: int, tag: str | None, *, has_tag: bool
) -> None:
    assert isinstance(network.vendor, FacebookMessages | InstagramMessages)
    network.vendor.has_human_agent = has_tag
    network.approved()
    network.desk.clock.advance(timedelta(hours=hours - 1))
    report = network.posting().post_ready()
    assert (report.sent, report.returned) == ((1, 0) if tag else (0, 1))
    assert network.vendor.tags == ([tag] if tag else [])
    if tag is None:
        (post,) = network.desk.review.item(network.item).posts
        assert "Meta's inbox" in post.problem


@pytest.mark.parametrize("network", [FacebookMessages], indirect=True)
def test_a_later_message_of_the_customer_opens_the_window_again(network: Network) -> None:
    network.approved()
    network.desk.clock.advance(timedelta(hours=30))
    network.vendor.write("Alors ?")
    assert network.posting().post_ready().sent == 1


@pytest.mark.parametrize("network", [FacebookMessages, InstagramMessages], indirect=True)
def test_a_conversation_gives_what_was_said_and_what_was_attached(network: Network) -> None:
    assert isinstance(network.vendor, FacebookMessages | InstagramMessages)
    network.vendor.write("Mon colis est perdu")
    network.vendor.echo("Quel est son numéro ?")
    network.vendor.write("", attachments=1)
    network.vendor.comment("Et en public")
    assert network.receive().added == 3
    last = max((m for m in network.stored() if m.surface is Surface.PRIVATE), key=_written)
    assert [(e.author, e.text) for e in last.thread] == [
        ("customer", "Mon colis est perdu"),
        ("brand", "Quel est son numéro ?"),
    ]
    assert (last.text, last.attachments[0].name) == ("…", "photo.jpg")


def _written(message: InboundMessage) -> Any:
    return message.created_at


@pytest.mark.parametrize("network", [FacebookMessages], indirect=True)
@pytest.mark.parametrize(
    ("code", "outcome"),
    [(613, "postponed"), (4, "postponed"), (190, "postponed"), (10, "returned")],
)
def test_meta_s_codes_are_read_of_messages_too(network: Network, code: int, outcome: str) -> None:
    assert isinstance(network.vendor, FacebookMessages)
    network.approved()
    network.vendor.code = code
    assert getattr(network.posting().post_ready(), outcome) == 1
    assert network.vendor.replies() == []


# Discord's cursor is its own id, which no clock of ours is compared with.
@pytest.mark.parametrize("network", [v for v in ALL if v is not Discord], indirect=True)
def test_a_message_from_the_future_hides_none_that_come_after_it(network: Network) -> None:
    network.vendor.ahead = timedelta(days=2)
    network.vendor.write("D'une horloge en avance")
    assert network.receive().added == 1
    network.vendor.ahead = timedelta()
    network.desk.clock.advance(timedelta(hours=3))
    network.vendor.write("À l'heure")
    assert network.receive().added == 1
    assert {m.text for m in network.stored()} == {"D'une horloge en avance", "À l'heure"}


@every_vendor
def test_what_an_hour_without_the_network_kept_back_is_read_once(network: Network) -> None:
    network.vendor.write("Avant")
    assert network.receive().added == 1
    network.vendor.is_down = True
    for number in range(3):
        network.vendor.write(f"Pendant {number}")
        network.desk.clock.advance(timedelta(minutes=20))
        report = network.receive()
        assert (report.added, len(report.problems)) == (0, 1)
    network.vendor.is_down = False
    assert network.receive().added == 3
    assert network.receive().added == 0


@pytest.mark.parametrize("network", [YouTube], indirect=True)
@pytest.mark.parametrize(
    ("reason", "outcome"), [("quotaExceeded", "postponed"), ("commentsDisabled", "returned")]
)
def test_google_s_own_reasons_are_read(network: Network, reason: str, outcome: str) -> None:
    assert isinstance(network.vendor, YouTube)
    network.approved()
    network.vendor.reason = reason
    assert getattr(network.posting().post_ready(), outcome) == 1


@pytest.mark.parametrize("network", [YouTube], indirect=True)
def test_a_thread_that_takes_no_reply_brings_it_back(network: Network) -> None:
    assert isinstance(network.vendor, YouTube)
    network.approved()
    network.vendor.can_reply = False
    assert network.posting().post_ready().returned == 1


@pytest.mark.parametrize("network", [YouTube], indirect=True)
def test_all_replies_of_a_long_thread_are_read_with_what_they_answer(network: Network) -> None:
    assert isinstance(network.vendor, YouTube)
    top = network.vendor.write("Livrez-vous la Corse ?")
    for number in range(12):
        network.vendor.answer(top, f"Moi aussi {number}")
    assert network.receive().added == 13
    threads = {m.text: [e.text for e in m.thread] for m in network.stored()}
    assert threads["Moi aussi 11"] == ["Livrez-vous la Corse ?"]
