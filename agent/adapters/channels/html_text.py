"""HTML mail as plain text: nothing is loaded, nothing runs, and what is hidden stays out.

One pass over the markup, in time linear in its length however deep it is nested.
"""

import re
from collections import Counter
from html.parser import HTMLParser
from typing import NamedTuple

_UNSEEN = frozenset(
    ["script", "style", "head", "title", "template", "noscript", "svg", "object", "iframe"]
)
_APART = frozenset(
    ["blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "ol", "p", "pre", "table", "ul"]
)
"""Blocks with a blank line around them."""
_BLOCKS = _APART | frozenset(
    [
        "address",
        "article",
        "dd",
        "div",
        "dl",
        "dt",
        "figure",
        "footer",
        "form",
        "header",
        "hr",
        "li",
        "main",
        "section",
        "tr",
    ]
)
_VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "track",
        "wbr",
    ]
)
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0|opacity\s*:\s*0(?![.\d])"
    r"|mso-hide\s*:\s*all",
    re.IGNORECASE,
)
_SPACE = re.compile(r"\s+")
_SPACES = re.compile(r"[ \t\r\f\v\u00a0\u200b]+")
_GAPS = re.compile(r"\n{3,}")
_TAG = re.compile(r"<[^<>]*>")


def text_of_html(html: str) -> str:
    """Return the words a reader sees; quoted parts begin with `> `, links show where they lead."""
    reader = _Reader()
    try:
        reader.feed(html)
        reader.close()
        found = reader.text
    except (ValueError, AssertionError):
        # Markup that the parser does not take: its words are worth more than its layout.
        found = _TAG.sub(" ", html)
    lines = (_SPACES.sub(" ", line).strip() for line in found.splitlines())
    return _GAPS.sub("\n\n", "\n".join(lines)).strip()


class _Open(NamedTuple):
    """A tag that is open."""

    name: str
    is_unseen: bool
    target: str
    """Of a link; else empty."""
    from_part: int
    """Where its words begin."""


class _Reader(HTMLParser):
    """Writes down the text as it flows."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[_Open] = []
        self._names: Counter[str] = Counter()
        self._unseen = 0
        self._parts: list[str] = []
        self._tail = "\n\n"

    @property
    def text(self) -> str:
        return "".join(self._parts)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._break_for(tag)
        if tag == "br" and not self._unseen:
            self._add("\n")
        if tag in _VOID:
            return
        values = dict(attrs)
        style = values.get("style") or ""
        is_unseen = tag in _UNSEEN or "hidden" in values or bool(_HIDDEN.search(style))
        target = (values.get("href") or "") if tag == "a" else ""
        self._open.append(_Open(tag, is_unseen, target, len(self._parts)))
        self._names[tag] += 1
        self._unseen += is_unseen

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # Browsers take no notice of the slash of `<div/>`.
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if not self._names[tag]:
            return
        while True:
            closed = self._open.pop()
            self._close(closed)
            if closed.name == tag:
                return

    def _close(self, closed: _Open) -> None:
        if closed.target:
            self._show_target(closed)
        self._names[closed.name] -= 1
        self._unseen -= closed.is_unseen
        self._break_for(closed.name)

    def _show_target(self, link: _Open) -> None:
        shown = "".join(self._parts[link.from_part :])
        if link.target.startswith(("http://", "https://")) and link.target not in shown:
            self.handle_data(f" ({link.target})")

    def handle_data(self, data: str) -> None:
        if self._unseen:
            return
        words = data if self._names["pre"] else _SPACE.sub(" ", data)
        if not words or (words == " " and self._tail.endswith("\n")):
            return
        if self._tail.endswith("\n"):
            words = self._marks() + words
        self._add(words.replace("\n", "\n" + self._marks()) if self._names["pre"] else words)

    def _marks(self) -> str:
        return "> " * min(self._names["blockquote"], 5)

    def _break_for(self, tag: str) -> None:
        if tag not in _BLOCKS or self._unseen:
            return
        wanted = 2 if tag in _APART else 1
        present = len(self._tail) - len(self._tail.rstrip("\n"))
        self._add("\n" * max(wanted - present, 0))

    def _add(self, words: str) -> None:
        if words:
            self._parts.append(words)
            self._tail = (self._tail + words)[-2:]
