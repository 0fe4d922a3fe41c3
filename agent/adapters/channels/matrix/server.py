"""The homeserver's client-server interface, version 1.11: only what the channel needs of it."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from agent.adapters.channels.requests import Requests, json_of
from agent.domain.connections import MatrixConnection
from agent.domain.errors import CannotReply, ChannelError
from agent.ports import Clock

Event = dict[str, Any]
MESSAGE = "m.room.message"
ENCRYPTED = "m.room.encrypted"
_BASE = "/_matrix/client/v3"
_RELATIONS = "/_matrix/client/v1"
_TIMELINE = 50
_PAGE = 100
_MAX_PAGES = 500
"""Of one gap: fifty thousand messages."""


class Homeserver:
    """Calls the interface. Safe to share between threads."""

    def __init__(self, name: str, given: MatrixConnection, clock: Clock) -> None:
        self._name = name
        self._given = given
        token = given.access_token.get_secret_value()
        self._requests = Requests(
            name,
            clock,
            given.homeserver,
            {"Authorization": f"Bearer {token}"},
            given.timeout_seconds,
        )
        self._is_device_known = False

    def sync(self, since: str | None) -> dict[str, Any] | None:
        """Return what is new since a token, or None: the server does not know the token."""
        only = {"rooms": list(self._given.rooms)} if self._given.rooms else {}
        nothing: dict[str, Any] = {"types": []}
        room = {
            "timeline": {"limit": _TIMELINE, "types": [MESSAGE, ENCRYPTED]},
            "state": nothing,
            "ephemeral": nothing,
            "account_data": nothing,
            **only,
        }
        what = {"room": room, "presence": nothing, "account_data": nothing}
        query = {"timeout": "0", "filter": json.dumps(what)} | ({"since": since} if since else {})
        response = self._requests.read(f"{_BASE}/sync", params=query, also={400})
        if response is None or (response.status_code == 400 and not since):
            raise ChannelError(f"{self._name}: the homeserver does not answer /sync as it should")
        return None if response.status_code == 400 else json_of(response, self._name)

    def earlier(
        self, room: str, before: str, after: str | None, not_before_ms: int
    ) -> Iterator[Event]:
        """Return the events between two tokens, newest first, or back to a time."""
        token = before
        kinds = json.dumps({"types": [MESSAGE, ENCRYPTED]})
        for _ in range(_MAX_PAGES):
            query = {"dir": "b", "from": token, "limit": str(_PAGE), "filter": kinds}
            query |= {"to": after} if after else {}
            page = self._get(f"{_BASE}/rooms/{quote(room, safe='')}/messages", params=query) or {}
            for event in page.get("chunk", []):
                if after is None and event.get("origin_server_ts", 0) < not_before_ms:
                    return
                yield event
            token = page.get("end", "")
            if not token or not page.get("chunk"):
                return
        raise ChannelError(f"{self._name}: too many messages at once in a room; read it by hand")

    def event(self, room: str, event_id: str) -> Event | None:
        """Return an event as it was sent, its latest edit bundled; None: gone, or not for us."""
        return self._get(f"{_room(room)}/event/{quote(event_id, safe='')}", also={403})

    def replies(self, room: str, root: str) -> Iterator[Event]:
        """Return the events of a thread, newest first."""
        token = ""
        path = (
            f"{_RELATIONS}/rooms/{quote(room, safe='')}/relations/{quote(root, safe='')}/m.thread"
        )
        for _ in range(_MAX_PAGES):
            query = {"dir": "b", "limit": str(_PAGE)} | ({"from": token} if token else {})
            page = self._get(path, params=query) or {}
            yield from page.get("chunk", [])
            token = page.get("next_batch", "")
            if not token:
                return

    def members(self, room: str) -> tuple[str, ...]:
        """Return who is in a room."""
        found = self._get(f"{_room(room)}/joined_members", also={403}) or {}
        return tuple(found.get("joined", {}))

    def membership(self, room: str, user: str) -> str:
        """Return `join`, `ban` and so on, of one user in one room."""
        path = f"{_room(room)}/state/m.room.member/{quote(user, safe='')}"
        return str((self._get(path, also={403}) or {}).get("membership", ""))

    def put(self, room: str, txn: str, content: dict[str, Any]) -> str:
        """Send a message, once for each `txn` of this device, and return its event id.

        Raises:
            OutcomeUnknown: it may have been sent.
            CannotReply: the account may not write there.
            ChannelError: nothing was sent.
        """
        self._require_device()
        path = f"{_room(room)}/send/{MESSAGE}/{quote(txn, safe='')}"
        response = self._requests.write(path, method="PUT", json=content, also={403})
        if response.status_code == 403:
            raise CannotReply(f"{self._name}: the account may not write in that room (any more)")
        return str(json_of(response, self._name).get("event_id", ""))

    def redact(self, room: str, event_id: str, txn: str) -> None:
        """Take a message away."""
        event = quote(event_id, safe="")
        path = f"{_room(room)}/redact/{event}/{quote(txn, safe='')}"
        self._requests.write(path, method="PUT", json={})

    def report(self, room: str, event_id: str) -> None:
        """Report a message to the homeserver's people."""
        self._requests.write(f"{_room(room)}/report/{quote(event_id, safe='')}", json={})

    def _require_device(self) -> None:
        """A transaction id counts for one device: with another one, a retry would post again."""
        if self._is_device_known:
            return
        found = self._get(f"{_BASE}/account/whoami") or {}
        if (found.get("user_id"), found.get("device_id")) != (
            self._given.user_id,
            self._given.device_id,
        ):
            raise ChannelError(
                f"{self._name}: the access token is of another account or device than the settings "
                "say; use the token and the device id of the same login"
            )
        self._is_device_known = True

    def _get(self, path: str, **given: Any) -> dict[str, Any] | None:
        response = self._requests.read(path, **given)
        if response is None or not response.is_success:
            return None
        return json_of(response, self._name)


def _room(room: str) -> str:
    return f"{_BASE}/rooms/{quote(room, safe='')}"
