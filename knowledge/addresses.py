"""Addresses of servers as they may be printed: some hold a name and a password."""

import base64
import re
from urllib.parse import unquote, urlsplit, urlunsplit

_CREDENTIALS = re.compile(r"(?<=://)[^/?#\s]*@")
"""The part before the last @ of the host, RFC 3986 section 3.2.1."""
_STARS = "***@"


def without_credentials(text: str) -> str:
    """Return `text` with the name and password of every address in it turned into stars."""
    return _CREDENTIALS.sub(_STARS, text)


def split_credentials(url: str) -> tuple[str, str]:
    """Return an address without its name and password, and these as a `Basic` header's value.

    The header is as RFC 7617 has it; empty: the address holds none.
    """
    parts = urlsplit(url)
    given, _, host = parts.netloc.rpartition("@")
    if not given:
        return url, ""
    token = base64.b64encode(unquote(given).encode()).decode("ascii")
    return urlunsplit(parts._replace(netloc=host)), f"Basic {token}"
