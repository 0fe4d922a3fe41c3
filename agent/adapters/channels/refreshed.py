"""Access tokens made from a refresh token: RFC 6749, section 6."""

import threading
from datetime import datetime, timedelta
from typing import NamedTuple

from agent.adapters.channels.requests import Requests, json_of
from agent.domain.errors import CredentialsRefused
from agent.ports import Clock

_MARGIN = timedelta(minutes=2)
_LEAST = timedelta(seconds=30)
_ANSWERED = frozenset({400, 401})


class Grant(NamedTuple):
    """What a provider gave the brand's app."""

    token_url: str
    client_id: str
    client_secret: str
    """Empty for an app without one."""
    refresh_token: str


class RefreshedToken:
    """The access token of now. Safe to share between threads."""

    def __init__(self, name: str, grant: Grant, requests: Requests, clock: Clock) -> None:
        """`name`: the channel's, for messages."""
        self._name = name
        self._grant = grant
        self._requests = requests
        self._clock = clock
        self._lock = threading.Lock()
        self._token = ""
        self._until: datetime | None = None

    def now(self) -> str:
        """Return a token that is valid, as far as the provider said.

        Raises:
            CredentialsRefused: the provider refuses the refresh token.
            ChannelError: it cannot be reached.
        """
        with self._lock:
            if self._until is None or self._clock.now() >= self._until:
                self._renew()
            return self._token

    def forget(self) -> None:
        """Ask for another one the next time: this one was refused."""
        with self._lock:
            self._until = None

    def _renew(self) -> None:
        response = self._requests.read(
            self._grant.token_url, method="POST", data=self._form(), also=_ANSWERED
        )
        found = {} if response is None else json_of(response, self._name)
        token = found.get("access_token")
        if not token:
            raise CredentialsRefused(
                f"{self._name}: the provider refuses the refresh token; renew it in the settings"
            )
        self._token = str(token)
        life = timedelta(seconds=float(found.get("expires_in", 0)))
        self._until = self._clock.now() + max(life - _MARGIN, _LEAST)

    def _form(self) -> dict[str, str]:
        form = {
            "client_id": self._grant.client_id,
            "refresh_token": self._grant.refresh_token,
            "grant_type": "refresh_token",
        }
        if self._grant.client_secret:
            form["client_secret"] = self._grant.client_secret
        return form
