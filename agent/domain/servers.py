"""The servers an installation may stand on: its database, and Chroma for many workers."""

from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StoreSettings(_Section):
    """Where the messages, decisions and posts are kept: `[store]`."""

    url: SecretStr | None = None
    """An SQLAlchemy URL; empty: SQLite in the workspace."""
    owner_url: SecretStr | None = None
    """On PostgreSQL, the address of the tables' owner: for `portevoix migrate` alone. Give it to
    that command in PORTEVOIX_STORE__OWNER_URL, and to no desk or worker."""


class ChromaSettings(_Section):
    """A Chroma server for many workers: `[chroma]`. Without it, each index is a folder."""

    url: str = ""
    """Of `chroma run`: `http://127.0.0.1:8000`; empty: embedded, with one owner process."""
    token: SecretStr | None = None
    """Sent in `header`, where a proxy in front of the server asks for one."""
    header: str = "Authorization"
    """With `Authorization` the token is sent as `Bearer TOKEN`, with another header as it is."""
    timeout_seconds: float = Field(default=5.0, gt=0, le=60)

    @field_validator("url")
    @classmethod
    def _is_an_address(cls, url: str) -> str:
        parts = urlsplit(url)
        if url and (parts.scheme not in {"http", "https"} or not parts.hostname):
            raise ValueError("an address such as http://127.0.0.1:8000")
        if "@" in parts.netloc or parts.query or parts.path.strip("/"):
            raise ValueError("only scheme, host and port; a token goes into chroma.token")
        return url.rstrip("/")
