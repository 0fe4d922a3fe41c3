"""Embedding models: what one must offer, any OpenAI-compatible server as one, and the cheap
deterministic vectors that stand in for one."""

import http.client
import json
import math
import urllib.error
import urllib.request
import zlib
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from knowledge.addresses import split_credentials, without_credentials
from knowledge.passages import Language
from knowledge.terms import grams, index_words

HASHED_DIMENSIONS = 256
HASHED_NAME = "hashed-letter-groups-256"


class EmbeddingError(Exception):
    """The embedding model gave no vectors."""


class Embedder(Protocol):
    """An embedding model, such as an OpenAI-compatible /v1/embeddings endpoint."""

    @property
    def name(self) -> str:
        """The model's id: another name means that stored vectors are of no use."""
        ...

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Return one vector a text, all of the same length.

        Raises:
            EmbeddingError: the model cannot be reached; the retriever then works without it.
        """
        ...


class OpenAICompatibleEmbedder:
    """An embedding model behind POST `base_url`/embeddings, as OpenAI and most local servers have.

    Format: https://platform.openai.com/docs/api-reference/embeddings/create. Answers are put in
    order by their `index`, and every vector must have the same length. A name and password in
    `base_url` are sent as its own header and never printed; a key comes before them.
    """

    def __init__(
        self, base_url: str, model: str, api_key: str = "", timeout: float = 10.0, batch: int = 128
    ) -> None:
        if not base_url.startswith(("http://", "https://")):
            shown = without_credentials(base_url)
            raise EmbeddingError(f"embedding server {shown!r}: not an http address; set one")
        address, self._basic = split_credentials(base_url)
        self._url = address.rstrip("/") + "/embeddings"
        self._model, self._key = model, api_key
        self._timeout, self._batch = timeout, batch

    @property
    def name(self) -> str:
        """The model's id."""
        return self._model

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Return one vector a text.

        Raises:
            EmbeddingError: no answer in time, a refusal, or an answer that is not as many vectors.
        """
        starts = range(0, len(texts), self._batch)
        return [
            vector for start in starts for vector in self._asked(texts[start : start + self._batch])
        ]

    def _asked(self, texts: Sequence[str]) -> list[list[float]]:
        body = json.dumps({"model": self._model, "input": list(texts)}).encode()
        headers = {"Content-Type": "application/json"}
        if self._key or self._basic:
            headers["Authorization"] = f"Bearer {self._key}" if self._key else self._basic
        request = urllib.request.Request(self._url, body, headers)  # noqa: S310 - http(s) only
        try:
            with urllib.request.urlopen(request, timeout=self._timeout) as answer:  # noqa: S310
                return _vectors(json.load(answer), len(texts))
        except (OSError, ValueError, KeyError, TypeError, http.client.HTTPException) as error:
            raise EmbeddingError(
                f"embedding model {self._model} at {self._url}: {_cause(error)}; "
                "check that the server runs and that the model and key are right"
            ) from None


def _cause(error: Exception) -> str:
    """Return what happened, never what was sent."""
    if isinstance(error, urllib.error.HTTPError):
        return f"refused with HTTP {error.code}"
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, urllib.error.URLError):
        return f"cannot be reached ({error.reason})"
    return f"the answer is not a list of vectors ({type(error).__name__})"


def _vectors(answer: Any, count: int) -> list[list[float]]:
    rows = sorted(answer["data"], key=lambda row: int(row["index"]))
    vectors = [[float(value) for value in row["embedding"]] for row in rows]
    if len(vectors) != count or len({len(vector) for vector in vectors}) != 1 or not vectors[0]:
        raise ValueError("not one vector a text")
    return vectors


def hashed_vector(text: str, lang: Language) -> list[float]:
    """Return a unit vector of hashed letter groups: the same on every machine and run."""
    vector = np.zeros(HASHED_DIMENSIONS)
    for gram in grams(index_words(text, lang)):
        code = zlib.crc32(gram.encode())
        vector[code % HASHED_DIMENSIONS] += 1.0 if code & 0x8000 else -1.0
    norm = math.sqrt(float(vector @ vector))
    if not norm:
        vector[0] = norm = 1.0
    return [float(value) for value in vector / norm]
