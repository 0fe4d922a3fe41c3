"""The Mastodon channel: mentions in, replies out, with the interface that Mastodon documents.

`Idempotency-Key` is sent, and not relied upon: Mastodon keeps it for an hour, and servers that
speak its interface may ignore it. A reply of unknown outcome is looked for among our own statuses.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from agent.adapters.channels.html_text import text_of_html
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
from agent.domain.connections import MastodonConnection
from agent.domain.errors import CannotReply, ChannelError
from agent.domain.messages import Attachment, InboundMessage, Surface, ThreadEntry
from agent.ports import Clock

_PAGE = 40
_MAX_PAGES = 10
_THREAD = 4
_BRAND = "brand"
_DIRECT = "direct"
_PRIVATE = frozenset({_DIRECT, "private"})
Status = dict[str, Any]


class MastodonChannel(FoundByText):
    """One account."""

    def __init__(self, name: str, given: MastodonConnection, clock: Clock) -> None:
        self._name = name
        token = given.access_token.get_secret_value()
        self._requests = Requests(
            name,
            clock,
            given.server,
            {"Authorization": f"Bearer {token}"},
            given.timeout_seconds,
        )
        self._own: dict[str, str] = {}

    @property
    def name(self) -> str:
        return self._name

    @property
    def limits(self) -> ChannelLimits:
        return load_limits("mastodon")

    def _me(self) -> dict[str, str]:
        if not self._own:
            found = self._get("/api/v1/accounts/verify_credentials")
            self._own = {"id": str(found["id"]), "acct": str(found["acct"])}
        return self._own

    def _get(self, path: str, **params: Any) -> Any:
        found = self._find(path, **params)
        if found is None:
            raise ChannelError(f"{self._name}: the server has no {path}; is it Mastodon's?")
        return found

    def _find(self, path: str, **params: Any) -> Any:
        response = self._requests.read(path, params=params or None)
        try:
            return None if response is None else response.json()
        except ValueError:
            raise ChannelError(
                f"{self._name}: the answer is no JSON; is the address right?"
            ) from None

    def fetch(self, cursor: str | None) -> FetchPage:
        """Return the oldest mentions after the cursor: `min_id` reads on without a gap."""
        query = {"types[]": "mention", "min_id": cursor or "0", "limit": str(_PAGE)}
        found = self._get("/api/v1/notifications", **query)
        statuses = [one.get("status") for one in reversed(found)]
        mentions = [s for s in statuses if s and s["account"]["id"] != self._me()["id"]]
        return FetchPage(
            messages=tuple(self._message(one) for one in mentions),
            cursor=str(found[0]["id"]) if found else cursor,
            has_more=len(found) == _PAGE,
        )

    def _message(self, status: Status) -> InboundMessage:
        is_private = status.get("visibility") in _PRIVATE
        return InboundMessage.model_validate(
            {
                "id": f"{self._name}:{status['id']}",
                "external_id": str(status["id"]),
                "text": _text(status) or "…",
                "channel": "mastodon",
                "surface": Surface.PRIVATE if is_private else Surface.PUBLIC,
                "author": str(status["account"]["acct"]),
                "parent_url": status.get("url"),
                "created_at": datetime.fromisoformat(status["created_at"]),
                "thread": self._thread(status),
                "attachments": tuple(_attachment(m) for m in status.get("media_attachments", [])),
            }
        )

    def _thread(self, status: Status) -> tuple[ThreadEntry, ...]:
        if not status.get("in_reply_to_id"):
            return ()
        context = self._find(f"/api/v1/statuses/{status['id']}/context") or {}
        return tuple(
            ThreadEntry(author=self._label(one), text=_text(one) or "…")
            for one in context.get("ancestors", [])[-_THREAD:]
        )

    def _label(self, status: Status) -> str:
        account = status["account"]
        return _BRAND if account["id"] == self._me()["id"] else str(account["acct"])

    def can_reply(self, message: InboundMessage, surface: Surface) -> ReplyPermission:
        status = self._find(f"/api/v1/statuses/{message.external_id}")
        reason = ""
        if status is None:
            reason = "the message was deleted, or its author blocks the account"
        elif (_text(status) or "…") != message.text:
            reason = "the customer edited the message"
        return ReplyPermission(is_allowed=not reason, reason=reason)

    def send(self, reply: Reply, key: str) -> PostReceipt:
        """Post below the parent, for its readers; a private reply is for its author alone."""
        parent = self._find(f"/api/v1/statuses/{reply.parent_external_id}")
        if parent is None:
            raise CannotReply(f"{self._name}: the message was deleted")
        is_private = reply.surface is Surface.PRIVATE
        body = {
            "status": f"{_mention(parent)}{reply.text}",
            "in_reply_to_id": str(parent["id"]),
            "visibility": _DIRECT if is_private else str(parent.get("visibility", "public")),
        }
        response = self._requests.write(
            "/api/v1/statuses", json=body, headers={"Idempotency-Key": key}
        )
        posted = json_of(response, self._name)
        return PostReceipt(remote_id=str(posted["id"]), url=str(posted.get("url") or ""))

    def own_replies(self, parent_external_id: str) -> Iterator[OwnReply]:
        """Read the account's own statuses after the parent: their ids grow with time."""
        after = parent_external_id
        for _ in range(_MAX_PAGES):
            query = {"min_id": after, "limit": str(_PAGE), "exclude_reblogs": "true"}
            page = self._get(f"/api/v1/accounts/{self._me()['id']}/statuses", **query)
            for status in page:
                if str(status.get("in_reply_to_id")) == parent_external_id:
                    yield OwnReply(str(status["id"]), _unaddressed(status), status.get("url") or "")
            if len(page) < _PAGE:
                return
            after = str(page[0]["id"])
        raise ChannelError(f"{self._name}: too many statuses since; look by hand")

    def moderate(self, message: InboundMessage, action: ModerationAction) -> None:
        """Report; hiding and removing are for the server's moderators.

        Raises:
            ChannelError: another action, or the network refused.
        """
        status = self._find(f"/api/v1/statuses/{message.external_id}")
        if action is not ModerationAction.REPORT or status is None:
            raise ChannelError("block or filter it on the network itself, by hand")
        body = {"account_id": status["account"]["id"], "status_ids": [message.external_id]}
        self._requests.write("/api/v1/reports", json=body)


def _text(status: Status) -> str:
    warning = str(status.get("spoiler_text") or "")
    body = text_of_html(str(status.get("content", "")))
    return nfc(f"{warning}\n\n{body}".strip() if warning else body)


def _mention(parent: Status) -> str:
    return f"@{parent['account']['acct']} "


def _unaddressed(status: Status) -> str:
    """Return what a reply of ours says after the mention it begins with."""
    first, _, rest = _text(status).partition(" ")
    return rest if first.startswith("@") else _text(status)


def _attachment(media: dict[str, Any]) -> Attachment:
    kind = str(media.get("type", "media"))
    return Attachment(name=kind, media_type=kind, url=media.get("url") or "")
