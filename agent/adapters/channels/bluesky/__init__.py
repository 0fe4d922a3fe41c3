"""The Bluesky channel, over AT Protocol."""

from agent.adapters.channels.bluesky.channel import BlueskyChannel

__all__ = ["BlueskyChannel"]
