"""A real HTTP server on the loopback that answers POST /v1/embeddings as OpenAI's does."""

import json
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Vectors = Callable[[Sequence[str]], list[list[float]]]


class _Http(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a client that was killed in the middle of its question."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class EmbeddingServer:
    """Answers with the vectors of `embed`; notes what it was asked; can be told to fail."""

    def __init__(self, embed: Vectors) -> None:
        self.embed = embed
        self.asked: list[list[str]] = []
        self.keys: list[str | None] = []
        self.status = 200
        self.body: bytes | None = None
        server = self

        class Handler(BaseHTTPRequestHandler):
            wbufsize = -1

            def do_POST(self) -> None:
                server.answer(self)

            def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
                """Stay quiet."""

        self._http = _Http(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        size = int(handler.headers["Content-Length"])
        request = json.loads(handler.rfile.read(size))
        self.asked.append(request["input"])
        self.keys.append(handler.headers.get("Authorization"))
        found = self.embed(request["input"])
        rows = [{"index": place, "embedding": one} for place, one in enumerate(found)]
        # Out of order on purpose: the index decides, as the format says.
        body = self.body or json.dumps({"data": rows[::-1], "model": request["model"]}).encode()
        handler.send_response(self.status if handler.path == "/v1/embeddings" else 404)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    @contextmanager
    def running(self) -> Iterator["EmbeddingServer"]:
        thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.stop()

    def stop(self) -> None:
        self._http.shutdown()
        self._http.server_close()
