"""What the flow needs from the world, as Protocols. Adapters and `agent.testing` implement them."""

from agent.ports.flow import PipelineLike
from agent.ports.store import Store, UnitOfWork
from agent.ports.world import (
    BrandSource,
    Channel,
    ChatModel,
    Clock,
    Redactor,
    Retriever,
    RetrieverFactory,
)

__all__ = [
    "BrandSource",
    "Channel",
    "ChatModel",
    "Clock",
    "PipelineLike",
    "Redactor",
    "Retriever",
    "RetrieverFactory",
    "Store",
    "UnitOfWork",
]
