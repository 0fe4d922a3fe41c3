"""Comments on Facebook and Instagram, over Meta's Graph interface."""

from agent.adapters.channels.meta.channel import MetaChannel

__all__ = ["MetaChannel"]
