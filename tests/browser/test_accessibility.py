"""axe-core on every page the desk has, light and dark: nothing serious, nothing critical.

The pages are those of the navigation, so that a new one is looked at without being named here.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import cycle
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from agent.domain.ids import ItemId, PersonId
from agent.domain.people import Role
from agent.domain.reviews import Decide, DecisionKind, RejectionReason, Reviewer
from tests.browser.screen import Screen
from tests.browser.site import Site
from tests.ui.sample import COMPLAINT, DELIVERY, SAMPLE
from ui.locales import Words
from ui.serving.forms import dead_link, password_form, sign_in_form

Context = Callable[..., BrowserContext]
Scheme = Literal["light", "dark"]
ADA = Reviewer(id=PersonId("ada"), name="Ada")
DIALOGS = ("x", "s", "m", "p", "w", "i", "g")
"""Reject, escalate, moderate, put aside, assign, insert, rewrite."""
POPOVERS = ("filters_open", "views_open", "account_menu")
POPOVERS_OF = {
    "/archive": ("archive_open", "share"),
    "/people": ("manage_",),
    "/evals": ("upload_open",),
}
"""Other pages' own popovers."""
POPOVER = '[data-testid="stPopoverBody"]'
IS_DARK = "getComputedStyle(document.querySelector('.stApp')).colorScheme.includes('dark')"
SCHEMES: tuple[tuple[Scheme, str], ...] = (("light", "false"), ("dark", "true"))
NAVIGATION = '[data-testid="stTopNavLink"]'
GRAVE = {"serious", "critical"}
NOT_OURS: dict[str, tuple[str, ...]] = {}
"""Rule -> selectors of Streamlit's own markup that no style sheet or call of ours can mend."""


@pytest.fixture(scope="module")
def seeded(site: Site) -> Site:
    """Something to show on every page: an open item, and a decided one in the archive."""
    site.seed([DELIVERY, *SAMPLE])
    return site


def _grave(page: Page, part: str | None = None) -> list[str]:
    answer: dict[str, Any] = Axe().run(page, context=part).response
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


def test_no_page_of_the_desk_shuts_anybody_out(seeded: Site, context: Context) -> None:
    profile = context(viewport={"width": 1920, "height": 1080})
    screen = Screen(profile.new_page(), seeded.url)
    screen.page.goto(seeded.link(ADA, Role.ADMIN))
    screen.settle()
    paths = list(_pages(screen))
    assert len(paths) >= 5
    found: dict[str, list[str]] = {}
    # In turn from light to dark and back, so that pages are opened in each as well as changed.
    for path, schemes in zip(paths, cycle([SCHEMES, SCHEMES[::-1]]), strict=False):
        screen.go(path)
        found[path] = _in_both(screen.page, None, schemes, 500)
    assert {path: said for path, said in found.items() if said} == {}


def _in_both(
    page: Page,
    part: str | None = None,
    schemes: Sequence[tuple[Scheme, str]] = SCHEMES,
    pause: float = 0,
) -> list[str]:
    """Look at what is open in one scheme, then in the other, without opening it again.

    `pause`: how long, in ms, it is given to draw what no state of the page tells of, as figures.
    """
    found: list[str] = []
    for scheme, is_dark in schemes:
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(f"({IS_DARK}) === {is_dark}")
        page.wait_for_timeout(pause)
        found += [f"{scheme}: {said}" for said in _grave(page, part)]
    return found


def _reject(site: Site, item_id: ItemId) -> None:
    """Put something into the archive."""
    version = site.space.review.item(item_id).version
    kind, reason = DecisionKind.REJECT, RejectionReason.WRONG_TONE
    command = Decide(item_id=item_id, version=version, kind=kind, by=ADA, reason=reason)
    site.space.review.decide(command)


def _in_popover(screen: Screen, name: str) -> list[str]:
    screen.button(name).click()
    screen.page.locator(POPOVER).wait_for()
    screen.settle()
    found = _in_both(screen.page, POPOVER)
    screen.press("Escape")
    expect(screen.page.locator(POPOVER)).to_have_count(0)
    return found


def test_nothing_that_opens_over_a_page_shuts_anybody_out(seeded: Site, context: Context) -> None:
    profile = context(viewport={"width": 1920, "height": 1080})
    screen = Screen(profile.new_page(), seeded.url)
    screen.page.goto(seeded.link(ADA, Role.ADMIN))
    seeded.space.views.save(ADA, "Presse", {"category": "press"})
    (item_id,) = seeded.seed([COMPLAINT])
    screen.open_item(item_id)
    found: dict[str, list[str]] = {}
    for key in DIALOGS:
        screen.ask(key)
        found[key] = _in_both(screen.page, '[role="dialog"]')
        screen.press("Escape")
        expect(screen.dialog).to_have_count(0)
    screen.settle()
    for name in POPOVERS:
        found[name] = _in_popover(screen, name)
    _reject(seeded, item_id)
    for path, names in POPOVERS_OF.items():
        screen.go(path)
        for name in names:
            found[name] = _in_popover(screen, name)
    screen.go("/?bulk=approve")
    screen.settle()
    found["bulk"] = _in_both(screen.page)
    screen.button("bulk_tick").click()
    screen.settle()
    screen.button("bulk_do").click()
    screen.dialog.wait_for()
    screen.settle()
    found["bulk dialog"] = _in_both(screen.page, '[role="dialog"]')
    assert {part: said for part, said in found.items() if said} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_form_of_the_door_shuts_anybody_out(context: Context, scheme: Scheme) -> None:
    page = context(color_scheme=scheme).new_page()
    words = Words("fr")
    found: dict[str, list[str]] = {}
    for name, form in {
        "sign-in": sign_in_form(words, "/"),
        "refused": sign_in_form(words, "/", "awa", "refused"),
        "password": password_form(words, "token", "awa"),
        "weak": password_form(words, "token", "awa", "short"),
        "dead link": dead_link(words),
    }.items():
        page.set_content(bytes(form.body).decode("utf-8"))
        found[name] = _grave(page)
    assert {name: said for name, said in found.items() if said} == {}


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
