"""Keeps answers by the content hash of what was asked: the same question is paid for once."""

import sqlite3
import threading
from collections import OrderedDict
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from pydantic import ValidationError

from agent.domain.models import ModelAnswer
from agent.ports import Clock

_MOST_IN_MEMORY = 2_000


class AnswerCache(Protocol):
    """Where answers are kept."""

    def get(self, key: str) -> ModelAnswer | None:
        """Return the answer kept under `key`, or None."""
        ...

    def put(self, key: str, answer: ModelAnswer) -> None:
        """Keep `answer`."""
        ...


class MemoryCache:
    """The last answers, for one run of a command."""

    def __init__(self, most: int = _MOST_IN_MEMORY) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, ModelAnswer] = OrderedDict()

    def get(self, key: str) -> ModelAnswer | None:
        with self._lock:
            return self._kept.get(key)

    def put(self, key: str, answer: ModelAnswer) -> None:
        with self._lock:
            self._kept[key] = answer
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)


class FileCache:
    """Answers in one SQLite file, shared by processes; a file that cannot be used keeps nothing.

    Only redacted words were asked, so only redacted words are kept. Deleting the file is safe.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        self._lock = threading.Lock()
        self._clock = clock
        self._database = _opened(path)

    def get(self, key: str) -> ModelAnswer | None:
        row = self._run("SELECT answer FROM answers WHERE key = ?", key)
        try:
            return ModelAnswer.model_validate_json(row[0]) if row else None
        except ValidationError:
            # Kept by another version: it is asked again.
            return None

    def put(self, key: str, answer: ModelAnswer) -> None:
        at = self._clock.now().timestamp()
        statement = "INSERT OR REPLACE INTO answers VALUES (?, ?, ?)"
        self._run(statement, key, answer.model_dump_json(), at)

    def forget(self, before: datetime) -> None:
        """Remove the answers kept before a time, from the file's free pages and its log too."""
        self._run("DELETE FROM answers WHERE kept_at < ?", before.timestamp())
        self._run("PRAGMA wal_checkpoint(TRUNCATE)")

    def _run(self, statement: str, *values: str | float) -> Any:
        """A full disk or a locked file costs a call of the model, never a draft."""
        if self._database is None:
            return None
        with self._lock:
            try:
                row = self._database.execute(statement, values).fetchone()
                self._database.commit()
            except sqlite3.Error:
                return None
            return row


_TABLE = (
    "CREATE TABLE IF NOT EXISTS answers"
    " (key TEXT PRIMARY KEY, answer TEXT NOT NULL, kept_at REAL NOT NULL)"
)


def _opened(path: Path) -> sqlite3.Connection | None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        database = sqlite3.connect(path, timeout=5.0, check_same_thread=False)
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA secure_delete=ON")
        columns = {row[1] for row in database.execute("PRAGMA table_info(answers)")}
        if columns and "kept_at" not in columns:
            # Kept by a version that did not write down when: nobody could say when it must go.
            database.execute("DROP TABLE answers")
        database.execute(_TABLE)
        database.commit()
    except (sqlite3.Error, OSError):
        return None
    return database
