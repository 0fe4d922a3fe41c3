"""The draft step: from a triaged message and what was found to the texts a person will judge."""

from agent.steps.draft.extractive import ExtractiveDrafter
from agent.steps.draft.modelled import (
    FreeDrafter,
    ModelDrafter,
    Writers,
    advised,
    restored,
    told,
)
from agent.steps.draft.notes import with_notes
from agent.steps.draft.phrases import brand_said
from agent.steps.draft.plan import is_written_freely
from agent.steps.draft.request import DraftRequest, Style
from agent.steps.draft.settle import Check, IsSound, Reports, blocking_failures, settle

__all__ = [
    "Check",
    "DraftRequest",
    "ExtractiveDrafter",
    "FreeDrafter",
    "IsSound",
    "ModelDrafter",
    "Reports",
    "Style",
    "Writers",
    "advised",
    "blocking_failures",
    "brand_said",
    "is_written_freely",
    "restored",
    "settle",
    "told",
    "with_notes",
]
