"""Chat models: LangChain's, within limits of time, money and trust."""

from agent.adapters.chat_model.model import LimitedChatModel, build_model

__all__ = ["LimitedChatModel", "build_model"]
