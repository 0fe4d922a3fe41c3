"""Vectors of an embedding server join the ranking; when it fails, the words alone decide."""

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from knowledge.chroma_index import open_index, update_index
from knowledge.dense import PAUSE_SECONDS, DenseSearch
from knowledge.embedding import EmbeddingError, OpenAICompatibleEmbedder
from knowledge.index_lock import release_all
from knowledge.passages import Language, Passage, RetrievalFilter
from knowledge.retriever import PassageRetriever, build_retriever
from tests.integration.knowledge.embedding_server import EmbeddingServer

ANY = RetrievalFilter()
FAQ = [
    Passage(id="chien", lang=Language.FR, question="Acceptez-vous les chiens ?", answer="Oui."),
    Passage(id="parking", lang=Language.FR, question="Où se garer ?", answer="Derrière."),
    Passage(id="menu", lang=Language.FR, question="Où lire le menu ?", answer="En vitrine."),
]
MEANINGS = (("chien", "toutou", "labrador"), ("garer", "stationner"), ("menu", "plats"))


def vectors(texts: Sequence[str]) -> list[list[float]]:
    """Return what a model that knows three meanings would say."""
    found = []
    for text in texts:
        known = [float(any(word in text.lower() for word in words)) for words in MEANINGS]
        found.append([*known, 0.1])
    return found


@pytest.fixture
def server() -> Iterator[EmbeddingServer]:
    with EmbeddingServer(vectors).running() as running:
        yield running
    release_all()


def embedder(
    server: EmbeddingServer, timeout: float = 10.0, batch: int = 128
) -> OpenAICompatibleEmbedder:
    return OpenAICompatibleEmbedder(server.url, "trois-sens", "une-clef", timeout, batch)


def first(retriever: PassageRetriever, text: str) -> str:
    return retriever.search(text, ANY).hits[0].passage.id


def test_vectors_find_what_no_word_finds(server: EmbeddingServer, tmp_path: Path) -> None:
    dense = build_retriever(FAQ, chroma_dir=tmp_path, embedder=embedder(server))
    assert first(dense, "mon labrador peut venir ?") == "chien"
    assert first(dense, "comment stationner ?") == "parking"
    assert set(server.keys) == {"Bearer une-clef"}


def test_words_and_vectors_are_weighed_together(server: EmbeddingServer, tmp_path: Path) -> None:
    dense = build_retriever(FAQ, chroma_dir=tmp_path, embedder=embedder(server))
    assert first(dense, "où lire la liste ?") == "menu"


def test_only_changed_passages_are_embedded_again(server: EmbeddingServer, tmp_path: Path) -> None:
    update_index(tmp_path, FAQ, embedder(server))
    assert [len(texts) for texts in server.asked] == [3]
    changed = [FAQ[0].model_copy(update={"answer": "Oui, en laisse."}), *FAQ[1:]]
    update_index(tmp_path, changed, embedder(server))
    assert server.asked[1:] == [["Acceptez-vous les chiens ?\nOui, en laisse."]]


def test_another_model_has_vectors_of_its_own(server: EmbeddingServer, tmp_path: Path) -> None:
    update_index(tmp_path, FAQ, embedder(server))
    update_index(tmp_path, FAQ, OpenAICompatibleEmbedder(server.url, "autre-modele"))
    assert [len(texts) for texts in server.asked] == [3, 3]


def test_large_requests_are_cut(server: EmbeddingServer) -> None:
    found = embedder(server, batch=2).embed(["chien", "menu", "garer", "chien", "menu"])
    assert found == vectors(["chien", "menu", "garer", "chien", "menu"])
    assert [len(texts) for texts in server.asked] == [2, 2, 1]


def test_a_server_that_is_down_at_the_start_leaves_the_words(
    server: EmbeddingServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    model = embedder(server)
    server.stop()
    with caplog.at_level(logging.WARNING):
        retriever = build_retriever(FAQ, chroma_dir=tmp_path, embedder=model)
    assert first(retriever, "Où puis-je me garer ?") == "parking"
    assert "cannot be reached" in caplog.text
    assert "lexical search only" in caplog.text


def test_a_server_that_goes_down_is_left_alone_for_a_while(
    server: EmbeddingServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    now = [0.0]
    update_index(tmp_path, FAQ, embedder(server))
    opened = open_index(tmp_path, FAQ, embedder(server))
    assert isinstance(opened, DenseSearch)
    search = opened.with_clock(lambda: now[0])
    server.status = 503
    with caplog.at_level(logging.WARNING):
        assert search.cosines("labrador") is None
    assert "HTTP 503; check that the server runs" in caplog.text
    asked = len(server.asked)
    assert search.cosines("toutou") is None
    assert len(server.asked) == asked
    server.status, now[0] = 200, PAUSE_SECONDS + 1
    found = search.cosines("toutou") or {}
    assert found["chien@fr"] == max(found.values())


def test_the_log_quotes_neither_the_customer_nor_the_key(
    server: EmbeddingServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    retriever = build_retriever(FAQ, chroma_dir=tmp_path, embedder=embedder(server))
    server.status = 401
    with caplog.at_level(logging.DEBUG, logger="knowledge"):
        retriever.search("je m'appelle Léontine, où se garer ?", ANY)
    assert "401" in caplog.text
    assert "Léontine" not in caplog.text
    assert "une-clef" not in caplog.text


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (401, None, "refused with HTTP 401"),
        (200, b"<html>bonjour</html>", "not a list of vectors"),
        (200, b'{"data": []}', "not a list of vectors"),
        (200, b'{"data": [{"index": 0, "embedding": []}]}', "not a list of vectors"),
        (200, b'{"error": "overloaded"}', "not a list of vectors"),
        (200, b"[1, 2]", "not a list of vectors"),
    ],
)
def test_what_a_server_may_get_wrong_is_said(
    server: EmbeddingServer, status: int, body: bytes | None, said: str
) -> None:
    server.status, server.body = status, body
    with pytest.raises(EmbeddingError, match=said):
        embedder(server).embed(["bonjour"])


def test_a_slow_server_is_not_waited_for(server: EmbeddingServer) -> None:
    import threading

    release = threading.Event()

    def slowly(texts: Sequence[str]) -> list[list[float]]:
        release.wait(5)
        return vectors(texts)

    server.embed = slowly
    with pytest.raises(EmbeddingError, match=r"no answer in time|cannot be reached"):
        embedder(server, timeout=0.05).embed(["bonjour"])
    release.set()


def test_an_address_that_is_no_http_is_refused() -> None:
    with pytest.raises(EmbeddingError, match="not an http address"):
        OpenAICompatibleEmbedder("file:///etc", "modele")
