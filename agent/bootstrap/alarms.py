"""What raises alerts and tells people of them, put together."""

from datetime import timedelta
from typing import TYPE_CHECKING

from agent.settings import Settings

if TYPE_CHECKING:
    from agent.bootstrap.workspace import Workspace
    from agent.services.alerts import Addressing, NotifyService, WatchService

_SILENT = 120.0
"""Seconds a worker may be silent at the least before a person is told."""


def desk_address(settings: Settings) -> str:
    """Return where people reach the desk."""
    desk = settings.desk
    scheme = "https" if desk.has_tls else "http"
    return desk.public_url or f"{scheme}://{desk.host}:{desk.port}"


def _addressing(space: "Workspace") -> "Addressing":
    from agent.services.alerts import Addressing

    given = space.settings.notify.destinations
    return Addressing(given, space.packs, desk_address(space.settings))


def build_watch(space: "Workspace") -> "WatchService":
    """Return the service that raises and resolves alerts."""
    from agent.services.alerts import WatchService

    brands = {name: space.brand_of(name) for name in space.channels}
    silent = timedelta(seconds=max(_SILENT, 4 * space.settings.work.dead_after_seconds))
    return WatchService(space.store, space.clock, _addressing(space), brands, silent)


def build_notify(space: "Workspace") -> "NotifyService":
    """Return the service that sends notices."""
    from agent.adapters.notify import build_messenger
    from agent.services.alerts import NotifyService

    given = space.settings.notify.destinations
    ways = {name: build_messenger(name, one) for name, one in given.items()}
    return NotifyService(space.store, space.clock, _addressing(space), ways)
