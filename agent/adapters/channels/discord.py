"""The Discord channel: messages of text channels in, replies out, by REST, version 10.

A nonce keeps a reply from being posted twice for a few minutes; after them, our own replies to the
message are read.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from agent.adapters.channels.limits_data import load_limits
from agent.adapters.channels.own_replies import FoundByText, OwnReply
from agent.adapters.channels.requests import Requests, json_of
from agent.domain.base import nfc
from agent.domain.channels import (
    ChannelLimits,
    FetchPage,
    ModerationAction,
    PostReceipt,
    Reply,
    ReplyPermission,
)
from agent.domain.connections import DiscordConnection
from agent.domain.errors import CannotReply, ChannelError
from agent.domain.messages import Attachment, InboundMessage, Surface, ThreadEntry
from agent.ports import Clock

_AGENT = "DiscordBot (portevoix, 1)"
_PAGE = 100
_MAX_PAGES = 20
_EPOCH_MS = 1_420_070_400_000
"""What snowflakes count from: Discord, « API reference: snowflakes »."""
_DEFAULT, _REPLY = 0, 19
_NONCE = 25
"""Characters a nonce may have."""
_BRAND = "brand"
Message = dict[str, Any]


class DiscordChannel(FoundByText):
    """A bot in some text channels."""

    def __init__(self, name: str, given: DiscordConnection, clock: Clock) -> None:
        self._name = name
        self._given = given
        self._clock = clock
        headers = {
            "Authorization": f"Bot {given.bot_token.get_secret_value()}",
            "User-Agent": _AGENT,
        }
        self._requests = Requests(name, clock, given.base_url, headers, given.timeout_seconds)
        self._own_id = ""

    @property
    def name(self) -> str:
        return self._name

    @property
    def limits(self) -> ChannelLimits:
        return load_limits("discord")

    def _me(self) -> str:
        if not self._own_id:
            response = self._requests.read("/users/@me")
            self._own_id = "" if response is None else str(json_of(response, self._name)["id"])
        return self._own_id

    def fetch(self, cursor: str | None) -> FetchPage:
        after = _read_cursor(cursor)
        messages: list[InboundMessage] = []
        problems: list[str] = []
        has_more = False
        for channel in self._given.channel_ids:
            page = self._after(channel, after.get(channel) or self._first())
            if page:
                after[channel] = str(page[-1]["id"])
            has_more = has_more or len(page) == _PAGE
            for one in page:
                self._sort(channel, one, messages, problems)
        return FetchPage(
            messages=tuple(messages),
            problems=tuple(dict.fromkeys(problems)),
            cursor=json.dumps(after),
            has_more=has_more,
        )

    def _first(self) -> str:
        start = self._clock.now() - timedelta(days=self._given.first_days)
        return str((int(start.timestamp() * 1000) - _EPOCH_MS) << 22)

    def _after(self, channel: str, after: str) -> list[Message]:
        """Return the messages right after an id, oldest first."""
        query = {"after": after, "limit": str(_PAGE)}
        response = self._requests.read(f"/channels/{channel}/messages", params=query)
        if response is None:
            raise ChannelError(f"{self._name}: there is no channel {channel} for this bot")
        try:
            found: list[Message] = response.json()
        except ValueError:
            raise ChannelError(f"{self._name}: the answer is no JSON") from None
        return sorted(found, key=lambda one: int(one["id"]))

    def _sort(
        self, channel: str, one: Message, messages: list[InboundMessage], problems: list[str]
    ) -> None:
        author = one.get("author", {})
        is_machine = author.get("bot") or one.get("webhook_id") or author.get("id") == self._me()
        if is_machine or one.get("type") not in {_DEFAULT, _REPLY}:
            return
        if not one.get("content") and not one.get("attachments"):
            problems.append(
                f"channel {channel}: messages without their words; grant the bot the privileged "
                "intent Message Content"
            )
        messages.append(self._message(channel, one))

    def _message(self, channel: str, one: Message) -> InboundMessage:
        external = f"{channel}/{one['id']}"
        return InboundMessage.model_validate(
            {
                "id": f"{self._name}:{external}",
                "external_id": external,
                "text": _text(one),
                "channel": "discord",
                "surface": Surface.PUBLIC,
                "author": str(one["author"].get("username", one["author"]["id"])),
                "created_at": datetime.fromisoformat(one["timestamp"]),
                "thread": self._thread(one),
                "attachments": tuple(_attachment(a) for a in one.get("attachments", [])),
            }
        )

    def _thread(self, one: Message) -> tuple[ThreadEntry, ...]:
        above = one.get("referenced_message")
        if not isinstance(above, dict) or not above.get("content"):
            return ()
        author = above["author"]
        label = _BRAND if author["id"] == self._me() else str(author.get("username", "customer"))
        return (ThreadEntry(author=label, text=_text(above)),)

    def _read(self, external_id: str) -> Message | None:
        channel, _, message = external_id.partition("/")
        response = self._requests.read(f"/channels/{channel}/messages/{message}")
        return None if response is None else json_of(response, self._name)

    def can_reply(self, message: InboundMessage, surface: Surface) -> ReplyPermission:
        reason = ""
        if surface is Surface.PRIVATE:
            reason = "there is no private reply through this channel; write by hand"
        else:
            found = self._read(message.external_id or "")
            if found is None:
                reason = "the message was deleted"
            elif _text(found) != message.text:
                reason = "the customer edited the message"
        return ReplyPermission(is_allowed=not reason, reason=reason)

    def send(self, reply: Reply, key: str) -> PostReceipt:
        """Answer the message; nobody but its author is notified, whatever the text names."""
        channel, _, parent = reply.parent_external_id.partition("/")
        body = {
            "content": reply.text,
            "nonce": hashlib.sha256(key.encode()).hexdigest()[:_NONCE],
            "enforce_nonce": True,
            "message_reference": {"message_id": parent, "fail_if_not_exists": True},
            "allowed_mentions": {"parse": [], "replied_user": True},
        }
        response = self._requests.write(f"/channels/{channel}/messages", json=body, also={403})
        if response.status_code == 403:
            raise CannotReply(f"{self._name}: the bot may not write in that channel (any more)")
        return PostReceipt(remote_id=f"{channel}/{json_of(response, self._name)['id']}")

    def own_replies(self, parent_external_id: str) -> Iterator[OwnReply]:
        channel, _, parent = parent_external_id.partition("/")
        after = parent
        for _ in range(_MAX_PAGES):
            page = self._after(channel, after)
            for one in page:
                about = one.get("message_reference") or {}
                if one["author"]["id"] == self._me() and about.get("message_id") == parent:
                    yield OwnReply(f"{channel}/{one['id']}", _text(one))
            if len(page) < _PAGE:
                return
            after = str(page[-1]["id"])
        raise ChannelError(f"{self._name}: too many messages since; look by hand")

    def moderate(self, message: InboundMessage, action: ModerationAction) -> None:
        """Delete the message: Discord hides nothing, and takes no reports from bots.

        Raises:
            ChannelError: a report, or the bot has not the permission Manage Messages.
        """
        if action is ModerationAction.REPORT:
            raise ChannelError("report it in the app, by hand")
        channel, _, number = (message.external_id or "").partition("/")
        self._requests.write(f"/channels/{channel}/messages/{number}", method="DELETE")


def _text(one: Message) -> str:
    return nfc(str(one.get("content") or "").replace("\x00", "")) or "…"


def _attachment(given: dict[str, Any]) -> Attachment:
    return Attachment(
        name=str(given.get("filename", ""))[:200],
        media_type=str(given.get("content_type") or ""),
        size=int(given.get("size") or 0),
        url=given.get("url") or "",
    )


def _read_cursor(cursor: str | None) -> dict[str, str]:
    try:
        found = json.loads(cursor or "{}")
    except ValueError:
        return {}
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}
