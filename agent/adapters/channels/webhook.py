"""The webhook channel: replies to any system that can check a signature, and read back if it can.

What comes in is taken by the receiver (`webhooks/receiver.py`), so there is nothing to fetch.
"""

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from agent.adapters.channels.limits_data import load_limits
from agent.adapters.channels.requests import Requests, json_of
from agent.adapters.channels.webhooks.signing import sign
from agent.domain.channels import (
    ChannelLimits,
    FetchPage,
    ModerationAction,
    PostReceipt,
    Reply,
    ReplyPermission,
)
from agent.domain.connections import WebhookConnection
from agent.domain.errors import ChannelError, PostByHand
from agent.domain.messages import InboundMessage, Surface
from agent.ports import Clock

if TYPE_CHECKING:
    import httpx

_CANNOT_TELL = "this webhook has no `read_url`, so it cannot be asked; look at the other end"


class WebhookChannel:
    """POSTs each reply once, signed, with its key as `Idempotency-Key`."""

    def __init__(self, name: str, given: WebhookConnection, clock: Clock) -> None:
        self._name = name
        self._given = given
        self._clock = clock
        self._secret = given.secret.get_secret_value()
        self._requests = Requests(name, clock, timeout_seconds=given.timeout_seconds)

    @property
    def name(self) -> str:
        return self._name

    @property
    def limits(self) -> ChannelLimits:
        return load_limits(self._given.network)

    def fetch(self, cursor: str | None) -> FetchPage:
        return FetchPage(cursor=cursor)

    def can_reply(self, message: InboundMessage, surface: Surface) -> ReplyPermission:
        """Ask `read_url` what became of the message; without one, what we know stands."""
        if self._given.read_url is None:
            return ReplyPermission(is_allowed=True)
        found = self._ask({"message": message.external_id or message.id, "surface": surface.value})
        if found is None or found.get("found") is False:
            return ReplyPermission(is_allowed=False, reason="the message is gone")
        if "text" in found and found["text"] != message.text:
            return ReplyPermission(is_allowed=False, reason="the customer edited the message")
        is_allowed = found.get("can_reply", True) is True
        return ReplyPermission(is_allowed=is_allowed, reason=_reason(found, is_allowed=is_allowed))

    def send(self, reply: Reply, key: str) -> PostReceipt:
        """POST the reply.

        Raises:
            PostByHand: there is no `post_url`.
            OutcomeUnknown: no answer, or a server's own fault.
            CannotReply: refused for good.
            ChannelError: refused for now.
        """
        if self._given.post_url is None:
            raise PostByHand
        body = {
            "type": "reply",
            "key": key,
            "channel": self._name,
            "in_reply_to": reply.parent_external_id,
            "surface": reply.surface.value,
            "text": reply.text,
            "author": reply.author,
        }
        return _receipt(_object(self._post(self._given.post_url, body, key)), key)

    def find_sent(self, parent_external_id: str, key: str) -> PostReceipt | None:
        """Ask `read_url` for the reply with that key.

        Raises:
            ChannelError: there is no `read_url`, or its answer does not say.
        """
        if self._given.read_url is None:
            raise ChannelError(_CANNOT_TELL)
        found = self._ask({"key": key, "in_reply_to": parent_external_id})
        if found is None or not isinstance(found.get("found"), bool):
            raise ChannelError(f'{self._name}: `read_url` does not say {{"found": true|false}}')
        return _receipt(found, key) if found["found"] else None

    def moderate(self, message: InboundMessage, action: ModerationAction) -> None:
        """POST the action; a receiver that does not know it refuses, and a person does it."""
        if self._given.post_url is None:
            raise ChannelError("this webhook takes nothing; moderate on the network, by hand")
        external_id = message.external_id or message.id
        body = {
            "type": "moderation",
            "channel": self._name,
            "action": action.value,
            "message": external_id,
        }
        self._post(self._given.post_url, body, f"{external_id}:{action.value}")

    def _post(self, url: str, body: dict[str, Any], key: str) -> "httpx.Response":
        raw = json.dumps(body, ensure_ascii=False).encode()
        headers = sign(self._secret, raw, self._clock.now())
        headers |= {"Idempotency-Key": key, "Content-Type": "application/json"}
        return self._requests.write(url, content=raw, headers=headers)

    def _ask(self, query: dict[str, str]) -> dict[str, Any] | None:
        url = self._given.read_url or ""
        address = f"{url}{'&' if urlsplit(url).query else '?'}{urlencode(query)}"
        # A GET has no body: what is signed is the path as asked for, with its query.
        parts = urlsplit(address)
        target = f"{parts.path}?{parts.query}".encode()
        response = self._requests.read(
            address, headers=sign(self._secret, target, self._clock.now())
        )
        return None if response is None else json_of(response, self._name)


def _object(response: "httpx.Response") -> dict[str, Any]:
    """Return what was answered; automation tools answer consent with words, which say no id."""
    try:
        found = response.json()
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _receipt(found: dict[str, Any], key: str) -> PostReceipt:
    remote, url = found.get("id"), found.get("url")
    return PostReceipt(
        remote_id=str(remote) if remote else key, url=url if isinstance(url, str) else ""
    )


def _reason(found: dict[str, Any], *, is_allowed: bool) -> str:
    if is_allowed:
        return ""
    return str(found.get("reason") or "the other end allows no reply there any more")[:200]
