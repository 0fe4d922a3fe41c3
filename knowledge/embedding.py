"""What an embedding model must offer, and the cheap deterministic vectors that stand in for one."""

import math
import zlib
from collections.abc import Sequence
from typing import Protocol

import numpy as np

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
