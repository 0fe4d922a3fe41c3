"""A loopback network that forgives nothing: what is sent twice is there twice, and some answers
are lost after the post was made. `Square` is the process, `SquareChannel` a worker's way to it.
"""

import http.client
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from typing import Any
from urllib.parse import parse_qs, urlsplit

from agent.domain.channels import (
    ChannelLimits,
    FetchPage,
    ModerationAction,
    PostReceipt,
    Reply,
    ReplyPermission,
)
from agent.domain.errors import ChannelError, OutcomeUnknown
from agent.domain.messages import InboundMessage, Surface

PAGE = 50
TIMEOUT = 5.0


@dataclass
class Square:
    """Messages that appear one after the other, and every post that was made."""

    messages: int
    seconds: float
    """Over which the messages appear."""
    seed: int = 1
    lost_answers: float = 0.05
    refusals: float = 0.0
    text: str = "Bonjour, quels sont vos délais de livraison ?"
    posts: list[tuple[str, str]] = field(default_factory=list)
    """Parent and key of each post, in order."""

    def __post_init__(self) -> None:
        self._rng = Random(self.seed)
        self._lock = threading.Lock()
        self._started = time.monotonic()

    def fetch(self, cursor: int) -> dict[str, Any]:
        """Return the messages after `cursor` that have appeared."""
        share = min(1.0, (time.monotonic() - self._started) / max(self.seconds, 1e-9))
        there = int(self.messages * share)
        end = min(cursor + PAGE, there)
        rows = [{"id": f"m{n}", "text": f"{self.text} ({n})"} for n in range(cursor, end)]
        return {"messages": rows, "cursor": end, "has_more": end < there}

    def send(self, parent: str, key: str) -> tuple[int, dict[str, Any] | None]:
        """Make a post; the answer may be a refusal before, or lost after."""
        with self._lock:
            chance = self._rng.random()
            if chance < self.refusals:
                return 503, {}
            self.posts.append((parent, key))
            number = len(self.posts)
            return 200, None if chance > 1 - self.lost_answers else {"id": f"p{number}"}

    def find(self, parent: str, key: str) -> dict[str, Any] | None:
        """Return our post under that parent with that key."""
        with self._lock:
            for number, made in enumerate(self.posts, 1):
                if made == (parent, key):
                    return {"id": f"p{number}"}
        return None


@contextmanager
def serving(square: Square) -> Iterator[int]:
    """Serve the square on loopback and give its port."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.0"

        def do_GET(self) -> None:
            url = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(url.query).items()}
            if url.path == "/fetch":
                self._answer(200, square.fetch(int(query["cursor"])))
                return
            found = square.find(query["parent"], query["key"])
            self._answer(200 if found else 404, found or {})

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self._answer(*square.send(body["parent"], body["key"]))

        def _answer(self, status: int, body: dict[str, Any] | None) -> None:
            if body is None:
                self.close_connection = True
                return
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


class SquareChannel:
    """The channel of a worker: it can look a post up, and the network refuses no second one."""

    def __init__(self, name: str, port: int) -> None:
        self._name = name
        self._port = port

    @property
    def name(self) -> str:
        return self._name

    @property
    def limits(self) -> ChannelLimits:
        return ChannelLimits(network="sandbox")

    def fetch(self, cursor: str | None) -> FetchPage:
        _, page = self._ask("GET", f"/fetch?cursor={cursor or 0}")
        messages = tuple(
            InboundMessage.model_validate(row | {"channel": "sandbox", "external_id": row["id"]})
            for row in page["messages"]
        )
        return FetchPage(messages=messages, cursor=str(page["cursor"]), has_more=page["has_more"])

    def can_reply(self, message: InboundMessage, surface: Surface) -> ReplyPermission:
        return ReplyPermission(is_allowed=True)

    def send(self, reply: Reply, key: str) -> PostReceipt:
        body = {"parent": reply.parent_external_id, "key": key}
        status, made = self._ask("POST", "/send", body)
        if status != 200:
            raise ChannelError("the square asks to try again later")
        return PostReceipt(remote_id=made["id"])

    def find_sent(self, parent_external_id: str, key: str) -> PostReceipt | None:
        status, found = self._ask("GET", f"/find?parent={parent_external_id}&key={key}")
        return PostReceipt(remote_id=found["id"]) if status == 200 else None

    def moderate(self, message: InboundMessage, action: ModerationAction) -> None:
        raise ChannelError("the square has no moderators")

    def _ask(
        self, method: str, path: str, body: dict[str, str] | None = None
    ) -> tuple[int, dict[str, Any]]:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=TIMEOUT)
        try:
            connection.request(method, path, json.dumps(body) if body else None)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        except (OSError, http.client.HTTPException, ValueError) as error:
            kind = OutcomeUnknown if method == "POST" else ChannelError
            raise kind(f"the square did not answer ({type(error).__name__})") from None
        finally:
            connection.close()
