"""An embedding model named in the settings serves the pipeline and the index command."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from agent.bootstrap import open_workspace
from agent.cli import build
from agent.domain.errors import ConfigurationError
from agent.domain.ids import BrandId, MessageId
from agent.domain.messages import InboundMessage
from agent.settings import load_settings, masked
from knowledge.index_lock import release_all
from tests.integration.knowledge.embedding_server import EmbeddingServer

BRAND = Path(__file__).parents[3] / "knowledge" / "brands" / "verjolaine"
PERSONAL = "camille.martin@exemple.fr"
CONFIG = """\
brands = ["{brand}"]

[models.embedder]
base_url = "{url}"
model = "three-numbers"
api_key = "secret-key"
"""


def three_numbers(texts: Sequence[str]) -> list[list[float]]:
    return [[float(len(text) % 7), float(text.count("e")), 1.0] for text in texts]


@pytest.fixture
def server() -> Iterator[EmbeddingServer]:
    with EmbeddingServer(three_numbers).running() as running:
        yield running
    release_all()


def workspace(folder: Path, url: str) -> Path:
    folder.mkdir()
    config = CONFIG.format(brand=BRAND.as_posix(), url=url)
    (folder / "portevoix.toml").write_text(config, "utf-8")
    return folder


def test_the_pipeline_asks_it_with_redacted_words_only(
    server: EmbeddingServer, tmp_path: Path
) -> None:
    space = open_workspace(load_settings(workspace(tmp_path / "w", server.url)), owns_index=True)
    asked = f"Bonjour, vous livrez en combien de temps ? Écrivez à {PERSONAL}"
    message = InboundMessage(id=MessageId("m1"), text=asked)
    outcome = space.pipelines[BrandId("verjolaine")].run(message)
    assert outcome.passages
    sent = [text for request in server.asked for text in request]
    assert any("livrez" in text for text in sent)
    assert PERSONAL not in " ".join(sent)


def test_the_index_command_says_when_it_cannot_be_reached(tmp_path: Path) -> None:
    folder = workspace(tmp_path / "w", "http://127.0.0.1:9/v1")
    done = CliRunner().invoke(build(), ["index", "--workspace", str(folder)])
    assert done.exit_code == 1
    assert "the passages are stored, their vectors not" in str(done.exception)
    assert "secret-key" not in str(done.exception)


def test_a_wrong_address_is_named_and_the_key_is_masked(tmp_path: Path) -> None:
    settings = load_settings(workspace(tmp_path / "w", "ftp://somewhere"))
    with pytest.raises(ConfigurationError, match=r"models\.embedder\.base_url"):
        open_workspace(settings)
    assert "secret-key" not in str(masked(settings))


def test_a_password_in_the_address_reaches_the_server_and_no_screen(
    server: EmbeddingServer, tmp_path: Path
) -> None:
    url = server.url.replace("//", "//ana:mot%20de-passe@")
    folder = workspace(tmp_path / "w", url)
    config = (folder / "portevoix.toml").read_text("utf-8").replace('api_key = "secret-key"\n', "")
    (folder / "portevoix.toml").write_text(config, "utf-8")
    indexed = CliRunner().invoke(build(), ["index", "--workspace", str(folder)])
    assert indexed.exit_code == 0, indexed.output
    assert {*server.keys} == {"Basic YW5hOm1vdCBkZS1wYXNzZQ=="}
    release_all()
    server.stop()
    folder = workspace(tmp_path / "other", url)
    for command in (["index"], ["doctor"], ["doctor", "--json"]):
        done = CliRunner().invoke(build(), [*command, "--workspace", str(folder)])
        shown = done.output + str(done.exception)
        assert "127.0.0.1" in shown
        assert "passe" not in shown
    (folder / "portevoix.toml").write_text(config.replace("http://", "ftp://"), "utf-8")
    shown = CliRunner().invoke(build(), ["doctor", "--workspace", str(folder)]).output
    assert "models.embedder.base_url: embedding server 'ftp://***@127.0.0.1" in shown
    assert "passe" not in shown
