"""Search by meaning: the embedder's vectors in Chroma; gives way to words while either fails."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any

from knowledge.embedding import Embedder, EmbeddingError
from knowledge.index_lock import IndexProblem

NEAREST = 200
"""Passages whose cosine is asked of Chroma; the others count as the farthest of these."""
PAUSE_SECONDS = 60.0
"""How long an embedding model, or an index, that failed is left alone."""
_log = logging.getLogger(__name__)


class DenseSearch:
    """Cosines from the embedder's vectors. Safe to share between threads."""

    def __init__(
        self,
        bring_up: Callable[[], Any],
        explained: Callable[[], AbstractContextManager[None]],
        embedder: Embedder,
        pause_seconds: float = PAUSE_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`bring_up` writes what changed and returns the collection; `explained` turns what the
        vendor raises into an `IndexProblem`."""
        self._bring_up = bring_up
        self._explained = explained
        self._embedder = embedder
        self._pause = pause_seconds
        self._clock = clock
        self._collection: Any = None
        self._quiet_until = float("-inf")
        self._opening = threading.Lock()

    def with_clock(self, clock: Callable[[], float]) -> "DenseSearch":
        """Return the same search on another clock, in seconds."""
        same = DenseSearch(self._bring_up, self._explained, self._embedder, self._pause, clock)
        same._collection = self._collection
        return same

    def open(self) -> None:
        """Bring the vectors up to date now; a server that is away is tried again later.

        Raises:
            IndexProblem: the index cannot be used.
        """
        try:
            with self._explained():
                self._collection = self._bring_up()
        except EmbeddingError as error:
            self._rest(error)

    def open_if_there(self) -> None:
        """Bring the vectors up to date now if the index can be reached, or else later."""
        try:
            self.open()
        except IndexProblem as error:
            self._rest(error)

    def cosines(self, query: str) -> Mapping[str, float] | None:
        """Return passage key -> cosine for the nearest passages, or None: the words decide."""
        if self._clock() < self._quiet_until:
            return None
        try:
            collection = self._found()
            if collection is None:
                return None
            (vector,) = self._embedder.embed([query])
            with self._explained():
                return _nearest(collection, vector)
        except (EmbeddingError, IndexProblem) as error:
            self._rest(error)
            return None

    def _found(self) -> Any:
        """Return the collection; None while another thread brings it up to date."""
        if self._collection is None and self._opening.acquire(blocking=False):
            try:
                with self._explained():
                    self._collection = self._bring_up()
            finally:
                self._opening.release()
            _log.warning("search by meaning is back")
        return self._collection

    def _rest(self, error: Exception) -> None:
        _log.warning("%s; lexical search only for %.0f s", error, self._pause)
        if isinstance(error, IndexProblem):
            # A server that comes back may have lost it, or hold another worker's.
            self._collection = None
        self._quiet_until = self._clock() + self._pause


def _nearest(collection: Any, vector: list[float]) -> dict[str, float] | None:
    most = min(NEAREST, collection.count())
    if not most:
        return None
    found = collection.query(query_embeddings=[vector], n_results=most, include=["distances"])
    pairs = zip(found["ids"][0], found["distances"][0], strict=True)
    return {key: 1 - float(distance) for key, distance in pairs}
