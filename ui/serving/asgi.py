"""The desk as an ASGI application: Streamlit, the door and the guards of every request."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from streamlit.starlette import App

from agent.bootstrap.journal import take_over_logs
from agent.ports.journal import Happened, note
from ui.desk.workspace import workspace
from ui.serving.door import Door
from ui.serving.exposure import allowed_hosts, own_url
from ui.serving.flags import SCRIPT
from ui.serving.guards import OriginGuard, SecurityHeaders
from ui.serving.provider import provider_secrets


def build_app(host: str, port: int) -> App:
    """Return the application that serves the workspace named in the environment."""
    space = workspace()
    desk = space.settings.desk
    return App(
        SCRIPT,
        secrets=provider_secrets(space.settings, space.cookie_secret, own_url(host, port, desk)),
        lifespan=_lifespan,
        routes=Door(port, space.settings).routes(),
        middleware=[
            Middleware(TrustedHostMiddleware, allowed_hosts=allowed_hosts(host, desk)),
            Middleware(OriginGuard, public_url=desk.public_url),
            Middleware(SecurityHeaders, is_https=desk.is_https),
        ],
        on_script_error=_report,
    )


@asynccontextmanager
async def _lifespan(app: App) -> AsyncIterator[dict[str, Any]]:
    """Open the workspace and load every brand's flow, so that the first page is a warm one."""
    await run_in_threadpool(_warm_up)
    # Streamlit and its server have loaded by now, and each made handlers of its own.
    take_over_logs()
    note(Happened.PROCESS_STARTED)
    yield {}
    note(Happened.PROCESS_STOPPED)


def _warm_up() -> None:
    space = workspace()
    for brand_id in space.packs:
        space.pipelines[brand_id]


def _report(error: Exception) -> bool:
    """Show a plain page for an error nobody foresaw; what it says of a customer stays inside."""
    from ui.views.trouble import trouble

    trouble(error)
    return True
