"""How far the account was read: what the channel's cursor says."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Place:
    """A place in the notifications, and one in a stream."""

    seen_to: datetime | None = None
    """When the newest notification was indexed."""
    looked_at: datetime | None = None
    """When the notifications were last read."""
    stream: str = ""
    """Whose sequence numbers these are: no other server's mean the same."""
    sequence: int | None = None

    def written(self) -> str:
        """Return the cursor."""
        times = {"seen_to": self.seen_to, "looked_at": self.looked_at}
        return json.dumps(
            {name: moment and moment.isoformat() for name, moment in times.items()}
            | {"stream": self.stream, "sequence": self.sequence}
        )


def read_place(cursor: str | None) -> Place:
    """Return the place a cursor says: from the start, if it cannot be read."""
    try:
        said = json.loads(cursor or "")
    except ValueError:
        return Place()
    if not isinstance(said, dict):
        # A time alone: of a channel that reads its notifications only.
        return Place(seen_to=_time(said))
    sequence = said.get("sequence")
    return Place(
        seen_to=_time(said.get("seen_to")),
        looked_at=_time(said.get("looked_at")),
        stream=str(said.get("stream", "")),
        sequence=sequence if isinstance(sequence, int) else None,
    )


def _time(said: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(said)
    except (ValueError, TypeError):
        return None
