"""One desk and one Chromium for the session; every page is watched for requests that leave."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Request,
    WebSocket,
    expect,
    sync_playwright,
)

from agent.domain.people import EVERY_BRAND, Role
from agent.domain.reviews import Reviewer
from tests.browser.screen import Screen
from tests.browser.site import AWA, Site, open_site

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
LOCAL = {"127.0.0.1", ""}
expect.set_options(timeout=30_000)
OpenDesk = Callable[..., Screen]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A desk on a workspace of its own."""
    opened = open_site(tmp_path_factory.mktemp("desk") / "workspace")
    yield opened
    opened.running.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def left() -> Iterator[list[str]]:
    """The addresses outside this machine that a page asked for; none is allowed."""
    asked: list[str] = []
    yield asked
    assert asked == []


@pytest.fixture
def context(chromium: Browser, left: list[str]) -> Iterator[Callable[..., BrowserContext]]:
    """Return a function that opens a browser profile of its own."""
    opened: list[BrowserContext] = []

    def watch(request: Request | WebSocket) -> None:
        if urlsplit(request.url).hostname not in LOCAL and not _is_inline(request.url):
            left.append(request.url)

    def new(**given: object) -> BrowserContext:
        options = {"viewport": {"width": 1440, "height": 900}, "locale": "en-GB", **given}
        profile = chromium.new_context(**options)  # type: ignore[arg-type]
        profile.set_default_timeout(30_000)
        profile.on("request", watch)
        profile.on("page", lambda page: page.on("websocket", watch))
        opened.append(profile)
        return profile

    yield new
    for profile in opened:
        profile.close()


def _is_inline(url: str) -> bool:
    return url.startswith(("data:", "blob:", "about:"))


@pytest.fixture
def desk(site: Site, context: Callable[..., BrowserContext]) -> OpenDesk:
    """Return a function that signs in and opens the desk."""

    def open_desk(
        path: str = "/",
        person: Reviewer = AWA,
        role: Role = Role.CM,
        brand: str = EVERY_BRAND,
        **given: object,
    ) -> Screen:
        page = context(**given).new_page()
        page.goto(site.link(person, role, brand))
        screen = Screen(page, site.url)
        screen.go(path)
        return screen

    return open_desk
