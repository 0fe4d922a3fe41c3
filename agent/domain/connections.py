"""How each channel is reached: the terms of `[channels.NAME]`, one model a kind."""

from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, model_validator

from agent.domain.base import Frozen
from agent.domain.ids import BrandId


class ChannelKind(StrEnum):
    """The channels that ship."""

    FILE = "file"
    SANDBOX = "sandbox"
    MANUAL = "manual"
    WEBHOOK = "webhook"
    EMAIL = "email"
    MATRIX = "matrix"
    BLUESKY = "bluesky"
    MASTODON = "mastodon"
    DISCORD = "discord"
    DISCOURSE = "discourse"
    FACEBOOK = "facebook"
    INSTAGRAM = "instagram"
    YOUTUBE = "youtube"


class Security(StrEnum):
    """How a connection to a mail server is protected."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"
    """To this machine only."""


class BlueskyReads(StrEnum):
    """What a Bluesky account is read from."""

    NOTIFICATIONS = "notifications"
    FIREHOSE = "firehose"
    """And the notifications, less often: they lose nothing."""


def _whole_text(value: object) -> object:
    """Refuse what the environment's JSON reading made of a secret of digits: it lost characters."""
    if isinstance(value, bool | int | float):
        raise ValueError("a secret of digits only: put it in quotes, '\"123456\"'")
    return value


def _long_enough(value: SecretStr) -> SecretStr:
    if len(value.get_secret_value()) < _SECRET_LENGTH:
        raise ValueError(f"at least {_SECRET_LENGTH} characters: openssl rand -hex 32")
    return value


def _https(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("an address such as https://example.org/replies")
    if parts.username or parts.password:
        raise ValueError("no name or password in the address; they would be shown")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ValueError("https: what customers write and the credentials travel there")
    return url


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches `host`."""
    if host in {"localhost", "127.0.0.1", "::1"}:
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


_SECRET_LENGTH = 16
Secret = Annotated[SecretStr, BeforeValidator(_whole_text)]
"""Better in `PORTEVOIX_CHANNELS__NAME__FIELD` than in a file."""
SharedSecret = Annotated[Secret, AfterValidator(_long_enough)]
HttpsUrl = Annotated[str, AfterValidator(_https)]
"""https, or http to this machine."""
Snowflake = Annotated[str, Field(pattern=r"^\d{15,22}$")]
Port = Annotated[int, Field(ge=1, le=65535)]
Seconds = Annotated[float, Field(gt=0, le=30)]
"""How long one call may take. A post takes a few; together they stay below its lease of 120 s."""


class Connection(Frozen):
    """What every channel has."""

    brand: BrandId
    """The brand's id."""
    by_hand: bool = False
    """A person posts what was approved: for an account that may read but not (yet) write there."""

    @property
    def is_by_hand(self) -> bool:
        """Whether replies wait for a person to post them."""
        return self.by_hand


class LocalConnection(Connection):
    """A channel of files on this machine."""

    kind: Literal[ChannelKind.FILE, ChannelKind.SANDBOX, ChannelKind.MANUAL]
    inbox: Path | None = None
    """`file`, `manual`: the JSONL or CSV file to read, relative to the workspace."""
    outbox: Path | None = None
    """`file`: the JSONL file replies are appended to, relative to the workspace."""

    @property
    def is_by_hand(self) -> bool:
        return self.by_hand or self.kind is ChannelKind.MANUAL


class WebhookConnection(Connection):
    """Any system that can sign a request: a helpdesk, Zapier, Make, n8n."""

    kind: Literal[ChannelKind.WEBHOOK]
    secret: SharedSecret
    """Signs what comes in and what goes out."""
    previous_secret: SharedSecret | None = None
    """Still accepted on what comes in, while the sender changes to the new one."""
    network: str = "generic"
    """The network at the other end: its limits apply, by its name in the limits data."""
    post_url: HttpsUrl | None = None
    """Where replies go; without it a person posts by hand."""
    read_url: HttpsUrl | None = None
    """Where the state of a message or a reply is asked; without it an unknown outcome and an
    edited message are a person's to see."""
    timeout_seconds: Seconds = 10.0

    @property
    def is_by_hand(self) -> bool:
        return self.by_hand or self.post_url is None


class EmailConnection(Connection):
    """One mailbox: read by IMAP, answered by SMTP."""

    kind: Literal[ChannelKind.EMAIL]
    address: Annotated[str, Field(pattern=r"^[^@\s<>]+@[^@\s<>]+$")]
    """Whose mailbox it is; replies come from it."""
    display_name: str = ""
    """What is shown beside the address; empty: nothing."""
    username: str = ""
    """Empty: the address."""
    password: Secret | None = None
    """An app password, where the provider has them."""
    client_id: str = ""
    """With `refresh_token` and `token_url`: OAuth 2 in place of a password."""
    client_secret: Secret | None = None
    refresh_token: Secret | None = None
    token_url: HttpsUrl | None = None
    """Of the provider, such as `https://oauth2.googleapis.com/token`."""
    ca_file: Path | None = None
    """The authority of servers of your own (PEM); empty: those that this machine trusts."""
    imap_host: str
    imap_port: Port = 993
    imap_security: Security = Security.TLS
    smtp_host: str
    smtp_port: Port = 465
    smtp_security: Security = Security.TLS
    folder: str = "INBOX"
    sent_folder: str = ""
    """Empty: the one the server marks as such, or `Sent`."""
    server_keeps_sent: bool = False
    """Whether the server itself puts what it sends into that folder, as Gmail does."""
    first_days: int = Field(default=30, ge=1, le=3650)
    """How far back the first reading goes."""
    timeout_seconds: Seconds = 10.0

    @property
    def login(self) -> str:
        """The name to sign in with."""
        return self.username or self.address

    @model_validator(mode="after")
    def _has_one_credential(self) -> Self:
        is_oauth = self.refresh_token is not None
        if is_oauth == (self.password is not None):
            raise ValueError("either a password or a refresh_token (OAuth 2)")
        if is_oauth and not (self.client_id and self.token_url):
            raise ValueError("refresh_token: client_id and token_url belong to it")
        return self

    @model_validator(mode="after")
    def _is_protected(self) -> Self:
        for host, security in (
            (self.imap_host, self.imap_security),
            (self.smtp_host, self.smtp_security),
        ):
            if security is Security.NONE and not is_loopback(host):
                raise ValueError(f"{host}: security none is for this machine only; tls or starttls")
        return self


class MatrixConnection(Connection):
    """One account in the rooms of a Matrix homeserver."""

    kind: Literal[ChannelKind.MATRIX]
    homeserver: HttpsUrl
    """The address of its client-server interface."""
    user_id: Annotated[str, Field(pattern=r"^@[^:\s]+:\S+$")]
    access_token: Secret
    """Of one login, made once: a new login is a new device, and would post again."""
    device_id: str
    """The device of that login; it is checked before anything is posted."""
    rooms: tuple[str, ...] = ()
    """Room ids (`!…`); empty: every room the account has joined."""
    first_days: int = Field(default=7, ge=0, le=3650)
    """How far back the first reading goes."""
    timeout_seconds: Seconds = 10.0


class BlueskyConnection(Connection):
    """One Bluesky account, through its own server (PDS)."""

    kind: Literal[ChannelKind.BLUESKY]
    service: HttpsUrl = "https://bsky.social"
    handle: str
    """`my-brand.bsky.social`."""
    app_password: Secret
    """Made in the account's settings; never the account's own password."""
    first_days: int = Field(default=7, ge=0, le=3650)
    """How far back the first reading goes."""
    reads: BlueskyReads = BlueskyReads.NOTIFICATIONS
    firehose: HttpsUrl | None = None
    """Whose stream is read: a PDS's or a relay's; without it, the one of `service`."""
    notifications_minutes: int = Field(default=10, ge=1, le=1440)
    """With the firehose: how often the notifications are read as well."""
    timeout_seconds: Seconds = 10.0


class MastodonConnection(Connection):
    """One account on a Mastodon server."""

    kind: Literal[ChannelKind.MASTODON]
    server: HttpsUrl
    access_token: Secret
    """With the scopes `read` and `write:statuses`."""
    timeout_seconds: Seconds = 10.0


class DiscordConnection(Connection):
    """A bot in the channels of a Discord server."""

    kind: Literal[ChannelKind.DISCORD]
    bot_token: Secret
    """With the privileged intent « Message Content »."""
    first_days: int = Field(default=7, ge=0, le=365)
    """How far back the first reading goes."""
    channel_ids: tuple[Snowflake, ...] = Field(min_length=1)
    """The text channels it reads and answers in."""
    base_url: HttpsUrl = "https://discord.com/api/v10"
    timeout_seconds: Seconds = 10.0


class DiscourseConnection(Connection):
    """One account of a Discourse forum."""

    kind: Literal[ChannelKind.DISCOURSE]
    server: HttpsUrl
    username: str
    """Whose name the replies bear."""
    api_key: Secret
    """A key of that user's, made by an administrator of the forum."""
    categories: tuple[int, ...] = ()
    """Ids of the categories that are read; empty: all that the account sees."""
    first_days: int = Field(default=7, ge=0, le=365)
    """How far back the first reading goes."""
    timeout_seconds: Seconds = 10.0


class MetaConnection(Connection):
    """Comments and direct messages of a Facebook page, or of an Instagram business account."""

    kind: Literal[ChannelKind.FACEBOOK, ChannelKind.INSTAGRAM]
    account_id: Annotated[str, Field(pattern=r"^\d{1,30}$")]
    """The page's id, or the Instagram account's."""
    access_token: Secret
    """The page's token, of an app that Meta has granted the permissions."""
    app_secret: Secret | None = None
    """Signs Meta's webhooks; with `verify_token`, they make the channel read at once."""
    verify_token: Secret | None = None
    reads_messages: bool = False
    """Whether direct messages are read and answered too; it needs a permission of its own."""
    human_agent: bool = False
    """Whether Meta has granted the app the Human Agent feature: answers for 7 days, not one."""
    posts: int = Field(default=25, ge=1, le=100)
    """How many of the latest posts are read for comments."""
    first_days: int = Field(default=7, ge=0, le=365)
    """How far back the first reading goes."""
    base_url: HttpsUrl = "https://graph.facebook.com/v23.0"
    timeout_seconds: Seconds = 10.0


class YouTubeConnection(Connection):
    """Comments below the videos of one YouTube channel."""

    kind: Literal[ChannelKind.YOUTUBE]
    channel_id: Annotated[str, Field(pattern=r"^[\w-]{10,40}$")]
    client_id: str
    client_secret: Secret
    refresh_token: Secret
    """Of the channel's owner, with the scope `youtube.force-ssl`."""
    every_seconds: int = Field(default=60, ge=0, le=3600)
    """The least between two readings: one costs a unit of the 10,000 a day."""
    first_days: int = Field(default=7, ge=0, le=365)
    """How far back the first reading goes."""
    base_url: HttpsUrl = "https://www.googleapis.com/youtube/v3"
    token_url: HttpsUrl = "https://oauth2.googleapis.com/token"  # noqa: S105
    timeout_seconds: Seconds = 10.0


AnyConnection = Annotated[
    LocalConnection
    | WebhookConnection
    | EmailConnection
    | MatrixConnection
    | BlueskyConnection
    | MastodonConnection
    | DiscordConnection
    | DiscourseConnection
    | MetaConnection
    | YouTubeConnection,
    Field(discriminator="kind"),
]
"""One of them, by its `kind`."""
