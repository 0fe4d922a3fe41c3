"""Where a sign-in comes from: what a proxy says counts if the settings name that proxy, or not."""

import http.client
from collections.abc import Iterator
from itertools import count
from urllib.parse import urlencode

import pytest

from agent.adapters.passwords import Argon2Hasher
from agent.domain.errors import SignInRefused, TooManyAttempts
from agent.domain.people import EVERY_BRAND, Role
from agent.services.accounts import PER_ADDRESS, AccountService
from tests.browser.site import AWA, Site, open_site

PASSWORD = "trois fougères et un tram"
PUBLIC = "https://desk.example.org"
SPENT, OTHER = "203.0.113.9", "203.0.113.10"
DESK, PROXY, ELSEWHERE = "127.0.0.1", "127.0.0.2", "127.0.0.3"
"""All of loopback is this machine's: a connection may come from any of its addresses."""
SETTINGS = """
[sign_in]
local = true

[desk]
behind_proxy = true
public_url = "https://desk.example.org"
trusted_proxies = ["127.0.0.2"]
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A desk that trusts one proxy, with Awa's account."""
    opened = open_site(tmp_path_factory.mktemp("behind") / "workspace", SETTINGS)
    opened.space.sessions.issue_link(AWA, {EVERY_BRAND: Role.CM})
    opened.space.accounts.set_password(AWA, "awa", PASSWORD, "test")
    yield opened
    opened.running.stop()


def _spend(site: Site, address: str) -> None:
    """Use up what one address may try, with hashes that take no time."""
    space = site.space
    accounts = AccountService(space.store, space.clock, Argon2Hasher(1, 8, 1), space.sessions)
    for number in count():
        try:
            accounts.sign_in(f"nobody-{address}-{number}", "wrong", address)
        except TooManyAttempts:
            return
        except SignInRefused:
            assert number < PER_ADDRESS


def _is_let_in(site: Site, comes_from: str, forwarded: str = "") -> bool:
    near = (comes_from, 0)
    connection = http.client.HTTPConnection(DESK, site.running.port, 20, source_address=near)
    headers = {"content-type": "application/x-www-form-urlencoded", "origin": PUBLIC}
    headers |= {"x-forwarded-for": forwarded, "x-forwarded-proto": "https"} if forwarded else {}
    fields = urlencode({"login": "awa", "password": PASSWORD})
    connection.request("POST", "/sign-in", fields, headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status == 303 and "portevoix_session" in (answer.headers["set-cookie"] or "")


def test_only_the_proxy_that_is_named_says_where_an_attempt_comes_from(site: Site) -> None:
    _spend(site, SPENT)
    assert not _is_let_in(site, PROXY, SPENT)
    assert _is_let_in(site, PROXY, OTHER)
    # The last address is the proxy's word, those before it are the client's own.
    assert not _is_let_in(site, PROXY, f"{OTHER}, {SPENT}")
    assert _is_let_in(site, PROXY, f"{SPENT}, {OTHER}")

    assert _is_let_in(site, ELSEWHERE, SPENT)
    _spend(site, ELSEWHERE)
    assert not _is_let_in(site, ELSEWHERE)
    assert not _is_let_in(site, ELSEWHERE, OTHER)
    assert _is_let_in(site, PROXY, OTHER)
