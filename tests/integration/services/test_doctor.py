"""`portevoix doctor` looks outside: a refused key, a channel that is away, a wrong clock."""

import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from pydantic import SecretStr

from agent.adapters.clock import SystemClock
from agent.adapters.store import SqlStore
from agent.bootstrap import load_brand, open_workspace
from agent.cli.health import Part, examine
from agent.cli.reaching import clock_state
from agent.settings import Settings, StoreSettings
from knowledge.chroma_index import update_index
from tests.acceptance.commands import BRAND

KEY = "sk-secret-4242"
CONFIG = """\
brands = ["{brand}"]

[channels.square]
kind = "sandbox"
brand = "{id}"

[channels.town]
kind = "mastodon"
brand = "{id}"
server = "{server}"
access_token = "{key}-and-more"

[models.drafter]
model = "any"
base_url = "{server}/v1"
api_key = "{key}"
"""


class Wrong(BaseHTTPRequestHandler):
    """Knows nobody, and is an hour ahead."""

    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(f"{self.command} {self.path}")
        self.send_response_only(401)
        ahead = SystemClock().now().timestamp() + 3600
        self.send_header("Date", self.date_time_string(int(ahead)))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def asked() -> list[str]:
    return []


@pytest.fixture
def server(asked: list[str]) -> Iterator[str]:
    handler = type("Handler", (Wrong,), {"asked": asked})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        threading.Thread(target=running.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


@pytest.fixture
def folder(tmp_path: Path, server: str) -> Path:
    text = CONFIG.format(brand=BRAND, id=BRAND.name, server=server, key=KEY)
    (tmp_path / "portevoix.toml").write_text(text, "utf-8")
    backups = tmp_path / "backups"
    backups.mkdir()
    old = backups / "old.zip"
    old.touch()
    os.utime(old, (0, 0))
    return tmp_path


def parts(folder: Path, *, is_offline: bool = False) -> dict[str, Part]:
    return {part.name: part for part in examine(folder, is_offline=is_offline).parts}


def test_each_part_that_is_wrong_is_named_with_its_mend_and_nothing_is_written(
    folder: Path, server: str, asked: list[str]
) -> None:
    update_index(folder / "index" / BRAND.name, load_brand(BRAND).passages[1:])
    found = parts(folder)
    wrong = {name: part.state for name, part in found.items() if not part.is_in_order}
    assert set(wrong) == {"channel town", "model drafter", "clock", "backups"}
    assert "refuses the key (401); set models.drafter.api_key" in wrong["model drafter"]
    assert "town" in wrong["channel town"]
    assert "channel town +3600" in wrong["clock"].replace("+3599", "+3600")
    assert "days old (1970-01-01)" in wrong["backups"]
    assert found["channel square"].state.startswith("read with its credentials")
    assert found["work"].state.startswith("workers alive: 0")
    index = found[f"index {BRAND.name}"].state
    assert index.startswith("stale: 1 passages missing, 0 changed, 0 gone")
    assert KEY not in repr(found)
    assert {line.split()[0] for line in asked} == {"GET"}


def test_offline_it_calls_nobody(folder: Path, asked: list[str]) -> None:
    found = parts(folder, is_offline=True)
    assert asked == []
    assert found["channels"].state == "square, town; not called"
    assert found["model drafter"].state == "any, not called"


def test_the_clock_of_the_database_server_is_compared(
    store: SqlStore, store_url: str, tmp_path: Path
) -> None:
    store.close()
    settings = Settings(
        workspace=tmp_path / "space",
        brands=(BRAND,),
        store=StoreSettings(url=SecretStr(store_url)),
    )
    said = clock_state(open_workspace(settings), is_offline=True)
    is_here = store_url.startswith("sqlite")
    assert (
        said == "nothing to compare with: one machine" if is_here else said.startswith("database")
    )
