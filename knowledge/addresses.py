"""Addresses of servers as they may be printed: some hold a name and a password."""

import base64
import re
from urllib.parse import unquote, urlsplit, urlunsplit

_CREDENTIALS = re.compile(r"(?<=://)[^/?#\s]*@")
"""The part before the last @ of the host, RFC 3986 section 3.2.1."""
_STARS = "***@"
_PARAMETER = re.compile(r"""(?<![\w%.-])([\w%.-]+)(\s*=\s*)('(?:[^'\\]|\\.)*'|[^&#\s'"]+)""")
"""A parameter of an address's query, or of a connection string in keywords (quoted or not)."""
_SECRET = frozenset({"password", "sslpassword"})
"""Parameters of libpq that are secrets (PostgreSQL manual, 34.1.2); `passfile` is a path."""


def without_credentials(text: str) -> str:
    """Return `text` with the name and password of every address in it turned into stars.

    Those that stand among the parameters of a database address too.
    """
    return without_secret_parameters(_CREDENTIALS.sub(_STARS, text))


def without_secret_parameters(text: str) -> str:
    """Return `text` with every `password=…` and `sslpassword=…` in it turned into stars."""
    return _PARAMETER.sub(_starred, text)


def _starred(found: re.Match[str]) -> str:
    is_secret = unquote(found[1]).casefold() in _SECRET
    return f"{found[1]}{found[2]}***" if is_secret else found[0]


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
