"""Chat models: LangChain's, within limits of time, money and trust."""

from agent.adapters.chat_model.budget import MemoryUsageBook
from agent.adapters.chat_model.cache import FileCache, MemoryCache
from agent.adapters.chat_model.model import LimitedChatModel, build_model

__all__ = ["FileCache", "LimitedChatModel", "MemoryCache", "MemoryUsageBook", "build_model"]
