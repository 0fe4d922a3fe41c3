"""Drafts written by a chat model, under the same guarantees as approved text."""

from agent.steps.draft.modelled.drafter import ModelDrafter
from agent.steps.draft.modelled.keep import FreeDrafter, Writers, advised, restored, told

__all__ = ["FreeDrafter", "ModelDrafter", "Writers", "advised", "restored", "told"]
