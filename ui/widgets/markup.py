"""Escaped HTML: the only way a customer's words, or any words, reach the page."""

from collections.abc import Iterable, Sequence
from html import escape
from itertools import pairwise
from typing import NamedTuple

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


class Mark(NamedTuple):
    """Words to mark, as offsets; marks of one `link` light up together (components/links.js)."""

    start: int
    end: int
    css: str = ""
    link: str = ""


def highlighted(text: str, marks: Iterable[Mark]) -> Html:
    """Return `text` with its marks; where they overlap, the words carry both."""
    kept = [m._replace(start=max(0, m.start), end=min(m.end, len(text))) for m in marks]
    cuts = sorted({0, len(text), *(at for m in kept for at in (m.start, m.end))})
    return "".join(
        _marked(text[start:end], [m for m in kept if m.start <= start and end <= m.end])
        for start, end in pairwise(cuts)
    )


def _marked(words: str, marks: Sequence[Mark]) -> Html:
    if not marks:
        return esc(words)
    css = " ".join(sorted({name for mark in marks for name in mark.css.split()}))
    links = " ".join(sorted({mark.link for mark in marks} - {""}))
    return tag("mark", esc(words), css, data_link=links)


_MARKDOWN = frozenset("\\`*_{}[]()#+-!:|~$<>")


def label_text(text: str) -> str:
    """Return `text` so that a widget's label or tooltip shows it and reads no Markdown in it."""
    return "".join(f"\\{char}" if char in _MARKDOWN else char for char in text)
