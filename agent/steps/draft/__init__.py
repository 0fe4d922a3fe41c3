"""The draft step: from a triaged message and what was found to the texts a person will judge."""

from agent.steps.draft.extractive import ExtractiveDrafter
from agent.steps.draft.notes import with_notes
from agent.steps.draft.request import Drafter, DraftRequest, Style

__all__ = ["DraftRequest", "Drafter", "ExtractiveDrafter", "Style", "with_notes"]
