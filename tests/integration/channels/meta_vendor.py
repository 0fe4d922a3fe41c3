"""A stand-in for Meta's Graph interface: comments of a Facebook page and an Instagram account.

Source: developers.facebook.com, references of Page feed, Comment, IG Comment, private replies.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from starlette.requests import Request

from agent.adapters.channels.meta import MetaChannel
from agent.domain.connections import MetaConnection
from agent.ports import Channel
from tests.integration.channels.vendors import NAME, TOKEN, Answer, Refused, Vendor, known

ACCOUNT, POST = "555", "777"
GONE = {"error": {"code": 100, "error_subcode": 33, "message": "does not exist"}}


class Facebook(Vendor):
    """One post, and comments below it."""

    kind: ClassVar[str] = "facebook"
    edge: ClassVar[str] = "feed"
    answers: ClassVar[str] = "comments"
    text: ClassVar[str] = "message"
    at: ClassVar[str] = "created_time"

    def __init__(self, clock: Any) -> None:
        super().__init__(clock)
        self.comments: dict[int, dict[str, Any]] = {}
        self.private: list[dict[str, Any]] = []
        self.code = 0
        """An error code that every write answers with."""

    def is_signed(self, request: Request) -> bool:
        return request.headers.get("authorization") == f"Bearer {TOKEN}"

    def routes(self) -> Any:
        return [
            ("GET", f"/{ACCOUNT}/{self.edge}", self._feed),
            ("POST", f"/{ACCOUNT}/messages", self._private),
            ("GET", "/{id}/" + self.answers, self._answers),
            ("GET", "/{id}/comments", self._answers),
            ("POST", "/{id}/" + self.answers, self._post),
            ("GET", "/{id}", lambda r, b: self._one(r)),
            ("POST", "/{id}", self._hide),
        ]

    def channel(self, address: str, timeout_seconds: float = 5.0) -> Channel:
        given = {
            "kind": self.kind,
            "brand": "maison",
            "account_id": ACCOUNT,
            "access_token": TOKEN,
            "base_url": address,
            "timeout_seconds": timeout_seconds,
            **self.terms(),
        }
        return MetaChannel(NAME, MetaConnection.model_validate(given), self.clock)

    def terms(self) -> dict[str, Any]:
        """Return what else the channel is set up with."""
        return {}

    def _add(self, author: str, text: str, above: int | None) -> dict[str, Any]:
        number = self.number()
        moment = self.clock.now() - timedelta(hours=1) + timedelta(seconds=number - 1000)
        moment += self.ahead
        self.comments[number] = {
            "id": str(number),
            self.text: text,
            "from": {"id": author, "name": "Zoé", "username": "zoe"},
            self.at: moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+0000"),
            **self._above(above),
        }
        return self.comments[number]

    def _above(self, above: int | None) -> dict[str, Any]:
        return {} if above is None else {"parent": self.comments[above]}

    def write(self, text: str, above: int | None = None) -> str:
        return str(self._add("2", text, above)["id"])

    def edit(self, number: str, text: str) -> None:
        self.comments[int(number)][self.text] = text

    def delete(self, number: str) -> None:
        del self.comments[int(number)]

    def replies(self) -> list[str]:
        return [c[self.text] for c in self.comments.values() if c["from"]["id"] == ACCOUNT]

    def _page(self, found: list[dict[str, Any]], after: str | None, limit: int) -> dict[str, Any]:
        start = int(after or 0)
        page = found[start : start + limit]
        paging: dict[str, Any] = {"cursors": {"after": str(start + limit)}}
        if start + limit < len(found):
            paging["next"] = "https://graph.example/next"
        return {"data": page, "paging": paging}

    def _newest_first(self) -> list[dict[str, Any]]:
        return [self.comments[n] for n in sorted(self.comments, reverse=True)]

    def _feed(self, request: Request, body: dict[str, Any]) -> Answer:
        if "comments.limit(100)" not in request.query_params["fields"]:
            raise Refused("fields")
        return {"data": [{"id": POST, "comments": self._page(self._newest_first(), None, 100)}]}

    def _answers(self, request: Request, body: dict[str, Any]) -> Answer:
        number, query = request.path_params["id"], request.query_params
        limit = int(query["limit"])
        if number == POST:
            return self._page(self._newest_first(), query.get("after"), limit)
        below = [c for c in self.comments.values() if self._is_below(c, number)]
        return self._page(below, query.get("after"), limit)

    def _is_below(self, comment: dict[str, Any], number: str) -> bool:
        return bool(comment.get("parent", {}).get("id") == number)

    def _one(self, request: Request) -> Answer:
        found = self.comments.get(int(request.path_params["id"]))
        return found if found is not None else (400, GONE)

    def _post(self, request: Request, body: dict[str, Any]) -> Answer:
        known(body, "message")
        if self.code:
            return 400, {"error": {"code": self.code}}
        number = int(request.path_params["id"])
        if number not in self.comments:
            return 400, GONE
        return {"id": self._add(ACCOUNT, body["message"], number)["id"]}

    def _private(self, request: Request, body: dict[str, Any]) -> Answer:
        known(body, "recipient message")
        known(body["recipient"], "comment_id")
        known(body["message"], "text")
        written = str(self.comments[int(body["recipient"]["comment_id"])][self.at])
        moment = datetime.strptime(written, "%Y-%m-%dT%H:%M:%S%z")
        if self.clock.now() - moment > timedelta(days=7):
            return 400, {"error": {"code": 10, "error_subcode": 2018278}}
        self.private.append(body)
        return {"recipient_id": "2", "message_id": f"m{len(self.private)}"}

    def _hide(self, request: Request, body: dict[str, Any]) -> Answer:
        if body not in ({"is_hidden": True}, {"hide": True}):
            raise Refused("hide")
        return {"success": True}


class Instagram(Facebook):
    """Answers stand below the first comment only, and come with it."""

    kind = "instagram"
    edge = "media"
    answers = "replies"
    text = "text"
    at = "timestamp"

    def _above(self, above: int | None) -> dict[str, Any]:
        return {} if above is None else {"parent_id": str(above)}

    def _is_below(self, comment: dict[str, Any], number: str) -> bool:
        return comment.get("parent_id") == number

    def _newest_first(self) -> list[dict[str, Any]]:
        top = [c for c in super()._newest_first() if "parent_id" not in c]
        return [
            c
            | {
                "replies": {
                    "data": [a for a in self.comments.values() if self._is_below(a, c["id"])]
                }
            }
            for c in top
        ]

    def _post(self, request: Request, body: dict[str, Any]) -> Answer:
        if "parent_id" in self.comments.get(int(request.path_params["id"]), {}):
            raise Refused("an answer to an answer")
        return super()._post(request, body)
