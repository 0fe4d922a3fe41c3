"""What the flow needs from the world, as Protocols. Adapters and `agent.testing` implement them."""

from agent.ports.flow import KnowsItsDay, PipelineLike
from agent.ports.packs import PackShelf
from agent.ports.store import Store, UnitOfWork
from agent.ports.world import (
    BrandSource,
    Channel,
    ChatModel,
    Clock,
    Redactor,
    Retriever,
    RetrieverFactory,
    UsageBook,
)

__all__ = [
    "BrandSource",
    "Channel",
    "ChatModel",
    "Clock",
    "KnowsItsDay",
    "PackShelf",
    "PipelineLike",
    "Redactor",
    "Retriever",
    "RetrieverFactory",
    "Store",
    "UnitOfWork",
    "UsageBook",
]
