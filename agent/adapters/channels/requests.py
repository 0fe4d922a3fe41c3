"""Calls to a network over http, and what a failed one means: refused, or nobody knows.

A request that cannot have arrived may be sent again. One that may have been carried out (no answer
in time, a broken answer, a server's own fault) never is: its outcome is unknown.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from agent.domain.errors import CannotReply, ChannelError, CredentialsRefused, OutcomeUnknown
from agent.ports import Clock

if TYPE_CHECKING:
    import ssl

    import httpx

_TOO_MANY = 429
_LATER = frozenset({408, 425})
_REFUSED_US = frozenset({401, 403})
_WAIT = timedelta(seconds=30)
"""When the network names no time."""
_WAIT_AT_MOST = timedelta(hours=1)


class Requests:
    """One network's http interface. Safe to share between threads."""

    def __init__(
        self,
        name: str,
        clock: Clock,
        base_url: str = "",
        headers: Mapping[str, str] | None = None,
        timeout_seconds: float = 20.0,
    ) -> None:
        """`name`: the channel's, for messages."""
        self._name = name
        self._clock = clock
        self._base_url = base_url.rstrip("/")
        self._headers = dict(headers or {})
        self._timeout = timeout_seconds
        self._closed_until: datetime | None = None
        self._made: httpx.Client | None = None

    def read(
        self, path: str, method: str = "GET", also: Collection[int] = (), **given: Any
    ) -> "httpx.Response | None":
        """Return the answer, or None: there is nothing there (404, 410).

        `also`: status codes that the caller reads itself.

        Raises:
            ChannelError: the network cannot be read now.
        """
        response = self._call(method, path, is_write=False, **given)
        if response.is_success or response.status_code in also:
            return response
        if response.status_code in {404, 410}:
            return None
        raise self._refusal(response)

    def write(
        self, path: str, method: str = "POST", also: Collection[int] = (), **given: Any
    ) -> "httpx.Response":
        """Ask the network to change something, once, and return its consent.

        `also`: status codes that the caller reads itself.

        Raises:
            OutcomeUnknown: it may have been done.
            CannotReply: refused for good; nothing was done.
            ChannelError: refused for now; nothing was done.
        """
        response = self._call(method, path, is_write=True, **given)
        code = response.status_code
        if response.is_success or code in also:
            return response
        if response.is_server_error or response.is_redirect:
            raise OutcomeUnknown(f"{self._name}: the network answered {code}")
        if code in _REFUSED_US or code == _TOO_MANY or code in _LATER:
            raise self._refusal(response)
        raise CannotReply(f"{self._name}: the network refuses this reply ({code})")

    def _call(self, method: str, path: str, *, is_write: bool, **given: Any) -> "httpx.Response":
        import httpx

        self._wait_as_asked()
        address = path if path.startswith("http") else f"{self._base_url}{path}"
        try:
            return self._client().request(method, address, **given)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise ChannelError(self._said(error, "cannot be reached")) from None
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            raise ChannelError(self._said(error, "the address is wrong")) from None
        except (httpx.HTTPError, ValueError) as error:
            kind = OutcomeUnknown if is_write else ChannelError
            raise kind(self._said(error, "no usable answer")) from None

    def _client(self) -> "httpx.Client":
        import httpx

        if self._made is None:
            self._made = httpx.Client(
                headers=self._headers, timeout=self._timeout, verify=certificates()
            )
        return self._made

    def _said(self, error: Exception, what: str) -> str:
        return f"{self._name}: {what} ({type(error).__name__})"

    def _wait_as_asked(self) -> None:
        if self._closed_until is not None and self._clock.now() < self._closed_until:
            raise ChannelError(f"{self._name}: too many requests; asked to wait until {self._at()}")

    def _at(self) -> str:
        return f"{self._closed_until:%H:%M:%S} UTC" if self._closed_until else ""

    def _refusal(self, response: "httpx.Response") -> ChannelError:
        code = response.status_code
        if code == _TOO_MANY:
            self._closed_until = self._clock.now() + self._asked_wait(response)
            return ChannelError(
                f"{self._name}: too many requests; asked to wait until {self._at()}"
            )
        if code in _REFUSED_US:
            return CredentialsRefused(
                f"{self._name}: the network refuses the credentials or the permission ({code}); "
                "renew them in the settings, see docs/channels"
            )
        return ChannelError(f"{self._name}: the network answered {code}")

    def _asked_wait(self, response: "httpx.Response") -> timedelta:
        """RFC 9110, 10.2.3: seconds or a date; some networks send fractions."""
        given = response.headers.get("retry-after", "")
        try:
            wait = timedelta(seconds=float(given))
        except (ValueError, OverflowError):
            wait = self._until(given)
        return min(max(wait, timedelta(seconds=1)), _WAIT_AT_MOST)

    def _until(self, given: str) -> timedelta:
        try:
            return parsedate_to_datetime(given) - self._clock.now()
        except (ValueError, TypeError):
            return _WAIT


@cache
def certificates() -> "ssl.SSLContext":
    """Read the system's authorities once: it takes longer than most calls."""
    import httpx

    return httpx.create_ssl_context()


def json_of(response: "httpx.Response", name: str) -> dict[str, Any]:
    """Return the JSON object of an answer that was read.

    Raises:
        ChannelError: it is none.
    """
    try:
        found = response.json()
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise ChannelError(f"{name}: the answer is no JSON object; is the address right?")
    return found
