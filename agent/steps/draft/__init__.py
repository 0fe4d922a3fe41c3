"""The draft step: from a triaged message and what was found to the texts a person will judge."""

from agent.steps.draft.extractive import ExtractiveDrafter
from agent.steps.draft.hand_over import escalated, handed_over, unread
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
from agent.steps.draft.rewrite import Rewriting, wish_after
from agent.steps.draft.settle import (
    Check,
    IsSound,
    Reports,
    blocking_failures,
    remembering,
    settle,
)
from agent.steps.draft.wish import read as read_wish

__all__ = [
    "Check",
    "DraftRequest",
    "ExtractiveDrafter",
    "FreeDrafter",
    "IsSound",
    "ModelDrafter",
    "Reports",
    "Rewriting",
    "Style",
    "Writers",
    "advised",
    "blocking_failures",
    "brand_said",
    "escalated",
    "handed_over",
    "is_written_freely",
    "read_wish",
    "remembering",
    "restored",
    "settle",
    "told",
    "unread",
    "wish_after",
    "with_notes",
]
