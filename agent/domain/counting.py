"""Counts a text as each network does, so that a reply that fits here fits there."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache

import regex

from agent.domain.channels import CountUnit, Limit

LINK = regex.compile(
    r"https?://[^\s<>«»\"“”]*[^\s<>«»\"“”.,;:!?…')\]]"
    r"|(?<![\w@.-])(?:[a-z0-9-]+\.)+(?:com|org|net|fr|eu|uk|io|co|app|shop|be|ch|ca|gouv\.fr)\b"
    r"(?:/[^\s<>«»\"“”]*[^\s<>«»\"“”.,;:!?…')\]])?",
    regex.IGNORECASE,
)
_MAY_BE_LINK = re.compile(r"://|\.[a-z]{2}", re.IGNORECASE)
_MENTION_DOMAIN = regex.compile(r"(?<![\w/])(@[\w.-]*\w)@[\w-]+(?:\.[\w-]+)+")
_EMOJI = regex.compile(
    r"(?:\p{Extended_Pictographic}|\p{Regional_Indicator}|[0-9#*]\ufe0f?\u20e3)"
    r"(?:[\ufe0f\u200d\u20e3\U000e0020-\U000e007f]|\p{Emoji_Modifier}|\p{Extended_Pictographic}"
    r"|\p{Regional_Indicator})*"
)
_TEXT_SYMBOLS = frozenset("©®™‼⁉ℹ↔↕↖↗↘↙↩↪▪▫▶◀")
_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
"""Code points that X counts once; every other counts twice (twitter-text, configuration v3)."""
_HEAVY = re.compile(f"[^{''.join(f'{chr(low)}-{chr(high)}' for low, high in _LIGHT)}]")
_CLUSTER = regex.compile(r"\X")
_MAY_BE_EMOJI = re.compile(
    "[\u203c\u2049\u20e3\u2122\u2139\u2190-\u21ff\u2300-\u27bf\u2900-\u297f\u2b00-\u2bff\u3030\u303d"
    "\u3297\u3299\U0001f000-\U0001faff]"
)
"""A cheap gate: most texts have no emoji and need not be cut into clusters."""


def graphemes(text: str) -> list[str]:
    """Return the user-perceived characters of `text` (Unicode extended grapheme clusters)."""
    return [cluster[0] for cluster in _CLUSTER.finditer(text)]


def find_emoji(text: str) -> list[tuple[int, int]]:
    """Return the spans of the emoji of `text`; a family or a flag is one."""
    if not _MAY_BE_EMOJI.search(text):
        return []
    return [
        cluster.span()
        for cluster in _CLUSTER.finditer(text)
        if _EMOJI.match(cluster[0]) and not _is_text_symbol(cluster[0])
    ]


def _is_text_symbol(cluster: str) -> bool:
    return cluster[0] in _TEXT_SYMBOLS and "\ufe0f" not in cluster


def count(text: str, limit: Limit) -> int:
    """Return the length of `text` in the unit of `limit`, links and mentions as it says."""
    if limit.is_mention_domain_free:
        text = _MENTION_DOMAIN.sub(r"\1", text)
    links = 0
    if limit.link_weight is not None:
        text, found = _without_links(text)
        links = found * limit.link_weight
    return links + _COUNTERS[limit.unit](text)


@lru_cache(maxsize=64)
def _without_links(text: str) -> tuple[str, int]:
    return LINK.subn("", text) if _MAY_BE_LINK.search(text) else (text, 0)


def is_within(text: str, limits: Iterable[Limit]) -> bool:
    """Whether `text` respects every limit."""
    return all(count(text, limit) <= limit.max for limit in limits)


@lru_cache(maxsize=64)
def _weighted(text: str) -> int:
    normal = unicodedata.normalize("NFC", text)
    emoji = find_emoji(normal)
    total = 2 * len(emoji)
    at = 0
    for start, end in [*emoji, (len(normal), len(normal))]:
        total += start - at + len(_HEAVY.findall(normal, at, start))
        at = end
    return total


_COUNTERS: dict[CountUnit, Callable[[str], int]] = {
    CountUnit.CODE_POINTS: len,
    CountUnit.GRAPHEMES: lambda text: len(graphemes(text)),
    CountUnit.UTF16: lambda text: len(text.encode("utf-16-le", "surrogatepass")) // 2,
    CountUnit.UTF8_BYTES: lambda text: len(text.encode("utf-8", "surrogatepass")),
    CountUnit.WEIGHTED: _weighted,
}
