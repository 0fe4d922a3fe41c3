"""The desk as an ASGI application: Streamlit, the sign-in door and the security headers."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from streamlit.starlette import App

from agent.domain.errors import NotAllowed
from ui.desk.session import cookie_name
from ui.desk.workspace import workspace
from ui.serving.flags import LOOPBACK_NAMES, SCRIPT
from ui.serving.refused import refused_html

# Streamlit's own bundle needs inline style and script and evaluates its expressions; what matters
# here is that nothing is loaded from, or sent to, anywhere but this server.
CONTENT_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:;"
    " style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:;"
    " connect-src 'self' blob:; worker-src 'self' blob:; frame-src 'none'; object-src 'none';"
    " base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": CONTENT_POLICY,
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class SecurityHeaders:
    """Adds the security headers to every HTTP answer."""

    def __init__(self, app: Callable[[Scope, Receive, Send], Awaitable[None]]) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add the headers to the start of its answer."""

        async def send_with_headers(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                given = {name for name, _ in message["headers"]}
                added = ((k.encode(), v.encode()) for k, v in HEADERS.items())
                message["headers"] = [
                    *message["headers"],
                    *((k, v) for k, v in added if k not in given),
                ]
            await send(message)

        await self._app(scope, receive, send_with_headers)


def build_app(host: str, port: int) -> App:
    """Return the application that serves the workspace named in the environment."""
    return App(
        SCRIPT,
        lifespan=_lifespan,
        routes=[Route("/sign-in", _sign_in_on(port), methods=["GET"])],
        middleware=[
            Middleware(TrustedHostMiddleware, allowed_hosts=[*LOOPBACK_NAMES, "[::1]", host]),
            Middleware(SecurityHeaders),
        ],
        on_script_error=_report,
    )


@asynccontextmanager
async def _lifespan(app: App) -> AsyncIterator[dict[str, Any]]:
    """Open the workspace and load every brand's flow, so that the first page is a warm one."""
    await run_in_threadpool(_warm_up)
    yield {}


def _warm_up() -> None:
    space = workspace()
    for brand_id in space.packs:
        space.pipelines[brand_id]


def _sign_in_on(port: int) -> Callable[[Request], Response]:
    def sign_in(request: Request) -> Response:
        """Spend the one-time link; the token leaves the URL at once, the session is a cookie."""
        token = request.query_params.get("token", "")
        try:
            session = workspace().sessions.redeem(token)
        except NotAllowed:
            language = request.headers.get("accept-language", "")
            return HTMLResponse(refused_html(language), 403, {"cache-control": "no-store"})
        response = RedirectResponse("/", 303, {"cache-control": "no-store"})
        response.set_cookie(
            cookie_name(port),
            session,
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )
        return response

    return sign_in


def _report(error: Exception) -> bool:
    """Show a plain page for an error nobody foresaw; what it says of a customer stays inside."""
    from ui.views.trouble import trouble

    trouble(error)
    return True
