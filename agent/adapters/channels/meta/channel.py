"""Comments below a brand's posts on Facebook or Instagram: read, answered below, or in private.

Meta keeps no key of ours: a public answer of unknown outcome is looked for below the comment; a
private one to a comment cannot be read back, so a person looks. Direct messages are `Inbox`'s.
"""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from agent.adapters.channels.limits_data import load_limits
from agent.adapters.channels.meta.graph import Graph, Node
from agent.adapters.channels.meta.inbox import PREFIX, Inbox
from agent.adapters.channels.own_replies import FoundByText, OwnReply
from agent.adapters.channels.requests import Requests
from agent.domain.base import nfc
from agent.domain.channels import (
    ChannelLimits,
    FetchPage,
    ModerationAction,
    PostReceipt,
    Reply,
    ReplyPermission,
)
from agent.domain.connections import ChannelKind, MetaConnection
from agent.domain.errors import CannotReply, ChannelError
from agent.domain.messages import InboundMessage, Surface, ThreadEntry
from agent.ports import Clock

_OVERLAP = timedelta(minutes=15)
_PAGE = 100
_MAX_PAGES = 200
_BRAND = "brand"


class Dialect(NamedTuple):
    """What the two networks call the same things."""

    posts: str
    """The edge of an account's posts."""
    text: str
    at: str
    hide: str
    above: str
    """The field with the comment that this one answers."""
    answers: str
    """The edge of a comment's answers."""
    fields: str


_FACEBOOK = Dialect(
    posts="feed",
    text="message",
    at="created_time",
    hide="is_hidden",
    above="parent",
    answers="comments",
    fields="id,message,from{id,name},created_time,parent{id,message,from},permalink_url,can_comment",
)
_INSTAGRAM = Dialect(
    posts="media",
    text="text",
    at="timestamp",
    hide="hide",
    above="parent_id",
    answers="replies",
    fields="id,text,from{id,username},timestamp,parent_id,hidden",
)


class MetaChannel(FoundByText):
    """The comments of one account."""

    def __init__(self, name: str, given: MetaConnection, clock: Clock) -> None:
        self._name = name
        self._given = given
        self._clock = clock
        self._is_facebook = given.kind is ChannelKind.FACEBOOK
        self._words = _FACEBOOK if self._is_facebook else _INSTAGRAM
        token = given.access_token.get_secret_value()
        headers = {"Authorization": f"Bearer {token}"}
        requests = Requests(name, clock, given.base_url, headers, given.timeout_seconds)
        self._graph = Graph(name, requests)
        self._inbox = Inbox(name, given, self._graph, clock)

    @property
    def name(self) -> str:
        return self._name

    @property
    def limits(self) -> ChannelLimits:
        return load_limits(self._given.kind.value)

    def fetch(self, cursor: str | None) -> FetchPage:
        """Read the latest posts' comments, and messages, back to a little before the last one."""
        seen_to = _read_cursor(cursor)
        start = self._clock.now() - timedelta(days=self._given.first_days)
        since = seen_to - _OVERLAP if seen_to else start
        found = sorted(self._since(since), key=self._at)
        newest = max([self._at(one) for one in found], default=seen_to or start)
        wanted = [one for one in found if _author(one) != self._given.account_id]
        direct = self._inbox.since(since) if self._given.reads_messages else []
        times = [one.created_at for one in direct if one.created_at]
        # Never later than now: one dated by a clock ahead of ours would hide the next.
        reached = min(max([newest, seen_to or newest, *times]), self._clock.now())
        return FetchPage(
            messages=(*(self._message(one) for one in wanted), *direct),
            cursor=json.dumps(reached.isoformat()),
        )

    def _since(self, since: datetime) -> Iterator[Node]:
        words = self._words
        nested = f",{words.answers}.limit({_PAGE}){{{words.fields}}}"
        inner = words.fields if self._is_facebook else words.fields + nested
        kind = ".filter(stream).order(reverse_chronological)" if self._is_facebook else ""
        query = {
            "fields": f"id,comments.limit({_PAGE}){kind}{{{inner}}}",
            "limit": str(self._given.posts),
        }
        page = self._graph.get(f"/{self._given.account_id}/{words.posts}", query)
        if page is None:
            raise ChannelError(f"{self._name}: there is no account {self._given.account_id}")
        for post in page.get("data", []):
            yield from self._comments(str(post["id"]), post.get("comments", {}), inner, since)

    def _comments(
        self, post: str, page: dict[str, Any], fields: str, since: datetime
    ) -> Iterator[Node]:
        """Walk from the newest comment of a post back to `since`."""
        for _ in range(_MAX_PAGES):
            for one in page.get("data", []):
                answers = [] if self._is_facebook else one.get("replies", {}).get("data", [])
                yield from (a for a in (one, *answers) if self._at(a) >= since)
            after = page.get("paging", {}).get("cursors", {}).get("after")
            rest = page.get("data", [])
            is_done = not rest or self._at(rest[-1]) < since
            if is_done or not after or "next" not in page.get("paging", {}):
                return
            query = {"fields": fields, "limit": str(_PAGE), "after": str(after)}
            if self._is_facebook:
                query |= {"filter": "stream", "order": "reverse_chronological"}
            page = self._graph.get(f"/{post}/comments", query) or {}
        raise ChannelError(f"{self._name}: too many comments to read at once")

    def _at(self, one: Node) -> datetime:
        return datetime.fromisoformat(str(one[self._words.at]))

    def _text(self, one: Node) -> str:
        return nfc(str(one.get(self._words.text) or "").replace("\x00", "")) or "…"

    def _message(self, one: Node) -> InboundMessage:
        author = one.get("from") or {}
        return InboundMessage.model_validate(
            {
                "id": f"{self._name}:{one['id']}",
                "external_id": str(one["id"]),
                "text": self._text(one),
                "channel": self._given.kind.value,
                "surface": Surface.PUBLIC,
                "author": author.get("username") or author.get("name") or None,
                "parent_url": one.get("permalink_url"),
                "created_at": self._at(one),
                "thread": self._thread(one),
            }
        )

    def _thread(self, one: Node) -> tuple[ThreadEntry, ...]:
        above = one.get("parent")
        if not isinstance(above, dict) or not above.get("message"):
            return ()
        is_ours = _author(above) == self._given.account_id
        return (ThreadEntry(author=_BRAND if is_ours else "customer", text=self._text(above)),)

    def _comment(self, external_id: str) -> Node | None:
        return self._graph.get(f"/{external_id}", {"fields": self._words.fields})

    def can_reply(self, message: InboundMessage, surface: Surface) -> ReplyPermission:
        """Refuse what Meta would, or what the customer has overtaken."""
        reason = self._obstacle(message, surface)
        return ReplyPermission(is_allowed=not reason, reason=reason)

    def _obstacle(self, message: InboundMessage, surface: Surface) -> str:
        if _is_direct(message.external_id or ""):
            return self._inbox.obstacle(message, surface)
        one = self._comment(message.external_id or "")
        if one is None or one.get("hidden"):
            return "the comment was deleted or hidden"
        if self._text(one) != message.text:
            return "the customer edited the comment"
        if surface is Surface.PRIVATE:
            return self._window(self._at(one))
        return "Meta allows no answer to this comment" if one.get("can_comment") is False else ""

    def _window(self, written_at: datetime) -> str:
        hours = self.limits.reply_window_hours
        if hours is None or self._clock.now() - written_at <= timedelta(hours=hours):
            return ""
        return f"a private reply is possible for {hours} hours after the comment; answer in public"

    def send(self, reply: Reply, key: str) -> PostReceipt:
        if _is_direct(reply.parent_external_id):
            return self._inbox.send(reply)
        if reply.surface is Surface.PRIVATE:
            body = {
                "recipient": {"comment_id": reply.parent_external_id},
                "message": {"text": reply.text},
            }
            sent = self._graph.post(f"/{self._given.account_id}/messages", body)
            return PostReceipt(remote_id=str(sent["message_id"]))
        top = self._top(reply.parent_external_id)
        path = f"/{top}/{self._words.answers}"
        return PostReceipt(remote_id=str(self._graph.post(path, {"message": reply.text})["id"]))

    def _top(self, external_id: str) -> str:
        """Return the comment to answer below: an answer to an answer stands below the first."""
        one = self._comment(external_id)
        if one is None:
            raise CannotReply(f"{self._name}: the comment was deleted")
        above = one.get(self._words.above)
        top = above.get("id") if isinstance(above, dict) else above
        return str(top or one["id"])

    def own_replies(self, parent_external_id: str) -> Iterator[OwnReply]:
        path = f"/{self._top(parent_external_id)}/{self._words.answers}"
        query = {"fields": self._words.fields, "limit": str(_PAGE)}
        for _ in range(_MAX_PAGES):
            page = self._graph.get(path, query) or {}
            for one in page.get("data", []):
                if _author(one) == self._given.account_id:
                    url = str(one.get("permalink_url") or "")
                    yield OwnReply(str(one["id"]), self._text(one), url)
            after = page.get("paging", {}).get("cursors", {}).get("after")
            if not after or "next" not in page.get("paging", {}):
                return
            query["after"] = str(after)
        raise ChannelError(f"{self._name}: too many answers; look by hand")

    def find_sent(self, parent_external_id: str, key: str) -> PostReceipt | None:
        """Say that it takes the reply itself to find it: a private one is not below the comment.

        Raises:
            ChannelError: always, if it is a comment.
        """
        if _is_direct(parent_external_id):
            return self._inbox.find_sent(parent_external_id, key)
        raise ChannelError(f"{self._name}: look below the comment and in the inbox, by hand")

    def find_reply(self, reply: Reply, key: str) -> PostReceipt | None:
        """Look below the comment, or in the conversation.

        Raises:
            ChannelError: it is a private reply to a comment, or the network cannot be read now.
        """
        if _is_direct(reply.parent_external_id):
            return self._inbox.find_reply(reply, key)
        if reply.surface is Surface.PRIVATE:
            raise ChannelError(f"{self._name}: look in the account's inbox, by hand")
        return super().find_reply(reply, key)

    def moderate(self, message: InboundMessage, action: ModerationAction) -> None:
        """Hide the comment.

        Raises:
            ChannelError: another action, or Meta refuses.
        """
        if action is not ModerationAction.HIDE or _is_direct(message.external_id or ""):
            raise ChannelError("remove or report it on the network itself, by hand")
        self._graph.post(f"/{message.external_id}", {self._words.hide: True})


def _is_direct(external_id: str) -> bool:
    return external_id.startswith(PREFIX)


def _author(one: Node) -> str:
    return str((one.get("from") or {}).get("id", ""))


def _read_cursor(cursor: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(json.loads(cursor or ""))
    except (ValueError, TypeError):
        return None
