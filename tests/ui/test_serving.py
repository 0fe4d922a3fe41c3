"""The server: where it may listen, a busy port named, safe flags and the used-link page."""

import socket
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from agent.domain.errors import ConfigurationError
from agent.settings import DeskSettings, Settings, SignInSettings
from ui.command import register
from ui.serving.exposure import allowed_hosts, own_url, require_safe
from ui.serving.flags import desk_flags
from ui.serving.forms import safe_path
from ui.serving.guards import CONTENT_POLICY, is_own_origin
from ui.serving.process import PortBusy, require_free_port, start_desk
from ui.serving.refused import refused_html

LOCAL = SignInSettings(local=True)
PROXIED = {
    "behind_proxy": True,
    "public_url": "https://desk.example.org",
    "trusted_proxies": ("10.0.0.7",),
}
ANYWHERE = "0.0.0.0"  # noqa: S104 - what is refused here


def _settings(sign_in: SignInSettings | None = None, **desk: object) -> Settings:
    return Settings(desk=DeskSettings(**desk), sign_in=sign_in or SignInSettings())  # type: ignore[arg-type]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.0.0.2"])
def test_loopback_is_accepted(host: str) -> None:
    require_safe(host, _settings())


@pytest.mark.parametrize("host", [ANYWHERE, "192.168.1.10", "::", "desk.example", ""])
def test_any_other_address_is_refused_with_the_mend(host: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"sign_in.*tls_cert.*ssh -L"):
        start_desk(tmp_path, host=host)


@pytest.mark.parametrize(
    ("sign_in", "desk", "missing"),
    [
        (LOCAL, {}, "desk.tls_cert"),
        (None, PROXIED, "sign_in.local"),
        (LOCAL, {**PROXIED, "public_url": "http://desk.example.org"}, "desk.public_url"),
        (LOCAL, {**PROXIED, "public_url": ""}, "desk.public_url"),
        (LOCAL, {**PROXIED, "trusted_proxies": ()}, "desk.trusted_proxies"),
        (LOCAL, {"tls_cert": "cert.pem"}, "together"),
        (LOCAL, {"tls_cert": "cert.pem", "tls_key": "key.pem"}, "no file cert.pem"),
    ],
)
def test_each_thing_that_is_missing_is_named(
    sign_in: SignInSettings | None, desk: dict[str, object], missing: str
) -> None:
    with pytest.raises(ConfigurationError, match=missing):
        require_safe(ANYWHERE, _settings(sign_in, **desk))


def test_a_proxy_on_this_machine_needs_sign_in_too() -> None:
    with pytest.raises(ConfigurationError, match=r"sign_in\.local"):
        require_safe("127.0.0.1", _settings(**PROXIED))


def test_with_sign_in_and_https_it_listens_anywhere(tmp_path: Path) -> None:
    require_safe(ANYWHERE, _settings(LOCAL, **PROXIED))
    for name in ("cert.pem", "key.pem"):
        (tmp_path / name).write_text("", "utf-8")
    files = {"tls_cert": tmp_path / "cert.pem", "tls_key": tmp_path / "key.pem"}
    require_safe(ANYWHERE, _settings(LOCAL, **files))


def test_the_public_address_is_answered_to_and_named() -> None:
    desk = _settings(LOCAL, **PROXIED, allowed_hosts=("desk.internal",)).desk
    assert {"desk.example.org", "desk.internal", "127.0.0.1"} <= {*allowed_hosts("10.0.0.5", desk)}
    assert own_url("10.0.0.5", 8501, desk) == "https://desk.example.org"
    assert own_url("::1", 8501, DeskSettings()) == "http://[::1]:8501"


@pytest.mark.parametrize(
    "url", ["desk.example.org", "ftp://x", "https://x/y", "https://x?y=1", "https://me:pass@x"]
)
def test_a_public_address_is_an_origin(url: str) -> None:
    with pytest.raises(ValueError, match="public_url"):
        DeskSettings(public_url=url)


@pytest.mark.parametrize(
    ("origin", "is_ours"),
    [
        ("http://127.0.0.1:8501", True),
        ("https://desk.example.org", True),
        ("http://127.0.0.1:9999", False),
        ("http://localhost:8501", False),
        ("https://desk.example.org.evil.example", False),
        ("null", False),
        ("", False),
        (None, False),
    ],
)
def test_only_this_desk_is_its_own_origin(origin: str | None, is_ours: bool) -> None:
    assert is_own_origin(origin, "127.0.0.1:8501", "desk.example.org") is is_ours


@pytest.mark.parametrize("path", ["//evil.example", "https://evil.example", "/\\evil", "", "/a\nb"])
def test_only_a_path_of_this_desk_is_gone_back_to(path: str) -> None:
    assert safe_path(path) == "/"
    assert safe_path("/archive?item=1") == "/archive?item=1"


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
    flags = desk_flags("127.0.0.1", 8601, Settings())
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
