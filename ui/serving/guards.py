"""What every request passes before anything else: where it comes from, and what it is told."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

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
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
STRICT_TRANSPORT = {"strict-transport-security": "max-age=31536000"}

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]


class SecurityHeaders:
    """Adds the security headers to every HTTP answer; over https, every cookie is `Secure`."""

    def __init__(self, app: Asgi, *, is_https: bool) -> None:
        self._app = app
        self._is_https = is_https
        given = {**HEADERS, **(STRICT_TRANSPORT if is_https else {})}
        self._headers = [(name.encode(), value.encode()) for name, value in given.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add the headers to the start of its answer."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = self._complete(message["headers"])
            await send(message)

        await self._app(scope, receive, send_with_headers)

    def _complete(self, headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        given = {name.lower() for name, _ in headers}
        kept = [(name, self._cookie(name, value)) for name, value in headers]
        return [*kept, *((name, value) for name, value in self._headers if name not in given)]

    def _cookie(self, name: bytes, value: bytes) -> bytes:
        is_open = self._is_https and name.lower() == b"set-cookie"
        return value + b"; Secure" if is_open and b"; secure" not in value.lower() else value


class OriginGuard:
    """Refuses websockets and forms that another site sends: cookies do not tell ports apart.

    A client that sends no `Origin` is no browser, and has nobody's cookies to misuse; for a form
    it is refused all the same.
    """

    def __init__(self, app: Asgi, *, public_url: str = "") -> None:
        self._app = app
        self._public = urlsplit(public_url).netloc

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what comes from this desk's own pages."""
        if scope["type"] == "websocket" and not self._may_listen(scope):
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return
        await self._app(scope, receive, send)

    def _may_listen(self, scope: Scope) -> bool:
        origin = _header(scope, b"origin")
        return origin is None or is_own_origin(origin, _header(scope, b"host"), self._public)


def is_own_origin(origin: str | None, host: str | None, public: str = "") -> bool:
    """Whether an `Origin` is this desk: the host that was asked, or the public one."""
    netloc = urlsplit(origin or "").netloc
    return bool(netloc) and netloc in {host, public}


def _header(scope: Scope, name: bytes) -> str | None:
    found = [value for key, value in scope.get("headers", ()) if key == name]
    return found[0].decode("latin-1") if found else None
