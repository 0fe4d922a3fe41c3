"""`/metrics`, `/healthz` and `/readyz` of a worker, on this machine only."""

import socket
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from agent.adapters.metrics.figures import Figures
from agent.domain.errors import WorkspaceError
from agent.domain.vitals import Finding

HOST = "127.0.0.1"
_AT_ONCE = 16
_NO_STORE = {"cache-control": "no-store"}


def build_app(figures: Figures, failing: Callable[[], Sequence[Finding]]) -> Starlette:
    """Return the application; `failing` says what keeps this process from working."""

    def metrics(request: Request) -> Response:
        body, content_type = figures.exposition(request.headers.get("accept", ""))
        return Response(body, headers={"content-type": content_type, **_NO_STORE})

    def alive(_: Request) -> Response:
        return PlainTextResponse("ok\n", headers=_NO_STORE)

    def ready(_: Request) -> Response:
        found = [finding.model_dump() for finding in failing()]
        body = {"is_ready": not found, "failing": found}
        return JSONResponse(body, 503 if found else 200, _NO_STORE)

    return Starlette(
        routes=[
            Route("/metrics", metrics),
            Route("/healthz", alive),
            Route("/readyz", ready),
        ],
        # A web page may point a name of its own at this machine; it cannot choose the Host.
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=[HOST, "localhost"])],
    )


class FigureServer:
    """Serves beside the work, in a thread of its own."""

    def __init__(
        self, figures: Figures, failing: Callable[[], Sequence[Finding]], port: int
    ) -> None:
        """`port` 0: any free one."""
        self._figures = figures
        self._server = uvicorn.Server(
            uvicorn.Config(
                build_app(figures, failing),
                log_config=None,
                access_log=False,
                server_header=False,
                lifespan="off",
                limit_concurrency=_AT_ONCE,
            )
        )
        self._thread: threading.Thread | None = None
        self.port = port
        """Where it serves, once started."""

    def start(self) -> None:
        """Start to count and to serve.

        Raises:
            WorkspaceError: another program has the port.
        """
        place = socket.socket()
        place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            place.bind((HOST, self.port))
            # Now, so that who asks before the server runs waits for it.
            place.listen()
        except OSError:
            place.close()
            raise WorkspaceError(
                f"port {self.port} on {HOST} is not free: stop the program that uses it, or "
                "choose another with --metrics-port or metrics.port"
            ) from None
        self.port = int(place.getsockname()[1])
        self._figures.start()
        serve = self._server.run
        self._thread = threading.Thread(target=serve, args=([place],), daemon=True, name="metrics")
        self._thread.start()

    def stop(self) -> None:
        """Stop serving."""
        self._figures.stop()
        self._server.should_exit = True
        if self._thread is not None:
            with suppress(RuntimeError):
                self._thread.join(5)
