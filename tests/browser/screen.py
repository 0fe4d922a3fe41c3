"""The desk as a person uses it: keys, clicks, and waiting for what changes, never for time."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page, expect

from tests.browser.waiting import until

IDLE = '[data-testid="stApp"][data-test-script-state="notRunning"]'
CALM = f"""() => {{
  const now = performance.now();
  if (!document.querySelector('{IDLE}')) window.pvIdleSince = undefined;
  else window.pvIdleSince ??= now;
  return now - window.pvIdleSince > 200;
}}"""
"""True when the server has had nothing to draw for 200 ms; a new wait counts anew."""
PRESSES, SECONDS_TO_SEE = 4, 6.0
EDITOR = '[class*="st-key-text_{surface}"][data-stale="false"] textarea'


@dataclass
class Screen:
    """One browser tab on the desk."""

    page: Page
    url: str

    def go(self, path: str) -> None:
        """Open a page of the desk and wait until it is drawn."""
        self.page.goto(f"{self.url}{path}")
        self.settle()

    def open_item(self, item_id: str, **query: str) -> None:
        """Open the queue at one item and wait until it is there."""
        asked = "".join(f"&{name}={value}" for name, value in query.items())
        self.go(f"/?item={item_id}{asked}")
        self.wait_for_item(item_id)

    def settle(self) -> None:
        """Wait until the server has nothing more to draw."""
        self.page.wait_for_selector(IDLE)

    def wait_for_item(self, item_id: str) -> None:
        """Wait until this item is the one on screen, with its buttons."""
        self.page.wait_for_selector(f'[class*="st-key-next_{item_id}"] button')
        self.settle()

    @property
    def item_id(self) -> str:
        """The item of the URL."""
        return parse_qs(urlsplit(self.page.url).query).get("item", [""])[0]

    def press(self, keys: str) -> None:
        """Press a key or a combination."""
        self.page.keyboard.press(keys)

    def press_until(self, keys: str, has_happened: Callable[[], bool]) -> None:
        """Press keys as a person does: once, and again only if visibly nothing came of it.

        A key that comes while the page is being drawn is lost, never misread.
        """
        for _ in range(PRESSES):
            self.press(keys)
            with suppress(AssertionError):
                return until(has_happened, seconds=SECONDS_TO_SEE)
        raise AssertionError(f"{keys} was pressed {PRESSES} times and nothing came of it")

    def editor(self, surface: str = "public") -> Locator:
        """The text area of one surface."""
        return self.page.locator(EDITOR.format(surface=surface))

    def is_focused(self, field: Locator) -> bool:
        """Whether the caret is in a field."""
        return bool(field.evaluate("node => node === document.activeElement"))

    def text(self, surface: str = "public") -> str:
        """The text in the editor, as the person sees it."""
        self.settle()
        return self.editor(surface).input_value()

    def write(self, text: str, surface: str = "public") -> None:
        """Replace the text by typing, without leaving the field."""
        self.editor(surface).click()
        self.press("Control+a")
        self.page.keyboard.type(text)

    def button(self, name: str) -> Locator:
        """A button by the start of its key."""
        return self.page.locator(f'[class*="st-key-{name}"] button').first

    @property
    def dialog(self) -> Locator:
        """The open dialog."""
        return self.page.locator('[role="dialog"]')

    def ask(self, key: str) -> None:
        """Press a key that opens a dialog, once nothing is being drawn, and wait for it."""
        self.page.evaluate("window.pvIdleSince = undefined")
        self.page.wait_for_function(CALM)
        self.press_until(key, self.dialog.is_visible)
        self.settle()

    def expect_text(self, text: str) -> None:
        """Wait until some words are on the page."""
        expect(self.page.get_by_text(text).first).to_be_visible()
