"""A Chroma server for many processes: the same collections as in a folder, one set a brand.

Every worker writes what changed; two that do so at once write the same: `add` of a known id does
nothing, and what is deleted is added again by whoever deleted it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from knowledge.chroma_index import ChromaIndex, IndexReport
from knowledge.dense import DenseSearch
from knowledge.embedding import Embedder, EmbeddingError
from knowledge.index_lock import IndexProblem
from knowledge.passages import Passage

PAUSE_SECONDS = 10.0
"""How long a server that is away is left alone: it is on our own network, and started again."""


@dataclass(frozen=True)
class ChromaServer:
    """Where the server is and how to ask it."""

    url: str
    """Scheme, host and port: `http://127.0.0.1:8000`."""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    timeout_seconds: float = 5.0

    def client(self) -> Any:
        """Return a client that has reached the server.

        Raises:
            ServerAway: nobody answers there, or no Chroma server does.
        """
        import chromadb
        from chromadb.config import Settings

        parts = urlsplit(self.url)
        is_https = parts.scheme == "https"
        with self.explained():
            self._answers()
            client = chromadb.HttpClient(
                host=str(parts.hostname),
                port=parts.port or (443 if is_https else 80),
                ssl=is_https,
                headers=dict(self.headers),
                settings=Settings(anonymized_telemetry=False),
            )
        # The client would wait for ever for a server that hangs; it has no setting for it.
        client._server._session.timeout = self.timeout_seconds  # type: ignore[attr-defined]
        return client

    def version(self) -> str:
        """Return the server's version.

        Raises:
            ServerAway: it cannot be used.
        """
        client = self.client()
        with self.explained():
            return str(client.get_version())

    def _answers(self) -> None:
        import httpx

        address = f"{self.url}/api/v2/heartbeat"
        found = httpx.get(address, headers=dict(self.headers), timeout=self.timeout_seconds)
        found.raise_for_status()

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Turn what the client raises into one clear error with its mend."""
        try:
            yield
        except (IndexProblem, EmbeddingError):
            raise
        except Exception as error:
            raise ServerAway(self.url, error) from error


class ServerAway(IndexProblem):
    """The Chroma server cannot be reached, or does not do what is asked of it."""

    def __init__(self, url: str, cause: Exception) -> None:
        said = (str(cause).splitlines() or [""])[0].rstrip(".") or type(cause).__name__
        super().__init__(
            f"The Chroma server at {url} cannot be used: {said}. Start it (chroma run --path "
            "FOLDER), or mend [chroma] of portevoix.toml"
        )


@dataclass(frozen=True)
class ServedIndex:
    """One brand's collections on a server."""

    server: ChromaServer
    brand: str

    def index(self) -> ChromaIndex:
        """Return the collections.

        Raises:
            ServerAway: the server cannot be used.
        """
        return ChromaIndex(self.server.client(), f"portevoix.{self.brand}.")

    def update(self, passages: Iterable[Passage], embedder: Embedder | None = None) -> IndexReport:
        """Bring the collections up to date; only what changed is written.

        Raises:
            ServerAway: the server cannot be used.
            EmbeddingError: the model gave no vectors; the passages are stored all the same.
        """
        known = tuple(passages)
        with self.server.explained():
            index = self.index()
            report = index.update(known)
            if embedder is not None:
                index.update_dense(known, embedder)
            return report

    def open(self, passages: Sequence[Passage], embedder: Embedder) -> DenseSearch:
        """Return the search by meaning; while the server is away, the words alone decide."""
        search = DenseSearch(
            lambda: self.index().update_dense(passages, embedder),
            self.server.explained,
            embedder,
            PAUSE_SECONDS,
        )
        search.open_if_there()
        return search
