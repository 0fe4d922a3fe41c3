"""What whoever runs an installation may set: how it logs, and where it tells its figures."""

from enum import StrEnum

from pydantic import Field

from agent.domain.base import Frozen


class LogFormat(StrEnum):
    TEXT = "text"
    JSON = "json"
    """One object a line."""


class LogLevel(StrEnum):
    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class LogSettings(Frozen):
    """The logs of the desk, the workers and the receiver of webhooks: `[logs]`."""

    format: LogFormat = LogFormat.TEXT
    level: LogLevel = LogLevel.INFO


class MetricsSettings(Frozen):
    """Where a worker tells its figures and its health, on 127.0.0.1 only: `[metrics]`."""

    port: int = Field(default=0, ge=0, le=65535)
    """0: nowhere."""


class ChannelPace(Frozen):
    """How fast replies leave through one channel."""

    at_once: int = Field(default=2, ge=1, le=32)
    """In one worker."""
    per_minute: int = Field(default=120, ge=1)
    """By all workers together."""


class WorkSettings(Frozen):
    dead_after_seconds: float = Field(default=15.0, ge=1, le=3600)
    """How long without a heartbeat before a worker is taken for dead."""
    post_lease_seconds: int = Field(default=120, ge=2, le=3600)
    """How long one reply may take to send; at least four times a channel's time-out."""
    pace: dict[str, ChannelPace] = Field(default_factory=dict)
    """By channel, where the default does not fit: `[work.pace.NAME]`."""
