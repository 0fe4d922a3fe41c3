"""Bluesky's stand-in with the firehose of its server; frames are made by an encoder of our own."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from agent.adapters.channels.bluesky import BlueskyChannel
from agent.domain.connections import BlueskyConnection
from agent.ports import Channel, Clock
from tests.integration.channels.vendors import NAME, TOKEN, Answer, Bluesky

POSTS = "app.bsky.feed.post"


class Link(bytes):
    """A CID."""


def encoded(value: Any) -> bytes:
    """Return a value in DAG-CBOR. Source: RFC 8949; AT Protocol, « Data Model »."""
    match value:
        case None | bool():
            return {None: b"\xf6", True: b"\xf5", False: b"\xf4"}[value]
        case int():
            return _head(0, value) if value >= 0 else _head(1, -1 - value)
        case Link():
            return b"\xd8\x2a" + encoded(b"\0" + bytes(value))
        case bytes():
            return _head(2, len(value)) + value
        case str():
            return _head(3, len(value.encode())) + value.encode()
        case list():
            return _head(4, len(value)) + b"".join(map(encoded, value))
    keys = sorted(value, key=lambda key: (len(key), key))
    return _head(5, len(keys)) + b"".join(encoded(key) + encoded(value[key]) for key in keys)


def _head(kind: int, size: int) -> bytes:
    if size < 24:
        return bytes([kind << 5 | size])
    width = next(n for n in (1, 2, 4, 8) if size < 1 << 8 * n)
    return bytes([kind << 5 | 23 + width.bit_length()]) + size.to_bytes(width)


def frame(kind: str, body: dict[str, Any]) -> bytes:
    """Return a frame; without a kind, an error."""
    header = {"op": 1, "t": kind} if kind else {"op": -1}
    return encoded(header) + encoded(body)


def linked(block: bytes) -> Link:
    """Return the CID of a block."""
    return Link(b"\x01\x71\x12\x20" + hashlib.sha256(block).digest())


def car(*blocks: bytes) -> bytes:
    """Return a CAR file."""
    parts = [encoded({"version": 1, "roots": []})]
    parts += [bytes(linked(block)) + block for block in blocks]
    return b"".join(_varint(len(part)) + part for part in parts)


def _varint(number: int) -> bytes:
    low, rest = number & 0x7F, number >> 7
    return bytes([low | 0x80]) + _varint(rest) if rest else bytes([low])


def commit(action: str, uri: str, record: Any, at: str, sequence: int) -> bytes:
    """Return the frame of one change of one record."""
    repo, _, path = uri.removeprefix("at://").partition("/")
    block = encoded(record)
    link = None if action == "delete" else linked(block)
    body = {
        "seq": sequence,
        "repo": repo,
        "time": at,
        "rev": "3l",
        "since": None,
        "rebase": False,
        "tooBig": False,
        "blobs": [],
        "commit": linked(b"c"),
        "blocks": car(encoded({"e": [], "l": None}), block),
        "ops": [{"action": action, "path": path, "cid": link}],
    }
    return frame("#commit", body)


class Streaming(Bluesky):
    """Sends what it has after a cursor; without one, only what happens then.

    Source: the lexicon com.atproto.sync.subscribeRepos, and a real PDS (`make test-bluesky`).
    """

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.sent: list[tuple[int, bytes]] = []
        self.odd: list[bytes] = []
        """Sent once, before the rest."""
        self.oldest = self.restarted_at = 0
        """Of a number before it is nothing left; and such a number is of another life."""
        self.repeats = self.stays_open = self.refuses = False
        self.looks = 0
        """How often the notifications were read."""
        self.asked: list[str | None] = []
        self.age = timedelta()

    def app(self) -> Starlette:
        app = super().app()
        path = f"{self.xrpc}com.atproto.sync.subscribeRepos"
        app.router.routes.append(WebSocketRoute(path, self._stream))
        return app

    def routes(self) -> Any:
        return [*super().routes(), ("GET", f"{self.xrpc}app.bsky.actor.getProfiles", self._people)]

    def channel(self, address: str, timeout_seconds: float = 5.0) -> Channel:
        terms = {"service": address, "handle": "maison.example", "app_password": TOKEN}
        given = {"kind": "bluesky", "brand": "maison", "reads": "firehose", **terms}
        return BlueskyChannel(NAME, BlueskyConnection.model_validate(given), self.clock)

    def say(self, text: str, *, is_to_us: bool = True, above: str = "", quoted: str = "") -> str:
        """Write as a customer; only the stream tells it, until `notify`."""
        uri = self.write(text)
        self.notices.pop()
        record = self.posts[uri]["record"]
        if is_to_us and not above and not quoted:
            feature = {"$type": "app.bsky.richtext.facet#mention", "did": self.us}
            record["facets"] = [{"index": {}, "features": [{"tag": "a"}, feature]}]
        if above:
            record["reply"] = {name: {"uri": above, "cid": "c"} for name in ("root", "parent")}
        if quoted:
            record["embed"] = {"record": {"record": {"uri": quoted}}}
        self.tell("create", uri, record)
        return uri

    def notify(self) -> None:
        """Let the network's index tell of every post that is there."""
        theirs = [post for uri, post in self.posts.items() if self.us not in uri]
        self.notices = [{**post, "reason": "mention", "isRead": False} for post in theirs]

    def edit(self, number: str, text: str) -> None:
        super().edit(number, text)
        self.tell("update", number, self.posts[number]["record"])

    def delete(self, number: str) -> None:
        super().delete(number)
        self.tell("delete", number, None)

    def tell(self, action: str, uri: str, record: Any) -> None:
        """Send a change of a record's."""
        at = (self.clock.now() - self.age).isoformat().replace("+00:00", "Z")
        self.add(lambda sequence: commit(action, uri, record, at, sequence))

    def add(self, made: Callable[[int], bytes]) -> None:
        """Put a frame into the stream, under its number."""
        sequence = self.number()
        self.sent.append((sequence, made(sequence)))

    def _put(self, request: Request, body: dict[str, Any]) -> Answer:
        answer = super()._put(request, body)
        if isinstance(answer, dict):
            self.tell("create", answer["uri"], body["record"])
        return answer

    def _notifications(self, request: Request, body: dict[str, Any]) -> Answer:
        self.looks += 1
        return super()._notifications(request, body)

    def _people(self, request: Request, body: dict[str, Any]) -> Answer:
        known = {self.zoe: "zoe.example", self.us: "maison.example"}
        asked = request.query_params.getlist("actors")
        return {"profiles": [{"did": did, "handle": known[did]} for did in asked]}

    async def _stream(self, socket: WebSocket) -> None:
        if self.refuses:
            await socket.close()
            return
        await socket.accept()
        asked = socket.query_params.get("cursor")
        self.asked.append(asked)
        odd, self.odd = self.odd, []
        for data in [*odd, *self._after(asked)]:
            await socket.send_bytes(data)
        if self.stays_open:
            await socket.receive()
        else:
            await socket.close()

    def _after(self, asked: str | None) -> list[bytes]:
        if asked is None:
            sequence = self.number()
            return [frame("#identity", {"seq": sequence, "did": self.zoe, "time": self.now()})]
        after = 0 if self.repeats else int(asked)
        if 0 < after < self.restarted_at:
            return [frame("", {"error": "FutureCursor", "message": "Cursor in the future."})]
        found = [data for number, data in self.sent if number > max(after, self.oldest)]
        info = {"name": "OutdatedCursor", "message": "Requested cursor exceeded limit."}
        return [frame("#info", info), *found] if after < self.oldest else found
