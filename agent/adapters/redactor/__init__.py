"""The redactor: Presidio's engine with our own recognisers, and the masking around it."""

from agent.adapters.redactor.redactor import PresidioRedactor

__all__ = ["PresidioRedactor"]
