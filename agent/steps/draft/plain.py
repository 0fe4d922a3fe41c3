"""Brand text made plain: Markdown off, one line a paragraph, fewer exclamations and emoji."""

import html
import re

from agent.domain.counting import find_emoji

_IMAGE = re.compile(r"!\[([^\]]*)\]\([^)]*\)")
_LINK = re.compile(r"\[([^\]]+)\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)")
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^>\s]+)>")
_BREAK = re.compile(r"<br\s*/?>|(?<=\S)(?: {2,}|\\)\n")
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*\\])(\*|_)(?=[^\s*_])([^*_\n]+?)(?<=[^\s\\])\1(?![\w*])")
_CODE = re.compile(r"`+([^`\n]+)`+")
_LINE_MARK = re.compile(r"^[ \t]*(?:#{1,6}[ \t]+|>[ \t]?)", re.MULTILINE)
_BULLET = re.compile(r"^[ \t]*[*+•-][ \t]+", re.MULTILINE)
_NUMBERED = re.compile(r"^[ \t]*(\d{1,2})[.)][ \t]+", re.MULTILINE)
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!>])")
_SOFT_WRAP = re.compile(r"(?<=\S)[ \t]*\n[ \t]*(?=\S)(?!- |\d{1,2}[.)] )")
_BLANK_LINES = re.compile(r"\n[ \t]*\n\s*")
_SPACES = " \u00a0\u202f"
_EXCLAMATION = re.compile(r"[ \u00a0\u202f]*!+")


def _link_text(match: re.Match[str]) -> str:
    label, target = match[1].strip(), match[2].removeprefix("mailto:")
    bare = re.sub(r"^https?://(?:www\.)?|/$", "", target)
    is_its_own_label = bare.casefold() == re.sub(r"^https?://(?:www\.)?|/$", "", label).casefold()
    return target if is_its_own_label else f"{label} ({target})"


def unwrap(text: str) -> str:
    """Return Markdown `text` with each paragraph and list item on one line."""
    broken = _BREAK.sub("\n\n", text.strip())
    tidy = _BULLET.sub("- ", _NUMBERED.sub(r"\1. ", broken))
    paragraphs = (_SOFT_WRAP.sub(" ", part) for part in _BLANK_LINES.split(tidy))
    return "\n".join(part.strip() for part in paragraphs if part.strip())


def to_plain(markdown: str) -> str:
    """Return the text a customer should read on a network that does not render Markdown.

    Links become `label (address)`; list items keep a hyphen; words are never changed.
    """
    text = _LINE_MARK.sub("", _IMAGE.sub(r"\1", markdown))
    text = _AUTOLINK.sub(lambda match: match[1].removeprefix("mailto:"), text)
    text = _LINK.sub(_link_text, unwrap(text))
    for mark in (_STRONG, _EMPHASIS):
        text = mark.sub(r"\2", text)
    return html.unescape(_ESCAPE.sub(r"\1", _CODE.sub(r"\1", text))).strip()


def count_exclamations(text: str) -> int:
    """Return how many exclamation marks `text` holds."""
    return text.count("!")


def count_emoji(text: str) -> int:
    """Return how many emoji `text` holds; a joined or coloured emoji is one."""
    return len(find_emoji(text))


def without_exclamations(text: str, stop: str = ".") -> str:
    """Return `text` with `stop` where it exclaimed."""
    return _EXCLAMATION.sub(stop, text)


def without_emoji(text: str) -> str:
    """Return `text` without its emoji."""
    for start, end in reversed(find_emoji(text)):
        before = text[:start]
        text = (before.rstrip(_SPACES) if end == len(text) else before) + text[end:].lstrip(_SPACES)
    return text.strip()
