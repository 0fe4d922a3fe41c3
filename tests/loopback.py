"""Applications served on loopback for as long as a test needs them, on a port of the system's."""

import asyncio
import ctypes
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

_PATIENCE = 60.0
_PR_SET_PDEATHSIG = 1
"""Linux, `prctl(2)`: the signal a process gets when its parent ends."""


def end_with_parent() -> None:
    """In a child before it runs its program: end when the tests do, even if they are killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


class _Server(uvicorn.Server):
    """A server that ends when it is told to: uvicorn's own looks at its clock first, twice."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_up = threading.Event()

    async def main_loop(self) -> None:
        await self.on_tick(0)
        self._loop, self._told = asyncio.get_running_loop(), asyncio.Event()
        self.is_up.set()
        await self._told.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.transport.abort()  # type: ignore[union-attr]

    def end(self) -> None:
        """End, from another thread, and leave no connection open."""
        self._loop.call_soon_threadsafe(self._told.set)


@contextmanager
def serving(app: Any) -> Iterator[str]:
    """Serve an ASGI application on 127.0.0.1 and give its address."""
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical", lifespan="off")
    server = _Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    assert server.is_up.wait(_PATIENCE), "the server does not start"
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.end()
        thread.join(_PATIENCE)
