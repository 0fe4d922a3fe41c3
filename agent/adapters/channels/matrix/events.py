"""Matrix events as messages: text, threads, edits, deletions."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, NamedTuple

from agent.adapters.channels.matrix.server import MESSAGE, Event
from agent.domain.base import nfc
from agent.domain.messages import Attachment

KEY = "org.portevoix.key"
"""Where our replies carry their key, to be found again."""
MAX_TEXT = 50_000
_WORDS = frozenset({"m.text", "m.emote"})
_FILES = frozenset({"m.image", "m.file", "m.audio", "m.video"})


class Said(NamedTuple):
    """What somebody says in a room, as it stands now."""

    event_id: str
    sender: str
    text: str
    at: datetime
    root: str
    """The first message of its thread, or empty."""
    attachments: tuple[Attachment, ...] = ()


def external_id(room: str, event_id: str) -> str:
    """Return the id of a message: the interface asks for both."""
    return f"{room}/{event_id}"


def split_id(external: str) -> tuple[str, str]:
    """Return room and event."""
    room, _, event_id = external.partition("/$")
    return room, f"${event_id}"


def said(event: Event) -> Said | None:
    """Return what an event says; None: nothing, it was deleted, or a bot says it (`m.notice`)."""
    content = event.get("content")
    if event.get("type") != MESSAGE or not isinstance(content, dict) or edited(event):
        return None
    words = _current(event, content)
    kind, body = words.get("msgtype"), words.get("body")
    if not isinstance(body, str) or kind not in _WORDS | _FILES:
        return None
    return Said(
        event_id=str(event.get("event_id", "")),
        sender=str(event.get("sender", "")),
        text=text_of(body) or "…",
        at=datetime.fromtimestamp(int(event.get("origin_server_ts", 0)) / 1000, UTC),
        root=_root(content),
        attachments=_attached(words) if kind in _FILES else (),
    )


def text_of(body: str) -> str:
    """Return a body as we keep it."""
    return nfc(body.replace("\x00", ""))[:MAX_TEXT]


def edited(event: Event) -> str:
    """Return the id of the event that this one replaces, or empty."""
    relation = _relation(event.get("content"))
    return str(relation.get("event_id", "")) if relation.get("rel_type") == "m.replace" else ""


def key_of(event: Event) -> str:
    """Return the key that a reply of ours carries."""
    content = event.get("content")
    return str(content.get(KEY, "")) if isinstance(content, dict) else ""


def with_edits(events: Iterable[Event]) -> list[Event]:
    """Return the messages among `events`, each with its latest edit by its own author bundled.

    An edit whose original is not among them stays as it is: the caller fetches the original.
    """
    kept: dict[str, Event] = {}
    for event in events:
        original = kept.get(edited(event))
        if original is None:
            kept[str(event.get("event_id", ""))] = event
        elif original.get("sender") == event.get("sender"):
            kept[str(original["event_id"])] = bundled(original, event)
    return list(kept.values())


def bundled(original: Event, edit: Event) -> Event:
    """Return an event as the server returns it once it was edited."""
    unsigned = {**original.get("unsigned", {}), "m.relations": {"m.replace": edit}}
    return {**original, "unsigned": unsigned}


def _current(event: Event, content: dict[str, Any]) -> dict[str, Any]:
    relations = event.get("unsigned", {}).get("m.relations", {})
    edit = relations.get("m.replace") if isinstance(relations, dict) else None
    if not isinstance(edit, dict) or edit.get("sender") != event.get("sender"):
        return content
    newer = edit.get("content", {}).get("m.new_content")
    return newer if content and isinstance(newer, dict) else content


def _relation(content: object) -> dict[str, Any]:
    relation = content.get("m.relates_to") if isinstance(content, dict) else None
    return relation if isinstance(relation, dict) else {}


def _root(content: dict[str, Any]) -> str:
    relation = _relation(content)
    return str(relation.get("event_id", "")) if relation.get("rel_type") == "m.thread" else ""


def _attached(words: dict[str, Any]) -> tuple[Attachment, ...]:
    info = words.get("info")
    about = info if isinstance(info, dict) else {}
    size = about.get("size")
    name = str(words.get("filename") or words.get("body"))[:200]
    media = str(about.get("mimetype", ""))[:100]
    return (Attachment(name=name, media_type=media, size=size if isinstance(size, int) else 0),)
