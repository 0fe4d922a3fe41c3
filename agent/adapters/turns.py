"""Whose turn it is to compute, among the messages that one process has in hand.

Threads share one interpreter. Left alone they advance in step, all wait for their models at the
same time and all come back together, so that the processor idles in between. Taken in turn, they
come back one after the other (`benchmarks/model.py`: 54 messages a second instead of 46).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Semaphore, local

from agent.domain.models import ModelAnswer, ModelRequest
from agent.ports import ChatModel
from knowledge.embedding import Embedder


class Turns:
    """At most `at_once` messages compute; whoever waits for another machine lets go meanwhile."""

    def __init__(self, at_once: int = 2) -> None:
        self._free = Semaphore(at_once)
        self._thread = local()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Compute when it is this thread's turn."""
        with self._free:
            self._thread.has_turn = True
            try:
                yield
            finally:
                self._thread.has_turn = False

    @contextmanager
    def away(self) -> Iterator[None]:
        """Let others compute while this thread waits; without a turn, nothing is let go."""
        if not getattr(self._thread, "has_turn", False):
            yield
            return
        self._free.release()
        try:
            yield
        finally:
            self._free.acquire()


class AwayModel:
    """A chat model whose answers are waited for out of turn."""

    def __init__(self, model: ChatModel, turns: Turns) -> None:
        self._model = model
        self._turns = turns

    @property
    def name(self) -> str:
        return self._model.name

    def complete(self, request: ModelRequest) -> ModelAnswer:
        with self._turns.away():
            return self._model.complete(request)


class AwayEmbedder:
    """An embedding model whose vectors are waited for out of turn."""

    def __init__(self, embedder: Embedder, turns: Turns) -> None:
        self._embedder = embedder
        self._turns = turns

    @property
    def name(self) -> str:
        return self._embedder.name

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        with self._turns.away():
            return self._embedder.embed(texts)
