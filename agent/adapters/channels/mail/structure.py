"""What a mail is made of, from the server's word (BODYSTRUCTURE): no part is fetched to know it.

Source: RFC 9051, section 7.5.2, the fields of a body structure.
"""

from collections.abc import Iterator
from email.header import decode_header, make_header
from typing import Any, NamedTuple
from urllib.parse import unquote

from agent.domain.messages import Attachment

_MAX_DEPTH = 20
_MAX_NAME = 200
_MAX_ATTACHMENTS = 50


class Part(NamedTuple):
    """One part that holds something."""

    section: str
    """As asked for: `1.2`."""
    media: str
    """`text/plain`."""
    charset: str
    encoding: str
    size: int
    """Bytes, as encoded."""
    name: str
    is_attached: bool

    @property
    def is_text(self) -> bool:
        """Whether it may be what the customer wrote."""
        return self.media in {"text/plain", "text/html"} and not self.is_attached


def parts_of(structure: Any) -> tuple[Part, ...]:
    """Return the parts, in order; a mail within the mail is one part."""
    if _is_multipart(structure):
        return tuple(_below(structure, "", 0))
    return (_leaf(structure, "1"),)


def attachments(parts: tuple[Part, ...]) -> tuple[Attachment, ...]:
    """Return what is attached, by name: nothing of it is read."""
    found = [part for part in parts if not part.is_text][:_MAX_ATTACHMENTS]
    return tuple(
        Attachment(name=part.name or part.media, media_type=part.media, size=_decoded(part))
        for part in found
    )


def _decoded(part: Part) -> int:
    return part.size * 3 // 4 if part.encoding == "base64" else part.size


def _is_multipart(structure: Any) -> bool:
    return bool(structure) and isinstance(structure[0], list | tuple)


def _below(structure: Any, prefix: str, depth: int) -> Iterator[Part]:
    if depth > _MAX_DEPTH:
        return
    children = structure[0] if isinstance(structure[0], list) else _leading(structure)
    for number, child in enumerate(children, start=1):
        section = f"{prefix}{number}"
        if _is_multipart(child):
            yield from _below(child, f"{section}.", depth + 1)
        else:
            yield _leaf(child, section)


def _leading(structure: Any) -> list[Any]:
    found = []
    for child in structure:
        if not isinstance(child, list | tuple):
            break
        found.append(child)
    return found


def _leaf(structure: Any, section: str) -> Part:
    media = f"{_word(structure[0])}/{_word(structure[1])}"
    values = _pairs(structure[2])
    disposition, about = _disposition(structure)
    return Part(
        section=section,
        media=media,
        charset=values.get("charset", "utf-8"),
        encoding=_word(structure[5]),
        size=int(structure[6] or 0),
        name=_name(about, "filename") or _name(values, "name"),
        is_attached=disposition == "attachment" or (disposition == "inline" and bool(about)),
    )


def _disposition(structure: Any) -> tuple[str, dict[str, str]]:
    """Find the disposition among the extension fields: their place depends on the type."""
    for field in structure[7:]:
        is_one = isinstance(field, list | tuple) and len(field) == 2
        if is_one and _word(field[0]) in {"attachment", "inline"}:
            return _word(field[0]), _pairs(field[1])
    return "", {}


def _pairs(given: Any) -> dict[str, str]:
    if not isinstance(given, list | tuple):
        return {}
    return {_word(k): _text(v) for k, v in zip(given[::2], given[1::2], strict=False)}


def _name(values: dict[str, str], key: str) -> str:
    """Return a file's name for display: decoded, on one line, without its path."""
    decoded = _words(values[key]) if values.get(key) else _extended(values, key)
    shown = "".join(char for char in decoded if char.isprintable())
    return shown.replace("\\", "/").rpartition("/")[2].strip()[:_MAX_NAME]


def _extended(values: dict[str, str], key: str) -> str:
    """Return a parameter in the form of RFC 2231: in pieces, percent-encoded, with its charset."""
    pieces = sorted(name for name in values if name.startswith(f"{key}*"))
    charset, _, text = "".join(values[name] for name in pieces).rpartition("'")
    try:
        return unquote(text, encoding=charset.partition("'")[0] or "utf-8", errors="replace")
    except LookupError:
        return text


def _words(given: str) -> str:
    try:
        return str(make_header(decode_header(given)))
    except (ValueError, LookupError):
        return given


def _word(value: Any) -> str:
    return _text(value).lower()


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
