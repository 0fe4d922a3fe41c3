"""The server that takes signed webhooks in. It listens on this machine only.

A request is checked whole before anything of it is kept: its size, its signature, its time, each
message. One that does not fit leaves nothing behind.
"""

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from pydantic import SecretStr

from agent.adapters.channels.webhooks.signing import meta_challenge, verify, verify_meta
from agent.adapters.files.messages import message_of
from agent.domain.connections import WebhookConnection
from agent.domain.errors import ChannelError, InputLineError, PortevoixError, SignatureRefused
from agent.domain.messages import InboundMessage
from agent.domain.reports import IntakeReport
from agent.ports import Clock

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

MAX_BODY = 1_000_000
"""Bytes of one request."""
MAX_MESSAGES = 100
"""In one event; the sender splits more."""
_MAX_ID = 500
_READ_SECONDS = 10.0
"""To send the whole body: a sender that dawdles would hold a connection for ever."""

Take = Callable[[str, tuple[InboundMessage, ...]], IntakeReport | None]
"""Stores the messages of the event named, all or none. None: the event is known already.

Raises ChannelError if one of them cannot be stored; then none is."""


class Malformed(PortevoixError):
    """The body is no event; see docs/channels/webhook.md."""


class Hook(Protocol):
    """One place to send webhooks to."""

    def shake(self, query: Mapping[str, str]) -> str:
        """Return what a handshake (GET) wants echoed.

        Raises:
            SignatureRefused: there is none here, or it does not fit.
        """
        ...

    def receive(self, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
        """Check a request and take it in; return what to answer.

        Raises:
            SignatureRefused: it is not from whom it should be.
            Malformed, ChannelError: it cannot be taken in; nothing of it was.
        """
        ...


class SignedHook:
    """Takes events with messages, signed as `signing.sign` does."""

    def __init__(self, name: str, given: WebhookConnection, clock: Clock, take: Take) -> None:
        self._name = name
        self._given = given
        self._clock = clock
        self._take = take
        self._secrets = _secrets(given.secret, given.previous_secret)

    def shake(self, query: Mapping[str, str]) -> str:
        del query
        raise SignatureRefused("there is no handshake here: send events by POST")

    def receive(self, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
        verify(self._secrets, headers, body, self._clock.now())
        event_id, messages = self._event(_object(body))
        report = self._take(event_id, messages)
        if report is None:
            return {"event": "known", "added": 0, "edited": 0, "duplicates": 0}
        counted = {"added", "edited", "duplicates", "own"}
        return {"event": "taken", **report.model_dump(include=counted)}

    def _event(self, record: dict[str, Any]) -> tuple[str, tuple[InboundMessage, ...]]:
        event_id, given = record.get("event_id"), record.get("messages")
        if not isinstance(event_id, str) or not _is_id(event_id):
            raise Malformed(f"`event_id` is text of at most {_MAX_ID} characters, one an event")
        if not isinstance(given, list) or not 0 < len(given) <= MAX_MESSAGES:
            raise Malformed(f"`messages` is a list of 1 to {MAX_MESSAGES} messages")
        return event_id, tuple(self._message(n, one) for n, one in enumerate(given, start=1))

    def _message(self, number: int, record: object) -> InboundMessage:
        if not isinstance(record, dict):
            raise Malformed(f"message {number} is no object")
        try:
            message = message_of(number, record)
        except InputLineError as error:
            raise Malformed(f"message {number}: {error.problem}") from None
        if not _is_id(message.id):
            raise Malformed(f"message {number}: `id` is text of at most {_MAX_ID} characters")
        return message.model_copy(
            update={
                "id": f"{self._name}:{message.id}",
                "external_id": str(message.id),
                "channel": self._given.network,
            }
        )


class MetaHook:
    """Takes Meta's webhooks as a nudge: the channel is read, and what they say is not believed.

    Meta signs no time. A recorded request sent again makes the channel read once more, no harm.
    """

    def __init__(self, app_secret: str, verify_token: str, read: Callable[[], object]) -> None:
        self._app_secret = app_secret
        self._verify_token = verify_token
        self._read = read
        self._reading = threading.Lock()

    def shake(self, query: Mapping[str, str]) -> str:
        return meta_challenge(self._verify_token, query)

    def receive(self, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
        verify_meta(self._app_secret, headers, body)
        # One reading at a time: what comes meanwhile is in it, or in the worker's next round.
        if self._reading.acquire(blocking=False):
            try:
                self._read()
            finally:
                self._reading.release()
        return {"event": "taken"}


def _is_id(text: str) -> bool:
    return bool(text.strip()) and text.isprintable() and len(text) <= _MAX_ID


def _secrets(*given: SecretStr | None) -> tuple[str, ...]:
    return tuple(one.get_secret_value() for one in given if one is not None)


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Malformed("the body is no JSON object in UTF-8")
    return found


def build_app(hooks: Mapping[str, Hook]) -> "Starlette":
    """Return the server's application: `/hooks/NAME` for each hook, and `/health`."""
    from starlette.applications import Starlette
    from starlette.responses import JSONResponse
    from starlette.routing import Route

    def health(request: "Request") -> "Response":
        del request
        return JSONResponse({"hooks": sorted(hooks)})

    endpoint = _endpoint(hooks)
    return Starlette(
        routes=[
            Route("/health", health, methods=["GET"]),
            Route("/hooks/{name}", endpoint, methods=["GET", "POST"]),
        ]
    )


def _endpoint(hooks: Mapping[str, Hook]) -> Callable[["Request"], Awaitable["Response"]]:
    from starlette.concurrency import run_in_threadpool
    from starlette.responses import JSONResponse, PlainTextResponse

    async def endpoint(request: "Request") -> "Response":
        hook = hooks.get(request.path_params["name"])
        if hook is None:
            return JSONResponse({"error": "there is no such hook"}, 404)
        try:
            if request.method != "POST":
                return PlainTextResponse(hook.shake(request.query_params))
            body = await asyncio.wait_for(_body(request), _READ_SECONDS)
            if body is None:
                return JSONResponse({"error": f"more than {MAX_BODY} bytes"}, 413)
            return JSONResponse(await run_in_threadpool(hook.receive, request.headers, body))
        except Exception as error:
            return JSONResponse({"error": _said(error)}, _status(error))

    return endpoint


async def _body(request: "Request") -> bytes | None:
    """Return the body, or None as soon as it is too long: it is never held whole then."""
    declared = request.headers.get("content-length", "0")
    if declared.isdecimal() and int(declared) > MAX_BODY:
        return None
    parts = bytearray()
    async for part in request.stream():
        parts += part
        if len(parts) > MAX_BODY:
            return None
    return bytes(parts)


def _status(error: Exception) -> int:
    if isinstance(error, SignatureRefused):
        return 401
    if isinstance(error, Malformed | ChannelError):
        return 400
    if isinstance(error, TimeoutError):
        return 408
    # Our own trouble: the sender keeps the event and sends it again.
    return 503


def _said(error: Exception) -> str:
    """Say what was wrong with the request; of a defect of ours, nothing that it holds."""
    if isinstance(error, SignatureRefused | Malformed | ChannelError):
        return str(error)
    return f"not taken in ({type(error).__name__}); send it again"
