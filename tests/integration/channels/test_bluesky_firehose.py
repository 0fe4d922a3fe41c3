"""Bluesky by its firehose: what concerns the account, once, and nothing lost where it has gaps."""

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from agent.adapters.channels.bluesky import firehose
from agent.adapters.channels.bluesky.frames import Malformed, changes_of, read_frame
from agent.adapters.store import SqlStore, open_store
from agent.domain.messages import InboundMessage
from agent.domain.reports import IntakeReport
from agent.domain.reviews import ReviewStatus
from agent.services.posting import PostingService
from tests.desk_kit import BRAND, Desk
from tests.integration.channels.firehose_vendor import (
    Streaming,
    car,
    commit,
    encoded,
    frame,
    linked,
)
from tests.integration.channels.vendors import NAME
from tests.loopback import serving

AT = "2026-11-21T08:50:00.000Z"
URI = f"at://{Streaming.zoe}/app.bsky.feed.post/3abc"
MENTION = {
    "$type": "app.bsky.feed.post",
    "text": "où est mon colis ?",
    "facets": [{"features": [{"did": Streaming.us}]}],
}


class Sky:
    """A desk that reads a stream."""

    def __init__(self, store: SqlStore) -> None:
        self.desk = Desk(store)
        self.vendor = Streaming(self.desk.clock)

    def connect(self, address: str) -> None:
        self.channel = self.vendor.channel(address)
        # What is there already is the notifications' to tell; the stream begins now.
        self.vendor.write("Avant tout")
        assert self.receive().added == 1
        assert self.vendor.looks == 1

    def receive(self) -> IntakeReport:
        return self.desk.intake.receive(self.channel, BRAND)

    def stored(self) -> dict[str, InboundMessage]:
        with self.desk.store.read() as work:
            return {o.message.text: o.message for o in work.inbox.undrafted((BRAND,), 900)}

    def drafted(self) -> Any:
        """Draft what is there and return the newest item."""
        before = set(self.items())
        self.desk.intake.draft_pending()
        return next(iter(set(self.items()) - before))

    def items(self) -> Any:
        with self.desk.store.read() as work:
            return work.queue.ids(BRAND, None, 99)


@pytest.fixture
def sky(sqlite_url: str) -> Iterator[Sky]:
    store = open_store(sqlite_url)
    made = Sky(store)
    with serving(made.vendor.app()) as address:
        made.connect(address)
        yield made
    assert made.vendor.refusals == []
    store.close()


def test_what_concerns_the_account_comes_in_once_and_its_own_posts_never(sky: Sky) -> None:
    vendor = sky.vendor
    sky.desk.intake.draft_pending()
    asked = vendor.say("@maison où est mon colis ?")
    vendor.say("Il fait beau", is_to_us=False)
    vendor.tell("create", f"at://{vendor.zoe}/app.bsky.feed.like/3l", {"subject": vendor.us})
    vendor.stays_open = True
    assert sky.receive().added == 1
    vendor.stays_open = False
    assert sky.stored()["@maison où est mon colis ?"].author == "zoe.example"
    sky.desk.approve(sky.drafted(), public="Comptez trois jours.")
    posting = PostingService(sky.desk.store, sky.desk.clock, {NAME: sky.channel})
    assert posting.post_ready().sent == 1
    ours = next(uri for uri in vendor.posts if vendor.us in uri)
    assert vendor.posts[ours]["record"]["reply"]["parent"]["uri"] == asked
    vendor.say("Trois jours ?!", above=ours)
    vendor.say("Voyez leur réponse", quoted=ours)
    report = sky.receive()
    assert (report.fetched, report.added, report.problems) == (2, 2, ())
    assert [e.text for e in sky.stored()["Trois jours ?!"].thread] == ["Comptez trois jours."]
    assert vendor.looks == 1
    # The notifications tell the same later, and the server all of it again: nothing is new.
    vendor.posts = {u: p for u, p in vendor.posts.items() if "beau" not in p["record"]["text"]}
    vendor.notify()
    vendor.repeats = True
    sky.desk.clock.advance(timedelta(minutes=11))
    report = sky.receive()
    assert (report.fetched, report.added, report.edited, vendor.looks) == (4, 0, 0, 2)


def test_an_edit_and_a_deletion_reach_the_person_who_would_answer(sky: Sky) -> None:
    vendor = sky.vendor
    sky.desk.intake.draft_pending()
    changed = vendor.say("Livrez-vous la Corse ?")
    sky.receive()
    first = sky.drafted()
    deleted = vendor.say("Je veux un remboursement")
    sky.receive()
    second = sky.drafted()
    vendor.edit(changed, "Livrez-vous la Suisse ?")
    vendor.delete(deleted)
    vendor.delete(vendor.say("Effacé aussitôt"))
    report = sky.receive()
    assert (report.added, report.edited) == (0, 1)
    for item, why in ((first, "changed"), (second, "deleted")):
        seen = sky.desk.review.item(item)
        assert seen.status is ReviewStatus.STALE
        assert why in seen.stale_because
    assert sky.desk.review.item(first).outcome.message.text
    assert vendor.looks == 1


def spoiled(vendor: Streaming, gap: str) -> None:
    """Make the next reading of the stream fail in one way."""
    match gap:
        case "FutureCursor":
            vendor.restarted_at = vendor.number()
        case "OutdatedCursor":
            vendor.oldest = vendor.number()
        case "ConsumerTooSlow":
            vendor.odd = [frame("", {"error": "ConsumerTooSlow"})]
        case "cannot be read: 2":
            cut = {"seq": 1, "repo": vendor.zoe, "time": AT, "tooBig": True}
            vendor.odd = [b"\xff nonsense", frame("#commit", cut)]
        case "too big":
            vendor.odd = [bytes(5_000_001)]
        case "InvalidStatus":
            vendor.refuses = True


def test_a_gap_is_filled_from_the_notifications(sky: Sky) -> None:
    vendor = sky.vendor
    for gap in (
        "FutureCursor",
        "OutdatedCursor",
        "ConsumerTooSlow",
        "cannot be read: 2",
        "too big",
        "InvalidStatus",
    ):
        spoiled(vendor, gap)
        vendor.write(f"Dans le trou : {gap}")
        looks = vendor.looks
        report = sky.receive()
        assert (report.added, vendor.looks) == (1, looks + 1), gap
        assert gap in report.problems[0]
        vendor.refuses = False
        sky.receive()
        vendor.say(f"Après le trou : {gap}")
        report = sky.receive()
        assert (report.added, report.problems) == (1, ()), gap


def test_a_stream_that_is_too_much_is_read_in_bounds_and_given_up_when_far_behind(
    sky: Sky, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(firehose, "_FRAMES", 12)
    vendor = sky.vendor
    for number in range(30):
        vendor.say(f"Message {number}", is_to_us=number % 3 == 0)
    assert [sky.receive().added for _ in range(4)] == [4, 4, 2, 0]
    assert vendor.looks == 1
    vendor.age = timedelta(hours=1)
    for number in range(30):
        vendor.say(f"Vieux {number}")
    vendor.notify()
    vendor.notices = [n for n in vendor.notices if "Vieux" in n["record"]["text"]]
    report = sky.receive()
    assert report.added == 30
    assert "caught up" in report.problems[0]
    sky.receive()
    assert vendor.asked[-1] is None


def test_no_bytes_of_a_stranger_s_do_more_than_be_passed_over() -> None:
    whole = commit("create", URI, MENTION, AT, 7)
    (change,) = changes_of(read_frame(whole).body, Streaming.us)
    assert (change.uri, change.record) == (URI, MENTION)
    chance = random.Random(6)
    broken = [whole[:end] for end in range(0, len(whole), 3)]
    for _ in range(600):
        place = chance.randrange(len(whole))
        broken.append(whole[:place] + chance.randbytes(1) + whole[place + 1 :])
    broken += [b"\x81" * 100_000, b"\xc5\x82\x1a\x7f\xff\xff\xff\x01", b"\x9b" + b"\xff" * 8]
    read = 0
    for data in broken:
        try:
            read += len(changes_of(read_frame(data).body, Streaming.us))
        except Malformed:
            continue
    # A change inside the record is found out by its link; outside, it may be as good as another.
    assert read < len(broken) / 2


@pytest.mark.parametrize(
    "record",
    [
        MENTION | {"text": 7},
        MENTION | {"text": "a" * 3_001},
        MENTION | {"facets": {"features": 1}},
        MENTION | {"facets": [1, {"features": [None, {"did": [Streaming.us]}]}]},
        {"$type": "app.bsky.feed.post", "text": Streaming.us, "reply": {"parent": 3}},
    ],
)
def test_a_record_of_odd_types_concerns_nobody(record: Any) -> None:
    body = read_frame(commit("create", URI, record, AT, 7)).body
    assert changes_of(body, Streaming.us) == []


def test_a_record_under_another_s_link_is_refused() -> None:
    body = read_frame(commit("create", URI, MENTION, AT, 7)).body
    forged = encoded(MENTION | {"text": "Remboursez-moi 900 €"})
    honest = bytes(linked(encoded(MENTION)))
    swapped = car(forged).replace(bytes(linked(forged)), honest)
    with pytest.raises(Malformed):
        changes_of(body | {"blocks": swapped}, Streaming.us)
