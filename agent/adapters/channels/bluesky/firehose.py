"""The firehose of a server or a relay: one short reading at a time, from a sequence number on.

A reading ends at the end of the stream, or at one of its bounds, so that a stream of the whole
network holds up nobody. Whatever it may have missed is said, and read from the notifications.
"""

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from agent.adapters.channels.bluesky.frames import Change, Frame, Malformed, changes_of, read_frame

if TYPE_CHECKING:
    from websockets.sync.client import ClientConnection

_PATH = "/xrpc/com.atproto.sync.subscribeRepos"
_FRAME_BYTES = 5_000_000
"""Source: AT Protocol, « Event Stream »: no message is larger."""
_TOO_BIG = 1009
"""Source: RFC 6455, 7.4.1."""
_FRAMES = 5_000
_BYTES = 20_000_000
_SECONDS = 5.0
_QUIET_SECONDS = 1.0
"""Without a frame: the end of the stream, for now."""
_GOODBYE_SECONDS = 0.2
"""A stream that goes on sending does not hear it."""
_FORGOTTEN = frozenset({"FutureCursor", "OutdatedCursor"})
"""The server does not know our place any more; what it sends now has a new one."""
_BEHIND = timedelta(minutes=15)
"""Further behind than this when a reading reached its bounds: the rest is given up."""


@dataclass
class Reading:
    """What one reading found."""

    did: str
    """The account's own identifier: what it writes is passed over."""
    sequence: int | None
    """Where the next one goes on; None: at the stream's end."""
    changes: list[Change] = field(default_factory=list)
    gaps: dict[str, None] = field(default_factory=dict)
    """Why something may be missing."""
    frames: int = 0
    unread: int = 0
    """Frames that were passed over because they are malformed."""
    size: int = 0
    last_at: datetime | None = None

    @property
    def is_full(self) -> bool:
        """Whether it reached its bounds, of number or of size."""
        return self.frames >= _FRAMES or self.size >= _BYTES

    def take(self, data: bytes | str) -> None:
        """Read one more frame; a malformed one is counted and passed over."""
        self.frames += 1
        self.size += len(data)
        try:
            self._take(read_frame(data if isinstance(data, bytes) else b""))
        except Malformed:
            self.unread += 1

    def _take(self, frame: Frame) -> None:
        if frame.kind in {"", "#info"}:
            self.gaps[frame.said] = None
            if frame.said in _FORGOTTEN:
                self.sequence = None
        if frame.sequence is not None:
            self.sequence = max(frame.sequence, self.sequence or 0)
        if frame.kind == "#commit":
            found = changes_of(frame.body, self.did)
            self.last_at = datetime.fromisoformat(frame.body["time"])
            self.changes += found

    def start_anew(self, why: str) -> None:
        """Go on at the stream's end next time."""
        self.sequence = None
        self.gaps[why] = None


class Firehose:
    """One server's or relay's stream."""

    def __init__(self, address: str, timeout_seconds: float) -> None:
        """`address`: of the server, https or http."""
        self.address = address.rstrip("/")
        self._timeout = timeout_seconds

    def read(self, did: str, after: int | None, now: datetime) -> Reading:
        """Read what came after a sequence number, or (None) what comes now.

        It raises nothing: a stream that cannot be read is a gap.
        """
        from websockets.exceptions import ConnectionClosed, WebSocketException

        reading = Reading(did, after)
        try:
            with self._open(after) as socket:
                if not self._pump(socket, reading):
                    _give_up_the_rest(reading, now)
        except ConnectionClosed as closed:
            if closed.sent is not None and closed.sent.code == _TOO_BIG:
                # Its number is not known: going on from the last one would meet it again for ever.
                reading.start_anew("a frame is too big")
        except (OSError, WebSocketException) as error:
            reading.gaps[f"it cannot be read ({type(error).__name__})"] = None
        if reading.unread:
            reading.gaps[f"frames that cannot be read: {reading.unread}"] = None
        return reading

    def _open(self, after: int | None) -> "ClientConnection":
        from websockets.sync.client import connect

        query = "" if after is None else f"?cursor={after}"
        return connect(
            f"ws{self.address.removeprefix('http')}{_PATH}{query}",
            compression=None,
            open_timeout=self._timeout,
            close_timeout=_GOODBYE_SECONDS,
            max_size=_FRAME_BYTES,
        )

    def _pump(self, socket: "ClientConnection", reading: Reading) -> bool:
        """Read until the end of the stream (True) or a bound."""
        end = time.monotonic() + _SECONDS
        while not reading.is_full and (left := end - time.monotonic()) > 0:
            try:
                reading.take(socket.recv(min(left, _QUIET_SECONDS)))
            except TimeoutError:
                return left >= _QUIET_SECONDS
        return False


def _give_up_the_rest(reading: Reading, now: datetime) -> None:
    """Go on at the stream's end if it is too far away to be reached."""
    if reading.last_at is not None and now - reading.last_at > _BEHIND:
        reading.start_anew("it is too far ahead to be caught up with")
