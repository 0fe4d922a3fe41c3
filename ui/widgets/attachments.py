"""What customers attached, as a plain list: never opened, never fetched, never drawn.

A file's name is the customer's words: hidden in the redacted view, escaped and cut in the other,
with the characters that would turn it around shown (RLO makes `gpj.exe` read as `exe.jpg`).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from agent.domain.messages import Attachment
from ui.locales import NO_BREAK, Words
from ui.widgets.markup import Html, badge, esc, row, tag

_LONGEST = 80
_END_KEPT = 20
_STEP = 1_000
_KINDS = frozenset({"image", "video", "audio", "text"})


def attachments_html(
    attachments: Sequence[Attachment], words: Words, *, original: bool, links: bool = False
) -> Html:
    """Return the list, or nothing; `links`: the brand lets people go to the network's address."""
    if not attachments:
        return ""
    lines = [
        _line(one.nameless(), words, name=visible(one.name) if original else "")
        + (_address(one.url, words) if original and links else "")
        for one in attachments
    ]
    return _list(lines, words, hint=words("attachments.hint" if original else "attachments.hidden"))


def recorded_html(recorded: Iterable[Mapping[str, Any]], words: Words) -> Html:
    """Return the list as the trail tells it: without names."""
    return _list([_line(one, words) for one in recorded], words)


def visible(name: str) -> str:
    """Return a file's name on one line, every control character spelled out, cut in the middle."""
    shown = "".join(c if c.isprintable() else f"⟨U+{ord(c):04X}⟩" for c in name)
    if len(shown) <= _LONGEST:
        return shown
    return f"{shown[: _LONGEST - _END_KEPT - 1]}…{shown[-_END_KEPT:]}"


def size_of(count: int, words: Words) -> str:
    """Return a number of bytes in the units people read: `1,2 Mo`, `1.2 MB`."""
    if count < _STEP:
        return words.count("attachments.bytes", count)
    value, unit = count / _STEP, "kilo"
    for bigger in ("mega", "giga"):
        if round(value) < _STEP:
            break
        value, unit = value / _STEP, bigger
    said = words.decimal(value, 0 if value >= 10 else 1)
    return f"{said}{NO_BREAK}{words(f'attachments.unit.{unit}')}"


def _list(lines: Sequence[Html], words: Words, hint: str = "") -> Html:
    title = tag("div", esc(words.count("attachments.title", len(lines))), "pv-who")
    items = "".join(tag("li", line) for line in lines)
    after = tag("div", esc(hint), "pv-hint") if hint else ""
    return tag("div", title + tag("ul", items, "pv-attached") + after, "pv-attachments")


def _line(about: Mapping[str, Any], words: Words, name: str = "") -> Html:
    media, size = str(about["media_type"]), int(about["size"])
    kind = media.partition("/")[0]
    what = words(f"attachments.kind.{kind if kind in _KINDS else 'file'}")
    parts = [badge(f"{what} {about['suffix']}".strip(), "plain", media)]
    if name:
        # <bdi>: a name written from right to left does not turn the rest of the line around.
        parts.append(tag("bdi", esc(name), "pv-text"))
    if size > 0:
        parts.append(tag("span", esc(size_of(size, words)), "pv-who"))
    return row(parts)


def _address(url: str, words: Words) -> Html:
    if not url:
        return ""
    rel = "noopener noreferrer nofollow"
    link = tag("a", esc(visible(url)), href=url, rel=rel, target="_blank")
    return tag("div", esc(words("attachments.at")) + " " + link, "pv-hint")
