"""The Matrix channel: reads rooms by /sync, answers in the thread, once for each key.

The server posts a transaction id once for each device and forgets it after a day or so; so the
device is pinned, and a post of unknown outcome is looked for in the thread before anything else.
"""

import json
from datetime import timedelta
from typing import Any, NamedTuple

from agent.adapters.channels.limits_data import load_limits
from agent.adapters.channels.matrix.events import (
    KEY,
    Said,
    bundled,
    edited,
    external_id,
    key_of,
    said,
    split_id,
    with_edits,
)
from agent.adapters.channels.matrix.server import ENCRYPTED, Event, Homeserver
from agent.domain.channels import (
    ChannelLimits,
    FetchPage,
    ModerationAction,
    PostReceipt,
    Reply,
    ReplyPermission,
)
from agent.domain.connections import MatrixConnection
from agent.domain.errors import CannotReply
from agent.domain.messages import InboundMessage, Surface, ThreadEntry
from agent.ports import Clock

_BRAND = "brand"
_TWO = 2
"""Us and the customer: a room of more is not private."""


class Cursor(NamedTuple):
    """How far the rooms are read."""

    token: str | None
    from_ms: int
    """When the first reading began, in ms since 1970: one from the start goes back as far."""


class MatrixChannel:
    """The rooms of one account."""

    def __init__(self, name: str, given: MatrixConnection, clock: Clock) -> None:
        self._name = name
        self._given = given
        self._clock = clock
        self._server = Homeserver(name, given, clock)

    @property
    def name(self) -> str:
        return self._name

    @property
    def limits(self) -> ChannelLimits:
        return load_limits("matrix")

    def fetch(self, cursor: str | None) -> FetchPage:
        at = _read_cursor(cursor) or self._start()
        found = self._server.sync(at.token)
        if found is None:
            # The server forgot the token: all is read again, and what is known is passed over.
            at = at._replace(token=None)
            found = self._server.sync(None) or {}
        messages: list[InboundMessage] = []
        problems: list[str] = []
        for room, joined in found.get("rooms", {}).get("join", {}).items():
            events = self._events(room, joined.get("timeline", {}), at)
            messages += self._messages(room, events)
            if any(event.get("type") == ENCRYPTED for event in events):
                problems.append(f"room {room}: encrypted messages cannot be read; ask in the open")
        after = Cursor(found.get("next_batch"), at.from_ms)
        return FetchPage(
            messages=tuple(messages), problems=tuple(problems), cursor=json.dumps(after)
        )

    def _start(self) -> Cursor:
        first = self._clock.now() - timedelta(days=self._given.first_days)
        return Cursor(None, int(first.timestamp() * 1000))

    def _events(self, room: str, timeline: dict[str, Any], at: Cursor) -> list[Event]:
        """Return all that was said since the token, oldest first; what /sync left out included."""
        events: list[Event] = list(timeline.get("events", []))
        if timeline.get("limited") and timeline.get("prev_batch"):
            before = self._server.earlier(room, timeline["prev_batch"], at.token, at.from_ms)
            events = [*reversed(list(before)), *events]
        if at.token is None:
            events = [event for event in events if event.get("origin_server_ts", 0) >= at.from_ms]
        return [event for event in events if event.get("sender") != self._given.user_id]

    def _messages(self, room: str, events: list[Event]) -> list[InboundMessage]:
        found = [self._whole(room, event) for event in with_edits(events)]
        spoken = [one for event in found if event is not None and (one := said(event))]
        if not spoken:
            return []
        surface = self._surface(room)
        return [self._message(room, one, surface) for one in spoken]

    def _whole(self, room: str, event: Event) -> Event | None:
        """Return a message, or of an edit alone the message it edits, if it is its author's."""
        target = edited(event)
        if not target:
            return event
        original = self._server.event(room, target)
        if original is None or original.get("sender") != event.get("sender"):
            return None
        return bundled(original, event)

    def _message(self, room: str, one: Said, surface: Surface) -> InboundMessage:
        external = external_id(room, one.event_id)
        return InboundMessage.model_validate(
            {
                "id": f"{self._name}:{external}",
                "external_id": external,
                "text": one.text,
                "channel": "matrix",
                "surface": surface,
                "author": one.sender,
                "parent_url": f"https://matrix.to/#/{external}",
                "created_at": one.at,
                "thread": self._thread(room, one.root),
                "attachments": one.attachments,
            }
        )

    def _thread(self, room: str, root: str) -> tuple[ThreadEntry, ...]:
        event = self._server.event(room, root) if root else None
        first = said(event) if event else None
        if first is None:
            return ()
        author = _BRAND if first.sender == self._given.user_id else first.sender
        return (ThreadEntry(author=author, text=first.text, created_at=first.at),)

    def _surface(self, room: str) -> Surface:
        return Surface.PRIVATE if self._is_private(room) else Surface.PUBLIC

    def _is_private(self, room: str) -> bool:
        return len(self._server.members(room)) == _TWO

    def can_reply(self, message: InboundMessage, surface: Surface) -> ReplyPermission:
        """Refuse if the message was deleted or edited, its author banned, or others can read."""
        room, event_id = split_id(message.external_id or "")
        reason = self._obstacle(room, event_id, message, surface)
        return ReplyPermission(is_allowed=not reason, reason=reason)

    def _obstacle(self, room: str, event_id: str, message: InboundMessage, surface: Surface) -> str:
        event = self._server.event(room, event_id)
        now = said(event) if event else None
        if now is None:
            return "the message was deleted"
        if now.text != message.text:
            return "the customer edited the message"
        if self._server.membership(room, now.sender) == "ban":
            return "its author was banned from the room"
        if surface is Surface.PRIVATE and not self._is_private(room):
            return "others can read that room: there is no private reply there; write by hand"
        return ""

    def send(self, reply: Reply, key: str) -> PostReceipt:
        room, parent_id = split_id(reply.parent_external_id)
        parent = self._server.event(room, parent_id)
        if parent is None or said(parent) is None:
            raise CannotReply(f"{self._name}: the message was deleted")
        root = self._root(parent)
        content = {
            "msgtype": "m.text",
            "body": reply.text,
            "m.mentions": {"user_ids": [parent["sender"]]},
            "m.relates_to": {
                "rel_type": "m.thread",
                "event_id": root,
                "is_falling_back": True,
                "m.in_reply_to": {"event_id": parent_id},
            },
            KEY: key,
        }
        event_id = self._server.put(room, f"portevoix-{key}", content)
        return self._receipt(room, event_id)

    def _root(self, parent: Event) -> str:
        found = said(parent)
        return (found.root if found else "") or str(parent["event_id"])

    def _receipt(self, room: str, event_id: str) -> PostReceipt:
        external = external_id(room, event_id)
        return PostReceipt(remote_id=external, url=f"https://matrix.to/#/{external}")

    def find_sent(self, parent_external_id: str, key: str) -> PostReceipt | None:
        """Read the thread for our reply with that key."""
        room, parent_id = split_id(parent_external_id)
        parent = self._server.event(room, parent_id)
        root = self._root(parent) if parent else parent_id
        for event in self._server.replies(room, root):
            if event.get("sender") == self._given.user_id and key_of(event) == key:
                return self._receipt(room, str(event["event_id"]))
        return None

    def moderate(self, message: InboundMessage, action: ModerationAction) -> None:
        """Redact, or report. Matrix has no hiding: it redacts too.

        Raises:
            ChannelError: the account has not the power to, or the server cannot be reached.
        """
        room, event_id = split_id(message.external_id or "")
        if action is ModerationAction.REPORT:
            self._server.report(room, event_id)
        else:
            self._server.redact(room, event_id, f"portevoix-{action.value}-{event_id}")


def _read_cursor(cursor: str | None) -> Cursor | None:
    try:
        token, from_ms = json.loads(cursor or "")
        return Cursor(str(token) if token else None, int(from_ms))
    except (ValueError, TypeError):
        return None
