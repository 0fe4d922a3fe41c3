"""Passages kept in Chroma, brought up to date by content hash; Chroma is known here and in
`chroma_server` alone.

Chroma stores passages, metadata and vectors; it does not rank words locally (no BM25, no sparse
search), so the lexical index is ours. Traps: `add` of a known id does nothing and `upsert` merges
metadata, hence delete and add; a batch is limited; an embedding function would go on the network.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.dense import DenseSearch
from knowledge.embedding import HASHED_NAME, Embedder, EmbeddingError, hashed_vector
from knowledge.index_lock import IndexProblem, IndexUnusable, own, release
from knowledge.passages import Passage

PASSAGES = "passages"
DENSE_PREFIX = "dense-"
BATCH = 2000


@dataclass(frozen=True)
class IndexReport:
    """What an update did, in passages."""

    added: int
    updated: int
    deleted: int
    unchanged: int


def update_index(
    folder: Path, passages: Iterable[Passage], embedder: Embedder | None = None
) -> IndexReport:
    """Bring the index in `folder` up to date with `passages`; only what changed is written.

    Raises:
        IndexInUse: another process owns the folder.
        IndexUnusable: the folder cannot be written, or its index is broken.
        EmbeddingError: the embedding model gave no vectors; the passages are stored all the same.
    """
    own(folder)
    try:
        with _explained(folder):
            index = embedded(folder)
            report = index.update(tuple(passages))
            if embedder is not None:
                index.update_dense(tuple(passages), embedder)
            return report
    finally:
        release(folder)


def read_hashes(folder: Path) -> dict[str, str]:
    """Return key -> content hash of every passage in the index; the caller owns the folder.

    Raises:
        IndexUnusable: the index is broken.
    """
    with _explained(folder):
        return embedded(folder).hashes()


def wanted_hashes(passages: Iterable[Passage]) -> dict[str, str]:
    """Return key -> content hash as an index of these passages has them."""
    return {passage.key: _content_hash(passage, HASHED_NAME) for passage in passages}


def open_index(
    folder: Path, passages: Sequence[Passage], embedder: Embedder | None = None
) -> DenseSearch | None:
    """Own the folder, bring it up to date, and return the dense search if there is an embedder.

    Raises:
        IndexInUse: another process owns the folder.
        IndexUnusable: the folder cannot be written, or its index is broken.
    """
    own(folder)
    try:
        with _explained(folder):
            return _opened(folder, passages, embedder)
    except IndexUnusable:
        release(folder)
        raise


def _opened(
    folder: Path, passages: Sequence[Passage], embedder: Embedder | None
) -> DenseSearch | None:
    index = embedded(folder)
    index.update(passages)
    if embedder is None:
        return None
    search = DenseSearch(
        lambda: index.update_dense(passages, embedder), lambda: _explained(folder), embedder
    )
    search.open()
    return search


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    """Turn what Chroma, SQLite or its compiled core raise into one clear error with its mend."""
    try:
        yield
    except (IndexProblem, EmbeddingError, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:
        # The compiled core panics with an exception that is no `Exception`.
        _forget_clients()
        raise IndexUnusable(folder, error) from error


def _forget_clients() -> None:
    """Make Chroma open folders anew: it keeps a client that failed to start, for good."""
    from chromadb.api.shared_system_client import SharedSystemClient

    SharedSystemClient.clear_system_cache()


def embedded(folder: Path) -> "ChromaIndex":
    """Return the collections of one index folder. The caller owns the folder."""
    import chromadb
    from chromadb.config import Settings

    return ChromaIndex(
        chromadb.PersistentClient(path=str(folder), settings=Settings(anonymized_telemetry=False))
    )


class ChromaIndex:
    """The collections of one brand, whose names begin with `prefix`."""

    def __init__(self, client: Any, prefix: str = "") -> None:
        self._client = client
        self._prefix = prefix

    def update(self, passages: Sequence[Passage]) -> IndexReport:
        """Store exactly these passages, with cheap vectors that need no model."""
        return _synchronise(
            self._collection(self._prefix + PASSAGES),
            {passage.key: passage for passage in passages},
            HASHED_NAME,
            lambda chosen: [hashed_vector(_document(one), one.lang) for one in chosen],
        )

    def update_dense(self, passages: Sequence[Passage], embedder: Embedder) -> Any:
        """Store the embedder's vectors and return their collection; other models' are dropped.

        Raises:
            EmbeddingError: the model gave no vectors.
        """
        dense = self._prefix + DENSE_PREFIX
        name = dense + hashlib.sha256(embedder.name.encode()).hexdigest()[:16]
        for known in self._client.list_collections():
            if known.name.startswith(dense) and known.name != name:
                self._client.delete_collection(known.name)
        collection = self._collection(name)
        _synchronise(
            collection,
            {passage.key: passage for passage in passages},
            embedder.name,
            lambda chosen: embedder.embed([_document(one) for one in chosen]),
        )
        return collection

    def stored(self) -> dict[str, Mapping[str, Any]]:
        """Return key -> metadata of every stored passage."""
        found = self._collection(self._prefix + PASSAGES).get(include=["metadatas"])
        return dict(zip(found["ids"], found["metadatas"] or (), strict=True))

    def hashes(self) -> dict[str, str]:
        """Return key -> content hash of every stored passage."""
        return {key: str(one["content_hash"]) for key, one in self.stored().items()}

    def _collection(self, name: str) -> Any:
        return self._client.get_or_create_collection(
            name, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
        )


def _synchronise(
    collection: Any,
    wanted: Mapping[str, Passage],
    vectors: str,
    embed: Callable[[Sequence[Passage]], list[list[float]]],
) -> IndexReport:
    """Make the collection hold exactly `wanted`; the next run finishes one that was cut short."""
    found = collection.get(include=["metadatas"])
    known = {
        key: metadata["content_hash"]
        for key, metadata in zip(found["ids"], found["metadatas"], strict=True)
    }
    hashes = {key: _content_hash(passage, vectors) for key, passage in wanted.items()}
    gone = [key for key in known if key not in wanted]
    changed = [key for key in wanted if key in known and known[key] != hashes[key]]
    added = [key for key in wanted if key not in known]
    for batch in _batches([*changed, *added]):
        chosen = [wanted[key] for key in batch]
        embeddings = embed(chosen)
        old = [key for key in batch if key in known]
        if old:
            collection.delete(ids=old)
        collection.add(
            ids=batch,
            embeddings=embeddings,
            documents=[_document(one) for one in chosen],
            metadatas=[_metadata(one, hashes[one.key]) for one in chosen],
        )
    for batch in _batches(gone):
        collection.delete(ids=batch)
    return IndexReport(len(added), len(changed), len(gone), len(wanted) - len(added) - len(changed))


def _batches(keys: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(keys), BATCH):
        yield list(keys[start : start + BATCH])


def _document(passage: Passage) -> str:
    return "\n".join(part for part in (passage.question, *passage.aliases, passage.answer) if part)


def _content_hash(passage: Passage, vectors: str) -> str:
    return hashlib.sha256(f"{vectors}\n{passage.model_dump_json()}".encode()).hexdigest()


def _metadata(passage: Passage, content_hash: str) -> dict[str, str | bool]:
    """Return the fields that have a value: Chroma refuses None and empty lists."""
    fields: dict[str, str | bool] = {
        "content_hash": content_hash,
        "entry": passage.id,
        "lang": passage.lang.value,
        "audience": passage.audience.value,
        "question": passage.question,
        "is_commitment": passage.is_commitment,
    }
    optional = {
        "topic": passage.topic,
        "source": passage.source,
        "link": passage.link,
        "next_step": passage.next_step,
        "valid_from": passage.valid_from and passage.valid_from.isoformat(),
        "valid_until": passage.valid_until and passage.valid_until.isoformat(),
        "must_include": "\n".join(passage.must_include),
    }
    return {**fields, **{name: value for name, value in optional.items() if value}}
