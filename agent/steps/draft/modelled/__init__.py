"""Drafts written by a chat model, under the same guarantees as approved text."""

from agent.steps.draft.modelled.drafter import ModelDrafter
from agent.steps.draft.modelled.keep import FreeDrafter, Writers, advised, restored

__all__ = ["FreeDrafter", "ModelDrafter", "Writers", "advised", "restored"]
