"""Settings from `portevoix.toml`, the environment (`PORTEVOIX_…`) and `.env`; built by a function.

Precedence, strongest first: arguments, environment, `.env`, the workspace's `portevoix.toml`.
Nested keys in the environment are joined by two underscores: `PORTEVOIX_DESK__PORT=8600`.
"""

import os
import tomllib
from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from agent.domain.errors import ConfigurationError
from agent.domain.models import ChatModelSettings

DEFAULT_WORKSPACE = Path("workspace")
CONFIG_NAME = "portevoix.toml"


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ChannelKind(StrEnum):
    """The channels that ship."""

    FILE = "file"
    SANDBOX = "sandbox"
    MANUAL = "manual"


class ChannelSettings(_Section):
    """One channel instance: `[channels.NAME]`."""

    kind: ChannelKind
    brand: str
    """The brand's id."""
    inbox: Path | None = None
    """`file`: the JSONL or CSV file to read, relative to the workspace."""
    outbox: Path | None = None
    """`file`: the JSONL file replies are appended to, relative to the workspace."""


class DeskSettings(_Section):
    host: str = "127.0.0.1"
    port: int = Field(default=8501, ge=1, le=65535)
    language: str = "fr"


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


class StoreSettings(_Section):
    url: SecretStr | None = None
    """An SQLAlchemy URL; empty: SQLite in the workspace."""


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
    channels: dict[str, ChannelSettings] = Field(default_factory=dict)
    desk: DeskSettings = DeskSettings()
    review: ReviewSettings = ReviewSettings()
    store: StoreSettings = StoreSettings()
    models: ModelsSettings = ModelsSettings()

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
        toml = TomlConfigSettingsSource(settings_cls, _workspace_of(given) / CONFIG_NAME)
        return init_settings, env_settings, dotenv_settings, toml


def _workspace_of(given: dict[str, Any]) -> Path:
    chosen: Path | str | None = given.get("workspace") or os.environ.get("PORTEVOIX_WORKSPACE")
    return Path(chosen or DEFAULT_WORKSPACE)


def load_settings(workspace: Path | None = None, **given: Any) -> Settings:
    """Return the resolved settings.

    Raises:
        ConfigurationError: a key is unknown or a value does not fit; names each one.
    """
    chosen = _workspace_of({"workspace": workspace})
    try:
        _refuse_unknown(chosen / CONFIG_NAME)
        return Settings(workspace=chosen, **given)
    except ValidationError as error:
        lines = [_said(e["loc"], e["type"], e["msg"]) for e in error.errors()]
        raise ConfigurationError(
            f"{chosen / CONFIG_NAME} or PORTEVOIX_ variables: " + "; ".join(lines)
        ) from None
    except (ValueError, OSError) as error:
        raise ConfigurationError(
            f"{chosen / CONFIG_NAME} or PORTEVOIX_ variables cannot be read: {error}; mend the "
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
    """Return the settings for display: secrets are stars."""
    return settings.model_dump(mode="json")
