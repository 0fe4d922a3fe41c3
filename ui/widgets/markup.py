"""Escaped HTML: the only way a customer's words, or any words, reach the page."""

from collections.abc import Iterable
from html import escape

Html = str
"""Markup whose every text went through `esc`."""


def esc(text: object) -> Html:
    """Return `text` so that a browser shows it and never reads it as markup."""
    return escape(str(text), quote=True)


def tag(name: str, body: Html, css: str = "", **attributes: str) -> Html:
    """Return one element; `body` is markup, attribute values are escaped here."""
    given = {"class": css, **{key.replace("_", "-"): value for key, value in attributes.items()}}
    inside = "".join(f' {key}="{esc(value)}"' for key, value in given.items() if value)
    return f"<{name}{inside}>{body}</{name}>"


def badge(text: str, tone: str = "plain", title: str = "") -> Html:
    """Return a small label; `tone` names a colour pair of the theme."""
    return tag("span", esc(text), f"pv-badge pv-{tone}", title=title)


def row(items: Iterable[Html], css: str = "pv-row") -> Html:
    """Return the items on one wrapping line."""
    return tag("div", "".join(items), css)


def plain(text: str) -> Html:
    """Return text with its line breaks kept by the style sheet."""
    return tag("div", esc(text), "pv-text")


def highlighted(text: str, spans: Iterable[tuple[int, int, str]]) -> Html:
    """Return `text` with `(start, end, css)` marked; overlapping spans are merged in order."""
    parts: list[Html] = []
    at = 0
    for start, end, css in sorted(spans):
        start, end = max(start, at), min(end, len(text))
        if start < end:
            parts.append(esc(text[at:start]))
            parts.append(tag("mark", esc(text[start:end]), css))
            at = end
    parts.append(esc(text[at:]))
    return "".join(parts)


_MARKDOWN = frozenset("\\`*_{}[]()#+-!:|~$<>")


def label_text(text: str) -> str:
    """Return `text` so that a widget's label or tooltip shows it and reads no Markdown in it."""
    return "".join(f"\\{char}" if char in _MARKDOWN else char for char in text)
