"""A stand-in for Slack, written from its published pages; it is not Slack.

Stateful: it keeps what was posted, by channel, and has the faults that Slack has.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

TOKEN = "a-bot-token-of-the-stand-in"
HOOK = "/services/T0/B0/the-secret-of-the-hook"


@dataclass
class Slack:
    """One workspace: a hook that writes to `#hook`, and a bot that is in `channels`."""

    channels: frozenset[str] = frozenset({"#alerts", "#produits"})
    posted: list[tuple[str, str]] = field(default_factory=list)
    """Channel and text, as people see them."""
    requests: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """Path and body of each call, those refused too."""
    faults: deque[str] = field(default_factory=deque)
    """For the next calls: `429`, or `500` after it posted."""
    is_revoked: bool = False

    def forget(self) -> None:
        """Be as new."""
        self.posted, self.requests, self.is_revoked = [], [], False
        self.faults.clear()

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route(HOOK, self._hook, methods=["POST"]),
                Route("/api/chat.postMessage", self._post_message, methods=["POST"]),
            ]
        )

    async def _hook(self, request: Request) -> Response:
        body = await request.json()
        self.requests.append((request.url.path, body))
        if self.is_revoked:
            return PlainTextResponse("no_service", 404)
        if not body.get("text"):
            return PlainTextResponse("no_text", 400)
        return self._faulty("#hook", body["text"]) or PlainTextResponse("ok")

    async def _post_message(self, request: Request) -> Response:
        body = await request.json()
        self.requests.append((request.url.path, body))
        if self.is_revoked or request.headers.get("authorization") != f"Bearer {TOKEN}":
            said = "token_revoked" if self.is_revoked else "invalid_auth"
            return JSONResponse({"ok": False, "error": said})
        if body.get("channel") not in self.channels:
            return JSONResponse({"ok": False, "error": "channel_not_found"})
        if not body.get("text"):
            return JSONResponse({"ok": False, "error": "no_text"})
        faulty = self._faulty(body["channel"], body["text"])
        if faulty:
            return faulty
        said_at = f"{1_764_000_000 + len(self.posted)}.000100"
        said = {"type": "message", "text": body["text"], "ts": said_at}
        number = 1 + sorted(self.channels).index(body["channel"])
        answer = {"ok": True, "channel": f"C{number:08}", "ts": said_at, "message": said}
        return JSONResponse(answer)

    def _faulty(self, channel: str, text: str) -> Response | None:
        fault = self.faults.popleft() if self.faults else ""
        if fault == "429":
            return PlainTextResponse("rate_limited", 429, {"Retry-After": "90"})
        self.posted.append((channel, text))
        return PlainTextResponse("rollup_error", 500) if fault == "500" else None
