"""A real Bluesky server (PDS, PLC) on loopback, and the little of an AppView that the tests need.

The network's index (AppView) needs PostgreSQL, Redis and more; its two answers that the channel
asks for are made here from what the PDS holds.
"""

import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.loopback import end_with_parent

FOLDER = Path(__file__).parent / "pds"
PASSWORD = "the-password-of-every-account"
POSTS = "app.bsky.feed.post"


class Account:
    """One account, signed in."""

    def __init__(self, base: str, handle: str) -> None:
        self.handle, self._base = handle, base
        body = {"handle": handle, "email": f"{handle}@example.org", "password": PASSWORD}
        made = self._ask("POST", "com.atproto.server.createAccount", json=body, headers={})
        self.did = str(made["did"])
        self._token = str(made["accessJwt"])

    def _ask(self, method: str, name: str, **given: Any) -> Any:
        headers = given.pop("headers", None)
        if headers is None:
            headers = {"Authorization": f"Bearer {self._token}"}
        address = f"{self._base}/xrpc/{name}"
        answer = httpx.request(method, address, headers=headers, timeout=30, **given)
        assert answer.is_success, answer.text
        return answer.json()

    def post(self, text: str, mentions: str = "") -> str:
        """Write a post, which may mention an account (a DID), and return its URI."""
        record: dict[str, Any] = {"$type": POSTS, "text": text}
        record["createdAt"] = "2026-11-21T08:50:00.000Z"
        if mentions:
            feature = {"$type": "app.bsky.richtext.facet#mention", "did": mentions}
            index = {"byteStart": 0, "byteEnd": 1}
            record["facets"] = [{"index": index, "features": [feature]}]
        body = {"repo": self.did, "collection": POSTS, "record": record}
        return str(self._ask("POST", "com.atproto.repo.createRecord", json=body)["uri"])

    def delete(self, uri: str) -> None:
        """Delete a post."""
        body = {"repo": self.did, "collection": POSTS, "rkey": uri.rpartition("/")[2]}
        self._ask("POST", "com.atproto.repo.deleteRecord", json=body)

    def edit(self, uri: str, text: str) -> None:
        """Change a post's text, and nothing else of it."""
        (held,) = (one["value"] for one in self.posts() if one["uri"] == uri)
        body = {"repo": self.did, "collection": POSTS, "rkey": uri.rpartition("/")[2]}
        body["record"] = {**held, "text": text}
        self._ask("POST", "com.atproto.repo.putRecord", json=body)

    def posts(self) -> list[dict[str, Any]]:
        """Return the account's posts, oldest first."""
        query = {"repo": self.did, "collection": POSTS, "limit": "100"}
        found = self._ask("GET", "com.atproto.repo.listRecords", params=query)["records"]
        return sorted(found, key=lambda one: str(one["value"]["createdAt"]))


class Front:
    """Forwards to the PDS, and answers for the AppView."""

    def __init__(self, pds: str, customer: Account) -> None:
        self._pds, self._customer = pds, customer
        self.is_index_behind = False
        """Whether the network's index tells of nothing that was written."""

    def app(self) -> Starlette:
        """Return the application to serve."""
        return Starlette(
            routes=[
                Route("/xrpc/app.bsky.notification.listNotifications", self._notifications),
                Route("/xrpc/app.bsky.feed.getPosts", self._posts),
                Route("/xrpc/app.bsky.actor.getProfiles", self._people),
                Route("/xrpc/{name}", self._forward, methods=["GET", "POST"]),
            ]
        )

    def _notifications(self, request: Request) -> Response:
        del request
        held = [] if self.is_index_behind else self._customer.posts()
        found = [self._view(one["uri"], one) for one in held]
        return JSONResponse({"notifications": [one | {"reason": "mention"} for one in found]})

    def _posts(self, request: Request) -> Response:
        held = {one["uri"]: one for one in self._customer.posts()}
        uris = [uri for uri in request.query_params.getlist("uris") if uri in held]
        return JSONResponse({"posts": [self._view(uri, held[uri]) for uri in uris]})

    def _people(self, request: Request) -> Response:
        del request
        known = {"did": self._customer.did, "handle": self._customer.handle}
        return JSONResponse({"profiles": [known]})

    def _view(self, uri: str, record: dict[str, Any]) -> dict[str, Any]:
        author = {"did": self._customer.did, "handle": self._customer.handle}
        about = {"author": author, "indexedAt": record["value"]["createdAt"], "viewer": {}}
        return {"uri": uri, "cid": record["cid"], "record": record["value"], **about}

    async def _forward(self, request: Request) -> Response:
        kept = {n: v for n, v in request.headers.items() if n in {"authorization", "content-type"}}
        address = f"{self._pds}{request.url.path}"
        async with httpx.AsyncClient(timeout=30) as client:
            answer = await client.request(
                request.method,
                address,
                params=request.query_params,
                content=await request.body(),
                headers=kept,
            )
        return Response(answer.content, answer.status_code, media_type="application/json")


@contextmanager
def running_pds() -> Iterator[str]:
    """Start the server in a new folder, give its address, and stop it at the end."""
    node = shutil.which("node")
    assert node is not None, "node: install Node 20 or later to run these tests"
    folder = Path(tempfile.mkdtemp(prefix="portevoix-pds-"))
    plc, pds = _free_port(), _free_port()
    process = subprocess.Popen(
        [node, str(FOLDER / "pds.js"), str(plc), str(pds), str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=FOLDER,
        preexec_fn=end_with_parent,
    )
    try:
        assert process.stdout is not None
        said = process.stdout.readline()
        assert said.strip() == "ready", said + process.stdout.read()
        yield f"http://127.0.0.1:{pds}"
    finally:
        process.kill()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
