"""A helpdesk at the other end of the webhook channel: it checks, keeps and can be read back."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from agent.adapters.channels.webhooks.signing import verify
from agent.testing import FrozenClock

SECRET = "the secret that both ends share"


@dataclass
class OtherEnd:
    """Keeps each reply by its `Idempotency-Key`; does not post one twice, but counts the tries."""

    clock: FrozenClock
    tickets: dict[str, str] = field(default_factory=dict)
    """Message id -> its text as it is now."""
    closed: dict[str, str] = field(default_factory=dict)
    replies: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: list[dict[str, Any]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    """For the next POSTs: `busy`, `broken`, `silent` (both after keeping), `no`, `unauthorised`."""

    def app(self) -> Starlette:
        """Return the application to serve."""
        routes = [
            Route("/take", self._take, methods=["POST"]),
            Route("/ask", self._ask, methods=["GET"]),
        ]
        return Starlette(routes=routes)

    async def _take(self, request: Request) -> Response:
        raw = await request.body()
        verify([SECRET], request.headers, raw, self.clock.now())
        body = json.loads(raw)
        self.calls.append(body)
        fault = self.faults.pop(0) if self.faults else ""
        refusals = {"busy": 429, "no": 422, "unauthorised": 401}
        if fault in refusals:
            return JSONResponse({}, refusals[fault], headers={"Retry-After": "90"})
        if body["type"] == "reply":
            self.replies.setdefault(request.headers["idempotency-key"], body)
        if fault == "broken":
            return PlainTextResponse("oops", 500)
        if fault == "silent":
            await asyncio.sleep(1.5)
        return JSONResponse({"id": f"r{len(self.replies)}", "url": "https://example.org/r"})

    async def _ask(self, request: Request) -> Response:
        target = f"{request.url.path}?{request.url.query}".encode()
        verify([SECRET], request.headers, target, self.clock.now())
        key, message = request.query_params.get("key"), request.query_params.get("message", "")
        if key is not None:
            return JSONResponse({"found": key in self.replies, "id": "r1"})
        if message not in self.tickets:
            return JSONResponse({}, 404)
        why = self.closed.get(message)
        return JSONResponse(
            {"text": self.tickets[message], "can_reply": why is None, "reason": why or ""}
        )
