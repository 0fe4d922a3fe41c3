"""The flags the desk always runs with: loopback, no telemetry, no remote file, no error details."""

from ipaddress import ip_address
from pathlib import Path
from typing import Any

from agent.domain.errors import ConfigurationError

SCRIPT = Path(__file__).resolve().parent.parent / "app.py"
LOOPBACK_NAMES = ("127.0.0.1", "localhost", "::1")


def require_loopback(host: str) -> None:
    """Refuse an address that other machines could reach.

    Raises:
        ConfigurationError: the host is not loopback; says how to reach the desk from elsewhere.
    """
    if host not in LOOPBACK_NAMES and not _is_loopback(host):
        raise ConfigurationError(
            f"the desk does not listen on {host}: sign-in by a console link is for this machine"
            " only; use 127.0.0.1, and from another machine a tunnel:"
            " ssh -L 8501:127.0.0.1:8501 USER@MACHINE"
        )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def desk_flags(host: str, port: int) -> dict[str, Any]:
    """Return the Streamlit options for a desk on `host`:`port`; they win over any config file."""
    return {
        "server.address": host,
        "server.port": port,
        "server.headless": True,
        "server.allowedHosts": [*LOOPBACK_NAMES, "[::1]", host],
        "server.enableXsrfProtection": True,
        "server.enableCORS": True,
        "server.fileWatcherType": "none",
        "server.runOnSave": False,
        "server.allowRunOnSave": False,
        "server.enableStaticServing": True,
        "server.maxUploadSize": 20,
        "browser.gatherUsageStats": False,
        "browser.serverAddress": host,
        "client.showErrorDetails": "none",
        "client.showErrorLinks": False,
        "client.toolbarMode": "minimal",
        "global.developmentMode": False,
        "runner.magicEnabled": False,
        "logger.hideWelcomeMessage": True,
        "logger.level": "warning",
    }
