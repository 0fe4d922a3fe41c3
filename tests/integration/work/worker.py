"""A worker process for tests: `python -m tests.integration.work.worker FOLDER NAME HELD`.

The real shift on the workspace in FOLDER, with one thing added: before its first reply this
worker says so in FOLDER and waits there as long as the file HELD is in it.
"""

import os
import signal
import sys
import threading
import time
from pathlib import Path

from agent.adapters.channels.sandbox import SandboxChannel
from agent.bootstrap import Shift, open_workspace
from agent.domain.channels import PostReceipt, Reply, ReplyPermission
from agent.domain.messages import InboundMessage, Surface
from agent.settings import load_settings


class HeldChannel(SandboxChannel):
    """The sandbox, with a place where a test may stop this process, and a list of its calls."""

    folder: Path
    worker: str
    held: str

    def can_reply(self, message: InboundMessage, surface: Surface) -> ReplyPermission:
        permission = super().can_reply(message, surface)
        (self.folder / f"reading-{self.worker}").write_text(str(os.getpid()))
        while (self.folder / self.held).exists():
            time.sleep(0.02)
        (self.folder / f"read-{self.worker}").touch()
        return permission

    def send(self, reply: Reply, key: str) -> PostReceipt:
        with (self.folder / "calls").open("a") as calls:
            calls.write(f"{self.worker} {key}\n")
        return super().send(reply, key)


def main(folder: Path, worker: str, held: str) -> None:
    """Work until told to stop."""
    space = open_workspace(load_settings(folder))
    sandbox = space.sandbox()
    assert sandbox is not None
    channel = HeldChannel("square", folder / "channels" / "square.db", space.clock)
    channel.folder, channel.worker, channel.held = folder, worker, held
    space.channels["square"] = channel
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    Shift(space, lambda line: print(worker, line, flush=True)).work(stop, 0.2)  # noqa: T201
    os._exit(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
