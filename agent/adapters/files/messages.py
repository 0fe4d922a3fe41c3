"""A record of an input file as an inbound message, or a clear problem."""

from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from agent.domain.errors import InputLineError
from agent.domain.messages import Attachment, InboundMessage
from knowledge.passages import Language

MAX_TEXT = 50_000
"""Characters. No network lets a customer write more; a longer text is a wrong file."""

_MOST_ATTACHMENTS = 50
_LONGEST_NAME = 200

_KNOWN = ("channel", "surface", "parent_url", "external_id")


def message_of(number: int, record: dict[str, Any]) -> InboundMessage:
    """Return the message of one input line (`id` and `text`, the rest optional).

    Unknown keys are ignored: exports of other tools carry many.

    Raises:
        InputLineError: with the line number, the field and the mend.
    """
    given = {key: record[key] for key in _KNOWN if record.get(key) is not None}
    given["id"] = identifier_of(number, record)
    given["text"] = text_of(number, record)
    given["lang"] = _language(record.get("lang"))
    given["author"] = _author(record.get("author"))
    given["created_at"] = _time(number, record.get("created_at"))
    given["thread"] = _thread(number, record.get("thread"))
    given["attachments"] = _attachments(number, record.get("attachments"))
    try:
        return InboundMessage.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise InputLineError(number, f"{where}: {first['msg']}", "see --help") from None


def identifier_of(number: int, record: dict[str, Any]) -> str:
    """Return the record's id as text; whole numbers are taken.

    Raises:
        InputLineError: no id, or neither text nor a whole number.
    """
    value = record.get("id")
    if isinstance(value, bool) or not isinstance(value, str | int) or not str(value).strip():
        raise InputLineError(number, "no usable `id`", "give each line its own id, as text")
    return str(value)


def text_of(number: int, record: dict[str, Any], key: str = "text") -> str:
    """Return the record's text.

    Raises:
        InputLineError: missing, not text, or longer than `MAX_TEXT`.
    """
    if key not in record:
        raise InputLineError(number, f"no `{key}`", f'add "{key}": "…"')
    value = record[key]
    if not isinstance(value, str):
        raise InputLineError(number, f"`{key}` is {type(value).__name__}", "write it as text")
    if len(value) > MAX_TEXT:
        problem = f"`{key}` has {len(value):,} characters, the limit is {MAX_TEXT:,}"
        raise InputLineError(number, problem, "split it or cut it")
    return value


def _language(value: object) -> Language | None:
    if not isinstance(value, str) or not value.strip():
        return None
    code = value.strip().lower().replace("_", "-").split("-")[0]
    return Language(code) if code in {"fr", "en"} else Language.UNKNOWN


def _author(value: object) -> str | None:
    if isinstance(value, dict):
        value = value.get("name") or value.get("handle") or value.get("id")
    return str(value) if value not in (None, "") else None


def _time(number: int, value: object) -> datetime | None:
    """Read ISO 8601; a time without a zone is taken as UTC, as most exports mean it."""
    if value in (None, ""):
        return None
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        raise InputLineError(number, "`created_at` is not a time", "2026-11-20T09:30:00Z") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _thread(number: int, value: object) -> list[dict[str, Any]]:
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise InputLineError(number, "`thread` is not a list of objects", '[{"author","text"}]')
    return [
        {
            "author": _author(entry.get("author")) or "customer",
            "text": text_of(number, entry),
            "created_at": _time(number, entry.get("created_at")),
        }
        for entry in value
    ]


def _attachments(number: int, value: object) -> tuple[Attachment, ...]:
    """Read the list of what is attached: names, types, sizes and addresses, never contents."""
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        mend = '[{"name","media_type","size","url"}]'
        raise InputLineError(number, "`attachments` is not a list of objects", mend)
    return tuple(_attachment(entry) for entry in value[:_MOST_ATTACHMENTS])


def _attachment(given: dict[str, Any]) -> Attachment:
    size = given.get("size")
    is_size = isinstance(size, int) and not isinstance(size, bool) and size > 0
    return Attachment(
        name=str(given.get("name") or "")[:_LONGEST_NAME],
        media_type=str(given.get("media_type") or "")[:_LONGEST_NAME],
        size=size if is_size else 0,
        url=given.get("url") or "",
    )
