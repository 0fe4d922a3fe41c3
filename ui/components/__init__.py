"""Browser-side components: queue list, keyboard guard, countdown, linked words, language."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import streamlit as st

QUEUE_KEY = "queue_list"


@cache
def _asset(name: str) -> str:
    return (files("ui.components") / name).read_text("utf-8")


@cache
def _scripts() -> tuple[str, str, str]:
    return _asset("queue_list.js"), _asset("keyboard.js"), _asset("links.js")


def queue_list(data: dict[str, Any], on_open: Callable[[], None]) -> None:
    """Mount the list of rows; `on_open` runs when one is chosen (see `chosen_row`).

    The rows are set as text nodes in the browser, so no word of a customer is ever markup.
    """
    mount = st.components.v2.component(
        "portevoix_queue",
        html='<ul class="pv-queue" role="list"></ul>',
        js=_scripts()[0],
        isolate_styles=False,
    )
    mount(key=QUEUE_KEY, data=data, on_open_change=on_open)


def chosen_row() -> str | None:
    """Return the row the person has just chosen, inside `on_open`."""
    state = st.session_state.get(QUEUE_KEY)
    chosen = getattr(state, "open", None) if state is not None else None
    return str(chosen) if chosen else None


def keyboard_guard(
    decision_keys: Sequence[str], editor_selector: str, sheet: Mapping[str, Any]
) -> None:
    """Mount the guard: no held or doubled decision key, none behind a dialog; E, Escape and `?`.

    `editor_selector` is the CSS selector of the draft's text area; `sheet` holds the `title`,
    the word to `close` and the `rows` (keys, what they do) of the overlay that `?` opens.
    """
    mount = st.components.v2.component(
        "portevoix_keyboard", html="<span hidden></span>", js=_scripts()[1], isolate_styles=False
    )
    mount(
        key="keyboard_guard",
        data={"decisions": list(decision_keys), "editor": editor_selector, "sheet": sheet},
        height="content",
    )


def countdown(seconds: float, text: str, gone: str) -> None:
    """Mount seconds that run down in the browser alone: `text` with `%` for the number.

    At zero the element that the CSS selector `gone` names is hidden.
    """
    mount = st.components.v2.component(
        "portevoix_countdown",
        html='<span class="pv-countdown" role="timer"></span>',
        js=_asset("countdown.js"),
        isolate_styles=False,
    )
    mount(key="countdown", data={"seconds": seconds, "text": text, "gone": gone}, height="content")


def linked_words(editors: Sequence[dict[str, Any]]) -> None:
    """Mount what lights words up together, in the page and in the editors.

    Each editor is `{"key", "text", "marks": [{"start", "end", "css", "link"}]}`, offsets in UTF-16
    units; the page's own words carry `data-link`.
    """
    mount = st.components.v2.component(
        "portevoix_links", html="<span hidden></span>", js=_scripts()[2], isolate_styles=False
    )
    mount(key="linked_words", data={"editors": list(editors)}, height="content")


def spoken_language(lang: str) -> None:
    """Mount what names the page's language (its BCP 47 code), and whether the page is dark."""
    mount = st.components.v2.component(
        "portevoix_language",
        html="<span hidden></span>",
        js=_asset("spoken.js"),
        isolate_styles=False,
    )
    mount(key="spoken_language", data={"lang": lang}, height="content")
