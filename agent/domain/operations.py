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
