"""The Matrix channel, over the client-server interface."""

from agent.adapters.channels.matrix.channel import MatrixChannel

__all__ = ["MatrixChannel"]
