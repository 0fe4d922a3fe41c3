"""The door: one link, one session; no session, no data; roles, brands, headers and hosts."""

import http.client
import urllib.request
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, expect

from agent.domain.people import EVERY_BRAND, Role
from agent.domain.reviews import Decide, DecisionKind, RejectionReason
from tests.browser.conftest import OpenDesk
from tests.browser.site import AWA, BEN, Site
from tests.ui.sample import DELIVERY

Context = Callable[..., BrowserContext]


def test_a_link_works_once_and_leaves_the_url_at_once(site: Site, context: Context) -> None:
    link = site.link()
    first = context().new_page()
    first.goto(link)
    first.wait_for_selector(".st-key-pane_list")
    assert urlsplit(first.url)[:3] == (*urlsplit(site.url)[:2], "/")
    assert "token" not in first.url
    cookies = first.context.cookies()
    (session,) = (c for c in cookies if c["name"].startswith("portevoix_session"))
    assert session["httpOnly"]
    assert session["sameSite"] == "Strict"
    second = context().new_page()
    answer = second.goto(link)
    assert answer is not None
    assert answer.status == 403
    expect(second.get_by_text("no longer works")).to_be_visible()
    second.goto(site.url)
    expect(second.get_by_text("This browser is not signed in")).to_be_visible()


def test_a_reload_keeps_the_session(site: Site, desk: OpenDesk) -> None:
    screen = desk()
    screen.page.reload()
    screen.page.wait_for_selector(".st-key-pane_list")


def test_without_a_session_a_direct_link_shows_nothing(site: Site, context: Context) -> None:
    (item_id,) = site.seed([DELIVERY])
    page = context().new_page()
    page.goto(f"{site.url}/?item={item_id}")
    expect(page.get_by_text("This browser is not signed in")).to_be_visible()
    assert DELIVERY.text not in page.content()
    for path in ("archive", "sandbox"):
        page.goto(f"{site.url}/{path}")
        expect(page.get_by_text("This browser is not signed in")).to_be_visible()


def test_signing_out_ends_the_session_for_good(site: Site, desk: OpenDesk) -> None:
    screen = desk()
    cookies = screen.page.context.cookies()
    screen.button("account_menu").click()
    screen.page.locator(".st-key-sign_out button").click()
    expect(screen.page.get_by_text("This browser is not signed in")).to_be_visible()
    screen.page.context.add_cookies(cookies)  # type: ignore[arg-type]
    screen.page.goto(site.url)
    expect(screen.page.get_by_text("This browser is not signed in")).to_be_visible()


def test_a_session_ended_elsewhere_decides_nothing(site: Site, desk: OpenDesk) -> None:
    (item_id,) = site.seed([DELIVERY])
    screen = desk(person=BEN)
    screen.open_item(item_id)
    site.space.sessions.revoke_person(BEN.id)
    screen.press_until("a", screen.page.get_by_text("This browser is not signed in").is_visible)
    assert site.decision(item_id) is None


def test_a_viewer_has_no_key_that_decides(site: Site, desk: OpenDesk) -> None:
    (item_id,) = site.seed([DELIVERY])
    screen = desk(person=BEN, role=Role.VIEWER)
    screen.open_item(item_id)
    expect(screen.button(f"approve_{item_id}")).to_be_disabled()
    for key in ("a", "n", "Control+Enter", "x"):
        screen.press(key)
    screen.settle()
    expect(screen.dialog).to_have_count(0)
    assert site.decision(item_id) is None


def test_a_person_of_another_brand_sees_nothing_of_this_one(site: Site, desk: OpenDesk) -> None:
    open_id, decided_id = site.seed([DELIVERY, DELIVERY])
    site.space.sessions.issue_link(AWA, {EVERY_BRAND: Role.CM})
    reject = Decide(
        item_id=decided_id,
        version=site.item(decided_id).version,
        by=AWA,
        kind=DecisionKind.REJECT,
        reason=RejectionReason.WRONG_TONE,
    )
    site.space.review.decide(reject)
    screen = desk(path=f"/?item={open_id}", person=BEN, brand="another", role=Role.LEAD)
    expect(screen.page.get_by_text("The queue is empty")).to_be_visible()
    assert DELIVERY.text not in screen.page.content()
    for path in (f"/archive?item={decided_id}", f"/?item={open_id}&brand=verjolaine", "/sandbox"):
        screen.go(path)
        assert DELIVERY.text not in screen.page.content()
        assert screen.page.locator(".st-key-download_trail").count() == 0
    screen.go("/people")
    assert AWA.name in screen.page.content()
    assert "verjolaine" not in screen.page.content().casefold()


@pytest.mark.parametrize(
    ("origin", "is_let_in"),
    [("http://evil.example", False), ("http://127.0.0.1:9", False), ("own", True)],
)
def test_another_sites_page_cannot_listen(site: Site, origin: str, is_let_in: bool) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", site.running.port, timeout=5)
    headers = {
        "connection": "Upgrade",
        "upgrade": "websocket",
        "sec-websocket-version": "13",
        "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
        "origin": site.url if origin == "own" else origin,
    }
    connection.request("GET", "/_stcore/stream", headers=headers)
    assert (connection.getresponse().status == 101) is is_let_in
    connection.close()


def test_every_answer_carries_the_security_headers(site: Site) -> None:
    with urllib.request.urlopen(site.url) as answer:  # noqa: S310 - our own loopback server
        headers = {name.lower(): value for name, value in answer.headers.items()}
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"


def test_another_host_name_is_refused(site: Site) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", site.running.port, timeout=5)
    connection.request("GET", "/", headers={"Host": "evil.example"})
    assert connection.getresponse().status == 400
    connection.close()


def test_a_wrong_token_tells_nothing(site: Site) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", site.running.port, timeout=5)
    connection.request("GET", f"/sign-in?token={'x' * 43}")
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    assert answer.status == 403
    assert "xxx" not in body
    assert AWA.name not in body
