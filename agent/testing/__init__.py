"""Shipped fakes: they implement the ports, obey their contracts, and raise when misused."""

from agent.testing.chat_model import ScriptedChatModel
from agent.testing.fakes import (
    FORBIDDEN_WORD,
    UNSUPPORTED_WORD,
    Fault,
    FrozenClock,
    RecordingChannel,
    ScriptedPipeline,
)

__all__ = [
    "FORBIDDEN_WORD",
    "UNSUPPORTED_WORD",
    "Fault",
    "FrozenClock",
    "RecordingChannel",
    "ScriptedChatModel",
    "ScriptedPipeline",
]
