"""The community sandbox: a small public square in one SQLite file, to try the whole flow.

It behaves as a network does: messages may be edited or deleted by their author, threads may be
closed, a key names a reply once and for all, and several processes may use it at a time.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from agent.adapters.channels.limits_data import load_limits
from agent.domain.channels import (
    ChannelLimits,
    FetchPage,
    ModerationAction,
    PostReceipt,
    Reply,
    ReplyPermission,
    SandboxPost,
)
from agent.domain.errors import CannotReply, ChannelError, NotFound
from agent.domain.messages import InboundMessage, Surface, ThreadEntry
from agent.ports import Clock

_SCHEMA = """
CREATE TABLE IF NOT EXISTS post (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  thread TEXT NOT NULL,
  author TEXT NOT NULL,
  is_brand INTEGER NOT NULL DEFAULT 0,
  surface TEXT NOT NULL,
  text TEXT NOT NULL,
  reply_to TEXT,
  key TEXT UNIQUE,
  at TEXT NOT NULL,
  edited_at TEXT,
  state TEXT NOT NULL DEFAULT 'shown'
);
CREATE INDEX IF NOT EXISTS post_thread ON post (thread, seq);
"""
_PAGE = 200


class SandboxChannel:
    """The square of one brand. `write`, `edit` and `delete` are what a customer does."""

    def __init__(self, name: str, path: Path, clock: Clock) -> None:
        self._name = name
        self._path = path
        self._clock = clock

    @property
    def name(self) -> str:
        return self._name

    @property
    def limits(self) -> ChannelLimits:
        return load_limits("sandbox")

    def write(
        self,
        author: str,
        text: str,
        surface: Surface = Surface.PUBLIC,
        thread: str | None = None,
    ) -> SandboxPost:
        """Post `text` as a customer; without `thread` a new one starts."""
        post_id = uuid4().hex
        values = (post_id, thread or post_id, author, surface.value, text, self._now())
        with self._open() as database:
            database.execute(
                "INSERT INTO post (id, thread, author, surface, text, at) VALUES (?,?,?,?,?,?)",
                values,
            )
            return _post(self._row(database, post_id))

    def edit(self, post_id: str, text: str) -> None:
        """Change a customer's own post."""
        with self._open() as database:
            self._row(database, post_id)
            database.execute(
                "UPDATE post SET text = ?, edited_at = ? WHERE id = ?",
                (text, self._now(), post_id),
            )

    def delete(self, post_id: str) -> None:
        """Delete a customer's own post; what was answered stays."""
        self._set_state(post_id, "deleted")

    def conversation(self, limit: int = 100) -> tuple[SandboxPost, ...]:
        """Return the latest `limit` posts that are shown, oldest first."""
        with self._open() as database:
            rows = database.execute(
                "SELECT * FROM post WHERE state = 'shown' ORDER BY seq DESC LIMIT ?", (limit,)
            ).fetchall()
        return tuple(_post(row) for row in reversed(rows))

    def fetch(self, cursor: str | None) -> FetchPage:
        done = int(cursor) if cursor and cursor.isdecimal() else 0
        with self._open() as database:
            rows = database.execute(
                "SELECT * FROM post WHERE seq > ? AND is_brand = 0 AND state = 'shown'"
                " ORDER BY seq LIMIT ?",
                (done, _PAGE + 1),
            ).fetchall()
            page = rows[:_PAGE]
            messages = tuple(self._message(database, row) for row in page)
        after = str(page[-1]["seq"]) if page else cursor
        return FetchPage(messages=messages, cursor=after, has_more=len(rows) > _PAGE)

    def _message(self, database: sqlite3.Connection, row: sqlite3.Row) -> InboundMessage:
        earlier = database.execute(
            "SELECT * FROM post WHERE thread = ? AND seq < ? AND state = 'shown' ORDER BY seq",
            (row["thread"], row["seq"]),
        ).fetchall()
        return InboundMessage.model_validate(
            {
                "id": f"{self._name}:{row['id']}",
                "external_id": row["id"],
                "text": row["text"],
                "channel": "sandbox",
                "surface": row["surface"],
                "author": row["author"],
                "created_at": row["at"],
                "thread": tuple(_entry(post) for post in earlier),
            }
        )

    def can_reply(self, message: InboundMessage, surface: Surface) -> ReplyPermission:
        """Refuse if the message was deleted, hidden or edited since it was fetched."""
        with self._open() as database:
            try:
                row = self._row(database, str(message.external_id))
            except NotFound:
                return ReplyPermission(is_allowed=False, reason="the message is gone")
        if row["state"] != "shown":
            return ReplyPermission(is_allowed=False, reason=f"the message was {row['state']}")
        if row["text"] != message.text:
            return ReplyPermission(is_allowed=False, reason="the customer edited the message")
        return ReplyPermission(is_allowed=True)

    def send(self, reply: Reply, key: str) -> PostReceipt:
        with self._open() as database:
            parent = self._parent(database, reply.parent_external_id)
            values = (
                uuid4().hex,
                parent["thread"],
                reply.surface.value,
                reply.text,
                parent["id"],
                key,
                self._now(),
            )
            database.execute(
                "INSERT INTO post (id, thread, author, is_brand, surface, text, reply_to, key, at)"
                " VALUES (?, ?, 'brand', 1, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING",
                values,
            )
            return _receipt(self._sent(database, key))

    def find_sent(self, parent_external_id: str, key: str) -> PostReceipt | None:
        with self._open() as database:
            row = database.execute("SELECT * FROM post WHERE key = ?", (key,)).fetchone()
        return _receipt(row) if row else None

    def moderate(self, message: InboundMessage, action: ModerationAction) -> None:
        state = "reported" if action is ModerationAction.REPORT else "hidden"
        self._set_state(str(message.external_id), state)

    def _parent(self, database: sqlite3.Connection, post_id: str) -> sqlite3.Row:
        try:
            return self._row(database, post_id)
        except NotFound as error:
            raise CannotReply(str(error)) from None

    def _sent(self, database: sqlite3.Connection, key: str) -> sqlite3.Row:
        row: sqlite3.Row = database.execute("SELECT * FROM post WHERE key = ?", (key,)).fetchone()
        return row

    def _set_state(self, post_id: str, state: str) -> None:
        with self._open() as database:
            self._row(database, post_id)
            database.execute("UPDATE post SET state = ? WHERE id = ?", (state, post_id))

    def _row(self, database: sqlite3.Connection, post_id: str) -> sqlite3.Row:
        row: sqlite3.Row | None = database.execute(
            "SELECT * FROM post WHERE id = ?", (post_id,)
        ).fetchone()
        if row is None:
            raise NotFound(f"the sandbox has no post {post_id}")
        return row

    def _now(self) -> str:
        return self._clock.now().isoformat()

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            database = sqlite3.connect(self._path, timeout=10)
        except (OSError, sqlite3.Error) as error:
            raise ChannelError(f"{self._path}: the sandbox cannot be opened: {error}") from None
        database.row_factory = sqlite3.Row
        try:
            with database:
                database.executescript(_SCHEMA)
                yield database
        except sqlite3.Error as error:
            raise ChannelError(f"{self._path}: the sandbox refused: {error}") from None
        finally:
            database.close()


def _entry(row: sqlite3.Row) -> ThreadEntry:
    author = "brand" if row["is_brand"] else row["author"]
    return ThreadEntry.model_validate(
        {"author": author, "text": row["text"], "created_at": row["at"]}
    )


def _post(row: sqlite3.Row) -> SandboxPost:
    return SandboxPost(
        id=row["id"],
        thread=row["thread"],
        author=row["author"],
        is_brand=bool(row["is_brand"]),
        surface=Surface(row["surface"]),
        text=row["text"],
        reply_to=row["reply_to"],
        at=datetime.fromisoformat(row["at"]),
    )


def _receipt(row: sqlite3.Row) -> PostReceipt:
    return PostReceipt(remote_id=row["id"], posted_at=datetime.fromisoformat(row["at"]))
