"""Comments on YouTube, over the Data interface, version 3."""

from agent.adapters.channels.youtube.channel import YouTubeChannel

__all__ = ["YouTubeChannel"]
