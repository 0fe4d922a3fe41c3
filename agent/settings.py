"""Settings from `portevoix.toml`, the environment (`PORTEVOIX_…`) and `.env`; built by a function.

Precedence, strongest first: arguments, environment, `.env`, the workspace's `portevoix.toml`.
Nested keys in the environment are joined by two underscores: `PORTEVOIX_DESK__PORT=8600`.
"""

import os
import tomllib
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from agent.domain.connections import AnyConnection, is_loopback
from agent.domain.destinations import NotifyTerms
from agent.domain.errors import ConfigurationError
from agent.domain.models import ChatModelSettings
from agent.domain.operations import LogSettings, MetricsSettings, WorkSettings
from agent.domain.people import ClaimGrant, ProviderTerms
from agent.domain.servers import ChromaSettings, StoreSettings
from knowledge.addresses import without_credentials

DEFAULT_WORKSPACE = Path("workspace")
CALLS_IN_A_LEASE = 4
_BESIDE_CALLS = 4
"""Measured by `benchmarks/work.py`: a model of eight calls of 2 s is asked 3.9 times a second."""
CONFIG_NAME = "portevoix.toml"
LOOPBACK_NAMES = ("127.0.0.1", "localhost", "::1")


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DeskSettings(_Section):
    host: str = "127.0.0.1"
    port: int = Field(default=8501, ge=1, le=65535)
    language: str = "fr"
    public_url: str = ""
    """Where people reach the desk, if not at its own address: `https://desk.example.org`."""
    tls_cert: Path | None = None
    """The certificate chain (PEM) with which the desk itself speaks https."""
    tls_key: Path | None = None
    behind_proxy: bool = False
    """A reverse proxy in front speaks https."""
    trusted_proxies: tuple[str, ...] = ()
    """The proxy's addresses or networks: only they may say where a request came from."""
    allowed_hosts: tuple[str, ...] = ()
    """Host names the desk answers to, beside its own and the public one."""

    @field_validator("public_url")
    @classmethod
    def _is_an_origin(cls, url: str) -> str:
        parts = urlsplit(url)
        is_plain = not parts.query and "@" not in parts.netloc
        if url and (parts.scheme not in {"http", "https"} or not parts.hostname or not is_plain):
            raise ValueError("an address such as https://desk.example.org")
        if parts.path.strip("/"):
            raise ValueError("without a path: the desk is at the root of its host")
        return url.rstrip("/")

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        for one in given:
            ip_network(one, strict=False)
        return given

    @property
    def has_tls(self) -> bool:
        """Whether the desk itself speaks https."""
        return self.tls_cert is not None and self.tls_key is not None

    @property
    def is_https(self) -> bool:
        """Whether people reach the desk by https."""
        return self.has_tls or (self.behind_proxy and self.public_url.startswith("https://"))


class OidcSettings(_Section):
    """An OpenID Connect provider: `[sign_in.oidc]`."""

    issuer: str
    """Exactly as the provider states it; its discovery document is below it."""
    client_id: str
    client_secret: SecretStr
    """Better in PORTEVOIX_SIGN_IN__OIDC__CLIENT_SECRET than in a file."""
    cookie_secret: SecretStr | None = None
    """Signs the provider's cookie; empty: a new one at every start, which signs people out."""
    label: str = "OpenID"
    """What the button calls the provider."""
    scopes: tuple[str, ...] = ("openid", "profile", "email")
    groups_claim: str = "groups"
    trusts_email: bool = False
    """Whether an address counts that the provider does not call verified."""
    grants: tuple[ClaimGrant, ...] = ()
    """Roles by group or by e-mail address."""

    @property
    def terms(self) -> ProviderTerms:
        """What makes an identity of the provider one of ours."""
        return ProviderTerms(
            issuer=self.issuer,
            client_id=self.client_id,
            groups_claim=self.groups_claim,
            trusts_email=self.trusts_email,
            grants=self.grants,
        )


class SignInSettings(_Section):
    """How people sign in, beside the console's one-time link."""

    local: bool = False
    """Accounts with a password kept here."""
    oidc: OidcSettings | None = None
    session_hours: int = Field(default=12, ge=1, le=24)
    idle_minutes: int = Field(default=240, ge=5, le=1440)

    @property
    def is_set_up(self) -> bool:
        """Whether more than the console's link is there."""
        return self.local or self.oidc is not None


class ReviewSettings(_Section):
    lease_minutes: int = Field(default=10, ge=1, le=240)
    grace_seconds: int = Field(default=20, ge=0, le=600)
    """How long a decision waits before anything of it leaves, so that it can be undone."""


class ModelSettings(_Section):
    """One model behind an OpenAI-compatible server."""

    base_url: str
    """Up to and without the endpoint's own path: `http://127.0.0.1:8080/v1`."""
    model: str
    api_key: SecretStr = SecretStr("")
    timeout_seconds: float = Field(default=10.0, gt=0, le=600)


class ModelsSettings(_Section):
    """Models by role; none is needed."""

    drafter: ChatModelSettings | None = None
    """Writes where words are free; the same checks apply, and approved text stands otherwise."""
    classifier: ChatModelSettings | None = None
    """May raise what triage found, never lower it."""
    judge: ChatModelSettings | None = None
    """Answers the evals' questions; better another model than the drafter's."""
    embedder: ModelSettings | None = None
    """Its vectors join the ranking; only redacted words are sent to it."""

    @property
    def in_flight(self) -> int:
        """How many messages may be drafted at once: more than one pays only where one waits."""
        return max((m.in_flight for m in (self.drafter, self.classifier) if m), default=1)

    @property
    def messages_at_once(self) -> int:
        """How many messages a worker has in hand: those that wait for a model, and a few more.

        The few are read, computed and written meanwhile, so that no call that may be made is
        not made for want of a message.
        """
        has_model = self.drafter is not None or self.classifier is not None
        return self.in_flight + (_BESIDE_CALLS if has_model else 0)


class Settings(BaseSettings):
    """Everything that can be set. Paths are relative to `workspace`."""

    model_config = SettingsConfigDict(
        env_prefix="PORTEVOIX_",
        env_nested_delimiter="__",
        env_file=".env",
        extra="ignore",
        frozen=True,
    )

    workspace: Path = DEFAULT_WORKSPACE
    brands: tuple[Path, ...] = ()
    """Folders of brand packs."""
    channels: dict[str, AnyConnection] = Field(default_factory=dict)
    desk: DeskSettings = DeskSettings()
    sign_in: SignInSettings = SignInSettings()
    review: ReviewSettings = ReviewSettings()
    store: StoreSettings = StoreSettings()
    chroma: ChromaSettings = ChromaSettings()
    models: ModelsSettings = ModelsSettings()
    work: WorkSettings = WorkSettings()
    logs: LogSettings = LogSettings()
    metrics: MetricsSettings = MetricsSettings()
    notify: NotifyTerms = NotifyTerms()

    @model_validator(mode="after")
    def _leases_outlast_calls(self) -> Self:
        """A post takes a few calls: none may still run when its lease is over."""
        for name, channel in self.channels.items():
            longest = getattr(channel, "timeout_seconds", 0.0)
            if self.work.post_lease_seconds < CALLS_IN_A_LEASE * longest:
                raise ValueError(
                    f"work.post_lease_seconds must be at least {CALLS_IN_A_LEASE} times"
                    f" channels.{name}.timeout_seconds, or a slow reply could be sent twice"
                )
        return self

    @property
    def store_url(self) -> str:
        """The database's URL, password included: for the store only, never printed."""
        if self.store.url is not None:
            return self.store.url.get_secret_value()
        return f"sqlite:///{self.workspace / 'portevoix.db'}"

    def resolve(self, path: Path) -> Path:
        """Return `path` taken relative to the workspace."""
        return path if path.is_absolute() else self.workspace / path

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Add the workspace's TOML file as the weakest source."""
        given = getattr(init_settings, "init_kwargs", {})
        toml = TomlConfigSettingsSource(settings_cls, workspace_folder(given) / CONFIG_NAME)
        return init_settings, env_settings, dotenv_settings, toml


def workspace_folder(given: dict[str, Any]) -> Path:
    """Return the folder that is meant, whether or not there is anything in it."""
    chosen: Path | str | None = given.get("workspace") or os.environ.get("PORTEVOIX_WORKSPACE")
    return Path(chosen or DEFAULT_WORKSPACE)


def load_settings(
    workspace: Path | None = None, kind: type[Settings] = Settings, **given: Any
) -> Settings:
    """Return the resolved settings.

    Raises:
        ConfigurationError: a key is unknown or a value does not fit; names each one.
    """
    chosen = workspace_folder({"workspace": workspace})
    try:
        _refuse_unknown(chosen / CONFIG_NAME)
        return kind(workspace=chosen, **given)
    except ValidationError as error:
        lines = [_said(e["loc"], e["type"], e["msg"]) for e in error.errors()]
        said = without_credentials("; ".join(lines))
        raise ConfigurationError(
            f"{chosen / CONFIG_NAME} or PORTEVOIX_ variables: {said}"
        ) from None
    except (ValueError, OSError) as error:
        said = without_credentials(str(error))
        raise ConfigurationError(
            f"{chosen / CONFIG_NAME} or PORTEVOIX_ variables cannot be read: {said}; mend the "
            "value, or move the file away"
        ) from None


def _refuse_unknown(config: Path) -> None:
    """Refuse keys nobody reads: the environment may carry others, the file is ours alone."""
    if not config.exists():
        return
    unknown = sorted(set(tomllib.loads(config.read_text("utf-8"))) - set(Settings.model_fields))
    if unknown:
        known = ", ".join(sorted(Settings.model_fields))
        raise ConfigurationError(f"{config}: unknown key {', '.join(unknown)}; there is: {known}")


def _said(where: tuple[int | str, ...], kind: str, message: str) -> str:
    shown = "unknown key; remove it or mend its name" if kind == "extra_forbidden" else message
    return f"{'.'.join(map(str, where))}: {shown}"


def masked(settings: Settings) -> dict[str, Any]:
    """Return the settings for display: secrets are stars, those inside an address too."""
    shown: dict[str, Any] = _starred(settings.model_dump(mode="json"))
    return shown


def _starred(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _starred(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_starred(one) for one in value]
    return without_credentials(value) if isinstance(value, str) else value


def unsafe(host: str, settings: Settings) -> list[str]:
    """Return what is missing before the desk may listen on `host`; nothing: it may."""
    return list(_missing(host, settings))


def _missing(host: str, settings: Settings) -> Iterator[str]:
    desk = settings.desk
    if (desk.tls_cert is None) != (desk.tls_key is None):
        yield "desk.tls_cert and desk.tls_key are set together or not at all"
    for path in (desk.tls_cert, desk.tls_key):
        if path is not None and not settings.resolve(path).is_file():
            yield f"there is no file {path}"
    if is_loopback(host) and not desk.behind_proxy:
        return
    if not host:
        yield "an address is needed"
    if not settings.sign_in.is_set_up:
        yield "set sign_in.local = true or [sign_in.oidc]: a console link is for this machine only"
    yield from _without_https(desk)


def _without_https(desk: DeskSettings) -> Iterator[str]:
    if desk.behind_proxy:
        if not desk.public_url.startswith("https://"):
            yield "with desk.behind_proxy, desk.public_url is the proxy's https:// address"
        if not desk.trusted_proxies:
            yield "with desk.behind_proxy, desk.trusted_proxies names the proxy's address"
    elif not desk.has_tls:
        yield (
            "set desk.tls_cert and desk.tls_key, or desk.behind_proxy = true with "
            "desk.public_url and desk.trusted_proxies"
        )
