"""The Discourse channel: the forum's posts in, replies in the topic out.

Discourse keeps no key of ours: a reply of unknown outcome is looked for among the replies to the
post before it is ever sent again.
"""

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
from agent.domain.connections import DiscourseConnection
from agent.domain.errors import CannotReply, ChannelError
from agent.domain.messages import InboundMessage, Surface
from agent.ports import Clock

_MAX_PAGES = 500
_REGULAR = 1
"""The type of what people write; moderators' actions have others."""
Post = dict[str, Any]


class DiscourseChannel(FoundByText):
    """One account of a forum."""

    def __init__(self, name: str, given: DiscourseConnection, clock: Clock) -> None:
        self._name = name
        self._given = given
        self._clock = clock
        headers = {"Api-Key": given.api_key.get_secret_value(), "Api-Username": given.username}
        self._requests = Requests(name, clock, given.server, headers, given.timeout_seconds)

    @property
    def name(self) -> str:
        return self._name

    @property
    def limits(self) -> ChannelLimits:
        return load_limits("discourse")

    def _get(self, path: str, **params: str) -> dict[str, Any] | None:
        response = self._requests.read(path, params=params or None)
        return None if response is None else json_of(response, self._name)

    def fetch(self, cursor: str | None) -> FetchPage:
        """Return the posts above the last one read: ids only grow."""
        last = int(cursor) if cursor and cursor.isdecimal() else 0
        found = list(self._newer(last))
        wanted = [post for post in reversed(found) if self._is_wanted(post)]
        newest = max([int(post["id"]) for post in found], default=last)
        return FetchPage(
            messages=tuple(self._message(post) for post in wanted),
            cursor=str(newest) if newest else cursor,
        )

    def _newer(self, last: int) -> Iterator[Post]:
        """Walk back from the latest post, to the last one read or to the first day."""
        first_day = self._clock.now() - timedelta(days=self._given.first_days)
        before: dict[str, str] = {}
        for _ in range(_MAX_PAGES):
            page = (self._get("/posts.json", **before) or {}).get("latest_posts", [])
            for post in page:
                if int(post["id"]) <= last or (not last and _time(post) < first_day):
                    return
                yield post
            if not page:
                return
            before = {"before": str(min(int(post["id"]) for post in page))}
        raise ChannelError(f"{self._name}: too many posts to read at once")

    def _is_wanted(self, post: Post) -> bool:
        categories = self._given.categories
        return (
            str(post.get("username", "")).lower() != self._given.username.lower()
            and post.get("post_type", _REGULAR) == _REGULAR
            and not _is_gone(post)
            and (not categories or post.get("category_id") in categories)
        )

    def _message(self, post: Post) -> InboundMessage:
        where = f"/t/{post['topic_id']}/{post['post_number']}"
        return InboundMessage.model_validate(
            {
                "id": f"{self._name}:{post['id']}",
                "external_id": str(post["id"]),
                "text": _text(post),
                "channel": "discourse",
                "surface": Surface.PUBLIC,
                "author": str(post["username"]),
                "parent_url": f"{self._given.server.rstrip('/')}{where}",
                "created_at": _time(post),
            }
        )

    def can_reply(self, message: InboundMessage, surface: Surface) -> ReplyPermission:
        reason = self._obstacle(message, surface)
        return ReplyPermission(is_allowed=not reason, reason=reason)

    def _obstacle(self, message: InboundMessage, surface: Surface) -> str:
        if surface is Surface.PRIVATE:
            return "there is no private reply through this channel; write by hand"
        post = self._get(f"/posts/{message.external_id}.json")
        if post is None or _is_gone(post):
            return "the post was deleted or hidden"
        if _text(post) != message.text:
            return "the customer edited the post"
        topic = self._get(f"/t/{post['topic_id']}.json")
        if topic is None or topic.get("closed") or topic.get("archived"):
            return "the topic is closed"
        return ""

    def send(self, reply: Reply, key: str) -> PostReceipt:
        parent = self._get(f"/posts/{reply.parent_external_id}.json")
        if parent is None or _is_gone(parent):
            raise CannotReply(f"{self._name}: the post was deleted or hidden")
        body = {
            "raw": reply.text,
            "topic_id": parent["topic_id"],
            "reply_to_post_number": parent["post_number"],
        }
        posted = json_of(self._requests.write("/posts.json", json=body), self._name)
        return self._own(posted).receipt

    def _own(self, post: Post) -> OwnReply:
        url = f"{self._given.server.rstrip('/')}/t/{post['topic_id']}/{post['post_number']}"
        return OwnReply(str(post["id"]), _text(post), url)

    def own_replies(self, parent_external_id: str) -> Iterator[OwnReply]:
        """Read the topic from the post on: a lone answer is not listed as a reply to its post."""
        parent = self._get(f"/posts/{parent_external_id}.json")
        if parent is None:
            raise ChannelError(f"{self._name}: the post is gone; look in the topic by hand")
        topic = self._get(f"/t/{parent['topic_id']}.json") or {}
        after = [int(n) for n in topic.get("post_stream", {}).get("stream", [])]
        for number in after:
            if number <= int(parent["id"]):
                continue
            post = self._get(f"/posts/{number}.json")
            if post is not None and self._answers(post, parent):
                yield self._own(post)

    def _answers(self, post: Post, parent: Post) -> bool:
        """Whether a post is ours, to that one; an answer to the first post names none."""
        above = post.get("reply_to_post_number") or _FIRST
        is_ours = str(post.get("username", "")).lower() == self._given.username.lower()
        return is_ours and above == parent["post_number"]

    def moderate(self, message: InboundMessage, action: ModerationAction) -> None:
        """Delete the post; a report is made in the forum, by hand.

        Raises:
            ChannelError: a report, or the account is no moderator.
        """
        if action is ModerationAction.REPORT:
            raise ChannelError("flag it in the forum, by hand")
        self._requests.write(f"/posts/{message.external_id}.json", method="DELETE")


_FIRST = 1
"""The number of a topic's first post."""


def _text(post: Post) -> str:
    return nfc(str(post.get("raw") or "").replace("\x00", "")) or "…"


def _is_gone(post: Post) -> bool:
    return bool(post.get("deleted_at") or post.get("user_deleted") or post.get("hidden"))


def _time(post: Post) -> datetime:
    return datetime.fromisoformat(str(post["created_at"]))
