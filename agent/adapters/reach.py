"""A knock at a server's door: whether it answers, whether it knows us, and what time it has."""

from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

from agent.domain.errors import PortevoixError
from knowledge.addresses import split_credentials, without_credentials

_SECONDS = 10.0
_REFUSED = frozenset({401, 403})


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    at: datetime | None
    """The server's clock, in whole seconds (RFC 9110 section 6.6.1)."""

    @property
    def is_refusal(self) -> bool:
        """Whether the server does not accept who asks."""
        return self.status in _REFUSED


def knock(url: str, key: str = "") -> Answer:
    """Ask for `url` with GET, with `key` as a bearer token; nothing of the answer is kept.

    Raises:
        PortevoixError: no answer, or the server's own fault.
    """
    import httpx

    plain, basic = split_credentials(url)
    shown = without_credentials(url)
    sent = {"authorization": f"Bearer {key}" if key else basic} if key or basic else {}
    try:
        # Streamed: a page of any size is not read, only its head.
        with httpx.stream("GET", plain, headers=sent, timeout=_SECONDS) as response:
            status, date = response.status_code, response.headers.get("date", "")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise PortevoixError(
            f"{shown} does not answer ({type(error).__name__}); check the address, the network "
            "and the server"
        ) from None
    if status >= 500:
        raise PortevoixError(f"{shown} answers {status}: the server is not well")
    return Answer(status, _time(date))


def _time(date: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(date)
    except ValueError:
        return None
    return found if found.tzinfo else None
