"""Comments below a YouTube channel's videos: read, and answered below.

YouTube keeps no key of ours: a reply of unknown outcome is looked for below the comment.
"""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from agent.adapters.channels.limits_data import load_limits
from agent.adapters.channels.own_replies import FoundByText, OwnReply
from agent.adapters.channels.youtube.server import Server
from agent.domain.base import nfc
from agent.domain.channels import (
    ChannelLimits,
    FetchPage,
    ModerationAction,
    PostReceipt,
    Reply,
    ReplyPermission,
)
from agent.domain.connections import YouTubeConnection
from agent.domain.errors import ChannelError
from agent.domain.messages import InboundMessage, Surface, ThreadEntry
from agent.ports import Clock

_PAGE = "100"
_MAX_PAGES = 200
_OVERLAP = timedelta(minutes=15)
_BRAND = "brand"
Item = dict[str, Any]


class YouTubeChannel(FoundByText):
    """The comments of one channel."""

    def __init__(self, name: str, given: YouTubeConnection, clock: Clock) -> None:
        self._name = name
        self._given = given
        self._clock = clock
        self._server = Server(name, given, clock)
        self._read_at: datetime | None = None

    @property
    def name(self) -> str:
        return self._name

    @property
    def limits(self) -> ChannelLimits:
        return load_limits("youtube")

    def fetch(self, cursor: str | None) -> FetchPage:
        """Read the newest threads, back to a little before the last comment read."""
        now = self._clock.now()
        pause = timedelta(seconds=self._given.every_seconds)
        if self._read_at is not None and now - self._read_at < pause:
            return FetchPage(cursor=cursor)
        seen_to = _read_cursor(cursor)
        start = now - timedelta(days=self._given.first_days)
        found = list(self._since(seen_to - _OVERLAP if seen_to else start))
        self._read_at = now
        newest = max([_at(one) for one, _ in found], default=seen_to or start)
        wanted = [(one, top) for one, top in found if _author(one) != self._given.channel_id]
        return FetchPage(
            messages=tuple(self._message(one, top) for one, top in sorted(wanted, key=_when)),
            # Never later than now: a comment dated by a clock ahead of ours would hide the next.
            cursor=json.dumps(min(max(newest, seen_to or newest), now).isoformat()),
        )

    def _since(self, since: datetime) -> Iterator[tuple[Item, Item]]:
        """Return the comments from a time on, each with the one its thread begins with."""
        query = {
            "part": "snippet,replies",
            "allThreadsRelatedToChannelId": self._given.channel_id,
            "order": "time",
            "maxResults": _PAGE,
            "textFormat": "plainText",
        }
        for _ in range(_MAX_PAGES):
            page = self._server.list("commentThreads", **query)
            threads = page.get("items", [])
            for thread in threads:
                top = thread["snippet"]["topLevelComment"]
                for one in (top, *self._below(thread)):
                    if _at(one) >= since:
                        yield one, top
            token = page.get("nextPageToken")
            if not token or not threads:
                return
            if _at(threads[-1]["snippet"]["topLevelComment"]) < since:
                return
            query["pageToken"] = str(token)
        raise ChannelError(f"{self._name}: too many comments to read at once")

    def _below(self, thread: Item) -> list[Item]:
        """Return the replies of a thread; the list of threads holds a few of them only."""
        shown: list[Item] = thread.get("replies", {}).get("comments", [])
        if int(thread["snippet"].get("totalReplyCount") or 0) <= len(shown):
            return shown
        query = {"part": "snippet", "maxResults": _PAGE, "textFormat": "plainText"}
        found: list[Item] = self._server.list("comments", parentId=str(thread["id"]), **query).get(
            "items", shown
        )
        return found

    def _message(self, one: Item, top: Item) -> InboundMessage:
        snippet = one["snippet"]
        video = snippet.get("videoId") or top["snippet"].get("videoId", "")
        return InboundMessage.model_validate(
            {
                "id": f"{self._name}:{one['id']}",
                "external_id": str(one["id"]),
                "text": _text(one),
                "channel": "youtube",
                "surface": Surface.PUBLIC,
                "author": str(snippet.get("authorDisplayName") or _author(one)),
                "parent_url": f"https://www.youtube.com/watch?v={video}&lc={one['id']}",
                "created_at": _at(one),
                "thread": () if one is top else (self._entry(top),),
            }
        )

    def _entry(self, top: Item) -> ThreadEntry:
        is_ours = _author(top) == self._given.channel_id
        return ThreadEntry(author=_BRAND if is_ours else "customer", text=_text(top))

    def can_reply(self, message: InboundMessage, surface: Surface) -> ReplyPermission:
        reason = self._obstacle(message, surface)
        return ReplyPermission(is_allowed=not reason, reason=reason)

    def _obstacle(self, message: InboundMessage, surface: Surface) -> str:
        if surface is Surface.PRIVATE:
            return "YouTube has no private replies; write by hand"
        number = message.external_id or ""
        about = {"part": "snippet", "textFormat": "plainText"}
        found = self._server.list("comments", id=number, **about).get("items", [])
        threads = self._server.list("commentThreads", id=_top(number), **about).get("items", [])
        if not found or not threads:
            return "the comment was deleted"
        if _text(found[0]) != message.text:
            return "the customer edited the comment"
        is_open = threads[0]["snippet"].get("canReply", False)
        return "" if is_open else "YouTube allows no reply in this thread"

    def send(self, reply: Reply, key: str) -> PostReceipt:
        del key
        posted = self._server.answer(_top(reply.parent_external_id), reply.text)
        return PostReceipt(remote_id=str(posted["id"]))

    def own_replies(self, parent_external_id: str) -> Iterator[OwnReply]:
        query = {
            "part": "snippet",
            "parentId": _top(parent_external_id),
            "maxResults": _PAGE,
            "textFormat": "plainText",
        }
        for _ in range(_MAX_PAGES):
            page = self._server.list("comments", **query)
            for one in page.get("items", []):
                if _author(one) == self._given.channel_id:
                    yield OwnReply(str(one["id"]), _text(one))
            token = page.get("nextPageToken")
            if not token:
                return
            query["pageToken"] = str(token)
        raise ChannelError(f"{self._name}: too many answers; look by hand")

    def moderate(self, message: InboundMessage, action: ModerationAction) -> None:
        """Hold the comment for review, which hides it.

        Raises:
            ChannelError: another action, or YouTube refuses.
        """
        if action is not ModerationAction.HIDE:
            raise ChannelError("remove or report it in YouTube Studio, by hand")
        self._server.hold(message.external_id or "")


def _top(number: str) -> str:
    """Return the comment a thread begins with: a reply's id is `top.reply`."""
    return number.partition(".")[0]


def _text(one: Item) -> str:
    return nfc(str(one["snippet"].get("textDisplay") or "").replace("\x00", "")) or "…"


def _author(one: Item) -> str:
    return str((one["snippet"].get("authorChannelId") or {}).get("value", ""))


def _at(one: Item) -> datetime:
    return datetime.fromisoformat(str(one["snippet"]["publishedAt"]))


def _when(found: tuple[Item, Item]) -> datetime:
    return _at(found[0])


def _read_cursor(cursor: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(json.loads(cursor or ""))
    except (ValueError, TypeError):
        return None
