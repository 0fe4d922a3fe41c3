"""The flags the desk always runs with: loopback, no telemetry, no remote file, no error details."""

from pathlib import Path
from typing import Any

from agent.settings import Settings
from ui.serving.exposure import allowed_hosts

SCRIPT = Path(__file__).resolve().parent.parent / "app.py"


def desk_flags(host: str, port: int, settings: Settings) -> dict[str, Any]:
    """Return the Streamlit options for a desk on `host`:`port`; they win over any config file."""
    desk = settings.desk
    files = {
        "server.sslCertFile": desk.tls_cert,
        "server.sslKeyFile": desk.tls_key,
    }
    return {
        **{name: str(settings.resolve(path)) for name, path in files.items() if path},
        "server.address": host,
        "server.port": port,
        "server.headless": True,
        "server.allowedHosts": allowed_hosts(host, desk),
        "server.corsAllowedOrigins": [desk.public_url] if desk.public_url else [],
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
