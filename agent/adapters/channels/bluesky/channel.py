"""The Bluesky channel: mentions, replies and quotes in; replies out, each under a key of its own.

The record key of a reply is made from the post's key, and a record is created only where there is
none: however often a reply is sent, one is there. That holds for as long as the network does.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from agent.adapters.channels.bluesky.firehose import Firehose, Reading
from agent.adapters.channels.bluesky.frames import Change, is_post, within
from agent.adapters.channels.bluesky.place import Place, read_place
from agent.adapters.channels.bluesky.server import POSTS, Record, Server, tid_for
from agent.adapters.channels.limits_data import load_limits
from agent.domain.base import nfc
from agent.domain.channels import (
    ChannelLimits,
    FetchPage,
    ModerationAction,
    PostReceipt,
    Reply,
    ReplyPermission,
)
from agent.domain.connections import BlueskyConnection, BlueskyReads
from agent.domain.errors import CannotReply, ChannelError
from agent.domain.ids import MessageId
from agent.domain.messages import InboundMessage, Surface, ThreadEntry
from agent.ports import Clock

_REASONS = frozenset({"mention", "reply", "quote"})
_PAGE = "50"
_MAX_PAGES = 400
"""Twenty thousand notifications in one reading."""
_OVERLAP = timedelta(minutes=15)
"""The network indexes out of order: what came late is read again, and known ids are passed over."""
_LINK = re.compile(rb"https?://[^\s<>\"')\]]+")
_BRAND = "brand"


class BlueskyChannel:
    """One account."""

    def __init__(self, name: str, given: BlueskyConnection, clock: Clock) -> None:
        self._name = name
        self._given = given
        self._clock = clock
        self._server = Server(name, given, clock)
        self._firehose: Firehose | None = None
        if given.reads is BlueskyReads.FIREHOSE:
            self._firehose = Firehose(given.firehose or given.service, given.timeout_seconds)

    @property
    def name(self) -> str:
        return self._name

    @property
    def limits(self) -> ChannelLimits:
        return load_limits("bluesky")

    def fetch(self, cursor: str | None) -> FetchPage:
        place = read_place(cursor)
        if self._firehose is not None:
            return self._fetch_stream(self._firehose, place)
        messages, place = self._notified(place)
        seen_to = place.seen_to and place.seen_to.isoformat()
        return FetchPage(messages=tuple(messages), cursor=json.dumps(seen_to))

    def _fetch_stream(self, firehose: Firehose, place: Place) -> FetchPage:
        """Read the firehose, and the notifications where it has a gap or it is time for them."""
        now = self._clock.now()
        known = place.sequence if place.stream == firehose.address else None
        reading = firehose.read(self._server.did, known, now)
        place = replace(place, stream=firehose.address, sequence=reading.sequence)
        noticed: list[InboundMessage] = []
        # After the stream: what was written before it began is there, if it is indexed by now.
        if known is None or reading.gaps or self._is_time(place, now):
            noticed, place = self._notified(place)
        # The last word on a post is the one that counts.
        last = {change.uri: change for change in reading.changes}
        gone = [self._id(uri) for uri, change in last.items() if change.record is None]
        messages = {one.id: one for one in (*noticed, *self._streamed(last.values(), now))}
        return FetchPage(
            messages=tuple(one for one in messages.values() if one.id not in set(gone)),
            withdrawn=tuple(gone),
            cursor=place.written(),
            problems=self._problems(reading),
        )

    def _is_time(self, place: Place, now: datetime) -> bool:
        pause = timedelta(minutes=self._given.notifications_minutes)
        return place.looked_at is None or now - place.looked_at >= pause

    def _problems(self, reading: Reading) -> tuple[str, ...]:
        if not reading.gaps:
            return ()
        why = ", ".join(reading.gaps)
        return (f"{self._name}: the firehose has a gap ({why}); the notifications were read",)

    def _streamed(self, changes: Iterable[Change], now: datetime) -> list[InboundMessage]:
        kept = [change for change in changes if change.record is not None]
        handles = self._server.handles(sorted({change.author for change in kept}))
        return self._messages(
            [
                {
                    "uri": change.uri,
                    "author": {"did": change.author, "handle": handles.get(change.author)},
                    "record": change.record,
                    "indexedAt": min(change.at, now).isoformat(),
                }
                for change in kept
            ]
        )

    def _notified(self, place: Place) -> tuple[list[InboundMessage], Place]:
        """Return what the notifications tell, oldest first, and how far they are read now."""
        now = self._clock.now()
        first = now - timedelta(days=self._given.first_days)
        found = self._since(place.seen_to - _OVERLAP if place.seen_to else first)
        ours = self._server.did
        wanted = [n for n in reversed(found) if n.get("reason") in _REASONS and _did(n) != ours]
        newest = max([_time(n, "indexedAt") for n in found], default=place.seen_to or first)
        # Never later than now: one dated by a clock ahead of ours would hide the next.
        return self._messages(wanted), replace(place, seen_to=min(newest, now), looked_at=now)

    def _messages(self, given: Sequence[Record]) -> list[InboundMessage]:
        parents = self._server.posts(sorted({uri for one in given if is_post(uri := _parent(one))}))
        return [self._message(one, parents) for one in given]

    def _id(self, uri: str) -> MessageId:
        return MessageId(f"{self._name}:{uri}")

    def _since(self, start: datetime) -> list[Record]:
        """Return the notifications from a time on, newest first."""
        found: list[Record] = []
        token = ""
        for _ in range(_MAX_PAGES):
            params = {"limit": _PAGE} | ({"cursor": token} if token else {})
            page = self._server.get("app.bsky.notification.listNotifications", params)
            for one in page.get("notifications", []):
                if _time(one, "indexedAt") < start:
                    return found
                found.append(one)
            token = str(page.get("cursor") or "")
            if not token or not page.get("notifications"):
                return found
        raise ChannelError(f"{self._name}: too many notifications to read at once")

    def _message(self, given: Record, parents: dict[str, Record]) -> InboundMessage:
        uri = str(given["uri"])
        author = given.get("author", {})
        return InboundMessage.model_validate(
            {
                "id": self._id(uri),
                "external_id": uri,
                "text": _text(given) or "…",
                "channel": "bluesky",
                "surface": Surface.PUBLIC,
                "author": str(author.get("handle") or _did(given)),
                "parent_url": _address(uri),
                "created_at": _time(given, "indexedAt"),
                "thread": self._thread(parents.get(_parent(given))),
            }
        )

    def _thread(self, parent: Record | None) -> tuple[ThreadEntry, ...]:
        if parent is None or not _text(parent):
            return ()
        is_ours = _did(parent) == self._server.did
        author = _BRAND if is_ours else str(parent.get("author", {}).get("handle", "customer"))
        return (ThreadEntry(author=author, text=_text(parent)),)

    def can_reply(self, message: InboundMessage, surface: Surface) -> ReplyPermission:
        """Refuse if the post is gone, was changed, is closed to us, or the reply is private."""
        reason = self._obstacle(message, surface)
        return ReplyPermission(is_allowed=not reason, reason=reason)

    def _obstacle(self, message: InboundMessage, surface: Surface) -> str:
        if surface is Surface.PRIVATE:
            return "there is no private reply through this channel; write by hand"
        uri = message.external_id or ""
        post = self._server.posts([uri]).get(uri)
        if post is None:
            return "the post was deleted, or its author blocks the account"
        if (_text(post) or "…") != message.text:
            return "the customer changed the post"
        if post.get("viewer", {}).get("replyDisabled"):
            return "its author lets only some people answer"
        return ""

    def send(self, reply: Reply, key: str) -> PostReceipt:
        parent = self._server.posts([reply.parent_external_id]).get(reply.parent_external_id)
        if parent is None:
            raise CannotReply(f"{self._name}: the post was deleted")
        above = {"uri": parent["uri"], "cid": parent["cid"]}
        root = parent.get("record", {}).get("reply", {}).get("root") or above
        now = self._clock.now()
        record = {
            "$type": POSTS,
            "text": reply.text,
            "createdAt": now.isoformat().replace("+00:00", "Z"),
            "reply": {"root": root, "parent": above},
            "facets": _links(reply.text),
        }
        rkey = tid_for(key)
        if self._server.create(rkey, record) is not None:
            return self._receipt(rkey)
        return self._there_already(rkey, reply)

    def _there_already(self, rkey: str, reply: Reply) -> PostReceipt:
        found = self._server.own_post(rkey)
        if found is None or found.get("value", {}).get("text") != reply.text:
            raise CannotReply(f"{self._name}: another text was posted for this reply; look at it")
        return self._receipt(rkey)

    def _receipt(self, rkey: str) -> PostReceipt:
        uri = f"at://{self._server.did}/{POSTS}/{rkey}"
        return PostReceipt(remote_id=uri, url=_address(uri))

    def find_sent(self, parent_external_id: str, key: str) -> PostReceipt | None:
        rkey = tid_for(key)
        return self._receipt(rkey) if self._server.own_post(rkey) else None

    def moderate(self, message: InboundMessage, action: ModerationAction) -> None:
        """Report; hiding somebody's reply is done in the app.

        Raises:
            ChannelError: another action, or the network refused.
        """
        if action is not ModerationAction.REPORT:
            raise ChannelError("hide or remove it in the app, by hand")
        uri = message.external_id or ""
        post = self._server.posts([uri]).get(uri)
        if post is None:
            raise ChannelError(f"{self._name}: the post is gone")
        self._server.report(uri, str(post["cid"]))


def _text(given: Record) -> str:
    text = given.get("record", {}).get("text")
    return nfc(text.replace("\x00", "")) if isinstance(text, str) else ""


def _did(given: Record) -> str:
    return str(given.get("author", {}).get("did", ""))


def _parent(given: Record) -> str:
    return str(within(given, "record", "reply", "parent", "uri") or "")


def _time(given: Record, field: str) -> datetime:
    return datetime.fromisoformat(str(given[field]))


def _address(uri: str) -> str:
    did, _, rkey = uri.removeprefix("at://").partition(f"/{POSTS}/")
    return f"https://bsky.app/profile/{did}/post/{rkey}"


def _links(text: str) -> list[dict[str, Any]]:
    """Return the facets that make links clickable: offsets are in bytes of UTF-8."""
    return [
        {
            "index": {"byteStart": link.start(), "byteEnd": link.end()},
            "features": [{"$type": "app.bsky.richtext.facet#link", "uri": link.group().decode()}],
        }
        for link in _LINK.finditer(text.encode())
    ]
