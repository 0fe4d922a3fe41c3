"""The logs: one line an entry on standard error, for a person or for a program.

Libraries quote what they work on: addresses, statements, a customer's words in a stack trace. Their
records are emptied as they are born, whoever handles them afterwards: kept are the library's name,
the place in its code, the class of the error, and the words only where they are known to be safe.
"""

import hashlib
import json
import logging
import os
import re
import sys
import threading
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from traceback import extract_tb
from types import TracebackType
from typing import Any, TextIO

from agent.ports.journal import NAME, Happened, note
from knowledge.addresses import without_credentials

_PLAIN = re.compile(r"[A-Za-z0-9_.:/+=#$~*-]{1,200}")
_LONGEST = 300
_OURS = frozenset({"agent", "evals", "knowledge", "prompts", "ui"})
"""Our own modules: what they say is written for a log, and quotes nobody."""
_ENGINE = "dbos"
"""It quotes errors of ours only; its database's come with the statement, which is cut off."""
_SERVER = "uvicorn"
"""Its sentences are safe before their gaps are filled."""

_handler: logging.Handler | None = None


def set_up_logs(
    process: str, style: str = "text", level: str = "info", stream: TextIO | None = None
) -> None:
    """Let this process log on standard error; may be called again to change how.

    `process`: what it is, for the lines. `style`: `text` or `json`. `stream`: another place
    than standard error.
    """
    global _handler
    if _handler is None:
        logging.setLogRecordFactory(_Emptied(logging.getLogRecordFactory()))
        logging.captureWarnings(capture=True)
        sys.excepthook = _tell
        threading.excepthook = lambda given: _tell(
            given.exc_type, given.exc_value, given.exc_traceback
        )
    else:
        logging.getLogger().removeHandler(_handler)
    _handler = logging.StreamHandler(stream or sys.stderr)
    _handler.setFormatter(_Json(process) if style == "json" else _Text(process))
    _handler.setLevel(level.upper())
    _handler.addFilter(_is_worth_a_line)
    logging.getLogger().addHandler(_handler)
    logging.getLogger().setLevel(logging.WARNING)
    logging.getLogger(NAME).setLevel(min(_handler.level, logging.INFO))


def _is_worth_a_line(record: logging.LogRecord) -> bool:
    """Whether it is an entry of ours or a library's warning: some set a level of their own."""
    return record.name == NAME or record.levelno >= logging.WARNING


def handler_in_use() -> logging.Handler | None:
    """Return the handler of this process's logs, or None: none were set up."""
    return _handler


def take_over() -> None:
    """Let what libraries made handlers for go through ours: once they are loaded."""
    for name in list(logging.root.manager.loggerDict):
        logger = logging.getLogger(name)
        is_ours = name == NAME or name.startswith(_ENGINE)
        if not is_ours and logger.level <= logging.CRITICAL:
            logger.handlers.clear()
            logger.propagate = True


class _Emptied:
    """Makes records; of a library's, only what quotes nobody."""

    def __init__(self, make: Any) -> None:
        self._make = make

    def __call__(self, *given: Any, **named: Any) -> logging.LogRecord:
        record: logging.LogRecord = self._make(*given, **named)
        if record.name != NAME:
            _empty(record)
        return record


def _empty(record: logging.LogRecord) -> None:
    error = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
    place = f"{Path(record.pathname).name}:{record.lineno}"
    facts = {"logger": record.name, "place": place, "error": error, "said": _said(record)}
    record.__dict__["facts"] = facts = {name: value for name, value in facts.items() if value}
    record.msg = " ".join(facts.values())
    record.args, record.exc_info, record.exc_text, record.stack_info = (), None, None, None


def _said(record: logging.LogRecord) -> str:
    root = record.name.partition(".")[0]
    if root == _SERVER:
        return record.msg.partition("\n")[0] if isinstance(record.msg, str) else ""
    if root != _ENGINE and root not in _OURS:
        return ""
    try:
        words = record.getMessage()
    except (TypeError, ValueError):
        return ""
    return without_credentials(words.partition("\n")[0].partition("[SQL")[0])[:_LONGEST].strip()


def _tell(
    kind: type[BaseException], error: BaseException | None, trace: TracebackType | None
) -> None:
    """Note an error nobody foresaw: its class and place, not its words."""
    if issubclass(kind, KeyboardInterrupt | SystemExit):
        return
    frames = extract_tb(trace)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    note(Happened.PROCESS_FAILED, logging.ERROR, error=kind.__name__, place=place)


class _Formatter(logging.Formatter):
    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def _entry(self, record: logging.LogRecord) -> dict[str, Any]:
        at = datetime.fromtimestamp(record.created, UTC)
        is_entry = record.name == NAME
        facts: Mapping[str, Any] = getattr(record, "facts", {})
        shown = _shown(facts) if is_entry else facts.items()
        return {
            "at": f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z",
            "level": record.levelname.lower(),
            "event": record.msg if is_entry else Happened.LIBRARY.value,
            "process": self._process,
            "pid": os.getpid(),
            **dict(shown),
        }


class _Json(_Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(self._entry(record), ensure_ascii=False)


class _Text(_Formatter):
    def format(self, record: logging.LogRecord) -> str:
        entry = self._entry(record)
        head = f"{entry.pop('at')} {entry.pop('level'):7} {entry.pop('event')}"
        return " ".join([head, *(f"{name}={_word(value)}" for name, value in entry.items())])


def _word(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(map(str, value))
    return json.dumps(value, ensure_ascii=False) if " " in str(value) else str(value)


def _shown(facts: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in facts.items():
        if isinstance(value, tuple):
            yield name, [_id(one) for one in value]
        elif isinstance(value, str):
            yield name, _id(value)
        else:
            yield name, value


def _id(value: str) -> str:
    """Return an id as it is, or its hash where it might be more than one: an address, a sentence.

    `printf %s ID | sha256sum` finds it again.
    """
    if _PLAIN.fullmatch(value):
        return value
    return f"sha256:{hashlib.sha256(value.encode()).hexdigest()[:16]}" if value else ""
