"""The desk speaking https itself, reachable by other machines: cookies, headers, websocket."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from playwright.sync_api import BrowserContext

from agent.domain.people import EVERY_BRAND, Role
from tests.browser.site import AWA, Site, open_site

Context = Callable[..., BrowserContext]
PASSWORD = "trois fougères et un tram"
SETTINGS = """
[sign_in]
local = true

[desk]
tls_cert = "{folder}/cert.pem"
tls_key = "{folder}/key.pem"
"""


def _certificate(folder: Path) -> None:
    """Write a key and a certificate for loopback that lasts an hour."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "desk of the test")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A desk with a certificate of its own."""
    folder = tmp_path_factory.mktemp("secure")
    _certificate(folder)
    opened = open_site(folder / "workspace", SETTINGS.format(folder=folder.as_posix()))
    yield opened
    opened.running.stop()


def test_over_https_the_session_is_a_host_cookie_and_the_page_works(
    secure: Site, context: Context
) -> None:
    assert secure.url.startswith("https://")
    secure.space.sessions.issue_link(AWA, {EVERY_BRAND: Role.CM})
    secure.space.accounts.set_password(AWA, "awa", PASSWORD, "test")
    page = context(ignore_https_errors=True).new_page()
    answer = page.goto(f"{secure.url}/sign-in")
    assert answer is not None
    assert "max-age" in (answer.header_value("strict-transport-security") or "")
    page.get_by_label("Login").fill("awa")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_selector(".st-key-pane_list")
    cookies = {cookie["name"]: cookie for cookie in page.context.cookies()}
    assert cookies["__Host-portevoix_session"]["httpOnly"]
    assert all(cookie["secure"] for cookie in cookies.values())
