"""Sign-in with a password and with a real OpenID provider; what a forged one is worth."""

import http.client
from collections.abc import Callable, Iterator
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from agent.domain.ids import PersonId
from agent.domain.people import EVERY_BRAND, Role
from agent.domain.reviews import Reviewer
from tests.browser.provider import CLIENT, PEOPLE, SECRET, RunningProvider, start_provider
from tests.browser.screen import Screen
from tests.browser.site import AWA, BEN, Site, free_port, open_site
from tests.browser.waiting import until
from tests.ui.sample import DELIVERY

Context = Callable[..., BrowserContext]
PASSWORD = "trois fougères et un tram"
SETTINGS = """
[sign_in]
local = true

[sign_in.oidc]
issuer = "{issuer}"
client_id = "{client}"
client_secret = "{secret}"
label = "Maison"

[[sign_in.oidc.grants]]
group = "community"
brand = "verjolaine"
role = "cm"
"""
DOOR = "This browser is not signed in"


@pytest.fixture(scope="module")
def provider_and_port() -> Iterator[tuple[RunningProvider, int]]:
    """The identity provider, and the port of the desk it knows as its client."""
    port = free_port()
    running = start_provider(free_port(), f"http://127.0.0.1:{port}/oauth2callback")
    yield running, port
    running.server.should_exit = True


@pytest.fixture(scope="module")
def house(
    provider_and_port: tuple[RunningProvider, int], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """A desk with local accounts and the provider."""
    provider, port = provider_and_port
    more = SETTINGS.format(issuer=provider.issuer, client=CLIENT, secret=SECRET)
    opened = open_site(tmp_path_factory.mktemp("house") / "workspace", more, port)
    yield opened
    opened.running.stop()


@pytest.fixture
def provider(provider_and_port: tuple[RunningProvider, int]) -> Iterator[RunningProvider]:
    """The provider, honest again afterwards."""
    yield provider_and_port[0]
    provider_and_port[0].bend()


@pytest.fixture
def awa(house: Site) -> str:
    """Awa, a CM with a password; returns her login."""
    house.space.sessions.issue_link(AWA, {EVERY_BRAND: Role.CM})
    house.space.accounts.set_password(AWA, "awa@example.org", PASSWORD, "test")
    return "awa@example.org"


def _by_password(page: Page, house: Site, login: str, password: str, path: str = "/") -> Screen:
    page.goto(f"{house.url}{path}")
    page.get_by_role("link", name="Sign in with a password").click()
    page.get_by_label("Login").fill(login)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    return Screen(page, house.url)


def _by_provider(page: Page, house: Site, person: str) -> Screen:
    page.goto(house.url)
    page.get_by_role("button", name="Sign in with Maison").click()
    page.locator(f"#{person}").click()
    page.wait_for_url(f"{house.url}/**")
    return Screen(page, house.url)


def test_a_password_signs_in_and_leads_back_to_the_page_asked_for(
    house: Site, context: Context, awa: str
) -> None:
    (item_id,) = house.seed([DELIVERY])
    screen = _by_password(context().new_page(), house, awa, PASSWORD, f"/?item={item_id}")
    screen.wait_for_item(item_id)
    (cookie,) = (c for c in screen.page.context.cookies() if "session" in c["name"])
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Strict"
    screen.press_until("a", lambda: house.decision(item_id) is not None)


def test_a_wrong_password_says_so_and_opens_nothing(
    house: Site, context: Context, awa: str
) -> None:
    page = context(java_script_enabled=False).new_page()
    page.goto(f"{house.url}/sign-in")
    page.get_by_label("Login").fill(awa)
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("not right")
    assert [c for c in page.context.cookies() if "session" in c["name"]] == []


def test_an_invitation_sets_a_password_once(house: Site, context: Context) -> None:
    zoe = Reviewer(id=PersonId("zoe"), name="Zoé")
    house.space.sessions.issue_link(zoe, {EVERY_BRAND: Role.VIEWER})
    token = house.space.accounts.invite(zoe.id, "zoe@example.org", "test")
    page = context(locale="fr-FR").new_page()
    page.goto(f"{house.url}/password?token={token}")
    for once, again, said in (
        ("court", "court", "trop court"),
        (PASSWORD, PASSWORD + "s", "diffèrent"),
    ):
        page.get_by_label("Nouveau mot de passe").fill(once)
        page.get_by_label("Le même").fill(again)
        page.get_by_role("button", name="Enregistrer").click()
        expect(page.get_by_role("alert")).to_contain_text(said)
    page.get_by_label("Nouveau mot de passe").fill(PASSWORD)
    page.get_by_label("Le même").fill(PASSWORD)
    page.get_by_role("button", name="Enregistrer").click()
    page.wait_for_selector(".st-key-pane_list")
    answer = page.goto(f"{house.url}/password?token={token}")
    assert answer is not None
    assert answer.status == 403


@pytest.mark.parametrize("origin", [None, "null", "http://evil.example", "http://127.0.0.1:1"])
def test_a_form_that_another_site_sends_is_refused(
    house: Site, awa: str, origin: str | None
) -> None:
    status, cookie = _post(house, origin, login=awa, password=PASSWORD)
    assert (status, cookie) == (403, None)
    assert _post(house, house.url, login=awa, password=PASSWORD)[0] == 303


def _post(house: Site, origin: str | None, **fields: str) -> tuple[int, str | None]:
    connection = http.client.HTTPConnection("127.0.0.1", house.running.port, timeout=10)
    headers = {"content-type": "application/x-www-form-urlencoded"}
    headers |= {"origin": origin} if origin else {}
    connection.request("POST", "/sign-in", urlencode(fields), headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, answer.headers["set-cookie"]


@pytest.mark.parametrize("back", ["//evil.example/", "https://evil.example", "/\\evil.example"])
def test_sign_in_leads_to_no_other_site(house: Site, awa: str, back: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", house.running.port, timeout=10)
    fields = urlencode({"login": awa, "password": PASSWORD, "next": back})
    connection.request("POST", "/sign-in", fields, {"origin": house.url})
    assert connection.getresponse().headers["location"] == "/"
    connection.close()


def test_the_provider_signs_in_with_pkce_and_a_role_by_group(
    house: Site, context: Context, provider: RunningProvider
) -> None:
    (item_id,) = house.seed([DELIVERY])
    screen = _by_provider(context().new_page(), house, "camille")
    assert "code_verifier=" in provider.exchanges[-1]
    screen.open_item(item_id)
    screen.press_until("a", lambda: house.decision(item_id) is not None)
    decision = house.decision(item_id)
    assert decision is not None
    assert decision.by.name == PEOPLE["camille"]["name"]


def test_after_signing_out_the_providers_cookie_replayed_opens_nothing(
    house: Site, context: Context, provider: RunningProvider
) -> None:
    screen = _by_provider(context().new_page(), house, "camille")
    screen.page.wait_for_selector(".st-key-pane_list")
    cookies = screen.page.context.cookies()
    assert any(c["name"].startswith("_streamlit_user") for c in cookies)
    screen.button("account_menu").click()
    screen.page.locator(".st-key-sign_out button").click()
    expect(screen.page.get_by_text(DOOR)).to_be_visible()
    second = context()
    second.add_cookies(cookies)  # type: ignore[arg-type]
    page = second.new_page()
    page.goto(house.url)
    expect(page.get_by_text(DOOR)).to_be_visible()
    assert page.locator(".st-key-pane_list").count() == 0


def test_somebody_without_a_role_is_told_and_let_in_when_an_admin_gives_one(
    house: Site, context: Context, provider: RunningProvider
) -> None:
    screen = _by_provider(context().new_page(), house, "noor")
    expect(screen.page.get_by_text("you have no role yet")).to_be_visible()
    assert screen.page.locator(".st-key-pane_list").count() == 0
    (noor,) = (p for p, _ in house.space.sessions.people() if p.name == "Noor Haddad")
    with house.space.store.write() as work:
        work.people.set_roles(noor.id, {"verjolaine": Role.VIEWER})
    screen.page.reload()
    screen.page.wait_for_selector(".st-key-pane_list")


def test_a_token_that_is_not_for_us_or_too_old_opens_nothing(
    house: Site, context: Context, provider: RunningProvider
) -> None:
    page = context().new_page()
    for bent in (
        {"aud": ["another-app"], "azp": CLIENT},
        {"exp": 1_700_003_600, "iat": 1_700_000_000},
        {"nonce": "not-the-one-asked-for"},
    ):
        exchanged = len(provider.exchanges)
        provider.bend(**bent)
        screen = _by_provider(page, house, "camille")
        expect(screen.page.get_by_text(DOOR)).to_be_visible()
        assert screen.page.locator(".st-key-pane_list").count() == 0, bent
        assert len(provider.exchanges) == exchanged + 1
        page.context.clear_cookies()


def test_a_role_taken_away_on_the_people_page_stops_a_decision(
    house: Site, context: Context, awa: str
) -> None:
    (item_id,) = house.seed([DELIVERY])
    ben = Screen(context().new_page(), house.url)
    ben.page.goto(house.link(BEN, Role.CM, "verjolaine"))
    ben.open_item(item_id)
    admin = Screen(context().new_page(), house.url)
    admin.page.goto(house.link(Reviewer(id=PersonId("ada"), name="Ada"), Role.ADMIN))
    admin.go("/people")
    admin.page.get_by_role("button", name="Manage Ben").click()
    admin.page.locator(".st-key-take_ben button").click()
    until(lambda: dict(house.space.sessions.people())[BEN] == {})
    ben.press("a")
    expect(ben.page.get_by_text("you have no role yet")).to_be_visible()
    assert house.decision(item_id) is None


def test_an_admin_invites_and_the_link_is_shown_once(house: Site, context: Context) -> None:
    admin = Screen(context().new_page(), house.url)
    admin.page.goto(house.link(Reviewer(id=PersonId("ada"), name="Ada"), Role.ADMIN))
    admin.go("/people")
    admin.page.get_by_label("Name shown").fill("Inès")
    admin.page.get_by_label("Login (e-mail").fill("ines@example.org")
    admin.page.get_by_role("button", name="Create the invitation").click()
    link = admin.page.locator(".st-key-people_new_link code").inner_text()
    assert urlsplit(link).path == "/password"
    guest = context().new_page()
    guest.goto(link)
    expect(guest.get_by_text("ines@example.org")).to_be_visible()
