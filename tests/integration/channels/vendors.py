"""Stateful stand-ins for networks we cannot run, written from their vendors' documents.

Each refuses what its vendor documents as refused: missing credentials, fields it does not know,
values out of bounds. They are no vendors: docs/channels says of each what was never tried.
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any, ClassVar

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from agent.adapters.channels.bluesky import BlueskyChannel
from agent.adapters.channels.discord import DiscordChannel
from agent.adapters.channels.discourse import DiscourseChannel
from agent.adapters.channels.mastodon import MastodonChannel
from agent.domain.connections import (
    BlueskyConnection,
    DiscordConnection,
    DiscourseConnection,
    MastodonConnection,
)
from agent.ports import Channel, Clock
from tests.contract.documents.document import Exchange
from tests.integration.channels import whole

TOKEN = "the-token-of-the-test"
NAME = "vendor"
Answer = dict[str, Any] | list[Any] | tuple[int, dict[str, Any] | None] | None
"""None: 404. A pair is a code and a body, or no body."""


class Refused(Exception):
    """The request is not as documented."""


def known(body: dict[str, Any], needed: str, others: str = "") -> dict[str, Any]:
    """Return a body that has what is needed and nothing unknown."""
    names = set(needed.split())
    if not names <= set(body) or set(body) - names - set(others.split()):
        raise Refused(f"keys {sorted(body)}")
    return body


class Vendor:
    """What all have in common: people, credentials, faults."""

    can_edit: ClassVar[bool] = True
    surface: ClassVar[str] = "public"
    """Where its messages are written, and answered."""
    watch: ClassVar[Callable[[str, Exchange], None] | None] = None
    """Told the name of the stand-in and each exchange; `make contracts` listens."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.faults: list[str] = []
        """For the next writes: `busy`, `forbidden`, `broken`, `silent` (both after keeping)."""
        self.writes = 0
        self.refusals: list[str] = []
        self.is_token_revoked = False
        self.is_down = False
        self.ahead = timedelta()
        """How far the network's clock is ahead of ours."""
        self._number = 1_000

    def app(self) -> Starlette:
        """Return the application to serve."""
        routes = [
            Route(path, self._endpoint(answer), methods=[method])
            for method, path, answer in self.routes()
        ]
        return Starlette(routes=routes)

    def routes(self) -> Sequence[tuple[str, str, Callable[[Request, dict[str, Any]], Answer]]]:
        raise NotImplementedError

    def is_signed(self, request: Request) -> bool:
        raise NotImplementedError

    def channel(self, address: str, timeout_seconds: float = 5.0) -> Channel:
        raise NotImplementedError

    def write(self, text: str) -> str:
        """Write as a customer, to the brand; return the id."""
        raise NotImplementedError

    def edit(self, number: str, text: str) -> None:
        raise NotImplementedError

    def delete(self, number: str) -> None:
        raise NotImplementedError

    def replies(self) -> list[str]:
        """Return what the brand posted, oldest first, without the mention it begins with."""
        raise NotImplementedError

    def number(self) -> int:
        self._number += 1
        return self._number

    def now(self) -> str:
        # Each a little later than the one before, as things happen.
        moment = self.clock.now() - timedelta(hours=1) + timedelta(milliseconds=self.number())
        moment += self.ahead
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def error(self, said: str, code: int) -> dict[str, Any]:
        """Return the body of a refusal, in the vendor's own form."""
        del code
        return {"error": said}

    def is_write(self, request: Request) -> bool:
        return request.method != "GET"

    def is_expired(self, request: Request) -> bool:
        """Whether the session is over; only some networks have sessions."""
        del request
        return False

    def _endpoint(
        self, answer: Callable[[Request, dict[str, Any]], Answer]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            response = await self._answered(answer, request)
            if self.watch is not None:
                type(self).watch(type(self).__name__, await _exchange(request, response))
            return response

        return endpoint

    async def _answered(
        self, answer: Callable[[Request, dict[str, Any]], Answer], request: Request
    ) -> Response:
        raw = await request.body()
        if self.is_down:
            return JSONResponse(self.error("unavailable", 503), 503)
        if self.is_expired(request):
            return JSONResponse({"error": "ExpiredToken"}, 400)
        if self.is_token_revoked or not self.is_signed(request):
            return JSONResponse(self.error("unauthorised", 401), 401)
        if not self.is_write(request):
            return self._response(answer, request, {})
        self.writes += 1
        fault = self.faults.pop(0) if self.faults else ""
        if fault in {"busy", "forbidden"}:
            code = 429 if fault == "busy" else 403
            return JSONResponse(self.error(fault, code), code, headers={"Retry-After": "90"})
        response = self._response(answer, request, json.loads(raw or b"{}"))
        if fault == "broken":
            return JSONResponse({}, 500)
        if fault == "silent":
            await asyncio.sleep(1.5)
        return response

    def _response(
        self,
        answer: Callable[[Request, dict[str, Any]], Answer],
        request: Request,
        body: dict[str, Any],
    ) -> Response:
        try:
            found = answer(request, body)
        except Refused as error:
            self.refusals.append(str(error))
            return JSONResponse(self.error(str(error), 400), 400)
        if found is None:
            return JSONResponse(self.error("not found", 404), 404)
        if isinstance(found, tuple):
            code, said = found
            return Response(status_code=code) if said is None else JSONResponse(said, code)
        return JSONResponse(found)


async def _exchange(request: Request, response: Response) -> Exchange:
    return Exchange(
        request.method,
        request.url.path,
        request.url.query,
        dict(request.headers),
        await request.body(),
        response.status_code,
        bytes(response.body),
    )


class Mastodon(Vendor):
    """Source: docs.joinmastodon.org, methods statuses, notifications and accounts.

    `Idempotency-Key` is not honoured, as by other servers that speak this interface.
    """

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.statuses: dict[int, dict[str, Any]] = {}
        self.notices: list[dict[str, Any]] = []
        self.raw: dict[str, str] = {}

    def is_signed(self, request: Request) -> bool:
        return request.headers.get("authorization") == f"Bearer {TOKEN}"

    def routes(self) -> Any:
        return [
            (
                "GET",
                "/api/v1/accounts/verify_credentials",
                lambda r, b: self._account("1", "us") | whole.MASTODON_OWN,
            ),
            ("GET", "/api/v1/notifications", self._notifications),
            ("GET", "/api/v1/statuses/{id}", lambda r, b: self._status(r)),
            ("GET", "/api/v1/statuses/{id}/context", self._context),
            ("GET", "/api/v1/accounts/{id}/statuses", self._own),
            ("POST", "/api/v1/statuses", self._post),
            ("POST", "/api/v1/reports", self._report),
        ]

    def channel(self, address: str, timeout_seconds: float = 5.0) -> Channel:
        terms = {"server": address, "access_token": TOKEN, "timeout_seconds": timeout_seconds}
        given = {"kind": "mastodon", "brand": "maison"} | terms
        return MastodonChannel(NAME, MastodonConnection.model_validate(given), self.clock)

    def write(self, text: str, visibility: str = "public") -> str:
        status = self._add(self._account("2", "zoe@far.example"), text, None, visibility)
        number = str(self.number())
        notice = {"id": number, "type": "mention", "status": status, "group_key": f"g{number}"}
        notice |= {"account": status["account"], "created_at": status["created_at"]}
        self.notices.append(notice)
        return str(status["id"])

    def _account(self, number: str, name: str) -> dict[str, Any]:
        return whole.MASTODON_ACCOUNT | {"id": number, "acct": name}

    def _add(
        self, account: dict[str, Any], text: str, above: str | None, visibility: str
    ) -> dict[str, Any]:
        number = self.number()
        paragraphs = "".join(f"<p>{escape(p)}</p>" for p in text.split("\n\n"))
        self.statuses[number] = whole.MASTODON_STATUS | {
            "id": str(number),
            "account": account,
            "content": paragraphs.replace("\n", "<br />"),
            "visibility": visibility,
            "in_reply_to_id": above,
            "created_at": self.now(),
            "url": f"https://far.example/{number}",
            "spoiler_text": "",
            "media_attachments": [],
        }
        return self.statuses[number]

    def edit(self, number: str, text: str) -> None:
        self.statuses[int(number)]["content"] = f"<p>{escape(text)}</p>"

    def delete(self, number: str) -> None:
        del self.statuses[int(number)]
        self.notices = [n for n in self.notices if n["status"]["id"] != number]

    def replies(self) -> list[str]:
        own = [s for s in self.statuses.values() if s["account"]["id"] == "1"]
        return [self.raw[s["id"]].removeprefix("@zoe@far.example ") for s in own]

    def _notifications(self, request: Request, body: dict[str, Any]) -> Answer:
        query = request.query_params
        if query.getlist("types[]") != ["mention"] or int(query["limit"]) > 80:
            raise Refused("query")
        after = [n for n in self.notices if int(n["id"]) > int(query["min_id"])]
        return list(reversed(after[: int(query["limit"])]))

    def _status(self, request: Request) -> Answer:
        return self.statuses.get(int(request.path_params["id"]))

    def _context(self, request: Request, body: dict[str, Any]) -> Answer:
        above = self.statuses[int(request.path_params["id"])]["in_reply_to_id"]
        found = self.statuses.get(int(above)) if above else None
        return {"ancestors": [found] if found else [], "descendants": []}

    def _own(self, request: Request, body: dict[str, Any]) -> Answer:
        query = request.query_params
        own = [s for s in self.statuses.values() if s["account"]["id"] == "1"]
        after = [s for s in own if int(s["id"]) > int(query["min_id"])]
        return list(reversed(after[: int(query["limit"])]))

    def _post(self, request: Request, body: dict[str, Any]) -> Answer:
        known(body, "status", "in_reply_to_id visibility language")
        if not request.headers.get("idempotency-key"):
            raise Refused("no key")
        if body["visibility"] not in {"public", "unlisted", "private", "direct"}:
            raise Refused("visibility")
        if len(body["status"]) > 500 or body["in_reply_to_id"] not in map(str, self.statuses):
            return 422, {"error": "Validation failed"}
        us = self._account("1", "us")
        status = self._add(us, body["status"], body["in_reply_to_id"], body["visibility"])
        self.raw[status["id"]] = body["status"]
        # The account's followers see it; the brand itself is notified of nothing.
        return status

    def _report(self, request: Request, body: dict[str, Any]) -> Answer:
        known(body, "account_id status_ids")
        return whole.MASTODON_REPORT | {"target_account": self._account(body["account_id"], "zoe")}


class Discord(Vendor):
    """Source: discord.com/developers/docs, resources message and channel, topics rate limits."""

    where = "111111111111111111"

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.messages: dict[int, dict[str, Any]] = {}
        self.nonces: dict[str, int] = {}

    def is_signed(self, request: Request) -> bool:
        agent = request.headers.get("user-agent", "")
        return request.headers.get("authorization") == f"Bot {TOKEN}" and "DiscordBot (" in agent

    def error(self, said: str, code: int) -> dict[str, Any]:
        limited = {"retry_after": 90.0, "global": False} if code == 429 else {}
        return {"code": 0, "message": said, **limited}

    def _user(self, number: str, name: str) -> dict[str, Any]:
        return whole.DISCORD_USER | {"id": number, "username": name}

    def _me(self) -> dict[str, Any]:
        own = {"bot": True, "locale": "fr", "mfa_enabled": False}
        return {n: v for n, v in self._user("9", "maison").items() if n != "primary_guild"} | own

    def routes(self) -> Any:
        one = "/channels/{channel}/messages/{id}"
        return [
            ("GET", "/users/@me", lambda r, b: self._me()),
            ("GET", "/channels/{channel}/messages", self._list),
            ("POST", "/channels/{channel}/messages", self._post),
            ("GET", one, lambda r, b: self.messages.get(int(r.path_params["id"]))),
            ("DELETE", one, self._remove),
        ]

    def channel(self, address: str, timeout_seconds: float = 5.0) -> Channel:
        given = {
            "kind": "discord",
            "brand": "maison",
            "bot_token": TOKEN,
            "channel_ids": [self.where],
            "base_url": address,
            "timeout_seconds": timeout_seconds,
        }
        return DiscordChannel(NAME, DiscordConnection.model_validate(given), self.clock)

    def _snowflake(self) -> int:
        moment = datetime.fromisoformat(self.now()).astimezone(UTC)
        return ((int(moment.timestamp() * 1000) - 1_420_070_400_000) << 22) + self.number()

    def _add(self, author: dict[str, Any], text: str, **more: Any) -> dict[str, Any]:
        number = self._snowflake()
        self.messages[number] = whole.DISCORD_MESSAGE | {
            "id": str(number),
            "channel_id": self.where,
            "author": author,
            "content": text,
            "timestamp": self.now().replace("Z", "+00:00"),
            "type": 0,
            **more,
        }
        return self.messages[number]

    def write(self, text: str) -> str:
        return str(self._add(self._user("2", "zoe"), text)["id"])

    def edit(self, number: str, text: str) -> None:
        self.messages[int(number)]["content"] = text

    def delete(self, number: str) -> None:
        del self.messages[int(number)]

    def replies(self) -> list[str]:
        return [m["content"] for m in self.messages.values() if m["author"]["id"] == "9"]

    def _list(self, request: Request, body: dict[str, Any]) -> Answer:
        query = request.query_params
        if not 1 <= int(query["limit"]) <= 100 or request.path_params["channel"] != self.where:
            raise Refused("query")
        after = [m for n, m in sorted(self.messages.items()) if n > int(query["after"])]
        return list(reversed(after[: int(query["limit"])]))

    def _post(self, request: Request, body: dict[str, Any]) -> Answer:
        known(body, "content", "nonce enforce_nonce message_reference allowed_mentions")
        known(body["message_reference"], "message_id", "fail_if_not_exists channel_id guild_id")
        if not 0 < len(body["content"]) <= 2000 or len(body["nonce"]) > 25:
            raise Refused("bounds")
        if body["allowed_mentions"].get("parse") != []:
            raise Refused("it would notify everyone")
        if int(body["message_reference"]["message_id"]) not in self.messages:
            return 400, {"code": 50035, "message": "Unknown message"}
        if body["enforce_nonce"] and body["nonce"] in self.nonces:
            return self.messages[self.nonces[body["nonce"]]]
        parent = body["message_reference"]["message_id"]
        about = {"type": 0, "channel_id": self.where, "message_id": parent}
        ours = self._user("9", "maison") | {"bot": True}
        made = self._add(ours, body["content"], type=19, message_reference=about)
        self.nonces[body["nonce"]] = int(made["id"])
        return made

    def _remove(self, request: Request, body: dict[str, Any]) -> Answer:
        del self.messages[int(request.path_params["id"])]
        return 204, None


class Discourse(Vendor):
    """Source: docs.discourse.org, posts and topics."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.posts: dict[int, dict[str, Any]] = {}
        self.is_closed = False

    def is_signed(self, request: Request) -> bool:
        headers = request.headers
        return headers.get("api-key") == TOKEN and headers.get("api-username") == "Maison"

    def routes(self) -> Any:
        return [
            ("GET", "/posts.json", self._latest),
            ("POST", "/posts.json", self._post),
            ("GET", "/posts/{id}.json", lambda r, b: self._one(r)),
            ("DELETE", "/posts/{id}.json", self._remove),
            ("GET", "/t/{id}.json", self._topic),
        ]

    def channel(self, address: str, timeout_seconds: float = 5.0) -> Channel:
        given = {
            "kind": "discourse",
            "brand": "maison",
            "server": address,
            "username": "Maison",
            "api_key": TOKEN,
            "timeout_seconds": timeout_seconds,
        }
        return DiscourseChannel(NAME, DiscourseConnection.model_validate(given), self.clock)

    def _add(self, username: str, text: str, above: int | None) -> dict[str, Any]:
        number = self.number()
        self.posts[number] = {
            "id": number,
            "username": username,
            "raw": text,
            "cooked": f"<p>{escape(text)}</p>",
            "topic_id": 7,
            "post_number": len(self.posts) + 1,
            "reply_to_post_number": above,
            "created_at": self.now(),
            "post_type": 1,
        }
        return self.posts[number]

    def write(self, text: str) -> str:
        return str(self._add("zoe", text, None)["id"])

    def edit(self, number: str, text: str) -> None:
        self.posts[int(number)]["raw"] = text

    def delete(self, number: str) -> None:
        self.posts[int(number)] |= {"deleted_at": self.now()}

    def replies(self) -> list[str]:
        return [post["raw"] for post in self.posts.values() if post["username"] == "Maison"]

    def _one(self, request: Request) -> Answer:
        found = self.posts.get(int(request.path_params["id"]))
        return found if found is None else whole.DISCOURSE_POST | found

    def _latest(self, request: Request, body: dict[str, Any]) -> Answer:
        before = int(request.query_params.get("before", 10**12))
        found = [p for n, p in sorted(self.posts.items()) if n < before]
        more = whole.DISCOURSE_LISTED | {"category_id": 3}
        return {"latest_posts": [more | post for post in reversed(found[-50:])]}

    def _topic(self, request: Request, body: dict[str, Any]) -> Answer:
        stream = {"stream": sorted(self.posts), "posts": []}
        return whole.DISCOURSE_TOPIC | {
            "id": 7,
            "closed": self.is_closed,
            "archived": False,
            "post_stream": stream,
        }

    def _post(self, request: Request, body: dict[str, Any]) -> Answer:
        known(body, "raw topic_id", "reply_to_post_number")
        if self.is_closed:
            return 403, {"errors": ["closed"]}
        if any(post["raw"] == body["raw"] for post in self.posts.values()):
            return 422, {"errors": ["Body is too similar to what you recently posted"]}
        made = self._add("Maison", body["raw"], body["reply_to_post_number"])
        return whole.DISCOURSE_POST | made | {"draft_sequence": 0}

    def _remove(self, request: Request, body: dict[str, Any]) -> Answer:
        self.delete(request.path_params["id"])
        return 200, None


class Bluesky(Vendor):
    """Source: the lexicons com.atproto.repo.putRecord, app.bsky.notification and app.bsky.feed.

    Answers to `putRecord` and `getRecord` are as a real PDS gave them (`make test-bluesky`).
    """

    us, zoe = "did:plc:us", "did:plc:zoe"
    xrpc = "/xrpc/"

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.posts: dict[str, dict[str, Any]] = {}
        self.notices: list[dict[str, Any]] = []
        self.sessions = 0
        self.expired = 0
        """Sessions up to this one are over."""

    def is_signed(self, request: Request) -> bool:
        is_session = request.url.path.endswith("createSession")
        return is_session or 0 < self._session_of(request) <= self.sessions

    def is_expired(self, request: Request) -> bool:
        return 0 < self._session_of(request) <= self.expired

    def _session_of(self, request: Request) -> int:
        return int(request.headers.get("authorization", "").removeprefix("Bearer s") or 0)

    def is_write(self, request: Request) -> bool:
        return request.method == "POST" and not request.url.path.endswith("createSession")

    def routes(self) -> Any:
        return [
            ("POST", f"{self.xrpc}com.atproto.server.createSession", self._session),
            ("GET", f"{self.xrpc}app.bsky.notification.listNotifications", self._notifications),
            ("GET", f"{self.xrpc}app.bsky.feed.getPosts", self._posts),
            ("GET", f"{self.xrpc}com.atproto.repo.getRecord", self._record),
            ("POST", f"{self.xrpc}com.atproto.repo.putRecord", self._put),
            ("POST", f"{self.xrpc}com.atproto.moderation.createReport", self._report),
        ]

    def channel(self, address: str, timeout_seconds: float = 5.0) -> Channel:
        given = {
            "kind": "bluesky",
            "brand": "maison",
            "service": address,
            "handle": "maison.example",
            "app_password": TOKEN,
            "timeout_seconds": timeout_seconds,
        }
        return BlueskyChannel(NAME, BlueskyConnection.model_validate(given), self.clock)

    def write(self, text: str) -> str:
        uri = f"at://{self.zoe}/app.bsky.feed.post/{self.number()}"
        record = {"$type": "app.bsky.feed.post", "text": text, "createdAt": self.now()}
        post = {
            "uri": uri,
            "cid": f"cid{self.number()}",
            "author": {"did": self.zoe, "handle": "zoe.example"},
            "record": record,
            "indexedAt": self.now(),
            "viewer": {},
        }
        self.posts[uri] = post
        self.notices.append({**post, "reason": "mention", "isRead": False})
        return uri

    def edit(self, number: str, text: str) -> None:
        self.posts[number]["record"]["text"] = text

    def delete(self, number: str) -> None:
        del self.posts[number]

    def replies(self) -> list[str]:
        return [p["record"]["text"] for uri, p in self.posts.items() if self.us in uri]

    def _session(self, request: Request, body: dict[str, Any]) -> Answer:
        self.sessions += 1
        return {"did": self.us, "accessJwt": f"s{self.sessions}", "handle": "maison.example"}

    def _notifications(self, request: Request, body: dict[str, Any]) -> Answer:
        query = request.query_params
        if int(query["limit"]) > 100:
            raise Refused("limit")
        start = int(query.get("cursor", 0))
        end = start + int(query["limit"])
        found = list(reversed(self.notices))
        more = {"cursor": str(end)} if end < len(found) else {}
        return {"notifications": found[start:end], **more}

    def _posts(self, request: Request, body: dict[str, Any]) -> Answer:
        uris = request.query_params.getlist("uris")
        if not 0 < len(uris) <= 25:
            raise Refused("uris")
        return {"posts": [self.posts[uri] for uri in uris if uri in self.posts]}

    def _record(self, request: Request, body: dict[str, Any]) -> Answer:
        query = request.query_params
        post = self.posts.get(f"at://{query['repo']}/{query['collection']}/{query['rkey']}")
        if post is None:
            return 400, {"error": "RecordNotFound", "message": "Could not locate record"}
        return {"uri": post["uri"], "cid": post["cid"], "value": post["record"]}

    def _put(self, request: Request, body: dict[str, Any]) -> Answer:
        known(body, "repo collection rkey record swapRecord")
        record = known(body["record"], "$type text createdAt reply", "facets langs")
        if not re.fullmatch(r"[234567a-j][234567a-z]{12}", body["rkey"]):
            return 400, {"error": "InvalidRequest"}
        if len(record["text"].encode()) > 3000 or body["swapRecord"] is not None:
            raise Refused("bounds")
        uri = f"at://{body['repo']}/{body['collection']}/{body['rkey']}"
        if uri in self.posts:
            return 400, {"error": "InvalidSwap", "message": f"Record was at {uri}"}
        author = {"did": self.us, "handle": "maison.example"}
        self.posts[uri] = {"uri": uri, "cid": "c", "author": author, "record": record}
        return {"uri": uri, "cid": "c"}

    def _report(self, request: Request, body: dict[str, Any]) -> Answer:
        return known(body, "reasonType subject", "reason")


VENDORS: tuple[type[Vendor], ...] = (Bluesky, Mastodon, Discord, Discourse)
