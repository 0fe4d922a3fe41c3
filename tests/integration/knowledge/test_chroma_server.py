"""The same index in a folder and on a real Chroma server; a server that is away loses nothing."""

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from agent.bootstrap import build_pipeline, load_brand
from agent.cli.health import search_index
from agent.cli.supervising import refuse_many_owners
from agent.domain.brand import BrandPack
from agent.domain.drafts import NoteKind
from agent.domain.errors import ConfigurationError
from agent.settings import load_settings
from agent.testing import FrozenClock
from knowledge.chroma_index import IndexReport, embedded, open_index, update_index
from knowledge.chroma_server import PAUSE_SECONDS, ChromaServer, ServedIndex, ServerAway
from knowledge.dense import DenseSearch
from knowledge.embedding import OpenAICompatibleEmbedder
from knowledge.index_lock import release_all
from knowledge.passages import Language, Passage, RetrievalFilter
from knowledge.retriever import build_retriever
from tests.acceptance.commands import BRAND
from tests.chroma_server import ChromaProcess, running_chroma
from tests.desk_kit import message
from tests.integration.knowledge.embedding_server import EmbeddingServer

FAQ = [
    Passage(id="chien", lang=Language.FR, question="Acceptez-vous les chiens ?", answer="Oui."),
    Passage(id="parking", lang=Language.FR, question="Où se garer ?", answer="Derrière."),
    Passage(id="menu", lang=Language.FR, question="Où lire le menu ?", answer="En vitrine."),
]
MEANINGS = (("chien", "labrador"), ("garer", "stationner"), ("menu", "plats"))


def vectors(texts: Sequence[str]) -> list[list[float]]:
    return [
        [*(float(any(word in text.lower() for word in words)) for words in MEANINGS), 0.1]
        for text in texts
    ]


@pytest.fixture(scope="session")
def chroma() -> Iterator[ChromaProcess]:
    with running_chroma() as server:
        yield server


@pytest.fixture
def embedder() -> Iterator[OpenAICompatibleEmbedder]:
    with EmbeddingServer(vectors).running() as server:
        yield OpenAICompatibleEmbedder(server.url, "trois-sens")


class Place:
    """Where an index is: a folder, or a brand's collections on the server."""

    def __init__(self, at: Path | ServedIndex) -> None:
        self._at = at

    def update(
        self, passages: Sequence[Passage], by: OpenAICompatibleEmbedder | None = None
    ) -> IndexReport:
        if isinstance(self._at, Path):
            return update_index(self._at, passages, by)
        return self._at.update(passages, by)

    def open(self, passages: Sequence[Passage], by: OpenAICompatibleEmbedder) -> DenseSearch:
        if isinstance(self._at, ServedIndex):
            return self._at.open(passages, by)
        found = open_index(self._at, passages, by)
        assert found is not None
        return found

    def stored(self) -> dict[str, object]:
        index = self._at.index() if isinstance(self._at, ServedIndex) else embedded(self._at)
        return {key: dict(one) for key, one in index.stored().items()}


@pytest.fixture(params=["folder", "server"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    if request.param == "folder":
        yield Place(tmp_path / "index")
    else:
        server = request.getfixturevalue("chroma")
        yield Place(ServedIndex(ChromaServer(server.url), tmp_path.name[:30].replace("_", "-")))
    release_all()


def test_an_index_behaves_alike_wherever_it_is(
    place: Place, embedder: OpenAICompatibleEmbedder
) -> None:
    assert place.update(FAQ) == IndexReport(3, 0, 0, 0)
    assert place.update(FAQ) == IndexReport(0, 0, 0, 3)
    linked = FAQ[0].model_copy(update={"link": "https://exemple.fr/aide"})
    assert place.update([linked, FAQ[1]]) == IndexReport(0, 1, 1, 1)
    assert place.update([FAQ[0]]) == IndexReport(0, 1, 1, 0)
    assert place.stored().keys() == {"chien@fr"}
    assert "link" not in place.stored()["chien@fr"]  # type: ignore[operator]
    found = place.open(FAQ, embedder).cosines("mon labrador") or {}
    assert max(found, key=lambda key: found[key]) == "chien@fr"
    assert found.keys() == {"chien@fr", "parking@fr", "menu@fr"}


def test_brands_on_one_server_do_not_mix_and_two_may_write_at_once(
    chroma: ChromaProcess, embedder: OpenAICompatibleEmbedder
) -> None:
    server = ChromaServer(chroma.url, {"Authorization": "Bearer secret-token"})
    assert "secret-token" not in repr(server)
    first, second = ServedIndex(server, "maison"), ServedIndex(server, "maison-dense-x")
    first.update(FAQ, embedder)
    second.update(FAQ[:1], embedder)
    first.update(FAQ, embedder)
    both = [first.open(FAQ, embedder), ServedIndex(server, "maison").open(FAQ, embedder)]
    assert [len(one.cosines("menu") or {}) for one in both] == [3, 3]
    assert len(second.open(FAQ[:1], embedder).cosines("menu") or {}) == 1


def test_while_the_server_is_away_words_decide_and_the_draft_says_so(
    chroma: ChromaProcess, embedder: OpenAICompatibleEmbedder, caplog: pytest.LogCaptureFixture
) -> None:
    now = [0.0]
    served = ServedIndex(ChromaServer(chroma.url, timeout_seconds=2), "absent")
    search = served.open(FAQ, embedder).with_clock(lambda: now[0])
    assert search.cosines("labrador")
    chroma.kill()
    try:
        with caplog.at_level(logging.WARNING):
            assert search.cosines("labrador") is None
        assert f"The Chroma server at {chroma.url} cannot be used" in caplog.text
        assert "labrador" not in caplog.text
        with pytest.raises(ServerAway, match=r"Start it \(chroma run"):
            served.update(FAQ)
        pack = load_brand(BRAND)
        assert pack.passages
        notes = drafted(pack, served, embedder)
    finally:
        chroma.start()
    assert NoteKind.WORDS_ALONE in notes
    assert search.cosines("labrador") is None
    now[0] = PAUSE_SECONDS + 1
    assert search.cosines("labrador")
    back = build_retriever(FAQ, server=served, embedder=embedder)
    assert not back.search("mon labrador peut venir ?", RetrievalFilter()).lacks_vectors


def drafted(
    pack: BrandPack, served: ServedIndex, embedder: OpenAICompatibleEmbedder
) -> list[NoteKind]:
    pipeline = build_pipeline(pack, FrozenClock(), served, embedder)
    outcome = pipeline.run(message(f"Bonjour, {pack.passages[0].question}"))
    assert outcome.retrieval.hits
    return [note.kind for note in outcome.draft.notes]


def test_the_settings_say_where_and_doctor_looks_there(
    chroma: ChromaProcess, tmp_path: Path
) -> None:
    config = '[models.embedder]\nbase_url = "http://127.0.0.1:1/v1"\nmodel = "m"\n'
    (tmp_path / "portevoix.toml").write_text(config, "utf-8")
    alone = load_settings(tmp_path)
    with pytest.raises(ConfigurationError, match="run one worker, or a Chroma server"):
        refuse_many_owners(alone, 2)
    assert "embedded, one owner process; nobody has it" in search_index(alone)
    served = load_settings(tmp_path, chroma={"url": chroma.url})
    refuse_many_owners(served, 2)
    assert f"at {chroma.url}" in search_index(served)
    gone = load_settings(tmp_path, chroma={"url": "http://127.0.0.1:9"})
    with pytest.raises(ConfigurationError, match="cannot be used"):
        search_index(gone)
    with pytest.raises(ConfigurationError, match="only scheme, host and port"):
        load_settings(tmp_path, chroma={"url": "http://me:word@127.0.0.1:8000"})
