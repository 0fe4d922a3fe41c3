"""The file channel: customer messages from a JSONL or CSV file, replies to a JSONL file."""

import fcntl
import json
import os
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from agent.adapters.channels.limits_data import load_limits
from agent.adapters.files.lines import Line, read_lines, write_line
from agent.adapters.files.messages import message_of
from agent.domain.channels import (
    ChannelLimits,
    FetchPage,
    ModerationAction,
    PostReceipt,
    Reply,
    ReplyPermission,
)
from agent.domain.errors import ChannelError, InputLineError, OutcomeUnknown, PortevoixError
from agent.domain.messages import InboundMessage, Surface
from agent.ports import Clock

_PAGE = 500


def read_page(name: str, inbox: Path, cursor: str | None) -> FetchPage:
    """Return up to 500 messages of `inbox` after line `cursor`, as messages of channel `name`.

    A file shorter than the cursor was replaced: it is read again from its first line, and known
    ids are ignored by the intake.

    Raises:
        ChannelError: the file cannot be read.
    """
    done = _line_number(cursor)
    lines = list(islice(_lines_after(inbox, done), _PAGE + 1))
    if not lines and done and not any(_lines_after(inbox, done - 1)):
        return read_page(name, inbox, None)
    page = lines[:_PAGE]
    messages, problems = _messages(name, inbox, page)
    after = page[-1].number if page else done
    return FetchPage(
        messages=messages,
        problems=problems,
        cursor=str(after) if after else None,
        has_more=len(lines) > _PAGE,
    )


def _lines_after(inbox: Path, number: int) -> Iterator[Line]:
    try:
        yield from (line for line in read_lines(inbox) if line.number > number)
    except PortevoixError as error:
        raise ChannelError(str(error)) from None


def _messages(
    name: str, inbox: Path, page: list[Line]
) -> tuple[tuple[InboundMessage, ...], tuple[str, ...]]:
    messages: list[InboundMessage] = []
    problems: list[str] = []
    for line in page:
        if line.problem:
            problems.append(f"{inbox.name} {line.problem}")
        if line.is_readable:
            try:
                messages.append(_message(name, line))
            except InputLineError as error:
                problems.append(f"{inbox.name} {error}")
    return tuple(messages), tuple(problems)


def _message(name: str, line: Line) -> InboundMessage:
    message = message_of(line.number, line.record)
    return message.model_copy(
        update={
            "id": f"{name}:{message.id}",
            "external_id": message.external_id or str(message.id),
        }
    )


class FileChannel:
    """Reads `inbox` by line number and appends replies to `outbox`, one line a reply.

    Each reply line carries its key, so a look-up by key tells whether a reply went out.
    """

    def __init__(self, name: str, inbox: Path, outbox: Path, clock: Clock) -> None:
        self._name = name
        self._inbox = inbox
        self._outbox = outbox
        self._clock = clock

    @property
    def name(self) -> str:
        return self._name

    @property
    def limits(self) -> ChannelLimits:
        return load_limits("file")

    def fetch(self, cursor: str | None) -> FetchPage:
        return read_page(self._name, self._inbox, cursor)

    def can_reply(self, message: InboundMessage, surface: Surface) -> ReplyPermission:
        return ReplyPermission(is_allowed=True)

    def send(self, reply: Reply, key: str) -> PostReceipt:
        """Append the reply unless its key is there already.

        Raises:
            ChannelError: the file cannot be opened; nothing was written.
            OutcomeUnknown: the disk failed while writing.
        """
        try:
            self._outbox.parent.mkdir(parents=True, exist_ok=True)
            stream = self._outbox.open("a+b")
        except OSError as error:
            raise ChannelError(f"{self._outbox}: cannot be written: {error.strerror}") from None
        with stream:
            fcntl.flock(stream, fcntl.LOCK_EX)
            already = self.find_sent(reply.parent_external_id, key)
            return already or self._append(stream.fileno(), reply, key)

    def _append(self, descriptor: int, reply: Reply, key: str) -> PostReceipt:
        now = self._clock.now()
        record = {
            "key": key,
            "in_reply_to": reply.parent_external_id,
            "surface": reply.surface.value,
            "text": reply.text,
            "posted_at": now.isoformat(),
        }
        line = write_line(record).encode("utf-8")
        try:
            # A line torn by an earlier crash must not swallow this one.
            _write_all(descriptor, (b"" if _ends_a_line(self._outbox) else b"\n") + line)
            os.fsync(descriptor)
        except OSError as error:
            raise OutcomeUnknown(f"{self._outbox}: {error.strerror} while writing") from None
        return _receipt(record)

    def find_sent(self, parent_external_id: str, key: str) -> PostReceipt | None:
        """Return the reply line with that key, if it is whole."""
        if not self._outbox.exists():
            return None
        for line in read_lines(self._outbox):
            if line.is_readable and line.record.get("key") == key:
                return _receipt(line.record)
        return None

    def moderate(self, message: InboundMessage, action: ModerationAction) -> None:
        """Append the action to the outbox file: whoever owns the file carries it out."""
        record = {
            "in_reply_to": message.external_id,
            "moderation": action.value,
            "at": self._clock.now().isoformat(),
        }
        try:
            self._outbox.parent.mkdir(parents=True, exist_ok=True)
            with self._outbox.open("a", encoding="utf-8") as stream:
                fcntl.flock(stream, fcntl.LOCK_EX)
                stream.write(write_line(record))
        except OSError as error:
            raise ChannelError(f"{self._outbox}: cannot be written: {error.strerror}") from None


def _line_number(cursor: str | None) -> int:
    try:
        return int(json.loads(cursor)) if cursor else 0
    except (ValueError, TypeError):
        return 0


def _write_all(descriptor: int, data: bytes) -> None:
    """Write every byte: a disk that fills up takes a part first and refuses the next call only."""
    while data:
        data = data[os.write(descriptor, data) :]


def _ends_a_line(path: Path) -> bool:
    with path.open("rb") as stream:
        if stream.seek(0, os.SEEK_END) == 0:
            return True
        stream.seek(-1, os.SEEK_END)
        return stream.read(1) == b"\n"


def _receipt(record: dict[str, Any]) -> PostReceipt:
    return PostReceipt(
        remote_id=str(record["key"]), posted_at=datetime.fromisoformat(str(record["posted_at"]))
    )
