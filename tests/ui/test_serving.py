"""The server: loopback only, a busy port named, safe flags, headers and the used-link page."""

import socket
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from agent.domain.errors import ConfigurationError
from ui.command import register
from ui.serving.asgi import CONTENT_POLICY
from ui.serving.flags import desk_flags, require_loopback
from ui.serving.process import PortBusy, require_free_port, start_desk
from ui.serving.refused import refused_html


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.0.0.2"])
def test_loopback_is_accepted(host: str) -> None:
    require_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.10", "::", "desk.example", ""])  # noqa: S104
def test_any_other_address_is_refused_with_the_mend(host: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="ssh -L"):
        start_desk(tmp_path, host=host)


def test_a_busy_port_is_named_with_the_mend(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortBusy, match=rf"port {port} .*--port {port + 1}"):
            require_free_port("127.0.0.1", port)
        with pytest.raises(PortBusy):
            start_desk(tmp_path, port=port)


def test_the_command_says_so_in_one_line(tmp_path: Path) -> None:
    app = typer.Typer()
    register(app)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        result = CliRunner().invoke(app, ["--workspace", str(tmp_path), "--port", port])
    assert isinstance(result.exception, PortBusy)
    assert result.exception.exit_code == 2


def test_flags_keep_the_desk_at_home() -> None:
    flags = desk_flags("127.0.0.1", 8601)
    assert flags["server.address"] == "127.0.0.1"
    assert flags["browser.gatherUsageStats"] is False
    assert flags["client.showErrorDetails"] == "none"
    assert flags["client.toolbarMode"] == "minimal"
    assert flags["server.enableXsrfProtection"] is True
    assert flags["server.fileWatcherType"] == "none"
    assert "127.0.0.1" in flags["server.allowedHosts"]
    assert flags["runner.magicEnabled"] is False


@pytest.mark.parametrize("directive", ["default-src", "connect-src", "font-src", "img-src"])
def test_the_content_policy_names_no_other_place(directive: str) -> None:
    found = next(d for d in CONTENT_POLICY.split(";") if d.strip().startswith(directive))
    assert "http" not in found
    assert "*" not in found
    assert "'self'" in found


@pytest.mark.parametrize(
    ("accepted", "lang", "title"),
    [
        ("fr-FR,fr;q=0.9", "fr", "Ce lien de connexion"),
        ("en-GB,en;q=0.9", "en", "This sign-in link"),
        ("", "fr", "Ce lien de connexion"),
    ],
)
def test_the_used_link_page_speaks_the_browsers_language(
    accepted: str, lang: str, title: str
) -> None:
    page = refused_html(accepted)
    assert f'<html lang="{lang}">' in page
    assert title in page
    assert "{{" not in page
    assert "http" not in page.split("</style>")[1]


def test_fonts_are_served_from_here_with_their_licence() -> None:
    ui = Path(__file__).parents[2] / "ui"
    config = (ui / ".streamlit" / "config.toml").read_text("utf-8")
    style = (ui / "theme" / "desk.css").read_text("utf-8")
    assert "http" not in config
    assert "url(" not in style
    fonts = ui / "static" / "fonts"
    assert {p.suffix for p in fonts.iterdir()} == {".woff2", ".txt"}
    assert "SIL Open Font License" in (fonts / "OFL.txt").read_text("utf-8")


def test_nothing_beside_app_shadows_a_package() -> None:
    """Streamlit puts `ui/` first on the path: a module there named like a package would win."""
    ui = Path(__file__).parents[2] / "ui"
    allowed = {"__init__", "app", "command"}
    assert {path.stem for path in ui.glob("*.py")} == allowed
    packages = {"agent", "evals", "knowledge", "prompts", "pages"}
    assert not {p.name for p in ui.iterdir()} & packages
