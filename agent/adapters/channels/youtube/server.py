"""The YouTube Data interface: a session from a refresh token, and what a refusal means."""

from typing import TYPE_CHECKING, Any

from agent.adapters.channels.refreshed import Grant, RefreshedToken
from agent.adapters.channels.requests import Requests, json_of
from agent.domain.connections import YouTubeConnection
from agent.domain.errors import CannotReply, ChannelError
from agent.ports import Clock

if TYPE_CHECKING:
    import httpx

_LATER = frozenset({"quotaExceeded", "rateLimitExceeded", "userRateLimitExceeded"})
_ANSWERED = frozenset({400, 403, 404})


class Server:
    """Calls the interface. Safe to share between threads."""

    def __init__(self, name: str, given: YouTubeConnection, clock: Clock) -> None:
        self._name = name
        self._requests = Requests(name, clock, given.base_url, None, given.timeout_seconds)
        grant = Grant(
            given.token_url,
            given.client_id,
            given.client_secret.get_secret_value(),
            given.refresh_token.get_secret_value(),
        )
        self._token = RefreshedToken(name, grant, self._requests, clock)

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token.now()}"}

    def list(self, kind: str, **query: str) -> dict[str, Any]:
        """Return one page of a list.

        Raises:
            ChannelError: it cannot be read now.
        """
        response = self._requests.read(
            f"/{kind}", params=query, headers=self._headers(), also=_ANSWERED
        )
        if response is None or not response.is_success:
            raise self._later(response) or ChannelError(
                f"{self._name}: YouTube refuses the reading ({_reason(response)})"
            )
        return json_of(response, self._name)

    def answer(self, top: str, text: str) -> dict[str, Any]:
        """Post below a comment.

        Raises:
            OutcomeUnknown: it may be there.
            CannotReply: refused for good.
            ChannelError: refused for now.
        """
        body = {"snippet": {"parentId": top, "textOriginal": text}}
        response = self._requests.write(
            "/comments",
            params={"part": "snippet"},
            json=body,
            headers=self._headers(),
            also=_ANSWERED,
        )
        if response.is_success:
            return json_of(response, self._name)
        raise self._later(response) or CannotReply(
            f"{self._name}: YouTube refuses this reply ({_reason(response)})"
        )

    def hold(self, comment: str) -> None:
        """Take a comment out of sight, for the owner to look at."""
        query = {"id": comment, "moderationStatus": "heldForReview"}
        self._requests.write("/comments/setModerationStatus", params=query, headers=self._headers())

    def _later(self, response: "httpx.Response | None") -> ChannelError | None:
        if _reason(response) in _LATER:
            return ChannelError(f"{self._name}: the day's quota is spent; it begins anew tomorrow")
        return None


def _reason(response: "httpx.Response | None") -> str:
    """Return Google's own word for a refusal."""
    try:
        found = response.json()["error"]["errors"][0]["reason"] if response is not None else ""
    except (ValueError, LookupError, TypeError):
        return "no reason given"
    return str(found)[:60]
