"""The account's server (PDS) over XRPC: a session, and the calls the channel needs."""

import hashlib
import threading
from collections.abc import Sequence
from typing import Any

from agent.adapters.channels.requests import Requests, json_of
from agent.domain.connections import BlueskyConnection
from agent.domain.errors import CannotReply, ChannelError
from agent.ports import Clock

Record = dict[str, Any]
POSTS = "app.bsky.feed.post"
_MAX_URIS = 25
"""Of one `getPosts` or `getProfiles`: the lexicons' limit."""
_ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"
_TID_LENGTH = 13


def tid_for(key: str) -> str:
    """Return a record key made from `key`: always the same, and a valid TID.

    A TID is 64 bits, the first one 0, in 13 letters of a sortable base 32. Ours are below 2006 by
    their time, so that no real post can have one. Source: AT Protocol, « Timestamp Identifiers ».
    """
    number = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8]) >> 4
    return "".join(_ALPHABET[number >> 5 * place & 31] for place in reversed(range(_TID_LENGTH)))


class Server:
    """Calls the server. Safe to share between threads."""

    def __init__(self, name: str, given: BlueskyConnection, clock: Clock) -> None:
        self._name = name
        self._given = given
        self._requests = Requests(
            name, clock, f"{given.service.rstrip('/')}/xrpc", None, given.timeout_seconds
        )
        self._lock = threading.Lock()
        self._did = ""
        self._token = ""

    @property
    def did(self) -> str:
        """The account's own identifier.

        Raises:
            ChannelError: the server cannot be reached, or refuses the app password.
        """
        self._sign_in()
        return self._did

    def _sign_in(self, *, stale: str = "") -> str:
        with self._lock:
            if self._token and self._token != stale:
                return self._token
            body = {
                "identifier": self._given.handle,
                "password": self._given.app_password.get_secret_value(),
            }
            response = self._requests.read(
                "/com.atproto.server.createSession", method="POST", json=body
            )
            session = {} if response is None else json_of(response, self._name)
            self._did, self._token = str(session.get("did", "")), str(session.get("accessJwt", ""))
            if not self._did or not self._token:
                raise ChannelError(f"{self._name}: the server gives no session; is it a PDS?")
            return self._token

    def get(self, method: str, params: Any) -> dict[str, Any]:
        """Ask something; an expired session is renewed once.

        Raises:
            ChannelError: the server cannot be read now.
        """
        answer = self._ask(method, params, self._sign_in())
        if answer.get("error") == "ExpiredToken":
            answer = self._ask(method, params, self._sign_in(stale=self._token))
        error = answer.get("error")
        if error and error not in {"RecordNotFound"}:
            raise ChannelError(f"{self._name}: the server answers {str(error)[:60]}")
        return answer

    def _ask(self, method: str, params: Any, token: str) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token}"}
        response = self._requests.read(f"/{method}", params=params, headers=headers, also={400})
        return {"error": "NotFound"} if response is None else json_of(response, self._name)

    def posts(self, uris: Sequence[str]) -> dict[str, Record]:
        """Return the posts that are there, by URI, as the network shows them to the account."""
        found: dict[str, Record] = {}
        for start in range(0, len(uris), _MAX_URIS):
            params = [("uris", uri) for uri in uris[start : start + _MAX_URIS]]
            for post in self.get("app.bsky.feed.getPosts", params).get("posts", []):
                found[str(post.get("uri"))] = post
        return found

    def handles(self, dids: Sequence[str]) -> dict[str, str]:
        """Return the names of the accounts that the network knows, by their DID."""
        found: dict[str, str] = {}
        for start in range(0, len(dids), _MAX_URIS):
            params = [("actors", did) for did in dids[start : start + _MAX_URIS]]
            for one in self.get("app.bsky.actor.getProfiles", params).get("profiles", []):
                found[str(one.get("did"))] = str(one.get("handle") or one.get("did"))
        return found

    def own_post(self, rkey: str) -> Record | None:
        """Return a post of the account's by its record key."""
        params = {"repo": self.did, "collection": POSTS, "rkey": rkey}
        found = self.get("com.atproto.repo.getRecord", params)
        return None if found.get("error") else found

    def create(self, rkey: str, record: Record) -> Record | None:
        """Create a post, or return None: there is one with that key already.

        `swapRecord: null` is the lexicon's way to say « only if there is none ».

        Raises:
            OutcomeUnknown: it may have been created.
            CannotReply: the server refuses the record for good.
            ChannelError: nothing was created.
        """
        body = {
            "repo": self.did,
            "collection": POSTS,
            "rkey": rkey,
            "record": record,
            "swapRecord": None,
        }
        answer = self._put(body, self._sign_in())
        if answer.get("error") == "ExpiredToken":
            answer = self._put(body, self._sign_in(stale=self._token))
        error = answer.get("error")
        if error == "InvalidSwap":
            return None
        if error:
            raise CannotReply(f"{self._name}: the server refuses the reply ({str(error)[:60]})")
        return answer

    def _put(self, body: dict[str, Any], token: str) -> dict[str, Any]:
        response = self._requests.write(
            "/com.atproto.repo.putRecord",
            json=body,
            headers={"Authorization": f"Bearer {token}"},
            also={400},
        )
        return json_of(response, self._name)

    def report(self, uri: str, cid: str) -> None:
        """Report a post to the network's moderators."""
        subject = {"$type": "com.atproto.repo.strongRef", "uri": uri, "cid": cid}
        body = {"reasonType": "com.atproto.moderation.defs#reasonOther", "subject": subject}
        headers = {"Authorization": f"Bearer {self._sign_in()}"}
        self._requests.write("/com.atproto.moderation.createReport", json=body, headers=headers)
