"""Who can reach the desk, and what must be there before anybody beyond this machine can."""

from urllib.parse import urlsplit

from agent.domain.errors import ConfigurationError
from agent.settings import LOOPBACK_NAMES, DeskSettings, Settings, unsafe


def require_safe(host: str, settings: Settings) -> None:
    """Refuse to be reached from elsewhere without sign-in and https.

    Raises:
        ConfigurationError: naming each setting that is missing, and the way to do without.
    """
    missing = unsafe(host, settings)
    if missing:
        raise ConfigurationError(
            f"the desk does not listen on {host or '(nothing)'}: {'; '.join(missing)}. See "
            "docs/sign-in.md; or stay on 127.0.0.1 and use a tunnel from the other machine:"
            " ssh -L 8501:127.0.0.1:8501 USER@MACHINE"
        )


def own_url(host: str, port: int, desk: DeskSettings) -> str:
    """Return the address people use, without a trailing slash."""
    if desk.public_url:
        return desk.public_url
    scheme = "https" if desk.has_tls else "http"
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"


def allowed_hosts(host: str, desk: DeskSettings) -> list[str]:
    """Return the host names the desk answers to."""
    public = urlsplit(desk.public_url).hostname
    names = [*LOOPBACK_NAMES, "[::1]", host, *([public] if public else []), *desk.allowed_hosts]
    return list(dict.fromkeys(names))
