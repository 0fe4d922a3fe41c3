"""axe-core on every page the desk has, light and dark: nothing serious, nothing critical.

The pages are those of the navigation, so that a new one is looked at without being named here.
"""

from collections.abc import Callable, Iterator
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

from agent.domain.ids import PersonId
from agent.domain.people import Role
from agent.domain.reviews import Reviewer
from tests.browser.screen import Screen
from tests.browser.site import Site
from tests.ui.sample import DELIVERY, SAMPLE

Context = Callable[..., BrowserContext]
Scheme = Literal["light", "dark"]
ADA = Reviewer(id=PersonId("ada"), name="Ada")
NAVIGATION = '[data-testid="stTopNavLink"]'
GRAVE = {"serious", "critical"}
NOT_OURS: dict[str, tuple[str, ...]] = {}
"""Rule -> selectors of Streamlit's own markup that no style sheet or call of ours can mend."""


@pytest.fixture(scope="module")
def seeded(site: Site) -> Site:
    """Something to show on every page: an open item, and a decided one in the archive."""
    site.seed([DELIVERY, *SAMPLE])
    return site


def _grave(page: Page) -> list[str]:
    answer: dict[str, Any] = Axe().run(page).response
    return [
        f"{found['id']} ({found['impact']}): {' '.join(node['target'][0:1])} {node['html'][:160]}"
        for found in answer["violations"]
        if found["impact"] in GRAVE
        for node in found["nodes"]
        if not _is_excused(found["id"], node)
    ]


def _is_excused(rule: str, node: dict[str, Any]) -> bool:
    return any(part in str(node["target"]) + node["html"] for part in NOT_OURS.get(rule, ()))


def _pages(screen: Screen) -> Iterator[str]:
    links = screen.page.locator(NAVIGATION)
    links.first.wait_for()
    for path in sorted({str(link.get_attribute("href")) for link in links.all()}):
        yield path if path.startswith("/") else f"/{path.split('/', 3)[-1]}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_of_the_desk_shuts_anybody_out(
    seeded: Site, context: Context, scheme: Scheme
) -> None:
    profile = context(color_scheme=scheme, viewport={"width": 1920, "height": 1080})
    screen = Screen(profile.new_page(), seeded.url)
    screen.page.goto(seeded.link(ADA, Role.ADMIN))
    screen.settle()
    paths = list(_pages(screen))
    assert len(paths) >= 5
    found: dict[str, list[str]] = {}
    for path in paths:
        screen.go(path)
        screen.page.wait_for_timeout(500)
        found[path] = _grave(screen.page)
    assert {path: said for path, said in found.items() if said} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_of_the_door_shuts_anybody_out(
    seeded: Site, context: Context, scheme: Scheme
) -> None:
    screen = Screen(context(color_scheme=scheme).new_page(), seeded.url)
    screen.go("/")
    found = {"/": _grave(screen.page)}
    screen.page.goto(f"{seeded.url}/sign-in?token=used")
    found["/sign-in"] = _grave(screen.page)
    assert {path: said for path, said in found.items() if said} == {}
