"""The signed webhook, both ways, over real connections: nothing forged, lost or posted twice."""

import hmac
import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from agent.adapters.channels.webhook import WebhookChannel
from agent.adapters.channels.webhooks.receiver import MAX_BODY, MetaHook, SignedHook, build_app
from agent.adapters.channels.webhooks.signing import sign
from agent.adapters.clock import SystemClock
from agent.adapters.store import SqlStore, open_store
from agent.bootstrap import open_workspace
from agent.domain.channels import ModerationAction, PostStatus
from agent.domain.connections import WebhookConnection
from agent.domain.errors import ChannelError, ConfigurationError
from agent.domain.reviews import ReviewStatus
from agent.services.posting import PostingService
from agent.settings import load_settings, masked
from tests.acceptance.commands import BRAND as PACK
from tests.acceptance.commands import command, environment
from tests.desk_kit import BRAND, Desk
from tests.integration.channels.other_end import SECRET, OtherEnd
from tests.loopback import serving


class Line:
    """A desk, its receiver and the helpdesk at the other end."""

    def __init__(self, store: SqlStore, **given: object) -> None:
        self.desk = Desk(store)
        self.end = OtherEnd(self.desk.clock)
        self.terms: dict[str, object] = {
            "kind": "webhook",
            "brand": BRAND,
            "secret": SECRET,
            "network": "facebook",
            "timeout_seconds": 0.5,
        }
        self.hook = ""
        self.terms |= given

    def connect(self, end: str) -> None:
        """Learn where the other end is."""
        self.terms = {"post_url": f"{end}/take", "read_url": f"{end}/ask"} | self.terms
        given = WebhookConnection.model_validate(self.terms)
        self.channel = WebhookChannel("crm", given, self.desk.clock)
        self.posting = PostingService(self.desk.store, self.desk.clock, {"crm": self.channel})

    def app(self) -> Any:
        given = WebhookConnection.model_validate(self.terms)
        take = partial(self.desk.intake.accept_event, BRAND, via="crm")
        return build_app({"crm": SignedHook("crm", given, self.desk.clock, take)})

    def push(self, event: object, at: datetime | None = None) -> httpx.Response:
        """Send an event as the other end does."""
        raw = event if isinstance(event, bytes) else json.dumps(event).encode()
        return self.push_raw(raw, sign(SECRET, raw, at or self.desk.clock.now()))

    def push_raw(self, raw: Any, headers: dict[str, str]) -> httpx.Response:
        return httpx.post(self.hook, content=raw, headers=headers, timeout=30)

    def stored(self) -> list[str]:
        """Return the texts taken in, as they are now."""
        with self.desk.store.read() as work:
            return [one.message.text for one in work.inbox.undrafted((BRAND,), 100)]

    def approved(self, text: str = "Où est mon colis ?") -> None:
        """Have one message come in, drafted and approved."""
        self.end.tickets["t1"] = text
        assert self.push(event("e1", message("t1", text))).json()["added"] == 1
        self.desk.intake.draft_pending()
        with self.desk.store.read() as work:
            self.item = work.queue.ids(BRAND, None, 2)[0]
        self.desk.approve(self.item)

    def status(self) -> PostStatus:
        return self.desk.review.item(self.item).posts[0].status


def message(number: str = "t1", text: str = "Où est mon colis ?", **given: object) -> object:
    return {"id": number, "text": text, "author": "Zoé", "created_at": "2026-11-21T08:50Z", **given}


def event(event_id: str, *messages: object) -> dict[str, object]:
    return {"event_id": event_id, "messages": list(messages or [message()])}


@pytest.fixture
def line(request: pytest.FixtureRequest, sqlite_url: str) -> Iterator[Line]:
    store = open_store(sqlite_url)
    made = Line(store, **getattr(request, "param", {}))
    with serving(made.end.app()) as end, serving(made.app()) as hook:
        made.hook = f"{hook}/hooks/crm"
        made.connect(end)
        yield made
    store.close()


def test_a_signed_event_is_taken_in_once(line: Line) -> None:
    two = event("e1", message("t1"), message("t2", "Merci !", surface="private"))
    assert line.push(two).json() == {
        "event": "taken", "added": 2, "duplicates": 0, "edited": 0, "own": 0
    }  # fmt: skip
    assert line.push(two).json()["event"] == "known"
    assert line.push(event("e2", message("t1"))).json()["duplicates"] == 1
    with line.desk.store.read() as work:
        first = work.inbox.undrafted((BRAND,), 9)[0]
    assert (first.message.id, first.external_id, first.channel_instance) == ("crm:t1", "t1", "crm")
    assert (first.message.channel, first.message.author) == ("facebook", "Zoé")


def test_an_old_event_sent_again_does_not_bring_an_old_text_back(line: Line) -> None:
    line.push(event("e1", message("t1", "Avant")))
    assert line.push(event("e2", message("t1", "Après"))).json()["edited"] == 1
    assert line.push(event("e1", message("t1", "Avant"))).json()["event"] == "known"
    assert line.stored() == ["Après"]


BAD_BODIES: dict[str, object] = {
    "no JSON": b"{",
    "not UTF-8": b'{"event_id": "\xff"}',
    "a list": [],
    "deep": b"[" * 100_000,
    "no event id": {"messages": [message()]},
    "an id of control characters": event("e\x00", message()),
    "no messages": {"event_id": "e", "messages": []},
    "too many": event("e", *[message(str(n)) for n in range(101)]),
    "a message that is none": event("e", message(), "hello"),
    "no text": event("e", message(), {"id": "t2"}),
    "no id": event("e", message(), {"text": "x"}),
    "an id too long": event("e", message(), message("x" * 501)),
    "a text too long": event("e", message(), message("t2", "x" * 50_001)),
    "half a character": event("e", message(), message("t2", "\ud83d")),
    "no surface": event("e", message(), message("t2", surface="billboard")),
}


@pytest.mark.parametrize("name", BAD_BODIES)
def test_a_malformed_event_leaves_nothing(line: Line, name: str) -> None:
    answer = line.push(BAD_BODIES[name])
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert line.stored() == []
    # Its id is free still: the sender may mend the event.
    assert line.push(event("e")).json()["added"] == 1


def test_what_is_forged_changed_or_replayed_leaves_nothing(line: Line) -> None:
    raw = json.dumps(event("e1")).encode()
    now = line.desk.clock.now()
    honest = sign(SECRET, raw, now)
    refused = [
        line.push_raw(raw, {}),
        line.push_raw(raw.replace(b"colis", b"chats"), honest),
        line.push_raw(raw, sign("another secret of that length", raw, now)),
        line.push(raw, at=now - timedelta(minutes=6)),
        line.push(raw, at=now + timedelta(minutes=6)),
        httpx.get(line.hook),
    ]
    line.desk.clock.advance(timedelta(minutes=6))
    refused.append(line.push_raw(raw, honest))
    assert {answer.status_code for answer in refused} == {401}
    assert line.stored() == []
    assert "colis" not in "".join(answer.text for answer in refused)


def test_a_body_too_long_is_not_read_to_its_end(line: Line) -> None:
    long = json.dumps(event("e1", message(text="x" * MAX_BODY))).encode()
    assert line.push(long).status_code == 413
    signed = sign(SECRET, long, line.desk.clock.now())
    in_parts = line.push_raw(iter([long[:MAX_BODY], long[MAX_BODY:]]), signed)
    assert in_parts.status_code == 413
    assert httpx.post(line.hook.replace("crm", "other"), content=b"{}").status_code == 404
    assert line.stored() == []


def test_the_round_trip_posts_once_signed_and_with_its_key(line: Line) -> None:
    line.approved()
    assert line.posting.post_ready().sent == 1
    assert line.posting.post_ready().sent == 0
    (key, reply), = line.end.replies.items()  # fmt: skip
    assert reply == {
        "type": "reply", "key": key, "channel": "crm", "in_reply_to": "t1", "surface": "public",
        "text": "Comptez trois jours.", "author": "Zoé",
    }  # fmt: skip
    post = line.desk.review.item(line.item).posts[0]
    assert (post.remote_id, post.url) == ("r1", "https://example.org/r")
    # The helpdesk echoes our reply as a message of the ticket: it is known as ours.
    echo = event("e9", message("r1", "Comptez trois jours."))
    assert line.push(echo).json() == {
        "event": "taken", "added": 0, "duplicates": 0, "edited": 0, "own": 1
    }  # fmt: skip


@pytest.mark.parametrize("fault", ["broken", "silent"])
def test_an_unknown_outcome_is_looked_up_and_never_sent_again(line: Line, fault: str) -> None:
    line.approved()
    line.end.faults = [fault]
    assert line.posting.post_ready().unknown == 1
    assert line.posting.resolve_unknown().sent == 1
    assert line.posting.post_ready().sent == 0
    assert len(line.end.calls) == 1


def test_a_busy_end_is_left_alone_as_long_as_it_asks(line: Line) -> None:
    line.approved()
    line.end.faults = ["busy"]
    assert line.posting.post_ready().postponed == 1
    line.desk.clock.advance(timedelta(seconds=60))
    assert line.posting.post_ready().postponed == 1
    assert len(line.end.calls) == 1
    line.desk.clock.advance(timedelta(seconds=31))
    assert line.posting.post_ready().sent == 1


def test_refused_credentials_keep_the_reply_waiting(line: Line) -> None:
    line.approved()
    line.end.faults = ["unauthorised"]
    report = line.posting.post_ready()
    assert report.postponed == 1
    assert "renew them in the settings" in report.problems[0]


@pytest.mark.parametrize("change", ["edited", "deleted", "closed", "refused"])
def test_a_parent_that_changed_brings_the_reply_back_to_a_person(line: Line, change: str) -> None:
    line.approved()
    if change == "edited":
        line.end.tickets["t1"] = "Annulez tout"
    elif change == "deleted":
        line.end.tickets.clear()
    elif change == "closed":
        line.end.closed["t1"] = "the 7 day window has passed"
    else:
        line.end.faults = ["no"]
    assert line.posting.post_ready().returned == 1
    assert line.end.replies == {}
    assert line.desk.review.item(line.item).status is ReviewStatus.PENDING


@pytest.mark.parametrize("line", [{"read_url": None}], indirect=True)
def test_without_a_way_to_ask_an_unknown_outcome_waits_for_a_person(line: Line) -> None:
    line.approved()
    line.end.faults = ["silent"]
    assert line.posting.post_ready().unknown == 1
    line.desk.clock.advance(timedelta(hours=1))
    assert line.posting.resolve_unknown().unknown == 1
    assert line.posting.post_ready().sent == 0
    assert len(line.end.calls) == 1


@pytest.mark.parametrize("line", [{"post_url": None}], indirect=True)
def test_without_an_address_a_person_posts(line: Line) -> None:
    line.approved()
    assert line.posting.post_ready().by_hand == 1
    assert line.status() is PostStatus.READY


def test_an_end_that_is_down_is_tried_again_later(line: Line) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    line.terms["post_url"] = line.terms["read_url"] = f"http://127.0.0.1:{port}/"
    line.connect("")
    line.approved()
    assert line.posting.post_ready().postponed == 1


def test_moderation_is_asked_for_and_a_refusal_is_a_channel_error(line: Line) -> None:
    line.approved()
    customer = line.desk.review.item(line.item).outcome.message
    line.channel.moderate(customer, ModerationAction.HIDE)
    assert line.end.calls[-1] == {
        "type": "moderation", "channel": "crm", "action": "hide", "message": "t1"
    }  # fmt: skip
    line.end.faults = ["no"]
    with pytest.raises(ChannelError):
        line.channel.moderate(customer, ModerationAction.HIDE)


def test_the_command_serves_this_machine_and_keeps_its_secret(tmp_path: Path) -> None:
    """The real command, its secret from the environment, a real store."""
    space = tmp_path / "space"
    space.mkdir()
    pack = os.path.relpath(PACK, space)
    config = f'brands = ["{pack}"]\n[channels.crm]\nkind = "webhook"\nbrand = "{PACK.name}"\n'
    (space / "portevoix.toml").write_text(config, "utf-8")
    env = {"PORTEVOIX_CHANNELS__CRM__SECRET": SECRET}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = command("webhooks", "--workspace", space, "--port", str(port))
    server = subprocess.Popen(words, env=environment(env), stderr=subprocess.PIPE, text=True)
    try:
        _wait_for(port)
        raw = json.dumps(event("e1")).encode()
        address = f"http://127.0.0.1:{port}/hooks/crm"
        signed = sign(SECRET, raw, SystemClock().now())
        assert httpx.post(address, content=raw, headers=signed).json()["added"] == 1
        assert httpx.post(address, content=raw).status_code == 401
    finally:
        server.terminate()
        said = server.communicate(timeout=60)[1]
    assert "/hooks/crm" in said
    assert SECRET not in said
    assert "colis" not in said
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PORTEVOIX_CHANNELS__CRM__SECRET", SECRET)
        settings = load_settings(space)
        assert SECRET not in json.dumps(masked(settings))
        with open_workspace(settings).store.read() as work:
            assert work.inbox.count_undrafted((settings.channels["crm"].brand,)) == 1


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the server does not listen")


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ({"secret": "short"}, "at least 16 characters"),
        ({"post_url": "http://example.org/x"}, "https"),
        ({"post_url": "https://me:pw@example.org/x"}, "no name or password"),
        ({"secret": 12345678901234567890}, "put it in quotes"),
        ({"secrett": "x"}, "unknown key"),
    ],
)
def test_terms_that_do_not_fit_are_told_without_the_secret(
    tmp_path: Path, terms: dict[str, object], said: str
) -> None:
    given = {"kind": "webhook", "brand": "b", "secret": SECRET} | terms
    lines = "\n".join(f"{key} = {json.dumps(value)}" for key, value in given.items())
    (tmp_path / "portevoix.toml").write_text(f"[channels.crm]\n{lines}\n", "utf-8")
    with pytest.raises(ConfigurationError, match=said) as refused:
        load_settings(tmp_path)
    assert SECRET not in str(refused.value)


def test_meta_s_webhook_is_a_nudge_and_only_its_own() -> None:
    """Signed: the channel is read. Forged: it is not. What it says is never believed."""
    reads: list[str] = []
    hook = MetaHook(SECRET, "our-token", lambda: reads.append("read"))
    raw = b'{"object": "page", "entry": [{"changes": [{"value": {"message": "forged"}}]}]}'
    good = {"x-hub-signature-256": f"sha256={hmac.new(SECRET.encode(), raw, 'sha256').hexdigest()}"}
    with serving(build_app({"fb": hook})) as base:
        address = f"{base}/hooks/fb"
        query = {"hub.mode": "subscribe", "hub.verify_token": "our-token", "hub.challenge": "42"}
        shaken = httpx.get(address, params=query)
        assert (shaken.status_code, shaken.text) == (200, "42")
        assert httpx.get(address, params=query | {"hub.verify_token": "x"}).status_code == 401
        assert httpx.post(address, content=raw).status_code == 401
        assert httpx.post(address, content=raw + b" ", headers=good).status_code == 401
        assert reads == []
        assert httpx.post(address, content=raw, headers=good).status_code == 200
        assert reads == ["read"]
