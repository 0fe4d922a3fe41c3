"""Stand-ins for the direct messages of a Facebook page and of an Instagram account.

Source: developers.facebook.com, Conversations API, Send API, and the policy of the 24 hours and of
the Human Agent tag.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.requests import Request

from tests.integration.channels.meta_vendor import ACCOUNT, GONE, Facebook, Instagram
from tests.integration.channels.vendors import Answer, Refused, known

_PERSON, _CONVERSATION = "2", "t_9"
_WINDOW_OVER = {"error": {"code": 10, "error_subcode": 2018278, "message": "outside the window"}}


class _Messages(Facebook):
    """One customer's conversation; comments are still there beside it."""

    surface = "private"

    def __init__(self, clock: Any) -> None:
        super().__init__(clock)
        self.messages: dict[str, dict[str, Any]] = {}
        self.has_human_agent = False
        self.tags: list[str] = []

    def routes(self) -> Any:
        return [
            ("GET", f"/{ACCOUNT}/conversations", self._conversations),
            ("GET", f"/{_CONVERSATION}/messages", self._more),
            *super().routes(),
        ]

    def terms(self) -> dict[str, Any]:
        return {"reads_messages": True, "human_agent": self.has_human_agent}

    def write(self, text: str, above: int | None = None, attachments: int = 0) -> str:
        photo = {"name": "photo.jpg", "mime_type": "image/jpeg", "size": 9}
        more = {"attachments": {"data": [photo] * attachments}} if attachments else {}
        return str(self._say(_PERSON, text, hours=1, **more)["id"])

    def comment(self, text: str) -> None:
        """Write below the post instead."""
        super().write(text)

    def echo(self, text: str) -> None:
        """Have a colleague answer from Meta's own inbox."""
        self._say(ACCOUNT, text, hours=1)

    def _say(self, author: str, text: str, hours: int, **more: Any) -> dict[str, Any]:
        number = self.number()
        moment = self.clock.now() - timedelta(hours=hours) + timedelta(seconds=number - 1000)
        moment += self.ahead
        made = {
            "id": f"m_{number}=",
            "message": text,
            "from": {"id": author, "username": "zoe", "name": "Zoé"},
            "created_time": moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+0000"),
        }
        self.messages[made["id"]] = made | more
        return self.messages[made["id"]]

    def edit(self, number: str, text: str) -> None:
        self.messages[number]["message"] = text

    def delete(self, number: str) -> None:
        del self.messages[number]

    def replies(self) -> list[str]:
        return [m["message"] for m in self.messages.values() if m["from"]["id"] == ACCOUNT]

    def _newest(self) -> list[dict[str, Any]]:
        return sorted(self.messages.values(), key=lambda m: m["created_time"], reverse=True)

    def _conversations(self, request: Request, body: dict[str, Any]) -> Answer:
        query = request.query_params
        if query["platform"] != ("messenger" if self.kind == "facebook" else "instagram"):
            raise Refused("platform")
        if query.get("user_id", _PERSON) != _PERSON or not self.messages:
            return {"data": []}
        newest = self._newest()
        page = self._page(newest, None, 50)
        moved = newest[0]["created_time"]
        return {"data": [{"id": _CONVERSATION, "updated_time": moved, "messages": page}]}

    def _more(self, request: Request, body: dict[str, Any]) -> Answer:
        query = request.query_params
        return self._page(self._newest(), query["after"], int(query["limit"]))

    def _one(self, request: Request) -> Answer:
        number = request.path_params["id"]
        if not number.startswith("m_"):
            return super()._one(request)
        return self.messages.get(number) or (400, GONE)

    def _private(self, request: Request, body: dict[str, Any]) -> Answer:
        known(body, "recipient message messaging_type", "tag")
        known(body["message"], "text")
        if body["recipient"] != {"id": _PERSON}:
            raise Refused("recipient")
        if self.code:
            return 400, {"error": {"code": self.code}}
        if not self._is_open(body):
            return 400, _WINDOW_OVER
        self.tags.append(body.get("tag", body["messaging_type"]))
        sent = self._say(ACCOUNT, body["message"]["text"], hours=0)
        return {"recipient_id": _PERSON, "message_id": sent["id"]}

    def _is_open(self, body: dict[str, Any]) -> bool:
        theirs = [m["created_time"] for m in self._newest() if m["from"]["id"] == _PERSON]
        age = self.clock.now() - datetime.strptime(theirs[0], "%Y-%m-%dT%H:%M:%S%z")
        kind = (body["messaging_type"], body.get("tag"))
        if kind == ("RESPONSE", None):
            return age <= timedelta(hours=24)
        is_tagged = kind == ("MESSAGE_TAG", "HUMAN_AGENT") and self.has_human_agent
        return is_tagged and age <= timedelta(days=7)


class FacebookMessages(_Messages):
    """Of a page: Messenger."""


class InstagramMessages(_Messages, Instagram):
    """Of an Instagram account."""
