"""Direct messages to a Facebook page or an Instagram account: read, answered, read back.

An answer is free for a day after the customer's last message. After that, Meta takes it for a week
from an app that it has granted the Human Agent feature, and only from a person: each of ours is
approved by one. Then no more, and a person writes in Meta's own inbox, if the customer does again.
Source: developers.facebook.com, Conversations API and Send API, policy overview.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from agent.adapters.channels.limits_data import load_limits
from agent.adapters.channels.meta.graph import Graph, Node
from agent.adapters.channels.own_replies import FoundByText, OwnReply
from agent.domain.base import nfc
from agent.domain.channels import PostReceipt, Reply
from agent.domain.connections import ChannelKind, MetaConnection
from agent.domain.errors import CannotReply, ChannelError
from agent.domain.messages import Attachment, InboundMessage, Surface, ThreadEntry
from agent.ports import Clock

PREFIX = "dm:"
"""What the external id of a direct message begins with; a comment's is a number."""
_PAGE = 50
_MAX_PAGES = 200
_THREAD = 4
_MESSAGE = "id,created_time,from,message,attachments{name,mime_type,size}"
_POLICY = "messenger"
"""The limits data with the windows; Instagram's are the same."""


class Inbox(FoundByText):
    """The conversations of one account."""

    def __init__(self, name: str, given: MetaConnection, graph: Graph, clock: Clock) -> None:
        self._name = name
        self._given = given
        self._graph = graph
        self._clock = clock
        is_facebook = given.kind is ChannelKind.FACEBOOK
        self._platform = "messenger" if is_facebook else "instagram"

    def since(self, since: datetime) -> list[InboundMessage]:
        """Return what customers wrote since then, oldest first.

        Raises:
            ChannelError: the conversations cannot be read now.
        """
        found = [m for c in self._conversations(since) for m in self._of(c, since)]
        return sorted(found, key=lambda one: (one.created_at or since, one.id))

    def _conversations(self, since: datetime) -> Iterator[Node]:
        """Walk from the conversation that moved last back to `since`."""
        fields = f"id,updated_time,messages.limit({_PAGE}){{{_MESSAGE}}}"
        query = {"platform": self._platform, "fields": fields, "limit": str(_PAGE)}
        for one in self._pages(f"/{self._given.account_id}/conversations", query, None):
            if _time(one["updated_time"]) < since:
                return
            yield one

    def _of(self, conversation: Node, since: datetime) -> Iterator[InboundMessage]:
        """Return the customer's messages of a conversation, each with what stood before it."""
        messages = list(self._messages(conversation, since))
        for place, one in enumerate(messages):
            if _at(one) >= since and not self._is_ours(one):
                yield self._message(one, messages[place + 1 : place + 1 + _THREAD])

    def _messages(self, conversation: Node, since: datetime) -> Iterator[Node]:
        """Walk from the newest message to some that are older than `since`."""
        query = {"fields": _MESSAGE, "limit": str(_PAGE)}
        older = 0
        path = f"/{conversation['id']}/messages"
        for one in self._pages(path, query, conversation.get("messages")):
            older += _at(one) < since
            yield one
            if older > _THREAD:
                return

    def _pages(self, path: str, query: dict[str, str], first: Node | None) -> Iterator[Node]:
        page = first
        for _ in range(_MAX_PAGES):
            if page is None:
                page = self._graph.get(path, query) or {}
            yield from page.get("data", [])
            paging = page.get("paging", {})
            after = paging.get("cursors", {}).get("after")
            if not after or "next" not in paging:
                return
            query, page = query | {"after": str(after)}, None
        raise ChannelError(f"{self._name}: too many messages to read at once")

    def _is_ours(self, one: Node) -> bool:
        return _author(one) == self._given.account_id

    def _message(self, one: Node, earlier: list[Node]) -> InboundMessage:
        author = one.get("from") or {}
        return InboundMessage.model_validate(
            {
                "id": f"{self._name}:{PREFIX}{one['id']}",
                "external_id": f"{PREFIX}{one['id']}",
                "text": _text(one),
                "channel": self._given.kind.value,
                "surface": Surface.PRIVATE,
                "author": author.get("username") or author.get("name") or None,
                "created_at": _at(one),
                "thread": tuple(self._entry(above) for above in reversed(earlier)),
                "attachments": tuple(map(_attachment, one.get("attachments", {}).get("data", ()))),
            }
        )

    def _entry(self, one: Node) -> ThreadEntry:
        author = "brand" if self._is_ours(one) else "customer"
        return ThreadEntry(author=author, text=_text(one), created_at=_at(one))

    def _one(self, external_id: str) -> Node | None:
        path = f"/{external_id.removeprefix(PREFIX)}"
        return self._graph.get(path, {"fields": _MESSAGE})

    def obstacle(self, message: InboundMessage, surface: Surface) -> str:
        """Return why this message cannot be answered there now, or nothing.

        Raises:
            ChannelError: the network cannot be read now.
        """
        if surface is not Surface.PRIVATE:
            return "a direct message is answered in private only"
        one = self._one(message.external_id or "")
        if one is None:
            return "the message was deleted"
        if _text(one) != message.text:
            return "the customer edited the message"
        hours = self._hours()
        if self._age(one) <= timedelta(hours=hours):
            return ""
        return (
            f"Meta takes an answer for {hours} hours after the customer's last message; "
            "write by hand in Meta's inbox if the customer writes again"
        )

    def _hours(self) -> int:
        limits = load_limits(_POLICY)
        hours = limits.human_agent_window_hours if self._given.human_agent else None
        return hours or limits.reply_window_hours or 0

    def _age(self, one: Node) -> timedelta:
        """Return how long ago the author of a message wrote last: what Meta counts from."""
        author = _author(one)
        newer = self._conversation(author, _at(one))
        last = max([_at(m) for m in newer if _author(m) == author], default=_at(one))
        return self._clock.now() - last

    def _conversation(self, person: str, since: datetime) -> Iterator[Node]:
        """Yield the messages to and from a person since then, newest first."""
        fields = f"id,messages.limit({_PAGE}){{{_MESSAGE}}}"
        query = {"platform": self._platform, "user_id": person, "fields": fields}
        found = self._graph.get(f"/{self._given.account_id}/conversations", query) or {}
        for conversation in found.get("data", []):
            yield from (m for m in self._messages(conversation, since) if _at(m) >= since)

    def send(self, reply: Reply) -> PostReceipt:
        """Answer the author of a message, as a person's answer if the day is over.

        Raises:
            CannotReply: the message was deleted, or Meta refuses.
            ChannelError: nothing was sent; it may be tried again.
            OutcomeUnknown: it may have been sent.
        """
        one = self._one(reply.parent_external_id)
        if one is None:
            raise CannotReply(f"{self._name}: the message was deleted")
        body: dict[str, Any] = {
            "recipient": {"id": _author(one)},
            "message": {"text": reply.text},
            "messaging_type": "RESPONSE",
        }
        free = timedelta(hours=load_limits(_POLICY).reply_window_hours or 0)
        if self._given.human_agent and self._age(one) > free:
            body |= {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
        sent = self._graph.post(f"/{self._given.account_id}/messages", body)
        return PostReceipt(remote_id=str(sent["message_id"]))

    def own_replies(self, parent_external_id: str) -> Iterator[OwnReply]:
        """Read what the account wrote to that person after the message."""
        one = self._one(parent_external_id)
        if one is None:
            raise ChannelError(f"{self._name}: the message is gone; look in Meta's inbox by hand")
        for found in self._conversation(_author(one), _at(one)):
            if self._is_ours(found):
                yield OwnReply(str(found["id"]), _text(found))


def _text(one: Node) -> str:
    return nfc(str(one.get("message") or "").replace("\x00", "")) or "…"


def _author(one: Node) -> str:
    return str((one.get("from") or {}).get("id", ""))


def _time(given: Any) -> datetime:
    return datetime.fromisoformat(str(given))


def _at(one: Node) -> datetime:
    return _time(one["created_time"])


def _attachment(given: Node) -> Attachment:
    return Attachment(
        name=str(given.get("name") or "file")[:200],
        media_type=str(given.get("mime_type") or ""),
        size=int(given.get("size") or 0),
    )
