"""What the flow needs from the world, as Protocols. Adapters and `agent.testing` implement them."""

from agent.ports.accounts import PasswordHasher
from agent.ports.flow import KnowsItsDay, PipelineLike, Rewrites
from agent.ports.packs import PackShelf
from agent.ports.store import Store, UnitOfWork
from agent.ports.world import (
    BrandSource,
    Channel,
    ChatModel,
    Clock,
    FindsByText,
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
    "FindsByText",
    "KnowsItsDay",
    "PackShelf",
    "PasswordHasher",
    "PipelineLike",
    "Redactor",
    "Retriever",
    "RetrieverFactory",
    "Rewrites",
    "Store",
    "UnitOfWork",
    "UsageBook",
]
