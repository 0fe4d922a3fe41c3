"""The networks of the channel contract: each can be written to as a customer, and looked at.

A new channel joins by a class here and a line in `NETWORKS`.
"""

import json
from pathlib import Path
from typing import Protocol

from agent.adapters.channels.file import FileChannel
from agent.adapters.channels.manual import HandedOver, ManualChannel
from agent.adapters.channels.sandbox import SandboxChannel
from agent.domain.channels import PostReceipt, Reply
from agent.domain.errors import OutcomeUnknown
from agent.ports import Channel
from agent.testing import FrozenClock, RecordingChannel
from tests.desk_kit import message


class Network(Protocol):
    """A network with one channel instance on it."""

    is_by_hand: bool
    """Whether a person posts: the channel itself never does."""

    def channel(self) -> Channel:
        """Return the channel as a process that has just started sees it."""
        ...

    def write(self, text: str) -> None:
        """Write a message as a customer."""
        ...

    def replies(self) -> list[str]:
        """Return what the brand has posted, oldest first."""
        ...


class RecordingNetwork:
    is_by_hand = False

    def __init__(self, folder: Path) -> None:
        del folder
        self._channel = RecordingChannel(page_size=3)

    def channel(self) -> Channel:
        return self._channel

    def write(self, text: str) -> None:
        number = len(self._channel.inbox)
        self._channel.inbox.append(message(text, external_id=f"e{number}"))

    def replies(self) -> list[str]:
        return [reply.text for reply in self._channel.sent.values()]


class FileNetwork:
    is_by_hand = False

    def __init__(self, folder: Path) -> None:
        self._inbox = folder / "inbox.jsonl"
        self._outbox = folder / "outbox.jsonl"
        self._inbox.touch()

    def channel(self) -> Channel:
        return FileChannel("file", self._inbox, self._outbox, FrozenClock())

    def write(self, text: str) -> None:
        number = len(self._inbox.read_text("utf-8").splitlines())
        line = json.dumps({"id": f"e{number}", "text": text}, ensure_ascii=False)
        with self._inbox.open("a", encoding="utf-8") as stream:
            stream.write(line + "\n")

    def replies(self) -> list[str]:
        lines = self._outbox.read_text("utf-8").splitlines() if self._outbox.exists() else []
        return [json.loads(line)["text"] for line in lines if line and "text" in json.loads(line)]


class SandboxNetwork:
    is_by_hand = False

    def __init__(self, folder: Path) -> None:
        self._path = folder / "sandbox.db"

    def channel(self) -> SandboxChannel:
        return SandboxChannel("sandbox", self._path, FrozenClock())

    def write(self, text: str) -> None:
        self.channel().write("Zoé", text)

    def replies(self) -> list[str]:
        return [post.text for post in self.channel().conversation() if post.is_brand]


class ManualNetwork(FileNetwork):
    is_by_hand = True

    def channel(self) -> Channel:
        return ManualChannel("manual", self._inbox)


class HandedOverNetwork(FileNetwork):
    """A channel of its own, with `by_hand = true`."""

    is_by_hand = True

    def channel(self) -> Channel:
        return HandedOver(super().channel())


NETWORKS: tuple[type[Network], ...] = (
    RecordingNetwork,
    FileNetwork,
    SandboxNetwork,
    ManualNetwork,
    HandedOverNetwork,
)


class Losing:
    """A channel behind a bad line: it loses the request, or the answer, of each call of `send`."""

    def __init__(self, channel: Channel, *, is_request_lost: bool) -> None:
        self._channel = channel
        self._is_request_lost = is_request_lost
        self.calls = 0
        self.name = channel.name
        self.limits = channel.limits
        self.fetch = channel.fetch
        self.can_reply = channel.can_reply
        self.find_sent = channel.find_sent
        self.moderate = channel.moderate

    def send(self, reply: Reply, key: str) -> PostReceipt:
        self.calls += 1
        if not self._is_request_lost:
            self._channel.send(reply, key)
        raise OutcomeUnknown
