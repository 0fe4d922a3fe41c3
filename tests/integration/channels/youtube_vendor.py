"""A stand-in for YouTube's comments. Source: the discovery document youtube.v3 (comments,
commentThreads) and Google's OAuth 2 page for installed applications."""

from typing import Any

from starlette.requests import Request

from agent.adapters.channels.youtube import YouTubeChannel
from agent.domain.connections import YouTubeConnection
from agent.ports import Channel
from tests.integration.channels.vendors import NAME, TOKEN, Answer, Refused, Vendor, known

OURS = "UCmaison00000"


class YouTube(Vendor):
    """One video, and threads below it."""

    def __init__(self, clock: Any) -> None:
        super().__init__(clock)
        self.comments: dict[str, dict[str, Any]] = {}
        self.can_reply = True
        self.reason = ""
        """Why every write is refused (403), in Google's word."""

    def is_signed(self, request: Request) -> bool:
        is_token = request.url.path == "/token"
        return is_token or request.headers.get("authorization") == f"Bearer {TOKEN}"

    def is_write(self, request: Request) -> bool:
        return request.method == "POST" and request.url.path != "/token"

    def routes(self) -> Any:
        return [
            ("POST", "/token", lambda r, b: {"access_token": TOKEN, "expires_in": 3600}),
            ("GET", "/commentThreads", self._threads),
            ("GET", "/comments", self._list),
            ("POST", "/comments", self._insert),
            ("POST", "/comments/setModerationStatus", lambda r, b: {}),
        ]

    def channel(self, address: str, timeout_seconds: float = 5.0) -> Channel:
        given = {
            "kind": "youtube",
            "brand": "maison",
            "channel_id": OURS,
            "client_id": "c",
            "client_secret": "s",
            "refresh_token": "r",
            "every_seconds": 0,
            "base_url": address,
            "token_url": f"{address}/token",
            "timeout_seconds": timeout_seconds,
        }
        return YouTubeChannel(NAME, YouTubeConnection.model_validate(given), self.clock)

    def _add(self, number: str, author: str, text: str) -> dict[str, Any]:
        snippet = {
            "textDisplay": text,
            "authorDisplayName": "@zoe",
            "authorChannelId": {"value": author},
            "publishedAt": self.now(),
            "videoId": "v1",
        }
        self.comments[number] = {"id": number, "snippet": snippet}
        return self.comments[number]

    def answer(self, top: str, text: str) -> None:
        """Answer below a comment, as another customer."""
        self._add(f"{top}.{self.number()}", "UCmax", text)

    def write(self, text: str) -> str:
        return str(self._add(f"Ug{self.number()}", "UCzoe", text)["id"])

    def edit(self, number: str, text: str) -> None:
        self.comments[number]["snippet"]["textDisplay"] = text

    def delete(self, number: str) -> None:
        del self.comments[number]

    def replies(self) -> list[str]:
        found = (one["snippet"] for one in self.comments.values())
        return [s["textDisplay"] for s in found if s["authorChannelId"]["value"] == OURS]

    def _below(self, top: str) -> list[dict[str, Any]]:
        return [one for n, one in self.comments.items() if n.startswith(f"{top}.")]

    def _threads(self, request: Request, body: dict[str, Any]) -> Answer:
        query = request.query_params
        tops = [one for n, one in self.comments.items() if "." not in n]
        if "id" in query:
            tops = [one for one in tops if one["id"] == query["id"]]
            return {"items": [self._thread(one) for one in tops]}
        if query["order"] != "time" or query["allThreadsRelatedToChannelId"] != OURS:
            raise Refused("query")
        start = int(query.get("pageToken", 0))
        end = start + int(query["maxResults"])
        page = list(reversed(tops))[start:end]
        more = {"nextPageToken": str(end)} if end < len(tops) else {}
        return {"items": [self._thread(one) for one in page], **more}

    def _thread(self, top: dict[str, Any]) -> dict[str, Any]:
        below = self._below(top["id"])
        snippet = {
            "topLevelComment": top,
            "canReply": self.can_reply,
            "totalReplyCount": len(below),
        }
        return {"id": top["id"], "snippet": snippet, "replies": {"comments": below[:5]}}

    def _list(self, request: Request, body: dict[str, Any]) -> Answer:
        query = request.query_params
        if query["textFormat"] != "plainText":
            raise Refused("textFormat")
        if "parentId" in query:
            return {"items": self._below(query["parentId"])}
        found = self.comments.get(query["id"])
        return {"items": [found] if found else []}

    def _insert(self, request: Request, body: dict[str, Any]) -> Answer:
        known(known(body, "snippet")["snippet"], "parentId textOriginal")
        if self.reason:
            return 403, {"error": {"errors": [{"reason": self.reason}]}}
        top = body["snippet"]["parentId"]
        if "." in top:
            raise Refused("a reply to a reply")
        if top not in self.comments:
            return 404, {"error": {"errors": [{"reason": "parentCommentNotFound"}]}}
        return self._add(f"{top}.{self.number()}", OURS, body["snippet"]["textOriginal"])
