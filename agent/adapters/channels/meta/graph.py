"""The Graph interface: its calls, and its errors, which come as 400 with a code of their own."""

from collections.abc import Mapping
from typing import Any

from agent.adapters.channels.requests import Requests, json_of
from agent.domain.errors import CannotReply, ChannelError, CredentialsRefused

Node = dict[str, Any]
_TOKEN = 190
_GONE = (100, 33)
"""Code and subcode of an object that is not there, or not for us."""
_LATER = frozenset({1, 2, 4, 17, 32, 341, 368, 613})
"""Trouble of Meta's, and its several limits. Source: Graph API, « Handling errors »."""
_BUSINESS_LIMITS = range(80000, 80015)
_ANSWERED = frozenset({400, 403, 404})


class Graph:
    """Calls the interface. Safe to share between threads."""

    def __init__(self, name: str, requests: Requests) -> None:
        self._name = name
        self._requests = requests

    def get(self, path: str, params: Mapping[str, str]) -> Node | None:
        """Return a node or an edge, or None: it is not there.

        Raises:
            ChannelError: it cannot be read now, or not with this token.
        """
        response = self._requests.read(path, params=dict(params), also=_ANSWERED)
        if response is None:
            return None
        found = json_of(response, self._name)
        error = _error(found)
        if error is None:
            return found
        if (error.get("code"), error.get("error_subcode")) == _GONE:
            return None
        raise self._trouble(error) or ChannelError(
            f"{self._name}: Meta refuses to be read (code {error.get('code')}); see permissions"
        )

    def post(self, path: str, body: Node) -> Node:
        """Ask for a change.

        Raises:
            OutcomeUnknown: it may have been made.
            CannotReply: refused for good.
            ChannelError: nothing was done.
        """
        response = self._requests.write(path, json=body, also=_ANSWERED)
        found = json_of(response, self._name)
        error = _error(found)
        if error is None:
            return found
        raise self._trouble(error) or CannotReply(
            f"{self._name}: Meta refuses this reply (code {error.get('code')})"
        )

    def _trouble(self, error: Node) -> ChannelError | None:
        code = error.get("code")
        if code == _TOKEN:
            return CredentialsRefused(
                f"{self._name}: the access token is not valid any more; renew it in the settings"
            )
        if code in _LATER or code in _BUSINESS_LIMITS:
            return ChannelError(f"{self._name}: Meta asks to try later (code {code})")
        return None


def _error(found: Node) -> Node | None:
    error = found.get("error")
    return error if isinstance(error, dict) else None
